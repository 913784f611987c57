"""Floating-point numbers as gdb writes them: with all the digits that tell them apart."""

from __future__ import annotations

from decimal import Context, Decimal

_DIGITS = {2: 5, 4: 9, 8: 17}
_LONG_DIGITS = 21
_FORMATS = {2: (5, 10), 4: (8, 23), 8: (11, 52)}


def float_text(data: bytes) -> str:
    """The text of a number of 2, 4 or 8 bytes, or of x87's in 10 to 16."""
    if len(data) >= 10:
        mantissa = int.from_bytes(data[:8], "little")
        head = int.from_bytes(data[8:10], "little")
        negative, exponent, digits = bool(head >> 15), head & 0x7FFF, _LONG_DIGITS
        if exponent == 0x7FFF:
            return _special(negative, mantissa & (1 << 63) - 1)
        scale = max(exponent, 1) - 16383 - 63
    else:
        exponent_bits, fraction_bits = _FORMATS[len(data)]
        whole = int.from_bytes(data, "little")
        negative = bool(whole >> 8 * len(data) - 1)
        exponent = whole >> fraction_bits & (1 << exponent_bits) - 1
        mantissa = whole & (1 << fraction_bits) - 1
        digits = _DIGITS[len(data)]
        if exponent == (1 << exponent_bits) - 1:
            return _special(negative, mantissa)
        if exponent:
            mantissa |= 1 << fraction_bits
        scale = max(exponent, 1) - (1 << exponent_bits - 1) + 1 - fraction_bits
    sign = "-" if negative else ""
    return sign + _general(mantissa, scale, digits)


def _special(negative: bool, mantissa: int) -> str:
    sign = "-" if negative else ""
    return f"{sign}nan({mantissa:#x})" if mantissa else f"{sign}inf"


def _general(mantissa: int, scale: int, digits: int) -> str:
    """``mantissa * 2**scale`` as C's %g writes it with so many digits."""
    if not mantissa:
        return "0"
    exact = Context(prec=20000)
    number = exact.multiply(Decimal(mantissa), exact.power(Decimal(2), Decimal(scale)))
    rounded = Context(prec=digits).plus(number)
    _, figures, _ = rounded.as_tuple()
    exponent = rounded.adjusted()
    text = "".join(map(str, figures)).rstrip("0")
    if not -4 <= exponent < digits:
        fraction = f".{text[1:]}" if len(text) > 1 else ""
        return f"{text[0]}{fraction}e{exponent:+03d}"
    if exponent < 0:
        return f"0.{'0' * (-exponent - 1)}{text}"
    whole = text[: exponent + 1].ljust(exponent + 1, "0")
    fraction = text[exponent + 1 :]
    return f"{whole}.{fraction}" if fraction else whole
