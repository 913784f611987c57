"""How lldb's packets write things: ``key:value;`` pairs, text in hexadecimal, JSON."""

from __future__ import annotations

import json

from seize.gdbserver.fields import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def pairs(items: Iterable[tuple[str, object]]) -> bytes:
    """Write ``key:value;`` for each item; what is None is left out."""
    return "".join(f"{key}:{value};" for key, value in items if value is not None).encode()


def in_hex(text: str) -> str:
    """Write text as two hexadecimal digits for each byte, as names and paths are sent."""
    return text.encode("utf-8", "surrogateescape").hex()


def from_hex(digits: str) -> str:
    """Read what ``in_hex`` writes; ValueError if these are no pairs of digits."""
    return bytes.fromhex(digits).decode("utf-8", "surrogateescape")


def as_json(value: object) -> bytes:
    """Write a value as JSON without blanks; a name that is no UTF-8 loses its strange bytes."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "replace")


def from_json(data: bytes) -> object:
    """Read JSON; Refused if it is malformed, or nested deeper than anything that is meant."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Refused("this is no JSON") from error


def thread_name(name: str) -> tuple[str, str] | None:
    """Give the pair that tells a thread's name in a stop reply, None for a thread without one.

    A name that the reply couldn't hold as it is goes as ``hexname``.
    """
    if not name:
        return None
    plain = name.isascii() and name.isprintable() and not set(name) & set("$#*}:;,")
    return ("name", name) if plain else ("hexname", in_hex(name))
