"""Instructions as text, by iced-x86 (of the extra ``seize[debug]``)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seize._frozen import frozen
from seize.errors import Unsupported

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

_LONGEST = 15


_COLUMN = 7
_ABSOLUTE = re.compile(r"\b([c-gs]s):\[(0x[0-9a-f]+)\]")
_SUFFIXED = ("jmpq", "callq", "pushq", "popq")


@frozen
class Instruction:
    """One instruction: where it is, its bytes, its text, and the address that it refers to."""

    address: int
    data: bytes
    text: str
    target: int | None


class Disassembler:
    """Turns code into text, in AT&T's or Intel's form."""

    def __init__(self, flavor: str, bits: int, name: Callable[[int], str]) -> None:
        """``name`` gives the symbol of an address as ``<main+4>``, or ""."""
        try:
            import iced_x86
        except ImportError:
            raise Unsupported(
                "disassembly", "the package iced-x86 (pip install 'seize[debug]')"
            ) from None
        self._iced: Any = iced_x86
        self._bits = bits
        self._name = name
        self._formatter = _formatter(iced_x86, intel=flavor == "intel")

    def decode(self, data: bytes, address: int) -> Iterator[Instruction]:
        """The instructions of ``data``, which is at ``address``; the last may be cut off."""
        decoder = self._iced.Decoder(self._bits, data, ip=address)
        for item in decoder:
            if (
                item.is_invalid
                and decoder.position >= len(data)
                and len(data) - (item.ip - address) < _LONGEST
            ):
                return
            yield self._instruction(item, data[item.ip - address :][: item.len])

    def _instruction(self, item: Any, data: bytes) -> Instruction:
        if item.is_invalid:
            return Instruction(item.ip, data, "(bad)", None)
        form = self._formatter
        # What a string instruction works on is told whole: %es:(%rdi).
        form.always_show_segment_register = item.is_string_instruction
        form.always_show_scale = item.memory_index != self._iced.Register.NONE
        form.show_zero_displacements = item.memory_displ_size != 0
        text = form.format(item)
        text = _ABSOLUTE.sub(r"\1:\2", text)
        mnemonic, _, operands = text.partition(" ")
        if mnemonic in _SUFFIXED:
            # These have one size, which gdb doesn't tell.
            text = f"{mnemonic[:-1]:<{_COLUMN}}{operands.lstrip()}"
        elif mnemonic == "mov" and item.code == self._iced.Code.MOV_R64_IMM64:
            text = f"{'movabs':<{_COLUMN}}{operands.lstrip()}"
        target = self._target(item)
        if target is None:
            return Instruction(item.ip, data, _spaced(text), None)
        name = self._name(target)
        if item.is_ip_rel_memory_operand:
            text = f"{_spaced(text)}        # {target:#x}"
        else:
            text = _spaced(text)
        return Instruction(item.ip, data, f"{text} {name}" if name else text, target)

    def _target(self, item: Any) -> int | None:
        if item.is_ip_rel_memory_operand:
            return int(item.ip_rel_memory_address)
        flow = self._iced.FlowControl
        near = (flow.UNCONDITIONAL_BRANCH, flow.CONDITIONAL_BRANCH, flow.CALL)
        if item.flow_control in near and item.op0_kind in (
            self._iced.OpKind.NEAR_BRANCH16,
            self._iced.OpKind.NEAR_BRANCH32,
            self._iced.OpKind.NEAR_BRANCH64,
        ):
            return int(item.near_branch_target)
        return None


def _formatter(iced: Any, *, intel: bool) -> Any:
    """A formatter that writes as gdb does."""
    made = iced.Formatter(iced.FormatterSyntax.INTEL if intel else iced.FormatterSyntax.GAS)
    made.first_operand_char_index = _COLUMN
    made.hex_prefix = "0x"
    made.hex_suffix = ""
    made.uppercase_hex = False
    made.small_hex_numbers_in_decimal = False
    made.branch_leading_zeros = False
    made.leading_zeros = False
    made.rip_relative_addresses = True
    made.space_after_operand_separator = False
    made.show_branch_size = False
    if intel:
        made.memory_size_options = iced.MemorySizeOptions.ALWAYS
        made.uppercase_keywords = True
    return made


def _spaced(text: str) -> str:
    """The text without blanks at its end."""
    return text.rstrip()
