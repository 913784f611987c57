"""What a frame description says for one address: its instructions, carried out."""

from __future__ import annotations

from seize._frozen import frozen
from seize.stacks.reading import Cursor, Malformed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.stacks.cfi import Cie, Fde

    Rule = tuple[int, int | bytes]

# How a register of the caller is found: the kind of a rule, and what its value is.
UNDEFINED = 0
SAME = 1
OFFSET = 2  # saved at the canonical frame address (CFA) plus the value
VAL_OFFSET = 3  # it is the CFA plus the value
REGISTER = 4  # it is in the register of that number
EXPRESSION = 5  # saved where the expression says
VAL_EXPRESSION = 6  # it is what the expression says

_MOST_INSTRUCTIONS = 100_000


@frozen
class Row:
    """How to find the caller's registers from a frame's.

    The CFA is register ``cfa_register`` plus ``cfa_offset``, or the value of ``cfa_expression``
    if that isn't empty.  ``rules`` are (register, kind, value), of all that have one.
    """

    cfa_register: int
    cfa_offset: int
    cfa_expression: bytes
    rules: tuple[tuple[int, int, int | bytes], ...]
    return_register: int
    is_signal: bool


def row_at(fde: Fde, address: int, word: int) -> Row:
    """The row of the table that ``fde`` describes for ``address``; Malformed for bad data."""
    table = _Table(fde.cie, fde.start, address, word)
    table.run(fde.cie.instructions)
    table.initial = dict(table.rules)
    table.run(fde.instructions)
    rules = tuple((register, *rule) for register, rule in table.rules.items())
    cie = fde.cie
    return Row(
        table.cfa_register,
        table.cfa_offset,
        table.cfa_expression,
        rules,
        cie.return_register,
        cie.is_signal,
    )


class _Table:
    """The rules as they stand while instructions are carried out."""

    def __init__(self, cie: Cie, start: int, target: int, word: int) -> None:
        self.cie = cie
        self.location = start
        self.target = target
        self.word = word
        self.cfa_register = -1
        self.cfa_offset = 0
        self.cfa_expression = b""
        self.rules: dict[int, Rule] = {}
        self.initial: dict[int, Rule] = {}
        self.remembered: list[tuple[int, int, bytes, dict[int, Rule]]] = []

    def run(self, instructions: bytes) -> None:
        """Carry out instructions up to the target's address."""
        cursor = Cursor(instructions)
        for _ in range(_MOST_INSTRUCTIONS):
            if cursor.position == cursor.end or self.location > self.target:
                return
            operation = cursor.byte()
            low = operation & 0x3F
            match operation & 0xC0:
                case 0x40:
                    self._advance(low)
                case 0x80:
                    self._offset(low, cursor.uleb())
                case 0xC0:
                    self._restore(low)
                case _:
                    self._extended(operation, cursor)
        raise Malformed("endless call frame instructions")

    def _advance(self, steps: int) -> None:
        self.location += steps * self.cie.code_alignment

    def _offset(self, register: int, factor: int) -> None:
        self.rules[register] = (OFFSET, factor * self.cie.data_alignment)

    def _restore(self, register: int) -> None:
        rule = self.initial.get(register)
        if rule is None:
            self.rules.pop(register, None)
        else:
            self.rules[register] = rule

    def _extended(self, operation: int, cursor: Cursor) -> None:
        if operation >= 0x0C and operation not in (0x10, 0x11, 0x14, 0x15, 0x16):
            self._cfa(operation, cursor)
        elif operation == 0x00:
            return
        elif operation == 0x01:
            self.location = cursor.unsigned(self.word)
        elif operation in (0x02, 0x03, 0x04):
            self._advance(cursor.unsigned(1 << operation - 2))
        elif operation == 0x0A:
            self._remember()
        elif operation == 0x0B:
            self._recall()
        else:
            self._rule(operation, cursor.uleb(), cursor)

    def _rule(self, operation: int, register: int, cursor: Cursor) -> None:
        alignment = self.cie.data_alignment
        if operation == 0x05:
            self._offset(register, cursor.uleb())
        elif operation == 0x06:
            self._restore(register)
        elif operation == 0x07:
            self.rules[register] = (UNDEFINED, 0)
        elif operation == 0x08:
            self.rules[register] = (SAME, 0)
        elif operation == 0x09:
            self.rules[register] = (REGISTER, cursor.uleb())
        elif operation in (0x10, 0x16):
            kind = EXPRESSION if operation == 0x10 else VAL_EXPRESSION
            self.rules[register] = (kind, cursor.take(cursor.uleb()))
        elif operation == 0x11:
            self._offset(register, cursor.sleb())
        else:
            factor = cursor.uleb() if operation == 0x14 else cursor.sleb()
            self.rules[register] = (VAL_OFFSET, factor * alignment)

    def _cfa(self, operation: int, cursor: Cursor) -> None:
        if operation in (0x0C, 0x12):
            self.cfa_register = cursor.uleb()
            self.cfa_expression = b""
        if operation in (0x0C, 0x0E):
            self.cfa_offset = cursor.uleb()
        elif operation in (0x12, 0x13):
            self.cfa_offset = cursor.sleb() * self.cie.data_alignment
        elif operation == 0x0D:
            self.cfa_register = cursor.uleb()
            self.cfa_expression = b""
        elif operation == 0x0F:
            self.cfa_expression = cursor.take(cursor.uleb())
        elif operation == 0x2E:
            # DW_CFA_GNU_args_size is for those who raise exceptions.
            cursor.uleb()
        elif operation == 0x2F:
            register = cursor.uleb()
            self._offset(register, -cursor.uleb())
        else:
            raise Malformed(f"the call frame instruction {operation:#x}")

    def _remember(self) -> None:
        if len(self.remembered) > 1000:
            raise Malformed("call frame instructions that remember too much")
        state = self.cfa_register, self.cfa_offset, self.cfa_expression, dict(self.rules)
        self.remembered.append(state)

    def _recall(self) -> None:
        if not self.remembered:
            raise Malformed("call frame instructions that recall what they didn't remember")
        state = self.remembered.pop()
        self.cfa_register, self.cfa_offset, self.cfa_expression, self.rules = state
