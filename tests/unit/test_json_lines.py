"""The writer of JSON Lines, with threads and calls that were never real."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

from seize.decode import Call, Decoder
from seize.decode.kinds.siginfo import siginfo
from seize.strace import Settings
from seize.strace.jsonlines import JsonLines
from tests.unit.decode_support import FakeMemory, enter
from tests.unit.json_support import validate

NO_THREAD = (1 << 22) + 1


class Lines:
    """An output that keeps what was written, and checks that it is one line each time."""

    def __init__(self) -> None:
        self.written: list[dict[str, Any]] = []

    def write(self, text: str) -> None:
        assert text.endswith("\n")
        assert text.count("\n") == 1
        assert text.isascii()
        line = json.loads(text)
        validate("", line)
        self.written.append(line)


class Thread:
    """What is asked of a tracee."""

    def __init__(self, tid: int) -> None:
        self.tid = tid
        self.process = SimpleNamespace(pid=100)


def tracee(tid: int) -> Any:
    """A thread of the process 100."""
    return Thread(tid)


def writer(**options: Any) -> tuple[JsonLines, Lines]:
    lines = Lines()
    return JsonLines(lines, Settings(**options)), lines


def read_call(finished: bool = True) -> Call:
    decoder, memory = Decoder(), FakeMemory({0x1000: b"hi"})
    call = enter(decoder, memory, "read", 3, 0x1000, 2)
    if finished:
        decoder.exit(call, 2, False, memory)
    return call


def test_a_call_is_one_line_at_its_end() -> None:
    printer, lines = writer()
    one, call = tracee(101), read_call(False)
    printer.enter(one, call)
    assert lines.written == []
    call.decoder.exit(call, 2, False, call.memory)
    printer.exit(one, call)
    (line,) = lines.written
    assert (line["tid"], line["pid"], line["name"]) == (101, 100, "read")
    assert line["duration"] >= 0
    assert line["args"]["buf"]["text"] == "hi"


def test_a_call_whose_entry_was_not_seen_has_no_duration() -> None:
    printer, lines = writer()
    printer.exit(tracee(101), read_call())
    assert "duration" not in lines.written[0]


def test_a_thread_that_ends_in_a_call() -> None:
    for end, reason in (("exited", "exited"), ("killed", "killed"), ("detached", "detached")):
        printer, lines = writer(quiet=frozenset(("exit",)))
        one = tracee(101)
        printer.enter(one, read_call(False))
        match end:
            case "exited":
                printer.exited(one, 0)
            case "killed":
                printer.killed(one, 9, False)
            case _:
                printer.detached(one)
        line, *more = lines.written
        # -qq leaves out who exited; a death by a signal is always told.
        assert [other["type"] for other in more] == ["killed"] * (end == "killed")
        assert (line["unfinished"], line["known"]) == (reason, 1)
        assert line["args"]["buf"] == {"kind": "address", "value": 0x1000}
        assert line["result"] is None


def test_the_call_of_a_superseded_leader() -> None:
    printer, lines = writer()
    leader, other, call = tracee(100), tracee(100), read_call(False)
    printer.enter(leader, call)
    printer.superseded(other, 105, call)
    assert [line["type"] for line in lines.written] == ["syscall", "superseded"]
    assert lines.written[0]["unfinished"] == "superseded"
    assert lines.written[1]["by"] == 105
    printer.exited(leader, 0)
    assert len(lines.written) == 3


def test_a_thread_without_an_instruction_pointer() -> None:
    printer, lines = writer(instruction_pointer=True)
    one = tracee(NO_THREAD)
    printer.signal(one, 15, siginfo(bytes([15]).ljust(128, b"\0")))
    printer.stopped(one, 19)
    assert [line["instruction_pointer"] for line in lines.written] == [None, None]
    assert [line["signal"] for line in lines.written] == ["SIGTERM", "SIGSTOP"]


def test_what_comes_and_goes() -> None:
    printer, lines = writer()
    printer.comes_or_goes("attached", 7, None)
    printer.comes_or_goes("detached", 7, 7)
    printer.personality(tracee(7), "i386", 32)
    assert [line["type"] for line in lines.written] == ["attached", "detached", "personality"]
