"""Linux process tracing: the whole of ptrace(2), an event loop, and tools upon it.

>>> import seize
>>> from seize import SyscallExit
>>> with seize.Tracer() as tracer:
...     tracer.spawn(["ls"])
...     for stop in tracer:
...         match stop:
...             case SyscallExit(call=call) if call.failed:
...                 print(stop.tid, call)

``for call in seize.trace(["ls"])`` is the short way to the system calls of a command, and
``from seize import ptrace`` the manual page as a module.
"""

from signal import Signals as Signal

from seize import kernel, ptrace
from seize.engine import Process, Tracee, Tracer
from seize.errors import (
    AccessDenied,
    LaunchError,
    MemoryFault,
    NotStopped,
    PtraceError,
    SeizeError,
    TraceeGone,
    Unsupported,
    UsageError,
    WrongThread,
)
from seize.stops import (
    Clone,
    End,
    Event,
    EventStop,
    Exec,
    Exited,
    Exiting,
    Fork,
    GroupStop,
    Killed,
    NewChild,
    PostExecTrap,
    SeccompStop,
    SignalDelivery,
    SingleStep,
    Stop,
    SyscallEnter,
    SyscallExit,
    SyscallStop,
    SysemuStop,
    Vfork,
    VforkDone,
)

__all__ = [
    "AccessDenied",
    "Clone",
    "End",
    "Event",
    "EventStop",
    "Exec",
    "Exited",
    "Exiting",
    "Fork",
    "GroupStop",
    "Killed",
    "LaunchError",
    "MemoryFault",
    "NewChild",
    "NotStopped",
    "PostExecTrap",
    "Process",
    "PtraceError",
    "SeccompStop",
    "SeizeError",
    "Signal",
    "SignalDelivery",
    "SingleStep",
    "Stop",
    "SyscallEnter",
    "SyscallExit",
    "SyscallStop",
    "SysemuStop",
    "Tracee",
    "TraceeGone",
    "Tracer",
    "Unsupported",
    "UsageError",
    "Vfork",
    "VforkDone",
    "WrongThread",
    "kernel",
    "ptrace",
    "tamper",
    "trace",
]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.strace.calls import trace
    from seize.tampering.block import tamper
else:

    def __getattr__(name: str) -> object:
        """Import a tool when it is asked for: most programs need the loop alone."""
        if name == "trace":
            from seize.strace.calls import trace

            return trace
        if name == "tamper":
            from seize.tampering.block import tamper

            return tamper
        raise AttributeError(f"module 'seize' has no attribute {name!r}")
