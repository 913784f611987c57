"""Variables of a frame: which there are, where they are, what they were when it was entered."""

from __future__ import annotations

from seize.errors import MemoryFault, SeizeError
from seize.stacks.reading import Malformed
from seize.symbols import constants as dw
from seize.symbols.callsites import CALL_SITES, argument_at_call, value_at_entry
from seize.symbols.locations import (
    Implicit,
    ImplicitPointer,
    InMemory,
    InRegister,
    Location,
    OptimizedOut,
    Pieces,
    entry_register,
    frame_offset,
    locate,
    value_of,
)
from seize.symbols.ranges import entry_pc, location_of
from seize.symbols.scopes import linkage_name
from seize.symbols.types import REFERENCES, VOID, Type
from seize.symbols.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from seize.symbols.debuginfo import DebugInfo
    from seize.symbols.dies import Die
    from seize.symbols.dwarf import Unit
    from seize.symbols.frames import Frame
    from seize.symbols.images import Image
    from seize.symbols.space import Symbols

_MOST_BOUNDS = 1 << 24


class Surroundings:
    """What location expressions ask of a frame, or (without one) of the process alone."""

    def __init__(self, symbols: Symbols, image: Image, unit: Unit, frame: Frame | None) -> None:
        self.symbols = symbols
        self.image = image
        self.unit = unit
        self.frame = frame
        self.word = symbols.word_size
        self.bias = image.bias
        self.registers = {} if frame is None else frame.activation.registers
        self.object: int | None = None

    def read(self, address: int, size: int) -> int:
        """A number in memory; Malformed if it isn't there."""
        return self.symbols.word(address, size)

    def register_bytes(self, number: int) -> bytes:
        """A whole register, such as a vector; Malformed if unknown."""
        if number in self.registers:
            return self.registers[number].to_bytes(self.word, "little")
        found = None if self.frame is None else self.frame.stack.vector(number)
        if found is None:
            raise Malformed(f"register {number} is unknown")
        return found

    def frame_base(self) -> int:
        """The frame base of the function; Malformed if unknown."""
        frame = self._frame()
        function = frame.function_die
        if function is None:
            raise Malformed("no function, no frame base")
        code = location_of(function, dw.AT_FRAME_BASE, frame.lookup - self.bias)
        if code is None:
            raise Malformed("a function without a frame base")
        return value_of(code, self)

    def _frame(self) -> Frame:
        if self.frame is None:
            raise Malformed("this needs a frame")
        return self.frame

    def cfa(self) -> int:
        """The canonical frame address; Malformed if unknown."""
        found = self._frame().cfa
        if found is None:
            raise Malformed("no canonical frame address")
        return found

    def entry_value(self, expression: bytes) -> int:
        """What an expression was when the function was entered; Malformed if unknown."""
        register = entry_register(expression)
        if register is None:
            raise Malformed("only a register's value at entry can be told")
        return value_at_entry(self._frame(), register=register)

    def parameter_ref(self, die: Die) -> int:
        """What a parameter was when the function was entered; Malformed if unknown."""
        return value_at_entry(self._frame(), parameter=die)

    def tls_address(self, offset: int) -> int:
        """The address of a thread's own variable; Malformed if unknown."""
        thread = None if self.frame is None else self.frame.stack.thread_pointer
        if thread is None:
            raise Malformed("whose variable it is isn't known")
        address = self.symbols.tls_address(self.image, offset, thread)
        if address is None:
            raise Malformed("the thread has none")
        return address

    def object_address(self) -> int:
        """The address of the object that is looked into; Malformed if there is none."""
        if self.object is None:
            raise Malformed("no object")
        return self.object


def entry_of(die: Die, value: Value, around: Surroundings) -> Value | None:
    """What a parameter was when its function was entered; None if nothing tells."""
    # Of an inlined function's too, if it is one of the function around it.
    frame = around.frame
    function = None if frame is None else frame.function_die
    start = None if function is None else entry_pc(function)
    if frame is None or start is None or value.type.strip().code in REFERENCES:
        # What a reference referred to is what counts, and compilers don't keep that.
        return None
    try:
        place = location_of(die, dw.AT_LOCATION, start)
        if place is None:
            return None
        register, distance = entry_register(place), frame_offset(place)
        if register is None and distance is None:
            return None
        code, caller = argument_at_call(frame, register, distance)
        data = value_of(code, caller).to_bytes(around.word, "little")
    except (Malformed, MemoryFault):
        # Nobody has kept it.
        return None
    size = value.type.size
    return Value(value.type, value.space, data=data[:size].ljust(size, b"\0"))


# ---------------------------------------------------------------------- which there are


def named_variables(scopes: list[Die], tag: int) -> Iterator[tuple[str, Die]]:
    """The variables (or parameters) of some scopes that have a name."""
    for scope in scopes:
        try:
            for die in _variables_in(scope, tag):
                name = die.any_name
                if name:
                    yield name, die
        except (OSError, Malformed):
            # Damaged debugging information: what was read so far is good.
            continue


def _variables_in(scope: Die, tag: int) -> Iterator[Die]:
    """The variables (or parameters) of a function or a block: those that exist, then the others.

    The others are in the abstract instance only: the compiler has removed them.
    """
    for die in scope.children:
        if die.tag == tag:
            yield die
    original = scope.reference(dw.AT_ABSTRACT_ORIGIN)
    if original is None:
        return
    present = {
        declaration_once(child).offset for child in scope.children if child.tag not in CALL_SITES
    }
    yield from _missing(original, present, tag)


def declaration_once(die: Die) -> Die:
    """What an entry is an instance of; itself if of nothing."""
    for _ in range(100):
        original = die.reference(dw.AT_ABSTRACT_ORIGIN)
        if original is None:
            break
        die = original
    return die


def _missing(original: Die, present: set[int], tag: int) -> Iterator[Die]:
    for child in original.children:
        if child.offset in present:
            continue
        if child.tag == tag:
            yield child
        elif child.tag == dw.TAG_BLOCK:
            yield from _missing(child, present, tag)


# ---------------------------------------------------------------------- their values


def read_variable(die: Die, around: Surroundings) -> Value:
    """The value of a variable's entry."""
    info, space, type_ = around.symbols.info_of(around.image), around.symbols, VOID
    try:
        type_ = resolved(type_of(info, die), around)
        constant = die.inherited(dw.AT_CONST_VALUE)
        if constant is not None and dw.AT_LOCATION not in die:
            return Value(type_, space, data=_constant(constant, type_))
        code = _location_code(die, around)
        if code is None:
            return _declared(die, type_, around)
        return at_location(type_, locate(code, around), around)
    except (Malformed, MemoryFault):
        # What the location needs isn't known: as if it were nowhere.
        return _gone(type_, space)


def _location_code(die: Die, around: Surroundings) -> bytes | None:
    frame = around.frame
    lookup = None if frame is None else frame.lookup - around.bias
    return location_of(die, dw.AT_LOCATION, lookup)


def _declared(die: Die, type_: Type, around: Surroundings) -> Value:
    """The value of what is only declared here, and defined elsewhere."""
    if die.flag(dw.AT_DECLARATION) and die.flag(dw.AT_EXTERNAL):
        name = linkage_name(die)
        symbol = None if name is None else around.symbols.symbol(name)
        if symbol is not None and symbol.kind == "data":
            return Value(type_, around.symbols, address=symbol.address)
    return _gone(type_, around.symbols)


def _gone(type_: Type, space: Symbols) -> Value:
    return Value(type_, space, missing=((0, 8 * max(type_.size, 1)),))


def type_of(info: DebugInfo | None, die: Die) -> Type:
    """The type of a variable's entry."""
    found = die.type
    return VOID if found is None or info is None else info.types.of(found)


def _constant(die: Die, type_: Type) -> bytes:
    value = die.values[dw.AT_CONST_VALUE]
    size = max(type_.size, 1)
    if isinstance(value, bytes):
        if die.abbreviation.forms[dw.AT_CONST_VALUE] == dw.FORM_STRING:
            value += b"\0"
        return value[:size].ljust(size, b"\0")
    return (value & (1 << 8 * size) - 1).to_bytes(size, "little")


def at_location(type_: Type, location: Location, around: Surroundings) -> Value:
    """The value of a type that is at a location."""
    space, size = around.symbols, type_.size
    if isinstance(location, InMemory):
        return Value(type_, space, address=location.address)
    if isinstance(location, InRegister):
        data = around.register_bytes(location.number)
        return Value(type_, space, data=data[:size].ljust(size, b"\0"), register=location.number)
    if isinstance(location, Implicit):
        return Value(type_, space, data=location.data[:size].ljust(size, b"\0"))
    if isinstance(location, ImplicitPointer):
        return Value(type_, space, pointee=_pointee(location, around), data=bytes(size))
    if isinstance(location, Pieces):
        return _from_pieces(type_, location, around)
    return _gone(type_, space)


def _pointee(location: ImplicitPointer, around: Surroundings) -> tuple[Value, int]:
    """What a pointer that doesn't exist would point to."""
    die = location.die
    if die.type is None:
        # A procedure: nothing but bytes.
        found = locate(die.block(dw.AT_LOCATION) or b"", around)
        data = found.data if isinstance(found, Implicit) else b""
        byte = Type("int", 1, "unsigned char")
        return Value(byte.array(len(data)), around.symbols, data=data), location.offset
    return read_variable(die, around), location.offset


def _from_pieces(type_: Type, location: Pieces, around: Surroundings) -> Value:
    """Put a value together from its pieces."""
    whole, position = 0, 0
    missing: list[tuple[int, int]] = []
    for piece in location.pieces:
        found = piece.location
        size = (piece.offset + piece.bits + 7) // 8
        if isinstance(found, (OptimizedOut, ImplicitPointer, Pieces)):
            missing.append((position, position + piece.bits))
        else:
            if isinstance(found, InMemory):
                data = around.symbols.read(found.address, size)
            elif isinstance(found, InRegister):
                data = around.register_bytes(found.number)
            else:
                data = found.data
            bits = int.from_bytes(data, "little") >> piece.offset & (1 << piece.bits) - 1
            whole |= bits << position
        position += piece.bits
    size = type_.size
    if position < 8 * size:
        missing.append((position, 8 * size))
    data = (whole & (1 << 8 * size) - 1).to_bytes(size, "little")
    return Value(type_, around.symbols, data=data, missing=tuple(missing))


# ---------------------------------------------------------------------- types that depend on it


def resolved(type_: Type, around: Surroundings) -> Type:
    """The type with the lengths of its arrays as they are in this frame."""
    if type_.code in ("typedef", "const", "volatile", "pointer", "reference") and type_.die:
        target = type_.target
        if target is None or target.code not in ("array", "typedef", "const", "volatile"):
            return type_
        inner = resolved(target, around)
        if inner is target:
            return type_
        return Type(type_.code, type_._size, type_.tag, inner)
    if type_.code != "array" or type_.die is None:
        return type_
    ranges = [child for child in type_.die.children if child.tag == dw.TAG_SUBRANGE]
    if all(dw.AT_UPPER_BOUND not in r and dw.AT_COUNT not in r for r in ranges):
        return type_
    element = type_
    for _ in ranges:
        element = element.referred
    made = resolved(element, around)
    fixed, current = [], type_
    for _ in ranges:
        fixed.append(current.count)
        current = current.referred
    if made is element and None not in fixed:
        return type_
    for count, die in reversed(list(zip(fixed, ranges, strict=True))):
        known = _dynamic_count(die, around) if count is None else count
        made = Type("array", 0, None, made, count=known, is_vector=type_.is_vector)
    return made


def _dynamic_count(die: Die, around: Surroundings) -> int | None:
    """How many elements a dimension has here; None if that can't be told."""
    for attribute, more in ((dw.AT_COUNT, 0), (dw.AT_UPPER_BOUND, 1)):
        if attribute not in die:
            continue
        try:
            code = location_of(die, attribute, None)
            if code is not None:
                number = value_of(code, around)
            else:
                variable = die.reference(attribute)
                if variable is None:
                    return None
                number = read_variable(_instance(variable, around), around).number()
        except SeizeError:
            # The compiler has removed it.
            return None
        bits = 8 * around.word
        number -= (1 << bits) if number >> bits - 1 else 0
        return min(max(number + more, 0), _MOST_BOUNDS)
    return None


def _instance(variable: Die, around: Surroundings) -> Die:
    """The instance of an abstract variable in the frame."""
    frame = around.frame
    for scope in [] if frame is None else frame.scopes:
        for child in scope.children:
            if child is variable or child.reference(dw.AT_ABSTRACT_ORIGIN) is variable:
                return child
    return variable
