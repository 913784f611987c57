"""Debugging information that was left in .dwo files (``-gsplit-dwarf``; DWARF 5, section 7.3.2).

The program has only skeletons of the units: their addresses, their lines, and where the rest is.
"""

from __future__ import annotations

from seize.stacks.elf import Elf, open_file
from seize.stacks.reading import Malformed
from seize.symbols import constants as dw
from seize.symbols.dwarf import Dwarf, Unit

_AT_GNU_DWO_ID = 0x2131
_SHARED = (".debug_addr", ".debug_ranges")
"""Sections that stay in the program, because the linker fills them in."""


class SplitDwarf(Dwarf):
    """What is in one .dwo file; ``skeleton`` is its unit in the program."""

    def __init__(self, elf: Elf, skeleton: Unit) -> None:
        super().__init__(elf)
        self._skeleton = skeleton

    def section(self, name: str) -> bytes:
        """The contents of a section, b"" if there is none."""
        if name in _SHARED:
            return self._skeleton.dwarf.section(name)
        return super().section(f"{name}.dwo")

    @property
    def units(self) -> list[Unit]:
        """All units in order, as far as their headers can be read."""
        found = super().units
        for unit in (*found, *self.type_units):
            unit.skeleton = self._skeleton
        return found


def is_skeleton(unit: Unit) -> bool:
    """Whether the entries of a unit are in another file."""
    return unit.kind == dw.UT_SKELETON or (unit.version == 4 and dw.AT_GNU_DWO_NAME in unit.root)


def split_unit(skeleton: Unit) -> Unit | None:
    """The unit that a skeleton stands for; None where its file isn't there, or is another's."""
    root = skeleton.root
    name = root.string(dw.AT_DWO_NAME) or root.string(dw.AT_GNU_DWO_NAME)
    if not name:
        return None
    folder = root.string(dw.AT_COMP_DIR)
    path = name if name.startswith("/") or not folder else f"{folder}/{name}"
    try:
        source, _ = open_file(path)
    except (OSError, Malformed):
        # The object files are often thrown away.
        return None
    try:
        units = SplitDwarf(Elf(source), skeleton).units
        wanted = skeleton.dwo_id or root.number(_AT_GNU_DWO_ID)
        for unit in units:
            if wanted in (unit.dwo_id, unit.root.number(_AT_GNU_DWO_ID)):
                return unit
    except (OSError, Malformed):
        # Damaged is as good as missing.
        source.close()
        return None
    source.close()
    return None
