"""The classifier: a table of the manual's stops, and properties over all status words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seize._frozen import replace
from seize.abi._generated import ptrace as pt
from seize.ptrace import SigInfo
from seize.stops import classify as c
from seize.stops import events

SIGTRAP, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGINT = 5, 19, 20, 21, 22, 2
CALL: Any = object()
TRACEE: Any = object()
TID = 7


def stopped(signal: int, event: int = 0) -> int:
    return event << 16 | signal << 8 | 0x7F


def info(signal: int, code: int = 0) -> SigInfo:
    return SigInfo.make(signal, code)


def classify(status: int, **evidence: Any) -> events.Event:
    return c.classify(TID, TRACEE, c.Evidence(status, **evidence))


EVENTS = [
    (pt.PTRACE_EVENT_FORK, events.Fork(TID, TRACEE, 42)),
    (pt.PTRACE_EVENT_VFORK, events.Vfork(TID, TRACEE, 42)),
    (pt.PTRACE_EVENT_CLONE, events.Clone(TID, TRACEE, 42)),
    (pt.PTRACE_EVENT_VFORK_DONE, events.VforkDone(TID, TRACEE, 42)),
    (pt.PTRACE_EVENT_EXEC, events.Exec(TID, TRACEE, 42)),
    (pt.PTRACE_EVENT_EXIT, events.Exiting(TID, TRACEE, 42)),
]


@pytest.mark.parametrize(("event", "expected"), EVENTS)
def test_each_ptrace_event(event: int, expected: events.Event) -> None:
    assert classify(stopped(SIGTRAP, event), event_message=42) == expected


def test_seccomp_stop_has_the_call_and_the_filters_data() -> None:
    stop = classify(stopped(SIGTRAP, pt.PTRACE_EVENT_SECCOMP), event_message=9, call=CALL)
    assert stop == events.SeccompStop(TID, TRACEE, 9, CALL)


@pytest.mark.parametrize("signal", [SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU])
def test_group_stop_of_a_seized_tracee(signal: int) -> None:
    stop = classify(stopped(signal, pt.PTRACE_EVENT_STOP))
    assert stop == events.GroupStop(TID, TRACEE, signal)


@pytest.mark.parametrize("first", [False, True])
def test_event_stop_that_is_no_group_stop(first: bool) -> None:
    stop = classify(stopped(SIGTRAP, pt.PTRACE_EVENT_STOP), first=first)
    assert stop == events.EventStop(TID, TRACEE, first)


@pytest.mark.parametrize("signal", [SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU])
def test_group_stop_of_an_attached_tracee_has_no_siginfo(signal: int) -> None:
    assert c.needs(stopped(signal), seized=False) & c.SIGINFO
    stop = classify(stopped(signal), seized=False, siginfo=None)
    assert stop == events.GroupStop(TID, TRACEE, signal)


@pytest.mark.parametrize("signal", [SIGSTOP, SIGTSTP, SIGINT, 11, 64])
@pytest.mark.parametrize("seized", [False, True])
def test_signal_delivery_stop_has_siginfo(signal: int, seized: bool) -> None:
    stop = classify(stopped(signal), seized=seized, siginfo=info(signal))
    assert stop == events.SignalDelivery(TID, TRACEE, signal, info(signal))


def test_the_sigstop_of_ptrace_attach_is_not_the_programs() -> None:
    stop = classify(
        stopped(SIGSTOP), seized=False, awaits_sigstop=True, first=True, siginfo=info(SIGSTOP)
    )
    assert stop == events.EventStop(TID, TRACEE, True)
    other = classify(stopped(SIGINT), seized=False, awaits_sigstop=True, siginfo=info(SIGINT))
    assert isinstance(other, events.SignalDelivery)


def test_syscall_stops_with_tracesysgood() -> None:
    status = stopped(SIGTRAP | 0x80)
    assert status == c.SYSCALL_STATUS
    entry = classify(status, syscall_op=pt.PTRACE_SYSCALL_INFO_ENTRY, call=CALL)
    assert entry == events.SyscallEnter(TID, TRACEE, CALL)
    leave = classify(status, syscall_op=pt.PTRACE_SYSCALL_INFO_EXIT, call=CALL)
    assert leave == events.SyscallExit(TID, TRACEE, CALL)


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        (pt.PTRACE_EVENTMSG_SYSCALL_ENTRY, events.SyscallEnter),
        (pt.PTRACE_EVENTMSG_SYSCALL_EXIT, events.SyscallExit),
    ],
)
def test_syscall_stops_without_tracesysgood(message: int, kind: type[events.Event]) -> None:
    evidence = c.Evidence(
        stopped(SIGTRAP), siginfo=info(SIGTRAP, SIGTRAP), event_message=message, call=CALL
    )
    assert c.needs(evidence.status, seized=True) & (c.SIGINFO | c.EVENT_MESSAGE)
    assert c.is_bare_syscall_stop(evidence)
    assert type(c.classify(TID, TRACEE, evidence)) is kind


@pytest.mark.parametrize("operation", [pt.PTRACE_SYSEMU, pt.PTRACE_SYSEMU_SINGLESTEP])
def test_sysemu_stop(operation: int) -> None:
    stop = classify(
        c.SYSCALL_STATUS,
        resumed_by=operation,
        syscall_op=pt.PTRACE_SYSCALL_INFO_ENTRY,
        call=CALL,
    )
    assert stop == events.SysemuStop(TID, TRACEE, CALL)


@pytest.mark.parametrize("code", [1, 2, 3])
def test_single_step_needs_to_have_been_asked_for(code: int) -> None:
    evidence = c.Evidence(stopped(SIGTRAP), siginfo=info(SIGTRAP, code))
    for operation in (pt.PTRACE_SINGLESTEP, pt.PTRACE_SINGLEBLOCK):
        stop = c.classify(TID, TRACEE, replace(evidence, resumed_by=operation))
        assert stop == events.SingleStep(TID, TRACEE, info(SIGTRAP, code))
    assert isinstance(c.classify(TID, TRACEE, evidence), events.SignalDelivery)


def test_a_breakpoint_is_a_signal_delivery_even_when_stepping() -> None:
    si_kernel = 0x80
    stop = classify(
        stopped(SIGTRAP), resumed_by=pt.PTRACE_SINGLESTEP, siginfo=info(SIGTRAP, si_kernel)
    )
    assert isinstance(stop, events.SignalDelivery)


def test_post_exec_sigtrap_comes_only_to_attached_tracees_after_execve() -> None:
    evidence = c.Evidence(
        stopped(SIGTRAP), seized=False, siginfo=info(SIGTRAP), last_call_was_execve=True
    )
    assert c.needs(evidence.status, seized=False) & c.LAST_CALL
    assert isinstance(c.classify(TID, TRACEE, evidence), events.PostExecTrap)
    for change in ({"seized": True}, {"last_call_was_execve": False}):
        other = c.classify(TID, TRACEE, replace(evidence, **change))
        assert isinstance(other, events.SignalDelivery)


@given(st.integers(0, 255))
def test_exit(code: int) -> None:
    assert c.needs(code << 8, seized=True) == 0
    assert classify(code << 8) == events.Exited(TID, TRACEE, code)


@given(st.integers(1, 126), st.booleans())
def test_death_by_signal(signal: int, core: bool) -> None:
    status = signal | (0x80 if core else 0)
    assert c.needs(status, seized=True) == 0
    assert classify(status) == events.Killed(TID, TRACEE, signal, core)


KNOWN_EVENTS = [0, 1, 2, 3, 4, 5, 6, 7, 128]


@given(
    signal=st.integers(1, 64) | st.just(SIGTRAP | 0x80),
    event=st.sampled_from(KNOWN_EVENTS),
    seized=st.booleans(),
    code=st.integers(-60, 0x80),
    message=st.integers(0, 2**32),
    operation=st.sampled_from([pt.PTRACE_CONT, pt.PTRACE_SYSCALL, pt.PTRACE_SINGLESTEP]),
)
def test_every_stop_the_kernel_can_report_has_exactly_one_type(
    signal: int, event: int, seized: bool, code: int, message: int, operation: int
) -> None:
    status = stopped(SIGTRAP if event and event != 128 else signal, event)
    wanted = c.needs(status, seized)
    evidence = c.Evidence(
        status,
        seized,
        operation,
        event_message=message if wanted & c.EVENT_MESSAGE else 0,
        siginfo=info(signal & 0x7F, code) if wanted & c.SIGINFO else None,
        call=CALL,
    )
    stop = c.classify(TID, TRACEE, evidence)
    assert isinstance(stop, events.Stop)
    assert stop.tid == TID
    assert stop.tracee is TRACEE


@given(st.integers(8, 127) | st.integers(129, 255))
def test_an_event_that_no_kernel_reports_is_an_error(event: int) -> None:
    with pytest.raises(ValueError, match="no such ptrace event"):
        classify(stopped(SIGTRAP, event))


def test_events_are_immutable_and_match_by_position() -> None:
    stop = events.Exited(TID, TRACEE, 3)
    with pytest.raises(AttributeError, match="immutable"):
        stop.status = 4  # type: ignore[misc]
    match stop:
        case events.Exited(tid, _, status):
            assert (tid, status) == (TID, 3)
