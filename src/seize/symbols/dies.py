"""Debugging information entries: tags, attributes, and the tree that they are."""

from __future__ import annotations

from bisect import bisect_right

from seize.stacks.reading import Malformed
from seize.symbols import constants as dw
from seize.symbols.abbreviations import ADDRESS_INDEXES, LOCAL_REFERENCES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.symbols.abbreviations import Abbreviation, Value
    from seize.symbols.dwarf import Unit

_MOST_CHILDREN = 1 << 20
_DEEPEST = 200
"""So deep entries may be nested."""


class Die:
    """One entry: a tag, attributes, children."""

    __slots__ = (
        "_children",
        "_end",
        "_parent",
        "abbreviation",
        "after",
        "offset",
        "unit",
        "values",
    )

    def __init__(
        self,
        unit: Unit,
        offset: int,
        abbreviation: Abbreviation,
        values: dict[int, Value],
        end: int,
    ) -> None:
        self.unit = unit
        self.offset = offset
        self.abbreviation = abbreviation
        self.values = values
        self.after = end
        self._children: list[Die] | None = None
        self._end: int | None = None
        self._parent: Die | None = None

    @property
    def tag(self) -> int:
        """The TAG_* number."""
        return self.abbreviation.tag

    def __repr__(self) -> str:
        return f"<Die {self.tag:#x} {self.name!r} at {self.offset:#x}>"

    # ------------------------------------------------------------------ the tree

    @property
    def children(self) -> list[Die]:
        """The entries right below this one."""
        if self._children is None:
            self._read_children(0)
        assert self._children is not None
        return self._children

    def _read_children(self, depth: int) -> None:
        found: list[Die] = []
        position, unit = self.after, self.unit
        if depth > _DEEPEST:
            raise Malformed("entries nested without end")
        while self.abbreviation.has_children:
            child = unit.die(position)
            if child is None:
                position += 1
                break
            child._parent = self
            found.append(child)
            position = child._find_end(depth)
            if len(found) > _MOST_CHILDREN:
                raise Malformed("entries without end")
        self._children, self._end = found, position

    @property
    def end(self) -> int:
        """The offset of what follows this entry and all below it."""
        return self._find_end(0)

    def _find_end(self, depth: int) -> int:
        """The offset of what follows this entry and all below it."""
        if not self.abbreviation.has_children:
            return self.after
        if self._end is None:
            sibling = self.values.get(dw.AT_SIBLING)
            if isinstance(sibling, int):
                end = sibling + self.unit.offset
                if not self.after < end <= self.unit.end:
                    raise Malformed(f"an entry that ends at {end}")
                self._end = end
            else:
                self._read_children(depth + 1)
        assert self._end is not None
        return self._end

    @property
    def parent(self) -> Die | None:
        """The entry above; None of a unit's first one."""
        if self._parent is None and self.offset != self.unit.root.offset:
            node = self.unit.root
            while True:
                children = node.children
                index = bisect_right(children, self.offset, key=_offset) - 1
                if index < 0:
                    raise Malformed(f"an entry at {self.offset} that no other has")
                if children[index].offset == self.offset:
                    self._parent = node
                    break
                node = children[index]
        return self._parent

    # ------------------------------------------------------------------ attributes

    def __contains__(self, attribute: int) -> bool:
        return attribute in self.values

    def number(self, attribute: int) -> int | None:
        """The value of an attribute that is a number."""
        value = self.values.get(attribute)
        return value if isinstance(value, int) else None

    def signed(self, attribute: int) -> int | None:
        """A number whose fixed size says where its sign is."""
        value = self.number(attribute)
        bits = {dw.FORM_DATA1: 8, dw.FORM_DATA2: 16, dw.FORM_DATA4: 32, dw.FORM_DATA8: 64}.get(
            self.abbreviation.forms.get(attribute, 0)
        )
        if value is None or bits is None:
            return value
        return value - (1 << bits) if value >> bits - 1 else value

    def block(self, attribute: int) -> bytes | None:
        """The bytes of an attribute that is an expression or a block."""
        value = self.values.get(attribute)
        return value if isinstance(value, bytes) else None

    def flag(self, attribute: int) -> bool:
        """Whether a flag is set."""
        return bool(self.values.get(attribute))

    def string(self, attribute: int) -> str | None:
        """The text of an attribute."""
        value = self.values.get(attribute)
        if value is None:
            return None
        return self.unit.string(self.abbreviation.forms[attribute], value)

    def address(self, attribute: int) -> int | None:
        """The address that an attribute is; None if it is of another kind."""
        value = self.values.get(attribute)
        if value is None:
            return None
        form = self.abbreviation.forms[attribute]
        if form == dw.FORM_ADDR and isinstance(value, int):
            return value
        if form in ADDRESS_INDEXES:
            index = value if isinstance(value, int) else int.from_bytes(value, "little")
            return self.unit.indexed_address(index)
        return None

    def reference(self, attribute: int) -> Die | None:
        """The entry that an attribute refers to."""
        value = self.values.get(attribute)
        if not isinstance(value, int):
            return None
        form = self.abbreviation.forms[attribute]
        unit = self.unit
        if form in LOCAL_REFERENCES:
            return unit.die_at(value + unit.offset)
        if form == dw.FORM_REF_ADDR:
            return unit.dwarf.die_at(value)
        if form == dw.FORM_REF_SIG8:
            return unit.dwarf.by_signature(value)
        # A supplementary file (dwz -m): what it has is missing.
        return None

    @property
    def name(self) -> str | None:
        """The name that it has itself."""
        return self.string(dw.AT_NAME)

    def inherited(self, attribute: int) -> Die | None:
        """The entry that has an attribute: this one, or what it completes or instantiates."""
        die: Die | None = self
        for _ in range(_DEEPEST):
            if die is None or attribute in die.values:
                return die
            die = die.reference(dw.AT_ABSTRACT_ORIGIN) or die.reference(dw.AT_SPECIFICATION)
        return None

    @property
    def any_name(self) -> str | None:
        """The name, maybe of the entry that this one completes or instantiates."""
        owner = self.inherited(dw.AT_NAME)
        return None if owner is None else owner.name

    @property
    def type(self) -> Die | None:
        """The entry of its type, maybe by way of what it completes or instantiates."""
        owner = self.inherited(dw.AT_TYPE)
        return None if owner is None else owner.reference(dw.AT_TYPE)


def _offset(die: Die) -> int:
    return die.offset
