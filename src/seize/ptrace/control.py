"""Attach, restart, stop, detach; options, and the event message."""

from __future__ import annotations

import ctypes
from errno import EINVAL, EIO, EPERM

from seize import arch
from seize.abi._generated import ptrace as op
from seize.errors import Unsupported
from seize.ptrace import _call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.errors import SeizeError

_HIGHEST_SIGNAL = 64
_SUSPENDING = "PTRACE_O_SUSPEND_SECCOMP needs CAP_SYS_ADMIN and a tracer without seccomp"
_word = ctypes.c_ulong()
_word_address = ctypes.addressof(_word)


def traceme() -> None:
    """PTRACE_TRACEME: let the parent trace the calling thread (to be called in the tracee).

    ``PtraceError`` with EPERM if it is traced already, or a security module forbids it.
    """
    if _call._ptrace(op.PTRACE_TRACEME, 0, 0, 0) == -1:
        hint = "this thread is traced already, or a security module forbids it"
        raise _call.error(op.PTRACE_TRACEME, 0, hint if _call.last_errno() == EPERM else "")


def attach(tid: int) -> None:
    """PTRACE_ATTACH: trace thread ``tid`` and send it SIGSTOP; wait for its stop afterwards.

    The race with other signals that "Attaching and detaching" describes is the caller's to
    handle; ``seize`` has none.  ``AccessDenied`` explains an EPERM.
    """
    _call.call(op.PTRACE_ATTACH, tid)


def seize(tid: int, options: int = 0) -> None:
    """PTRACE_SEIZE: trace thread ``tid`` without stopping it, with PTRACE_O_* ``options`` on.

    ``AccessDenied`` explains an EPERM.  An option unknown to the kernel is a ``PtraceError``
    with EIO here (with EINVAL in ``setoptions``).
    """
    if _call._ptrace(op.PTRACE_SEIZE, tid, 0, options) == -1:
        hint = ""
        if _call.last_errno() in (EIO, EINVAL):
            hint = f"this kernel doesn't know one of the options {options:#x}"
        elif _call.last_errno() == EPERM and options & op.PTRACE_O_SUSPEND_SECCOMP:
            hint = _SUSPENDING
        raise _call.error(op.PTRACE_SEIZE, tid, hint)


def interrupt(tid: int) -> None:
    """PTRACE_INTERRUPT: stop a seized tracee without a signal; the stop is waited for."""
    if _call._ptrace(op.PTRACE_INTERRUPT, tid, 0, 0) == -1:
        hint = "it works on tracees attached by PTRACE_SEIZE"
        raise _call.error(op.PTRACE_INTERRUPT, tid, hint if _call.last_errno() == EIO else "")


def listen(tid: int) -> None:
    """PTRACE_LISTEN: leave a seized tracee in its group-stop, but let it report what ends it.

    ``PtraceError`` with EIO if it isn't in a PTRACE_EVENT_STOP stop, or wasn't seized.
    """
    if _call._ptrace(op.PTRACE_LISTEN, tid, 0, 0) == -1:
        hint = "it works in the PTRACE_EVENT_STOP of a tracee attached by PTRACE_SEIZE"
        raise _call.error(op.PTRACE_LISTEN, tid, hint if _call.last_errno() == EIO else "")


def detach(tid: int, signal: int = 0) -> None:
    """PTRACE_DETACH: stop tracing a tracee in ptrace-stop and restart it, injecting ``signal``."""
    _restart(op.PTRACE_DETACH, tid, signal)


def kill(tid: int) -> None:
    """PTRACE_KILL: deprecated by the manual; send SIGKILL with ``kernel.tgkill`` instead.

    Recent kernels send SIGKILL; older ones succeed without doing anything unless the tracee is
    in ptrace-stop.
    """
    _call.call(op.PTRACE_KILL, tid)


def cont(tid: int, signal: int = 0) -> None:
    """PTRACE_CONT: restart a tracee in ptrace-stop; inject ``signal`` if it isn't 0."""
    _restart(op.PTRACE_CONT, tid, signal)


def syscall(tid: int, signal: int = 0) -> None:
    """PTRACE_SYSCALL: restart until the next entry to or exit from a system call."""
    _restart(op.PTRACE_SYSCALL, tid, signal)


def singlestep(tid: int, signal: int = 0) -> None:
    """PTRACE_SINGLESTEP: restart for one instruction."""
    _restart(op.PTRACE_SINGLESTEP, tid, signal)


def singleblock(tid: int, signal: int = 0) -> None:
    """PTRACE_SINGLEBLOCK: restart until the next taken branch; ``Unsupported`` off x86.

    A virtual machine may lack the processor's branch trap, without the kernel knowing: then
    this is a ``singlestep``.
    """
    if arch.native().name == "aarch64":  # there the number means PTRACE_PEEKMTETAGS
        raise _call.unsupported(op.PTRACE_SINGLEBLOCK)
    _restart(op.PTRACE_SINGLEBLOCK, tid, signal)


def sysemu(tid: int, signal: int = 0) -> None:
    """PTRACE_SYSEMU: restart until the next system call, which is then not executed."""
    _restart(op.PTRACE_SYSEMU, tid, signal)


def sysemu_singlestep(tid: int, signal: int = 0) -> None:
    """PTRACE_SYSEMU_SINGLESTEP: as ``sysemu``, and stop after one instruction otherwise."""
    _restart(op.PTRACE_SYSEMU_SINGLESTEP, tid, signal)


def _restart(operation: int, tid: int, signal: int) -> None:
    if _call._ptrace(operation, tid, 0, signal) == -1:
        raise restart_error(operation, tid, signal)


def restart_error(operation: int, tid: int, signal: int) -> SeizeError:
    """Make the error of a failed restart: EIO means a bad signal, or no such operation."""
    if _call.last_errno() != EIO:
        return _call.error(operation, tid)
    if not 0 <= signal <= _HIGHEST_SIGNAL:
        return _call.error(operation, tid, f"{signal} is no signal number")
    return _call.unsupported(operation)


def setoptions(tid: int, options: int) -> None:
    """PTRACE_SETOPTIONS: replace the tracee's PTRACE_O_* options by ``options``.

    ``PtraceError`` with EINVAL for an unknown option; with EPERM for PTRACE_O_SUSPEND_SECCOMP
    without CAP_SYS_ADMIN or from under seccomp.  ``Unsupported`` if the kernel was built
    without PTRACE_O_SUSPEND_SECCOMP.
    """
    if _call._ptrace(op.PTRACE_SETOPTIONS, tid, 0, options) == -1:
        hint = ""
        if _call.last_errno() == EINVAL:
            if options & ~op.PTRACE_O_MASK == 0:
                raise Unsupported(
                    "PTRACE_O_SUSPEND_SECCOMP", "Linux 4.3 with CONFIG_CHECKPOINT_RESTORE"
                )
            hint = f"this kernel doesn't know one of the options {options:#x}"
        elif _call.last_errno() == EPERM:
            hint = _SUSPENDING
        raise _call.error(op.PTRACE_SETOPTIONS, tid, hint)


def geteventmsg(tid: int) -> int:
    """PTRACE_GETEVENTMSG: the message of the last event (a PID, an exit status, ...)."""
    _call.call(op.PTRACE_GETEVENTMSG, tid, 0, _word_address)
    return _word.value


def peektext(tid: int, address: int) -> int:
    """PTRACE_PEEKTEXT: the word at ``address``, unsigned; ``MemoryFault`` if unreadable."""
    return _call.peek(op.PTRACE_PEEKTEXT, tid, address)


def peekdata(tid: int, address: int) -> int:
    """PTRACE_PEEKDATA: the word at ``address``, unsigned; ``MemoryFault`` if unreadable."""
    return _call.peek(op.PTRACE_PEEKDATA, tid, address)


def peekuser(tid: int, offset: int) -> int:
    """PTRACE_PEEKUSER: the word at byte ``offset`` of ``struct user``, unsigned.

    ``PtraceError`` with EIO for an offset that isn't aligned or lies outside.
    """
    return _call.peek(op.PTRACE_PEEKUSER, tid, offset)


def poketext(tid: int, address: int, word: int) -> None:
    """PTRACE_POKETEXT: store ``word`` at ``address`` (read-only mappings too)."""
    _poke(op.PTRACE_POKETEXT, tid, address, word)


def pokedata(tid: int, address: int, word: int) -> None:
    """PTRACE_POKEDATA: store ``word`` at ``address`` (read-only mappings too)."""
    _poke(op.PTRACE_POKEDATA, tid, address, word)


def pokeuser(tid: int, offset: int, word: int) -> None:
    """PTRACE_POKEUSER: store ``word`` at byte ``offset`` of ``struct user``.

    ``PtraceError`` with EIO for a bad offset, or a value that the kernel doesn't allow there
    (EINVAL or EBUSY for some debug registers).
    """
    _poke(op.PTRACE_POKEUSER, tid, offset, word)


def _poke(operation: int, tid: int, address: int, word: int) -> None:
    if _call._ptrace(operation, tid, address, word & _call.WORD_MASK) == -1:
        raise _call.error(operation, tid, address=address)
