"""What the loop asks of the services above it: to decode calls, and to change them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from seize.decode import Call
    from seize.engine.tracee import Tracee
    from seize.engine.tracer import Tracer
    from seize.memory import Memory

    class CallDecoder(Protocol):
        """What makes the calls of syscall-stops: see ``seize.decode.Decoder``."""

        def enter(
            self, tid: int, arch_name: str, number: int, args: tuple[int, ...], memory: Memory
        ) -> Call:
            """Make the call of a syscall-enter-stop."""
            ...

        def exit(self, call: Call, rval: int, is_error: bool, memory: Memory) -> None:
            """Complete it at its syscall-exit-stop."""
            ...

    class CallChanger(Protocol):
        """What changes calls on their way: see ``seize.tampering.Tampering``."""

        def wrap(self, tracer: Tracer, decoder: CallDecoder) -> CallDecoder:
            """Give a decoder that changes a call before ``decoder`` sees it, or after."""
            ...

        def undo(self, tracee: Tracee) -> None:
            """Let the call that a stopped tracee is in take its course: it is let go."""
            ...
