"""The terminal debugger without a program: its table of commands, formats, settings, completion."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from seize.cli import debug as verb
from seize.errors import UsageError
from seize.terminal import commands, formats, helping, options, python, starting, table
from seize.terminal.completion import candidates
from seize.terminal.console import Console
from seize.terminal.disassembly import Disassembler
from seize.terminal.formats import Format
from seize.terminal.options import Options
from seize.terminal.repl import history_path, repeated
from seize.terminal.session import Session
from seize.terminal.settings import Settings
from seize.terminal.table import CommandError

assert commands.__all__


@pytest.fixture
def session() -> Iterator[Session]:
    made = Session(Settings(), Console(out=io.StringIO(), errors=io.StringIO()))
    yield made
    made.close()


def written(session: Session) -> str:
    out = session.console._out
    assert isinstance(out, io.StringIO)
    return out.getvalue()


def complaints(session: Session) -> list[str]:
    errors = session.console._errors
    assert isinstance(errors, io.StringIO)
    return errors.getvalue().splitlines()


def name(line: str) -> str:
    found = table.find(line)
    assert found is not None
    return found[0].name


# ------------------------------------------------------------ the table


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("b main", "break"),
        ("tb main", "tbreak"),
        ("r", "run"),
        ("c 3", "continue"),
        ("n", "next"),
        ("s", "step"),
        ("ni", "nexti"),
        ("si", "stepi"),
        ("fin", "finish"),
        ("u", "until"),
        ("bt", "backtrace"),
        ("where", "backtrace"),
        ("f 1", "frame"),
        ("p 1", "print"),
        ("p/x 1", "print"),
        ("x/4xw $rsp", "x"),
        ("l", "list"),
        ("disas main", "disassemble"),
        ("i r", "info registers"),
        ("info b", "info breakpoints"),
        ("inf thr", "info threads"),
        ("info proc map", "info proc mappings"),
        ("info s", "backtrace"),
        ("d 1", "delete"),
        ("delete display 1", "undisplay"),
        ("dis 1", "disable"),
        ("t 1", "thread"),
        ("t apply all bt", "thread apply"),
        ("k", "kill"),
        ("q", "quit"),
        ("h", "help"),
        ("catch sys write", "catch syscall"),
        ("set var x = 1", "set variable"),
        ("set listsize 5", "set"),
        ("cond 1 x", "condition"),
        ("disp x", "display"),
    ],
)
def test_words_and_their_beginnings_name_commands(line: str, expected: str) -> None:
    assert name(line) == expected


def test_a_word_that_may_be_several_commands_is_refused_with_their_names() -> None:
    with pytest.raises(CommandError, match=r'Ambiguous command "wa.h?".*|Ambiguous') as caught:
        table.find("de")
    assert "define, delete, detach" in str(caught.value)
    with pytest.raises(CommandError, match=r"Ambiguous info command \"a\": address,"):
        table.find("info a")


def test_what_no_command_begins_with_is_none() -> None:
    assert table.find("frobnicate 1") is None
    assert table.find("") is None


def test_every_command_has_a_help_of_its_own() -> None:
    for entry in table.COMMANDS.values():
        assert entry.summary.endswith((".", ":", ";")) or entry.summary[-1].isalpha(), entry.name
        assert entry.group in table.GROUPS
        text = helping.text(entry.name)
        assert entry.usage in text
        assert entry.summary in text
    assert all(title in helping.text("") for title in table.GROUPS.values())
    assert "nexti" in helping.search("instruction")


def test_no_two_commands_have_one_name() -> None:
    names = [one for entry in table.COMMANDS.values() for one in entry.names]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(
    ("line", "again"),
    [
        ("s 3", "s 3"),
        ("x/4x $sp", "x"),
        ("list main", "list"),
        ("run", ""),
        ("de", ""),
        ("1+1", ""),
    ],
)
def test_what_an_empty_line_repeats(line: str, again: str) -> None:
    assert repeated(line) == again


# ------------------------------------------------------------ formats


@pytest.mark.parametrize(
    ("value", "size", "letter", "pad", "expected"),
    [
        (255, 4, "x", False, "0xff"),
        (255, 4, "x", True, "0x000000ff"),
        (255, 4, "z", False, "0x000000ff"),
        (-1, 4, "d", False, "-1"),
        (-1, 4, "u", False, "4294967295"),
        (0xFFFFE7F8, 4, "d", False, "-6152"),
        (8, 4, "o", False, "010"),
        (0, 4, "o", False, "0"),
        (5, 4, "t", False, "101"),
        (5, 1, "t", True, "00000101"),
        (97, 1, "c", False, "97 'a'"),
        (0, 1, "c", False, "0 '\\000'"),
        (200, 1, "c", False, "-56 '\\310'"),
        (10, 1, "c", False, "10 '\\n'"),
        (0x3FF8000000000000, 8, "f", False, "1.5"),
        (0x1000, 8, "a", False, "0x1000 <f>"),
    ],
)
def test_integers_in_each_format(
    value: int, size: int, letter: str, pad: bool, expected: str
) -> None:
    text = formats.integer(value, size, letter, lambda address: "<f>", pad=pad)
    assert text == expected


def test_formats_are_read_as_gdb_reads_them() -> None:
    assert formats.parse("4xw") == Format(4, "x", 4)
    assert formats.parse("") == Format(1, "", 0)
    assert formats.parse("gx") == Format(1, "x", 8)
    assert formats.parse("i", "x", 4) == Format(1, "i", 4)
    assert formats.split("/4xw &a") == ("4xw", "&a")
    assert formats.split("&a") == (None, "&a")
    with pytest.raises(CommandError, match='Undefined output format "y"'):
        formats.parse("4y")


def test_arrays_tell_long_repeats_once() -> None:
    assert formats.elements(["0x1", "0x2"]) == "{0x1, 0x2}"
    assert formats.elements(["0x0"] * 16 + ["0x1"]) == "{0x0 <repeats 16 times>, 0x1}"
    assert formats.elements([str(number) for number in range(201)]).endswith("199...}")


def test_texts_are_quoted_as_in_c() -> None:
    assert formats.quoted(b'a"b\\\n\x01\xff') == '"a\\"b\\\\\\n\\001\\377"'


# ------------------------------------------------------------ Python or a command


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("x = 5", True),
        ("x /4x 5", False),
        ("thread.registers", True),
        ("thread 1", False),
        ("frame['a']", True),
        ("print(1)", True),
        ("print x", False),
        ("p (1)", False),
        ("p x == 5", False),
        ("set var x = 5", False),
        ("for i in range(3): print(i)", True),
        ("len(process.threads)", True),
        ("call add(1, 2)", False),
        ("list(range(3))", True),
        ("list main", False),
        ("registers.rax += 1", True),
    ],
)
def test_which_lines_are_python(session: Session, line: str, expected: bool) -> None:
    assert python.looks_like(line, session.names) is expected


def test_python_has_its_names_and_says_what_it_raises(session: Session) -> None:
    assert session.execute("numbers = [3, 4]")
    assert session.execute("sum(numbers)")
    assert session.execute("debugger.follow")
    assert not session.execute("1 / 0")
    assert not session.execute("frobnicate now")
    assert not session.execute("frobnicate")
    assert written(session) == "7\n'parent'\n"
    assert complaints(session) == [
        "Python: ZeroDivisionError: division by zero",
        'Undefined command: "frobnicate".  Try "help".',
        'Undefined command: "frobnicate".  Try "help".',
    ]


def test_commands_that_need_a_program_say_that_there_is_none(session: Session) -> None:
    for line in ("continue", "step", "x/4x 0", "detach", "info threads", "kill"):
        assert not session.execute(line), line
    assert set(complaints(session)) == {"The program is not being run."}
    for line in ("bt", "info registers"):
        assert not session.execute(line), line
    assert complaints(session)[-2:] == ["No stack.", "The program has no registers now."]


# ------------------------------------------------------------ settings


def test_settings_are_shortened_checked_and_shown() -> None:
    made = Options(Settings())
    for text in ("disassembly-flavor intel", "disas intel"):
        entry = made.take(text)
        assert entry is not None
        assert made["disassembly-flavor"] == "intel"
    assert made.take("listsize 3") is not None
    assert made["listsize"] == 3
    assert made.take("confirm off") is not None
    assert made["confirm"] is False
    assert made.take("print pretty on") is not None
    assert made.take("nothing of that") is None
    with pytest.raises(CommandError, match="is none of: att, intel"):
        made.take("disassembly-flavor arm")
    with pytest.raises(CommandError, match='"on" or "off" expected'):
        made.take("confirm maybe")
    assert len({entry.name for entry in options.SETTINGS}) == len(options.SETTINGS)


def test_the_arguments_of_run_are_words_and_redirections() -> None:
    read = starting.parse("/bin/a", "one 'two three' <in >out 2>>err")
    assert read.argv == ("/bin/a", "one", "two three")
    assert read.streams == (("stdin", "in", "rb"), ("stdout", "out", "wb"), ("stderr", "err", "ab"))
    with pytest.raises(CommandError, match="file name is needed"):
        starting.parse("/bin/a", "one >")
    with pytest.raises(CommandError, match="No closing quotation"):
        starting.parse("/bin/a", "'one")


def test_the_history_is_kept_in_the_state_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/state")
    assert history_path() == "/state/seize/debug_history"
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", "/home/someone")
    assert history_path() == "/home/someone/.local/state/seize/debug_history"


# ------------------------------------------------------------ completion


@pytest.mark.parametrize(
    ("line", "length", "expected"),
    [
        ("fini", 4, "finish"),
        ("info regi", 4, "registers"),
        ("info ", 0, "breakpoints"),
        ("help disas", 5, "disassemble"),
        ("handle SIGUS", 5, "SIGUSR1"),
        ("set disassembly-f", 13, "disassembly-flavor"),
        ("layout s", 1, "split"),
        ("deb", 3, "debugger"),
    ],
)
def test_completion_knows_what_commands_take(
    session: Session, line: str, length: int, expected: str
) -> None:
    start, words = candidates(session, line)
    assert start == length
    assert expected in words


def test_completion_of_files(session: Session, tmp_path: Path) -> None:
    (tmp_path / "script one").touch()
    (tmp_path / "folder").mkdir()
    start, words = candidates(session, f"source {tmp_path}/")
    assert start == len(f"{tmp_path}/")
    assert words == [f"{tmp_path}/folder/", f"{tmp_path}/script one"]


# ------------------------------------------------------------ the verb


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--frob"], "unrecognized option '--frob'"),
        (["-p", "x"], "'x' is no process id"),
        (["-p", "1", "ls"], "-p needs no COMMAND"),
        (["-E", "A", "ls"], "-E needs VAR=VALUE"),
    ],
)
def test_wrong_command_lines_are_one_line(words: list[str], complaint: str) -> None:
    with pytest.raises(UsageError, match=re.escape(complaint)):
        verb.run(words)


def test_gdbs_long_options_of_one_dash_are_understood() -> None:
    spelled = verb._spelled(["-batch", "-ex", "b main", "-x", "f", "-args", "ls", "-ex", "x"])
    assert spelled[:3] == ["--batch", "--eval-command", "b main"]
    assert spelled[3:] == ["-x", "f", "--args", "ls", "-ex", "x"]


# ------------------------------------------------------------ instructions


def test_instructions_are_written_as_gdb_writes_them(tmp_path: Path) -> None:
    """Code of every common kind, beside what gdb prints for it."""
    source = tmp_path / "code.s"
    source.write_text(_CODE)
    binary = tmp_path / "code.o"
    subprocess.run(["gcc", "-c", "-o", str(binary), str(source)], check=True)
    for flavor in ("att", "intel"):
        commands = ["-ex", f"set disassembly-flavor {flavor}", "-ex", "disassemble /r code"]
        done = subprocess.run(
            ["gdb", "-nx", "-batch", *commands, str(binary)], capture_output=True, text=True
        )
        maker = Disassembler(flavor, 64, lambda address: "")
        rows = [line.split("\t", 2) for line in done.stdout.splitlines() if line.count("\t") >= 2]
        assert len(rows) > 30
        if flavor == "intel":
            # The operands of string instructions are in iced's mnemonic.
            rows = [row for row in rows if not row[2].startswith("rep ")]
        for place, data, text in rows:
            address = int(place.split()[0], 16)
            (made,) = maker.decode(bytes.fromhex(data.replace(" ", "")), address)
            expected = re.sub(r" <.*>$", "", text.replace("\t", " ")).strip()
            assert re.sub(" +", " ", made.text) == re.sub(" +", " ", expected)


_CODE = """
code:
    push %rbp
    mov %rsp,%rbp
    mov $5,%eax
    mov $0x123456789abcdef,%rax
    movl $1,-4(%rbp)
    movq $-1,8(%rsp)
    lea 1f(%rip),%rdi
    lea 0(%rax,%rax,1),%rcx
    mov (%rdi,%rcx,8),%rdx
    mov %fs:0x28,%rax
    xor %eax,%eax
    add $-8,%rsp
    cmpb $0x2f,(%rdi)
    movzbl (%rdi),%eax
    movslq %edx,%rdx
    movsd %xmm0,(%rsp)
    pxor %xmm1,%xmm1
    cvtsi2sd %eax,%xmm0
    vmovdqu (%rsi),%ymm0
    rep movsb
    rep stosq
    lock cmpxchg %edx,(%rdi)
    jmp 1f
    je 1f
1:  call code
    call *%rax
    jmp *8(%rax)
    push 8(%rax)
    push $5
    test %eax,%eax
    sete %al
    cmovne %rax,%rbx
    imul $12,%rax,%rbx
    shl $3,%rax
    syscall
    endbr64
    nop
    leave
    ret
    int3
.size code,.-code
.type code,@function
"""
