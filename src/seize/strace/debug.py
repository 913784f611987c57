"""What the tracer itself does, on standard error: -d.

A line for each wait status and what it was taken for, and what the trace began with.
"""

from __future__ import annotations

from seize.abi.names import signal_name
from seize.strace.output import complain
from seize.strace.settings import Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from seize.engine import Tracer
    from seize.stops import Event

_EVENTS = {
    1: "FORK",
    2: "VFORK",
    3: "CLONE",
    4: "EXEC",
    5: "VFORK_DONE",
    6: "EXIT",
    7: "SECCOMP",
    128: "STOP",
}
_SYSCALL = 0x80
"""What PTRACE_O_TRACESYSGOOD adds to SIGTRAP."""


def told(status: int) -> str:
    """``stopped by SIGTRAP, PTRACE_EVENT_EXEC``: a wait status in words."""
    if status & 0xFF != 0x7F:
        number = status & 0x7F
        core = ", core dumped" if status & 0x80 else ""
        return f"killed by {signal_name(number)}{core}" if number else f"exited {status >> 8}"
    signal, event = status >> 8 & 0xFF, status >> 16
    if signal & _SYSCALL:
        return "stopped at a system call"
    text = f"stopped by {signal_name(signal)}"
    return f"{text}, PTRACE_EVENT_{_EVENTS.get(event, event)}" if event else text


class Debug:
    """Tells what one trace does."""

    def __init__(self, settings: Settings, tracer: Tracer) -> None:
        self._name = settings.name
        self._tracer = tracer
        self._mode = ""
        changed = [
            f"{name}={value!r}"
            for name in Settings.__match_args__
            if (value := getattr(settings, name)) != getattr(Settings(), name)
        ]
        self._tell(f"settings: {', '.join(changed)}")
        placement = tracer.placement
        placement.wait = self._watched(placement.wait)

    def _tell(self, text: str) -> None:
        complain(f"{self._name}: debug: {text}\n")

    def _watched(self, wait: Callable[[], tuple[int, int]]) -> Callable[[], tuple[int, int]]:
        def watched() -> tuple[int, int]:
            tid, status = wait()
            if tid > 0:
                self._tell(f"wait: {tid} {status:#x}: {told(status)}")
            else:
                self._tell("wait: interrupted")
            if self._tracer.placement.mode != self._mode:
                self._mode = self._tracer.placement.mode
                reason = self._tracer.placement.controller.reason
                self._tell(f"placement: {self._mode} ({reason})")
            return tid, status

        return watched

    def events(self, events: Iterator[Event]) -> Iterator[Event]:
        """The same events, each told of."""
        for event in events:
            call = getattr(event, "call", None)
            name = f" {call.name}" if call is not None else ""
            self._tell(f"event: {event.tid} {type(event).__name__}{name}")
            yield event
        self._tell("nothing is traced any more")
