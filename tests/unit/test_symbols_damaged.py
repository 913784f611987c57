"""Debugging information that isn't what it should be: no crash, no hang, an error at most."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from seize import arch
from seize.errors import MemoryFault, SeizeError
from seize.memory import Mapping
from seize.stacks.elf import Elf, open_file
from seize.stacks.machines import X86_64
from seize.symbols import Symbols

BIAS = 0x5555_5555_4000
STACK = 0x7FFF_0000_0000
STACK_SIZE = 1 << 16


class MadeBackend:
    """A process of one image, with a stack full of the same word."""

    def __init__(self, path: Path, word: int) -> None:
        self.pid = 1
        self.machine = arch.by_name("x86_64")
        self.executable = str(path)
        self._path = path
        self._stack = word.to_bytes(8, "little") * (STACK_SIZE // 8)
        self._elf = Elf(open_file(str(path))[0])

    def read_prefix(self, address: int, size: int) -> bytes:
        if STACK <= address < STACK + STACK_SIZE:
            return self._stack[address - STACK :][:size]
        return b""

    def read(self, address: int, size: int) -> bytes:
        data = self.read_prefix(address, size)
        if len(data) != size:
            raise MemoryFault(address, size)
        return data

    def cstring(self, address: int, limit: int = 1 << 20) -> bytes:
        raise MemoryFault(address)

    def maps(self) -> tuple[Mapping, ...]:
        text = self._elf.section(".text")
        assert text is not None
        offset = text.offset & -4096
        start = BIAS + text.address - text.offset + offset
        end = start + text.size + 8191 & -4096
        return (Mapping(start, end, "r-xp", offset, "0:0", 1, str(self._path)),)

    def auxv(self) -> dict[int, int]:
        return {}

    def thread_ids(self) -> tuple[int, ...]:
        return (1,)

    def regset(self, tid: int, note_type: int) -> bytes:
        raise NotImplementedError("it has none")

    def open_image(self, mapping: Mapping) -> str | None:
        return mapping.path


def registers(pc: int) -> dict[str, int]:
    found = dict.fromkeys(X86_64.registers, STACK + 4096)
    return {**found, "rip": pc, "cs": 0x33, "fs_base": STACK}


def look_at_everything(symbols: Symbols, places: list[int]) -> int:
    """Ask for all that a stop shows; the number of errors."""
    errors = 0
    for pc in places:
        for number, frame in enumerate(symbols.frames(registers(pc))):
            if number > 3:
                break
            try:
                text = str(frame)
                shown = [str(value) for _, value in frame.variables()]
                shown += [str(value) for _, value, _ in frame.parameters()]
                assert text
                frame.evaluate("1 + sizeof(sink)")
            except SeizeError:
                errors += 1
        symbols.describe(pc)
        symbols.line_block(pc)
    for where in ("third", "stk_calls.c:60", "inner+4"):
        try:
            symbols.resolve(where)
        except SeizeError:
            errors += 1
    return errors


@pytest.mark.parametrize("version", [4, 5])
def test_damaged_debugging_information(
    program: Callable[..., str], tmp_path: Path, version: int
) -> None:
    binary = Path(program("stk_calls", flags=("-O2", f"-gdwarf-{version}")))
    elf = Elf(open_file(str(binary))[0])
    sections = [s for s in elf.sections if s.name.startswith(".debug_") and s.size]
    assert len(sections) >= 6
    whole = Symbols(MadeBackend(binary, BIAS))
    places = [place.address for name in ("third", "deep", "main") for place in whole.resolve(name)]
    assert places
    assert look_at_everything(whole, places) == 0
    copy, chance = tmp_path / "damaged", random.Random(version)
    original = binary.read_bytes()
    for _ in range(40):
        data = bytearray(original)
        for _ in range(chance.choice((1, 3, 10, 40))):
            section = chance.choice(sections)
            data[section.offset + chance.randrange(section.size)] = chance.choice(
                (0, 1, 0x7F, 0xFF)
            )
        shutil.copy(binary, copy)
        copy.write_bytes(data)
        symbols = Symbols(MadeBackend(copy, BIAS))
        look_at_everything(symbols, places)
        symbols.cache.close()
