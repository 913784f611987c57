"""The debugger as a library: breakpoints, watchpoints, stepping, and what a stopped program has."""

from seize.debug.breakpoints import Breakpoint
from seize.debug.catchpoints import Catchpoint
from seize.debug.debugger import Debugger
from seize.debug.postmortem import PostmortemProcess, PostmortemThread
from seize.debug.process import Process
from seize.debug.reasons import (
    BreakpointHit,
    CloneCaught,
    DebugStop,
    ExecCaught,
    Exiting,
    ForkCaught,
    FunctionFinished,
    Interrupted,
    LibrariesChanged,
    ProcessExited,
    ProcessKilled,
    SignalStop,
    StepDone,
    SyscallCaught,
    ThreadExited,
    ThreadStarted,
    WatchpointHit,
)
from seize.debug.remote import CallInterrupted
from seize.debug.thread import Thread
from seize.debug.watchpoints import Watchpoint

__all__ = [
    "Breakpoint",
    "BreakpointHit",
    "CallInterrupted",
    "Catchpoint",
    "CloneCaught",
    "DebugStop",
    "Debugger",
    "ExecCaught",
    "Exiting",
    "ForkCaught",
    "FunctionFinished",
    "Interrupted",
    "LibrariesChanged",
    "PostmortemProcess",
    "PostmortemThread",
    "Process",
    "ProcessExited",
    "ProcessKilled",
    "SignalStop",
    "StepDone",
    "SyscallCaught",
    "Thread",
    "ThreadExited",
    "ThreadStarted",
    "Watchpoint",
    "WatchpointHit",
]
