"""Struct layouts by name: those that system calls reach, then those that only ioctls reach."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    # Size in bytes; (field, offset in bytes, type, count) for each field.
    Layout = tuple[int, tuple[tuple[str, int, str, int], ...]]


def layout(arch: str, name: str) -> Layout | None:
    """The layout of a struct on ``x86_64``, ``i386`` or ``aarch64``; None if it has none.

    A field's type is ``i8`` to ``u64``, ``ptr``, ``char``, ``fN`` for a float of N bits,
    ``bW@S:uN`` for W bits from bit S of the N-bit unit at the offset, or another struct's name.
    Its count is 1 for a scalar, N for an array, 0 for a flexible array member.  The big table
    of ioctl structs is loaded only when the small one doesn't know the name.

    Raises `KeyError` for another architecture.
    """
    found = _main(arch).get(name)
    return _ioctl(arch).get(name) if found is None else found


def _main(arch: str) -> dict[str, Layout]:
    if arch == "x86_64":
        from seize.abi._generated import layouts_x86_64

        return layouts_x86_64.LAYOUTS
    if arch == "i386":
        from seize.abi._generated import layouts_i386

        return layouts_i386.LAYOUTS
    if arch == "aarch64":
        from seize.abi._generated import layouts_aarch64

        return layouts_aarch64.LAYOUTS
    raise KeyError(arch)


def _ioctl(arch: str) -> dict[str, Layout]:
    if arch == "x86_64":
        from seize.abi._generated import ioctl_layouts_x86_64

        return ioctl_layouts_x86_64.LAYOUTS
    if arch == "i386":
        from seize.abi._generated import ioctl_layouts_i386

        return ioctl_layouts_i386.LAYOUTS
    from seize.abi._generated import ioctl_layouts_aarch64

    return ioctl_layouts_aarch64.LAYOUTS
