"""What programs and surroundings do to a tracer that means well."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from seize.engine import Tracer
from seize.stops import End, EventStop, Exited, SignalDelivery, Vfork
from tests.live.support import reap_orphans, running, state, tracer_of, wait_until

Program = Callable[..., str]


@pytest.mark.timeout(40)
@pytest.mark.parametrize("method", ["seize", "attach"])
def test_detaching_in_a_storm_of_births_ends_and_leaves_nobody(
    program: Program, method: str
) -> None:
    with running(program("adv_storm")) as process:
        for _ in range(10):
            with Tracer(syscalls=False) as tracer:
                tracer.attach(process.pid, method=method)
                for number, _stop in enumerate(tracer):
                    if number > 300:
                        break
            assert not tracer.tracees
            assert tracer_of(process.pid) == 0
            assert state(process.pid) not in "Tt"
        assert process.poll() is None
        process.kill()
        process.wait()
        reap_orphans()


def test_detaching_a_parent_in_vfork_while_its_child_stays(program: Program) -> None:
    parent = None
    detached = False
    ends = []
    with Tracer() as tracer:
        process = tracer.spawn([program("adv_vfork")], stdout=subprocess.DEVNULL)
        for stop in tracer:
            if isinstance(stop, Vfork):
                parent = stop.tracee
            elif isinstance(stop, EventStop) and parent is not None and not detached:
                assert stop.tracee.vfork_parent is parent
                tracer.detach(parent)
                detached = True
            elif isinstance(stop, End):
                ends.append(stop)
    assert detached
    assert [type(end) for end in ends] == [Exited]
    assert ends[0].tid != process.pid
    assert os.waitpid(process.pid, 0)[1] == 4 << 8


def test_detaching_a_vfork_pair_that_was_attached_in_the_middle(program: Program) -> None:
    with running(program("adv_vfork")) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        wait_until(lambda: state(process.pid) == "D")
        with Tracer() as tracer:
            parent = tracer.attach(process.pid)
            tracer.attach(int(children.read_text()))
            for stop in tracer:
                if stop.tracee.process is not parent:
                    tracer.detach(parent)
                    break
            ends = [stop.tid for stop in tracer if isinstance(stop, End)]
        assert process.pid not in ends
        assert process.wait() == 4


def test_a_signal_given_at_detach_reaches_a_running_tracee() -> None:
    with subprocess.Popen(["sleep", "60"]) as process:
        with Tracer() as tracer:
            traced = tracer.attach(process.pid)
            stop = tracer.next()
            assert isinstance(stop, EventStop)
            stop.tracee.resume()
            tracer.detach(traced, signal=signal.SIGTERM)
        assert process.wait() == -signal.SIGTERM


def test_attached_while_stopped_and_continued_it_is_not_stopped_at_detach(
    program: Program,
) -> None:
    with running(program("ticker")) as process:
        os.kill(process.pid, signal.SIGSTOP)
        wait_until(lambda: state(process.pid) == "T")
        continued = 0
        with Tracer() as tracer:
            tracer.attach(process.pid, method="attach")
            for number, stop in enumerate(tracer):
                if number == 2:
                    os.kill(process.pid, signal.SIGCONT)
                continued += continued > 0
                if isinstance(stop, SignalDelivery) and stop.signal == signal.SIGCONT:
                    continued = 1
                if continued > 10:
                    break
        assert continued
        wait_until(lambda: state(process.pid) not in "Tt")
        assert tracer_of(process.pid) == 0
        os.kill(process.pid, signal.SIGTERM)
        # Its handler for SIGTERM ran.
        assert process.wait() == 9
