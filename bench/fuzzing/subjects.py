"""What a case is tried on: a decoder with its options, a renderer with its own, and the checks."""

from __future__ import annotations

import json

from bench.fuzzing.cases import Case
from bench.fuzzing.memory import BASE, FuzzMemory
from seize.decode import Call, Decoder
from seize.decode.render import unjson
from seize.decode.render.json import JsonValues
from seize.decode.render.strace import StraceText

READS, VERBOSE_READS = 1 << 12, 1 << 16
"""No call needs more reads of memory: with the usual limits of arrays, and with ``verbose``."""

BYTES, VERBOSE_BYTES = 1 << 23, 1 << 26
"""No call needs more bytes of memory."""

LENGTH, VERBOSE_LENGTH = 1 << 22, 1 << 26
"""No line is longer: the three sets of a select may have 65536 descriptors each."""

_PATHS = (
    "/a",
    "",
    "socket:[1]",
    'a">b\n\\',
    "/\udcff\udc80",
    "/t\u00e9",
    None,
    "/dev/null",
    "x" * 300,
)


class Wrong(Exception):
    """What came out isn't what it should be."""


def _fd_path(tid: int, fd: int) -> str | None:
    return _PATHS[fd % len(_PATHS)]


def _fd_details(tid: int, fd: int, path: str) -> str | None:
    return _PATHS[fd // len(_PATHS) % len(_PATHS)]


PROTOCOLS = (
    *(None, "?", "", "ROUTE", "SOCK_DIAG", "NETFILTER", "GENERIC", "AUDIT", "XFRM", "CRYPTO"),
    *("SELINUX", "KOBJECT_UEVENT", "NETLINK_ROUTE"),
)


def _netlink_protocol(tid: int, fd: int) -> str | None:
    return PROTOCOLS[fd % len(PROTOCOLS)]


def _netlink_family(number: int) -> str | None:
    return ("nlctrl", "thermal_event", "", None)[number % 4]


def _stack_pointer(tid: int) -> int | None:
    return BASE + 64 if tid % 2 else None


class Subject:
    """One way to decode and to print, with its own decoder."""

    def __init__(
        self,
        *,
        verbose: bool = False,
        string_limit: int = 32,
        paths: bool = False,
        strings: str = "",
        constants: str = "abbrev",
        names: bool = False,
    ) -> None:
        self.decoder = Decoder(
            verbose=verbose,
            string_limit=string_limit,
            fd_paths=_fd_path if paths else None,
            fd_details=_fd_details if paths else None,
            netlink_protocol=_netlink_protocol,
            netlink_family=_netlink_family,
            stack_pointer=_stack_pointer,
        )
        self.text = StraceText(
            verbose=verbose,
            string_limit=string_limit,
            strings=strings,
            constants=constants,
            names=names,
        )
        self.json = JsonValues(verbose=verbose, string_limit=string_limit)
        wide = verbose or string_limit > 100
        self.memory = FuzzMemory(VERBOSE_READS if wide else READS, VERBOSE_BYTES if wide else BYTES)
        self.longest = VERBOSE_LENGTH if wide or paths else LENGTH

    def run(self, case: Case, index: int, thorough: bool) -> int:
        """Decode and print a case; the length of its line."""
        memory, text = self.memory, self.text
        memory.reads = memory.total = 0
        memory.put(case.base, case.entry, case.everywhere)
        call = self.decoder.enter(index % 7, case.arch_name, case.number, case.args, memory)
        left = text.enter(call)
        if case.finished:
            memory.put(case.base, case.exit, case.everywhere)
            self.decoder.exit(call, case.rval, case.is_error, memory)
        right = text.exit(call)
        line = f"{left}{right} = {text.result(call)}"
        if len(line) > self.longest:
            raise Wrong(f"a line of {len(line)} characters")
        if thorough:
            self.check(call, left)
        return len(line)

    def check(self, call: Call, left: str) -> None:
        """Look at a call again: its line must be the same, also when made of its JSON."""
        reads = self.memory.reads
        line = self._line(call)
        if not line.startswith(left):
            raise Wrong(f"at the entry:\n{left}\nat the exit:\n{line}")
        found = json.loads(json.dumps({"tid": call.tid, **self.json.call(call)}))
        if not call.finished:
            found["unfinished"] = "?"
        again = unjson.call(found)
        again.compiled.first_out = call.compiled.first_out
        if self._line(again) != line:
            raise Wrong(f"{line}\nfrom its JSON:\n{self._line(again)}")
        if self.memory.reads != reads:
            raise Wrong("values aren't complete: memory was read to print them")

    def _line(self, call: Call) -> str:
        text = self.text
        return f"{text.enter(call)}{text.exit(call)} = {text.result(call)}"


def subjects() -> list[Subject]:
    """All that are tried: a case goes to one of them by its number."""
    usual = Subject()
    return [
        usual,
        Subject(paths=True),
        usual,
        Subject(string_limit=0, constants="raw"),
        usual,
        Subject(verbose=True),
        usual,
        Subject(verbose=True, string_limit=5, paths=True, strings="non-ascii", names=True),
        usual,
        Subject(string_limit=1000, constants="verbose", strings="all"),
        usual,
        Subject(verbose=True, string_limit=100, constants="verbose", strings="non-ascii-chars"),
    ]
