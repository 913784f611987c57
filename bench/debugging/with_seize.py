"""``hits PROGRAM CALLS ADDRESS``, ``steps PROGRAM STEPS ADDRESS`` or ``attach PID``, with seize."""

from __future__ import annotations

import sys

from seize.debug import Debugger, Thread

NEVER = -1


def hits(program: str, calls: str, address: str) -> None:
    """A breakpoint whose condition, a Python function, is false."""

    def condition(thread: Thread) -> bool:
        return bool(thread.registers.rdi == NEVER)

    with Debugger() as debugger:
        debugger.spawn([program, calls])
        debugger.breakpoint(int(address, 16), condition=condition)
        debugger.run()


def steps(program: str, number: str, address: str) -> None:
    """Single steps, one by one, from a breakpoint on."""
    with Debugger() as debugger:
        thread = debugger.spawn([program, number]).thread
        debugger.breakpoint(int(address, 16), temporary=True)
        debugger.run()
        for _ in range(int(number)):
            thread.step_instruction()
        debugger.kill()


def attach(pid: str) -> None:
    """Attach to a process, and let it go."""
    with Debugger() as debugger:
        debugger.attach(int(pid)).detach()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["hits", program, calls, address]:
            hits(program, calls, address)
        case ["steps", program, number, address]:
            steps(program, number, address)
        case ["attach", pid]:
            attach(pid)
