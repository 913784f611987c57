"""``seize debug``: scripts give what gdb gives for them, and a person at a terminal is served."""

from __future__ import annotations

import json
import os
import random
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from seize.terminal import commands, reports, table
from tests.live.pty_support import debug_at_terminal
from tests.live.support import in_state, run_seize, running, seize, wait_until

Builder = Callable[..., str]
FLAGS = ("-O0",)
assert commands.__all__
SCHEMA = Draft202012Validator(
    json.loads(Path(reports.__file__).with_name("schema.json").read_text())
)

# What differs from run to run, or because our program's environment is another one.
MASKS = (
    (re.compile(r"0x(?:0000)?7ff[0-9a-f]{8,}"), "STACK"),
    (re.compile(r"(LWP|process) \d+"), r"\1 ID"),
    (re.compile(r" +"), " "),
    (re.compile(r"__pthread_kill_implementation \(.*?\)"), "__pthread_kill_implementation ()"),
    # gdb knows only offsets before the program runs.
    (re.compile(r"^((?:Temporary b|B)reakpoint \d+ at) 0x[0-9a-f]+:", re.MULTILINE), r"\1 PLACE:"),
    (re.compile(r"(keep|del) y 0x\S+ in"), r"\1 y PLACE in"),
)
NOISE = (
    "[Thread debugging using",
    "Using host libthread_db",
    "[Detaching after fork",
    "Kill the program being debugged?",
    "[New Thread",
    "[Thread ",
    "warning: Source file is more recent",
)


def masked(text: str) -> list[str]:
    """The lines without what may differ."""
    for pattern, replacement in MASKS:
        text = pattern.sub(replacement, text)
    return [line.rstrip() for line in text.splitlines() if not line.startswith(NOISE)]


def by_gdb(script: list[str], *command: str) -> list[str]:
    """What gdb writes for commands."""
    words = [word for line in script for word in ("-ex", line)]
    done = subprocess.run(
        ["gdb", "-nx", "-batch", *words, *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=50,
    )
    return masked(done.stdout)


def by_seize(script: list[str], *command: str, status: int = 0) -> list[str]:
    """What we write for commands."""
    words = [word for line in script for word in ("-ex", line)]
    done = run_seize(
        "debug",
        "--batch",
        *words,
        *command,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )
    assert done.returncode == status, done.stdout
    return masked(done.stdout)


def both(script: str, path: str, status: int = 0) -> None:
    """Commands, one a line, give the same here and in gdb."""
    # gdb writes those in pieces, between which the program may write something.
    lines = ["set print thread-events off"]
    lines += [line.strip() for line in script.strip().splitlines()]
    assert by_seize(lines, path, status=status) == by_gdb(lines, path)


# ------------------------------------------------------------ beside gdb


def test_breakpoints_stacks_and_steps_as_gdb_shows_them(program: Builder) -> None:
    script = """
        break push if value == 3
        tbreak term_list.c:52
        info breakpoints
        run
        bt
        info args
        info locals
        frame 1
        info locals
        down
        up
        frame
        delete 1
        next
        step
        finish
        info line push
        list push
        list
        list 20,23
        continue
        info breakpoints
        stepi
        kill
    """
    both(script, program("term_list", flags=FLAGS))


def test_values_as_gdb_prints_them(program: Builder) -> None:
    script = """
        break push if value == 3
        run
        p value
        p *head
        p head->next->weight
        p/x *head
        p &head
        p head
        set var value = 42
        p value
        p $rsp == $sp
        p $
        p $$2
        p $1
        set $foo = 5
        p $foo * 2
        p value = 43
        p half(5.0)
        p text()
        p copy()
        p push(9)
        p *head
        p sizeof(struct node)
        ptype value
        whatis *head
        ptype head
        ptype struct node
        ptype push
        p shared
        p/x shared
        p/t value
        p/c value
        p/o value
        p/d -1
        p main
        p &main
        p "abc"
        p 1.5 + 2
        p 10 / 3
        p nosuchvar
        p head->nosuch
        p *head@2
        output value
        printf "%d %s %5.2f\\n", value, text(), half(3.0)
        echo hello\\n
        finish
    """
    both(script, program("term_list", flags=FLAGS), status=1)


def test_memory_and_registers_as_gdb_shows_them(program: Builder) -> None:
    script = """
        break push
        run
        x/2i $pc
        x/4xw &shared
        x/2gx &shared
        x/3db &lock
        x/s text()
        x/2c text()
        x/tb &shared
        x/2o $pc
        x/a &head
        x/3uh text()
        x
        info registers rip
        info registers rdi rcx
        p $eax
        p/x $al
        disassemble half
        disassemble /r half
        info symbol push
        info symbol shared
        display value
        display/x value
        display/i $pc
        info display
        next
        undisplay 2
        next
        return 5
        next
        p total
        x/2x 0
        info registers nosuch
        frobnicate
    """
    both(script, program("term_list", flags=FLAGS), status=1)


def test_events_as_gdb_tells_them(program: Builder) -> None:
    script = """
        break push if value == 2
        run
        watch node
        continue
        continue
        continue
        delete
        handle SIGUSR1 nostop noprint pass
        break work
        continue
        thread
        thread apply 2 bt
        watch shared[1]
        continue
        continue
        info watchpoints
        delete
        info breakpoints
        continue
        info registers
        bt
        continue
    """
    both(script, program("term_list", flags=FLAGS), status=1)


def test_other_ways_to_go_on_as_gdb_has_them(program: Builder) -> None:
    script = """
        tbreak main
        run
        advance push
        until work
        rwatch total
        info breakpoints
        continue
        awatch shared[1]
        continue
        delete
        list half,text
        list push
        list -
        list -
        info address push
        info address shared
        break half if x > 100
        info watchpoints
        info breakpoints
        kill
        start
        info line
    """
    both(script, program("term_list", flags=FLAGS))


def test_signals_as_gdb_tells_them(program: Builder) -> None:
    script = """
        catch signal SIGUSR1
        run
        info breakpoints
        delete
        info signals SIGUSR1
        handle SIGUSR1 nostop pass
        break handler
        continue
        signal 0
    """
    both(script, program("term_list", flags=FLAGS))


# ------------------------------------------------------------ odd lines


def test_odd_commands_are_refused_in_one_line_each(program: Builder) -> None:
    """Every command, with arguments that it may not expect: no answer is an error of ours."""
    kept = "shell quit source cd generate-core-file core-file attach file python commands define"
    kept += " run start starti kill detach signal continue finish until advance jump step next"
    kept += " stepi nexti interrupt thread\\ apply frame\\ apply set\\ args layout"
    # These would take long.
    kept += " rbreak tbreak hbreak thbreak clear info\\ line info\\ functions info\\ variables"
    left_out = set(shlex.split(kept))
    names = sorted(set(table.COMMANDS) - left_out)
    lines = ["break push", "run"]
    lines += [
        f"{name} {odd}".strip() for name in names for odd in random.Random(name).sample(ODD, 1)
    ]
    words = [word for line in lines for word in ("-ex", line)]
    path = program("term_list", flags=FLAGS)
    found = records(*words, path, status=1)
    messages = [one["message"] for one in found if one["event"] == "error"]
    assert len(messages) > 20
    assert [one for one in messages if "Internal error" in one or "\n" in one] == []
    # The last ones were done as well.
    assert len(found) >= len(lines)


ODD = [
    *(
        "",
        "1",
        "-1",
        "0",
        "main",
        "term_list.c:24",
        "*0",
        "nosuch",
        "if 1",
        "1 2 3",
        "/x",
        "/4xw $sp",
    ),
    *(
        "/i $pc",
        "/s 0",
        "$",
        "$$",
        "$1",
        "$99",
        "$foo",
        "$rip",
        "$xmm0",
        "*head",
        "head[3]",
        "&head",
    ),
    *("(", "[", ")", '"', "'", '"abc"', "1/0", "1.5", "1e400", "x=", "=5", "$foo=3", "all", "full"),
    *("-2", "SIGUSR1", "SIGUSR1 nostop", "99", "write", "src", "listsize 3", "env A=B", "+1", "+"),
    *(
        "10,20",
        "99999",
        "push,",
        "main,+10",
        "$sp, +100, 1",
        '"%d %s\\n", 1',
        '"%s\\n"',
        "rip nosuch",
    ),
    *(
        "1-3",
        "3-1",
        "x-y",
        "display 1",
        "1 value == 3",
        "1 (",
        "9 x",
        "-l head->value",
        "sizeof(int)",
    ),
    *(
        "half(2.0)",
        "\x01",
        "é",
        "a" * 300,
        "1" * 900,
        "@",
        "1@2",
        "*head@3",
        "lambda: 1",
        "&&",
        "*",
    ),
]


# ------------------------------------------------------------ for programs


def records(*arguments: str, status: int = 0, **options: Any) -> list[dict[str, Any]]:
    """The objects that ``--json`` writes."""
    done = run_seize("debug", "--json", "--batch", *arguments, **options)
    assert done.returncode == status, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    for record in found:
        SCHEMA.validate(record)
    return found


def test_json_has_an_object_for_each_stop_and_result(program: Builder) -> None:
    commands = ["break push if value == 3", "run", "bt", "info locals", "p *head", "x/2xb $sp"]
    commands += ["nonsense", "delete", "continue"]
    words = [word for line in commands for word in ("-ex", line)]
    path = program("term_list", flags=FLAGS)
    found = records(*words, path, status=1)
    assert [one["event"] for one in found] == [
        *("start", "result", "stop", "result", "result", "result", "result", "result"),
        *("error", "result", "stop", "result"),
    ]
    assert found[1]["data"]["number"] == 1
    stop = found[2]
    assert stop["reason"] == "breakpoint"
    assert stop["breakpoints"] == [1]
    assert stop["frame"]["function"] == "push"
    assert stop["frame"]["args"] == {"value": "3"}
    assert [frame["function"] for frame in found[4]["data"]] == ["push", "main"]
    assert set(found[5]["data"]) == {"node"}
    assert found[6]["data"]["value"] == 2
    assert found[6]["data"]["weight"] == 1.0
    assert len(found[7]["data"]["bytes"]) == 4
    assert "nonsense" in found[8]["message"]
    assert found[10]["reason"] == "signal"
    assert found[10]["signal"] == "SIGUSR1"


def test_every_kind_of_stop_is_an_object_of_the_schema(program: Builder) -> None:
    commands = ["handle SIGUSR1 nostop", "catch fork", "catch syscall write", "catch thread"]
    commands += ["catch exit", "break half", "start", "watch shared[1]", "display shared[1]"]
    commands += ["continue"] * 12 + ["finish", "step"] + ["continue"] * 9 + ["info breakpoints"]
    words = [word for line in commands for word in ("-ex", line)]
    found = records(*words, program("term_list", flags=FLAGS), status=1)
    stops = [one for one in found if one["event"] == "stop"]
    assert {"breakpoint", "watchpoint", "syscall", "fork", "thread-started", "exited"} <= {
        one["reason"] for one in stops
    }
    assert stops[-1]["status"] == 3
    # What the program writes isn't among the objects.
    written = [one for one in stops if one["reason"] == "syscall" and one["entry"]]
    assert written[0]["call"].startswith('write(1, "1.5 4 a text')


def test_scripts_have_commands_for_breakpoints_python_and_definitions(
    program: Builder, tmp_path: Path
) -> None:
    script = tmp_path / "script"
    script.write_text(
        "# counts what is pushed\n"
        "handle SIGUSR1 nostop\n"
        "define greet\n"
        "echo hello $arg0\\n\n"
        "end\n"
        "greet world\n"
        "python\n"
        "seen = []\n"
        "def note(thread, breakpoint):\n"
        "    seen.append(int(thread.frame['value']))\n"
        "    return False\n"
        "debugger.breakpoint('push', callback=note)\n"
        "end\n"
        "break half\n"
        "commands\n"
        "silent\n"
        'printf "half of %g\\n", x\n'
        "continue\n"
        "end\n"
        "run\n"
        "print(seen, process.exited.status)\n"
    )
    lines = by_seize([f"source {script}"], program("term_list", flags=FLAGS))
    assert [line for line in lines if "Breakpoint" not in line] == [
        "hello world",
        "half of 3",
        "1.5 4 a text 20",
        "[Inferior 1 (process ID) exited with code 03]",
        "[0, 1, 2, 3, 4] 3",
    ]


def test_a_script_in_python_and_one_that_fails(program: Builder, tmp_path: Path) -> None:
    path = program("term_list", flags=FLAGS)
    script = tmp_path / "script.py"
    script.write_text(
        "debugger.breakpoint('half')\n"
        "debugger.signals.set('SIGUSR1', stop=False)\n"
        "stop = debugger.run()\n"
        "print(stop.thread.frame.function, float(stop.thread.frame['x']))\n"
    )
    lines = by_seize([], "-x", str(script), "-ex", "bt 1", "-ex", "kill", path)
    assert lines[0] == "half 3.0"
    assert lines[1].startswith("#0 half (x=3) at ")
    assert lines[2] == "[Inferior 1 (process ID) killed]"
    script.write_text("x = 1\nraise ValueError('no')\n")
    failed = by_seize([], "-x", str(script), path, status=1)
    assert failed == [f"Python: ValueError: no ({script}:2)"]
    other = tmp_path / "other"
    other.write_text("info line push\nnonsense here\ninfo line push\n")
    lines = by_seize([], "-x", str(other), path, status=1)
    assert len(lines) == 3
    assert lines[-1] == f"{other}:2: Error in sourced command file."


def test_the_program_gets_its_arguments_streams_and_environment(
    program: Builder, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    script = [f"run -c 'cat; echo $WHO $0' me </etc/hostname >{out}", "set args -c 'exit 4'", "run"]
    lines = by_seize([*script, "p $_"], "-E", "WHO=them", "sh", status=1)
    assert lines[:2] == [
        "[Inferior 1 (process ID) exited normally]",
        "[Inferior 1 (process ID) exited with code 04]",
    ]
    assert out.read_text() == Path("/etc/hostname").read_text() + "them me\n"


def test_an_attached_program_goes_on(program: Builder) -> None:
    with running(program("ticker")) as process:
        pid = str(process.pid)
        lines = by_seize(["bt", "info threads", "p $rip != 0"], "-p", pid)
        assert any("main" in line for line in lines)
        wait_until(lambda: not in_state(process.pid, "t"))
        assert process.poll() is None
        lines = by_seize(["detach", "bt"], "-p", pid, status=1)
        assert lines[-1] == "No stack."
        assert process.poll() is None


def test_what_was_started_is_killed_at_the_end(program: Builder, tmp_path: Path) -> None:
    note = tmp_path / "note"
    lines = by_seize(["catch exec", "run"], "sh", "-c", f"echo $$ >{note}; exec sleep 100")
    assert lines[1].endswith(" is executing new program: /usr/bin/sleep")
    assert lines[3].startswith("Catchpoint 1 (exec'd /usr/bin/sleep), ")
    assert not os.path.exists(f"/proc/{note.read_text().strip()}")


def test_a_core_file_is_looked_at_and_written(program: Builder, tmp_path: Path) -> None:
    core = tmp_path / "core"
    path = program("term_list", flags=FLAGS)
    commands = ["bt", "p *node", "info registers rip", "info locals", "x/2i $pc"]
    written = ["break term_list.c:24", "run", f"generate-core-file {core}", *commands]
    alive = by_seize(written, path)
    dead = by_seize([*commands, "continue"], "-c", str(core), status=1)
    assert alive[-7:] == dead[-8:-1]
    assert dead[-1] == "This is a core file, which can't run."
    assert dead[1].startswith("#0 push (value=0) at ")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["/nonexistent/program"], "can't exec '/nonexistent/program': No such file or directory"),
        (["-p", "999999999"], "999999999"),
        (["-c", "/etc/hostname"], "/etc/hostname"),
        (["--batch", "-x", "/nonexistent"], "/nonexistent: No such file or directory."),
    ],
)
def test_what_cannot_be_debugged_is_one_line(arguments: list[str], complaint: str) -> None:
    done = run_seize("debug", *arguments, stdin=subprocess.DEVNULL)
    assert done.returncode == 1
    assert complaint in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_without_the_extra_lines_are_plain_and_disassembly_says_what_it_needs(
    program: Builder,
) -> None:
    hidden = "import sys\nfor name in ('prompt_toolkit', 'iced_x86', 'pygments', 'drgn'):\n"
    hidden += "    sys.modules[name] = None\n"
    hidden += "from seize.cli import main\nsys.exit(main(sys.argv[1:]))\n"
    path = program("term_list", flags=FLAGS)
    words = ["debug", "--batch", "-ex", "break push", "-ex", "run", "-ex", "bt", "-ex", "x/i $pc"]
    done = subprocess.run(
        [sys.executable, "-c", hidden, *words, path], capture_output=True, text=True, timeout=50
    )
    assert done.returncode == 1
    assert "#1  " in done.stdout
    assert done.stderr.splitlines() == [
        "disassembly is not available here: it needs the package iced-x86 "
        "(pip install 'seize[debug]')"
    ]


# ------------------------------------------------------------ for a person


def test_a_person_types_with_history_completion_and_repetition(
    program: Builder, tmp_path: Path
) -> None:
    path = program("term_list", flags=FLAGS)
    with debug_at_terminal(path, XDG_STATE_HOME=str(tmp_path)) as terminal:
        terminal.expect("(seize)")
        terminal.type("break pus\t")
        terminal.expect("break push")
        terminal.type("\r")
        terminal.expect("Breakpoint 1 at")
        terminal.expect("(seize)")
        terminal.type("run\r")
        terminal.expect("Breakpoint 1, push (value=0)")
        terminal.expect("(seize)")
        terminal.type("continue\r")
        terminal.expect("push (value=1)")
        terminal.expect("(seize)")
        terminal.type("\r")
        terminal.expect("push (value=2)")
        terminal.expect("(seize)")
        # Up, twice over what was repeated: the line of `run`, and then that of `break`.
        terminal.type("\x1b[A\x1b[A\x1b[A\r")
        terminal.expect("Breakpoint 2 at")
        terminal.expect("(seize)")
        terminal.type("info wat\t")
        terminal.expect("info watchpoints")
        terminal.type("\r")
        terminal.expect("No watchpoints.")
        terminal.expect("(seize)")
        # A block is given up by Ctrl-C, and ended by a line that says so.
        terminal.type("commands 1\r")
        terminal.expect("Type commands for breakpoint(s) 1, one per line.")
        terminal.expect(">")
        terminal.type("\x03")
        terminal.expect("Quit")
        terminal.expect("(seize)")
        terminal.type("commands 1\r")
        terminal.expect(">")
        terminal.type('printf "it is %d\\n", value * 10\r')
        terminal.expect(">")
        terminal.type("end\r")
        terminal.expect("(seize)")
        terminal.type("continue\r")
        terminal.expect("it is 30\n")
        terminal.expect("(seize)")
        terminal.type("\x04")
        terminal.expect("will be killed")
        terminal.expect("Quit anyway? (y or n)")
        terminal.type("y\r")
        assert terminal.close() == 0
    history = (tmp_path / "seize" / "debug_history").read_text()
    assert [line[1:] for line in history.splitlines() if line.startswith("+")][:3] == [
        "break push",
        "run",
        "continue",
    ]


def test_the_program_has_the_terminal_while_it_runs(program: Builder, tmp_path: Path) -> None:
    with debug_at_terminal("cat", XDG_STATE_HOME=str(tmp_path)) as terminal:
        terminal.expect("(seize)")
        terminal.type("run\r")
        terminal.expect("Starting program: cat")
        terminal.type("what is typed\r")
        terminal.expect("what is typed\n")
        terminal.expect("what is typed\n")
        # Ctrl-C is for the program; it stops before it gets the signal, which it doesn't then.
        terminal.type("\x03")
        terminal.expect("Program received signal SIGINT, Interrupt.")
        terminal.expect("(seize)")
        terminal.type("p 6 * 7\r")
        terminal.expect("$1 = 42")
        terminal.expect("(seize)")
        terminal.type("continue\r")
        terminal.expect("Continuing.")
        terminal.type("again\r")
        terminal.expect("again\n")
        terminal.expect("again\n")
        terminal.type("\x04")
        terminal.expect("exited normally]")
        terminal.expect("(seize)")
        terminal.type("quit\r")
        assert terminal.close() == 0


def test_panes_show_source_instructions_and_registers(program: Builder, tmp_path: Path) -> None:
    path = program("term_list", flags=FLAGS)
    with debug_at_terminal("-ex", "break push", path, XDG_STATE_HOME=str(tmp_path)) as terminal:
        terminal.expect("(seize)")
        terminal.type("run\r")
        terminal.expect("push (value=0)")
        terminal.expect("(seize)")
        terminal.type("layout split\r")
        terminal.expect("B>")
        terminal.expect("calloc")
        terminal.expect("<push+11>")
        terminal.expect("(seize)")
        terminal.type("info args\r")
        terminal.expect("value = 0")
        terminal.type("layout regs\r")
        # The pane may be too low for all of them.
        terminal.expect("rbx  ")
        terminal.expect("(seize)")
        terminal.type("next\r")
        terminal.expect("(seize)")
        terminal.type("layout off\r")
        terminal.type("kill\r")
        terminal.expect("Kill the program being debugged? (y or n)")
        terminal.type("y\r")
        terminal.expect("killed]")
        terminal.type("quit\r")
        assert terminal.close() == 0


def test_what_runs_in_the_background_is_told_while_a_line_is_typed(tmp_path: Path) -> None:
    with debug_at_terminal("sleep", "0.3", XDG_STATE_HOME=str(tmp_path)) as terminal:
        terminal.expect("(seize)")
        terminal.type("continue &\r")
        terminal.expect("exited normally]")
        terminal.type("quit\r")
        assert terminal.close() == 0
    process = seize("debug", "--json", "sleep", "0.3", stdin=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("continue &\n")
    process.stdin.flush()
    events = [json.loads(process.stdout.readline())["event"] for _ in range(3)]
    assert events == ["start", "result", "stop"]
    out, _ = process.communicate("p 6 * 7\n", timeout=20)
    assert json.loads(out)["data"] == 42


# ------------------------------------------------------------ signals for us


@pytest.mark.parametrize("attached", [False, True])
def test_ctrl_c_without_a_terminal_stops_the_program_and_sigterm_ends_us(
    program: Builder, attached: bool
) -> None:
    with running(program("ticker")) as ticker:
        target = ["-p", str(ticker.pid)] if attached else [program("ticker")]
        process = seize("debug", "--json", *target, stdin=subprocess.PIPE)
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("continue\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["event"] == "start"
        pid = ticker.pid
        if not attached:
            pid = _child_of(process.pid)
        wait_until(lambda: in_state(pid, "S") or in_state(pid, "R"))
        process.send_signal(signal.SIGINT)
        stop = json.loads(process.stdout.readline())
        assert (stop["event"], stop["reason"], stop["pid"]) == ("stop", "interrupt", pid)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
        assert process.returncode == -signal.SIGTERM
        if attached:
            wait_until(lambda: in_state(pid, "S") or in_state(pid, "R"))
        else:
            assert not os.path.exists(f"/proc/{pid}")


def _child_of(pid: int) -> int:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return int(text.split()[0])


def test_a_closed_pipe_is_an_ordinary_end(program: Builder) -> None:
    path = program("term_list", flags=FLAGS)
    process = seize("debug", path, stdin=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdin is not None
    process.stdout.close()
    process.stdin.write("help all\n" * 10)
    process.stdin.close()
    assert process.wait(timeout=20) == 1
    assert process.stderr is not None
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()
