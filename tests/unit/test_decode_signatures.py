"""Every line of the signature files: it is there, it can be parsed, it compiles."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from seize.abi.names import syscall_names
from seize.decode import Decoder, SignatureError
from seize.decode.compiler import compile_line
from seize.decode.decoder import ARCHITECTURES, source
from seize.decode.kinds import MODULES
from seize.decode.kinds.base import Scope
from seize.decode.shapes import described, shape
from seize.decode.signature import FOLDER, Source, parse


@pytest.mark.parametrize("arch_name", ARCHITECTURES)
def test_every_system_call_has_a_line(arch_name: str) -> None:
    lines = source(arch_name)
    missing = [name for name in syscall_names(arch_name).values() if name not in lines]
    assert missing == []


@pytest.mark.parametrize("arch_name", ARCHITECTURES)
def test_every_line_compiles_with_its_variants(arch_name: str) -> None:
    table = Decoder().tables[arch_name]
    for number, name in syscall_names(arch_name).items():
        compiled = table[number]
        assert compiled.name == name
        assert len(set(compiled.names)) == len(compiled.names)
        if compiled.switch is not None:
            compiled.switch[2].compile_all()


@pytest.mark.parametrize("file", sorted(Path(FOLDER).glob("*.sig"), key=str), ids=lambda f: f.stem)
def test_no_name_has_two_lines_in_one_file(file: Path) -> None:
    names = []
    for text in file.read_text().splitlines():
        if text and text[0] not in "# ":
            end = "(" if "(" in text else "=" if "=" in text else "{"
            names += text.partition(end)[0].split()[: 1 if end == "{" else None]
    assert sorted(set(names)) == sorted(names)


X86 = (
    *("kvm_cpuid2", "kvm_cpuid_entry2", "kvm_x86_regs", "kvm_x86_sregs"),
    *("kvm_segment", "kvm_dtable"),
)
"""The structs that only the machines of this family have."""


@pytest.mark.parametrize("arch_name", ARCHITECTURES)
def test_every_struct_compiles(arch_name: str) -> None:
    scope = Scope(arch_name, Decoder())
    for name in described():
        if arch_name != "i386" and name == "timex64":
            continue  # there it is the only timex
        if arch_name == "aarch64" and name in X86:
            continue
        assert shape(scope, name).size > 0


def test_the_table_of_kinds_says_where_each_is() -> None:
    for word, module in MODULES.items():
        kinds = __import__(f"seize.decode.kinds.{module}", fromlist=["KINDS"]).KINDS
        assert word in kinds, f"{word} is not in kinds/{module}.py"
    homes = {module: {w for w, m in MODULES.items() if m == module} for module in MODULES.values()}
    for module, words in homes.items():
        kinds = __import__(f"seize.decode.kinds.{module}", fromlist=["KINDS"]).KINDS
        assert set(kinds) == words


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("read fd:fd)", "neither"),
        ("read (fd:fd", "unbalanced"),
        ("read (fd:fd) > int", "expected '-> KIND'"),
        ("read (fd:fd) ->", "expected '-> KIND'"),
        ("read (fd:)", "a kind is missing"),
        ("read (2fd:fd)", "no argument name"),
        ("read (fd:fd at 9)", "no register"),
        ("read (fd:fd[x)", "']' is missing"),
        ("read (fd:nosuch)", "unknown kind 'nosuch'"),
        ("read (fd:flags nosuch)", "unknown set 'nosuch'"),
        ("read (buf:bytes[count])", "no argument 'count'"),
        ("read (buf:bytes)", "bytes needs [LENGTH]"),
        ("read (a:int, b:int if a & NO)", "no value 'NO'"),
        ("read (a:int if a, b:int)", "needs a condition"),
        ("read (a:int, b:int, c:int, d:int, e:int, f:int, g:int)", "no register is left"),
        ("read (a)", "has no kind"),
        ("read = nosuch", "no line for 'nosuch'"),
        ("read (a:int)\n  whenever a 1: (a)", "expected 'when"),
        ("read (a:int)\n  when b 1: (a)", "no argument 'b'"),
        ("read (a:int)\n  when a 1: (b)", "no kind for 'b'"),
        ("read (a:int)\n  when a @nosuch", "unknown kind @nosuch"),
        ("read (a:int, b:int)\n  when a 1: (a)\n  when b 1: (b)", "same argument"),
    ],
)
def test_a_broken_line_is_told_with_its_place(tmp_path: Path, line: str, problem: str) -> None:
    file = tmp_path / "broken.sig"
    file.write_text(f"# a comment\n\n{line}\n")
    with pytest.raises(SignatureError) as caught:
        compile_line(Scope("x86_64", Decoder()), "read", Source((str(file),)).line("read"))
    assert caught.value.where == "broken.sig:3"
    assert problem in str(caught.value)


def test_a_later_file_replaces_a_line(tmp_path: Path) -> None:
    first, second = tmp_path / "first.sig", tmp_path / "second.sig"
    first.write_text("read (a:int)\nwrite (a:int)\n")
    second.write_text("read (b:int)\n")
    both = Source((str(first), str(second)))
    assert both.line("read").arguments[0].name == "b"
    assert both.line("write").where == "first.sig:2"


def test_registers_are_given_in_order() -> None:
    scope = Scope("i386", Decoder())
    line = parse("(fd:fd, pos:loff, low:loff_hilo, count:size)", "here")
    compiled = compile_line(scope, "call", line)
    call = Decoder().enter(1, "i386", 20, (3, 1, 2, 3, 4, 5), _NOTHING)
    assert compiled.enter(call, (3, 1, 2, 3, 4, 5)) == [3, 1 | 2 << 32, 4 | 3 << 32, 5]
    wide = compile_line(Scope("x86_64", Decoder()), "call", line)
    assert wide.enter(call, (3, 1, 2, 3, 4, 5)) == [3, 1, 2, 3]


def test_the_argument_of_clone_depend_on_the_flags() -> None:
    decoder = Decoder()
    for flags in itertools.chain([0], (1 << bit for bit in range(32))):
        call = decoder.enter(1, "x86_64", 56, (flags, 1, 2, 3, 4, 5), _NOTHING)
        names = call.args.names
        assert ("tls" in names) == bool(flags & 0x80000)
        assert ("parent_tid" in names) == bool(flags & 0x101000)
        assert ("child_tidptr" in names) == bool(flags & 0x1200000)


def test_variants_may_have_variants(tmp_path: Path) -> None:
    file = tmp_path / "nested.sig"
    file.write_text(
        "read (a:int, b:int, c:int)\n"
        "  when a 1: (a, b, c)\n"
        "    when b 2: (a, b, c:hex)\n"
        "    when b 3: (a)\n"
        "  when a 4: (b)\n"
    )
    line = Source((str(file),)).line("read")
    assert [variant[:3] for variant in line.variants] == [("a", -1, ("1",)), ("a", -1, ("4",))]
    inner = line.variants[0][3]
    assert inner is not None
    assert [variant[2] for variant in inner.variants] == [("2",), ("3",)]


def test_a_call_is_shown_by_the_variant_of_its_variant() -> None:
    decoder = Decoder()

    def kinds(*args: int) -> list[str]:
        call = decoder.enter(1, "x86_64", 157, (*args, *[7] * (6 - len(args))), _NOTHING)
        return [type(value).__name__ for value in call.args]

    assert kinds(47, 1) == ["Enum", "Enum", "Enum", "Hex", "Hex"]  # PR_CAP_AMBIENT, IS_SET
    assert kinds(47, 4) == ["Enum", "Enum", "Hex", "Hex", "Hex"]  # PR_CAP_AMBIENT, CLEAR_ALL
    assert kinds(47, 99) == ["Enum", "Enum", "Hex", "Hex", "Hex"]


class _Nothing:
    def read(self, address: int, size: int) -> bytes:
        raise AssertionError("nothing is to be read")

    def read_prefix(self, address: int, size: int) -> bytes:
        return b""


_NOTHING = _Nothing()
