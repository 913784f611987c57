"""The same as ``with_seize.py``, with libdebug."""

from __future__ import annotations

import sys
from typing import Any

from libdebug import debugger

NEVER = -1


def _is_never(thread: Any, _: object) -> bool:
    return bool(thread.regs.rdi == NEVER)


def hits(program: str, calls: str, address: str) -> None:
    """A breakpoint with a callback that does nothing but look."""

    callback: Any = _is_never

    made = debugger([program, calls])
    made.run()
    made.breakpoint(int(address, 16), file="absolute", callback=callback)
    made.cont()
    made.wait()
    made.terminate()


def steps(program: str, number: str, address: str) -> None:
    """Single steps, one by one, from a breakpoint on."""
    made = debugger([program, number])
    made.run()
    made.breakpoint(int(address, 16), file="absolute")
    made.cont()
    made.wait()
    for _ in range(int(number)):
        made.step()
    made.kill()
    made.terminate()


def attach(pid: str) -> None:
    """Attach to a process, and let it go."""
    made = debugger()
    made.attach(int(pid))
    made.detach()
    made.terminate()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["hits", program, calls, address]:
            hits(program, calls, address)
        case ["steps", program, number, address]:
            steps(program, number, address)
        case ["attach", pid]:
            attach(pid)
