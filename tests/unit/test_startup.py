"""Start-up counts: the trace path must not load what it doesn't need."""

from __future__ import annotations

import subprocess
import sys

HEAVY = [
    "argparse",
    "asyncio",
    "contextlib",
    "dataclasses",
    "inspect",
    "json",
    "logging",
    "pathlib",
    "subprocess",
    "typing",
]


def test_the_trace_path_loads_nothing_heavy() -> None:
    code = (
        "import sys; before = set(sys.modules)\n"
        "from seize.cli import main\n"
        "main(['trace', '-o', '/dev/null', 'true'])\n"
        "print(*(set(sys.modules) - before))"
    )
    # Without site: a virtual environment's own start-up files may load anything.
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    loaded = done.stdout.split()
    assert "seize.engine.tracer" in loaded
    assert not set(HEAVY) & set(loaded)
