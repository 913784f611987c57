"""``seize core``: a core file of a living process."""

from __future__ import annotations

from seize.cli import show
from seize.cli.options import describe, option, parse
from seize.errors import UsageError

OPTIONS = (
    option("-o --output", "FILE", "write to FILE instead of core.PID"),
    option("-a --all", "", "all memory, also what the process or its filter leaves out"),
    option("-h --help", "", "this page"),
)
USAGE = """\
usage: seize core [OPTION…] PID…

Writes a core file of a process that goes on afterwards as it was found: stopped, if it was.
Which memory it has is for /proc/PID/coredump_filter to say, as in the kernel's own: core(5).

"""
EPILOGUE = """
gdb, lldb and 'seize debug --core FILE' read it.
"""
_LARGEST_PID = 1 << 22


def run(arguments: list[str]) -> int:
    """Parse the words after ``seize core``, and write the files."""
    given: dict[str, str] = {}
    words: list[str] = []
    rest = arguments
    while rest:
        # Options may also stand behind the PID.
        options, rest = parse(OPTIONS, rest, "core")
        given.update({found.name: found.value or "" for found in options})
        words += rest[:1]
        rest = rest[1:]
    if "--help" in given:
        show(USAGE + describe(OPTIONS) + EPILOGUE)
        return 0
    if not words:
        raise UsageError("there must be a PID (try 'seize core --help')")
    if "--output" in given and len(words) > 1:
        raise UsageError("-o names one file, but there are several processes")
    pids = [_pid(word) for word in words]
    from seize.corefile.living import save

    for pid in pids:
        saved = save(pid, given.get("--output", f"core.{pid}"), everything="--all" in given)
        threads = "1 thread" if saved.threads == 1 else f"{saved.threads} threads"
        show(f"{saved.path}: process {pid}, {threads}, {saved.size} bytes\n")
    return 0


def _pid(word: str) -> int:
    if not word.isascii() or not word.isdecimal() or not 0 < int(word) <= _LARGEST_PID:
        raise UsageError(f"'{word}' is no process id")
    return int(word)
