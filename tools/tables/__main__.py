"""``python -m tools.tables`` writes the tables; ``--check`` compares and fails on a difference."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from tools.tables import cheaders, inputs, ioctls, layouts, numbers, sets
from tools.tables.model import ARCHITECTURES, Machine, TableError

OUTPUT = Path(__file__).parents[2] / "src" / "seize" / "abi" / "_generated"


def machines() -> list[Machine]:
    """Parse the headers of every architecture."""
    folders = inputs.fetch()
    parser = cheaders.Parser(inputs.load_clang(folders["libclang"]), folders["ziglang"])
    return [Machine.merge(arch, parser.uapi(arch), parser.libc(arch)) for arch in ARCHITECTURES]


def render(parsed: list[Machine]) -> dict[str, str]:
    """The text of every generated module, by file name."""
    native = parsed[0]
    texts = {
        "__init__.py": '"""Written by tools/tables; see the banner of each module."""\n',
        "errno.py": numbers.render_errno(native),
        "signals.py": numbers.render_signals(native),
        "siginfo.py": numbers.render_siginfo(native),
        "ptrace.py": numbers.render_constants(
            parsed, re.compile(r"PTRACE_\w+|NT_\w+"), "Every PTRACE_ constant, and the note types."
        ),
        "constants.py": numbers.render_constants(
            parsed, numbers.WANTED, "Single constants that code asks for by name."
        ),
        "flags.py": sets.render(parsed),
        "device_flags.py": sets.render_devices(parsed),
        "network_flags.py": sets.render_network(parsed),
    }
    tables = [ioctls.Ioctls(machine) for machine in parsed]
    texts["ioctls.py"] = ioctls.render(tables)
    for machine, table in zip(parsed, tables, strict=True):
        texts[f"syscalls_{machine.arch}.py"] = numbers.render_syscalls(machine)
        texts[f"layouts_{machine.arch}.py"] = layouts.render(machine)
        arguments = table.arguments()
        texts[f"ioctl_layouts_{machine.arch}.py"] = layouts.render_ioctl(machine, arguments)
    return texts


def compare(texts: dict[str, str]) -> list[str]:
    """Names of the files that are missing, differ, or are there without being generated."""
    present = {path.name: path.read_text() for path in OUTPUT.glob("*.py")}
    names = sorted({*texts, *present})
    return [name for name in names if texts.get(name) != present.get(name)]


def main() -> int:
    """Run from the command line; exit 1 when ``--check`` finds a difference, 2 for errors."""
    options = argparse.ArgumentParser(prog="python -m tools.tables", description=__doc__)
    options.add_argument("--check", action="store_true", help="write nothing, report differences")
    chosen = options.parse_args()
    try:
        texts = render(machines())
    except (inputs.InputError, cheaders.HeaderError, TableError) as error:
        print(f"tables: {error}", file=sys.stderr)
        return 2
    if chosen.check:
        different = compare(texts)
        for name in different:
            print(f"{OUTPUT / name} is out of date", file=sys.stderr)
        return 1 if different else 0
    OUTPUT.mkdir(parents=True, exist_ok=True)
    for name in compare(texts):
        if name in texts:
            (OUTPUT / name).write_text(texts[name])
        else:
            (OUTPUT / name).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
