"""``backtrace.py PID``: attach to a process, and print the stack of its main thread."""

from __future__ import annotations

import sys

from seize.debug import Debugger

with Debugger() as debugger:
    process = debugger.attach(int(sys.argv[1]))
    for frame in process.threads[process.pid].frames():
        print(f"#{frame.level:<3}{frame}")
