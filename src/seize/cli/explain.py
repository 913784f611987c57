"""``seize explain``: what the names in a trace mean."""

from __future__ import annotations

import shutil

from seize.cli import show
from seize.cli.options import describe, option, parse
from seize.errors import UsageError
from seize.explain import explain
from seize.explain.text import Page

OPTIONS = (
    option("--json", "", "write one JSON object for each thing that has the name"),
    option("-h --help", "", "this page"),
)
USAGE = """\
usage: seize explain [OPTION…] NAME…

Tells what a name means that a trace shows: a system call (or its number), a flag or another
constant, an ioctl request, an error, a signal, a set of flags or a struct.

"""
EXAMPLES = """
For example: seize explain openat O_CLOEXEC ENOENT SIGCHLD TCGETS
"""


def run(arguments: list[str]) -> int:
    """Parse the words after ``seize explain``, and explain them; 1 if one isn't known."""
    options, names = parse(OPTIONS, arguments, "explain")
    chosen = {found.name for found in options}
    if "--help" in chosen:
        show(USAGE + describe(OPTIONS) + EXAMPLES)
        return 0
    if not names:
        raise UsageError("there must be a NAME (try 'seize explain --help')")
    told = [entry for name in names for entry in explain(name)]
    if "--json" in chosen:
        import json

        show("".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in told))
        return 0
    show(Page(shutil.get_terminal_size().columns).text(told))
    return 0
