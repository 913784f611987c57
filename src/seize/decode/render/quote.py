"""Strings as strace writes them: C escapes, the shortest octal that can't be misread."""

from __future__ import annotations

_NAMED = {9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}
PLAIN = bytes(code for code in range(32, 127) if code not in _NAMED)
_DIGITS = b"01234567"

SHORT = tuple(
    _NAMED.get(code) or (chr(code) if 32 <= code < 127 else f"\\{code:o}") for code in range(256)
)
LONG = tuple(_NAMED.get(code) or f"\\{code:03o}" for code in range(256))


def escape(data: bytes) -> str:
    """The escaped text of ``data``, without quotes."""
    if not data.translate(None, PLAIN):
        return data.decode("ascii")
    if data.translate(None, _DIGITS) == data:
        return "".join([SHORT[code] for code in data])
    following = data[1:] + b"\0"
    return "".join(
        [
            LONG[code] if 48 <= after < 56 and (code < 32 or code > 126) else SHORT[code]
            for code, after in zip(data, following, strict=True)
        ]
    )


def quote(data: bytes) -> str:
    """The escaped text of ``data`` in quotes."""
    return f'"{escape(data)}"'


def _hex(data: bytes) -> str:
    """Every byte in hexadecimal."""
    return "".join([f"\\x{code:02x}" for code in data])


_PRINTED = PLAIN + b'\t\n\v\f\r"\\'
_HEXED = tuple(
    _NAMED.get(code) or (chr(code) if 32 <= code < 127 else f"\\x{code:02x}") for code in range(256)
)


def _hex_if_odd(data: bytes) -> str:
    """All bytes in hexadecimal if one of them is neither printable nor white space."""
    return _hex(data) if data.translate(None, _PRINTED) else escape(data)


def _odd_in_hex(data: bytes) -> str:
    """C escapes, with hexadecimal ones in place of octal ones."""
    return "".join([_HEXED[code] for code in data])


_BRACKETS = b"<>"


def bracketed(data: bytes, style: str = "") -> str:
    """What stands between ``<`` and ``>``: these two are escaped as well."""
    if style in ("", "non-ascii-chars") and not data.translate(None, PLAIN):
        text = data.decode("ascii")
        if "<" not in text and ">" not in text:
            return text
    if style == "all" or (style == "non-ascii" and data.translate(None, _PRINTED)):
        return _hex(data)
    escapes = _HEXED if style == "non-ascii-chars" else SHORT
    following = (data + b"\0")[1:]
    return "".join(
        [
            _bracket(code, after, style)
            if code in _BRACKETS
            else LONG[code]
            if not style and 48 <= after < 56 and (code < 32 or code > 126)
            else escapes[code]
            for code, after in zip(data, following, strict=True)
        ]
    )


def _bracket(code: int, after: int, style: str) -> str:
    if style == "non-ascii-chars":
        return f"\\x{code:02x}"
    return f"\\{code:03o}" if 48 <= after < 56 else f"\\{code:o}"


STYLES = {
    "": escape,
    "non-ascii-chars": _odd_in_hex,
    "non-ascii": _hex_if_odd,
    "all": _hex,
}
"""How strings are written, by the values of ``--strings-in-hex``."""
