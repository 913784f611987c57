"""docs/howto-add-a-syscall.md works: what it adds, added, gives the line that it shows."""

from __future__ import annotations

import re
import struct
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from seize.decode import Call, Decoder, kinds, shapes, tables
from seize.decode.compiler import Compiled, compile_line
from seize.decode.kinds.base import Scope
from seize.decode.render.strace import StraceText
from seize.decode.signature import Source
from tests.unit.decode_support import FakeMemory

PAGE = Path(__file__).parents[2] / "docs" / "howto-add-a-syscall.md"
WHERE, NAME = 0x1000, 0x2000


def blocks() -> dict[str, str]:
    """The fenced blocks by language; each language but one is there once."""
    return dict(re.findall(r"^```(\w+)\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL))


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Compiled:
    """The call of the page, with its sets, its struct and its kind."""
    found = blocks()
    sets = {
        name: tuple((value, word) for word, value in entry["values"].items())
        for name, entry in tomllib.loads(found["toml"]).items()
    }
    known = tables.flag_set
    monkeypatch.setattr(tables, "flag_set", lambda arch, name: sets.get(name) or known(arch, name))
    assert shapes.described()
    monkeypatch.setitem(shapes._texts, "teleport_where", found["structs"].strip())
    module = ModuleType("seize.decode.kinds.teleport")
    exec(found["python"], module.__dict__)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    home, words = re.findall(r'"(\w+)"', found["text"])
    monkeypatch.setitem(kinds.MODULES, words, home)
    lines = tmp_path / "new.sig"
    lines.write_text(found["sig"])
    scope = Scope("x86_64", Decoder())
    made = compile_line(scope, "teleport", Source((str(lines),)).line("teleport"))
    monkeypatch.delitem(kinds._loaded, words)
    return made


def test_the_line_that_the_page_shows(compiled: Compiled) -> None:
    memory = FakeMemory({WHERE: struct.pack("<3Q", 1 << 32 | 4, 400, 0), NAME: b"Phobos\0\0"})
    decoder = Decoder()
    call = Call(1, "x86_64", 999, (3, WHERE, 3, NAME, 64, 0), compiled, decoder)
    call.memory = memory
    call.values = compiled.enter(call, call.raw)
    text = StraceText()
    left = text.enter(call)
    decoder.exit(call, 6, False, memory)
    assert f"{left}{text.exit(call)} = {text.result(call)}" == blocks()["trace"].strip()


def test_the_files_that_the_page_names_are_there() -> None:
    root = PAGE.parents[1]
    text = PAGE.read_text()
    names = re.findall(r"`((?:src|tools|tests)/[\w./]+)`", text)
    assert len(names) >= 6
    assert [name for name in names if not (root / name).exists()] == []
    links = re.findall(r"\]\(([\w./-]+)\)", text)
    assert [link for link in links if not (PAGE.parent / link).exists()] == []
    name, colon, summary = blocks()["summary"].partition(": ")
    assert (name, colon, len(summary) > 10) == ("teleport", ": ", True)
