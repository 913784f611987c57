"""The placement controller: a pure decision from measured windows."""

from __future__ import annotations

from itertools import pairwise

from seize.engine.placement import Controller

FAR, NEAR = 50e-6, 12e-6


def feed(controller: Controller, seconds: float, windows: int, start: float = 0.0) -> float:
    now = start
    for _ in range(windows):
        now += 0.01
        controller.window(now, seconds, births=0)
    return now


def settled(near: float = NEAR) -> Controller:
    controller = Controller()
    now = feed(controller, FAR, 4)
    assert controller.near
    assert controller.reason == "trial"
    feed(controller, near, 4, now)
    return controller


def test_where_it_costs_nothing_it_starts_near_and_then_compares() -> None:
    for far, near in ((FAR, True), (NEAR, False)):
        controller = Controller(near=True)
        assert (controller.near, controller.reason) == (True, "start")
        now = feed(controller, NEAR, 4)
        assert (controller.near, controller.reason) == (False, "trial")
        feed(controller, far, 4, now)
        assert (controller.near, controller.reason) == (near, "faster" if near else "slower")


def test_a_start_near_ends_when_it_starves() -> None:
    controller = Controller(near=True)
    controller.window(0.1, 223e-6, births=0, delay=200e-6)
    assert (controller.near, controller.reason) == (False, "starved")


def test_it_starts_far_and_tries_after_measuring() -> None:
    controller = Controller()
    assert not controller.near
    feed(controller, FAR, 3)
    assert not controller.near
    feed(controller, FAR, 1)
    assert controller.near


def test_it_stays_near_when_that_is_faster() -> None:
    controller = settled()
    assert controller.near
    assert controller.reason == "faster"
    feed(controller, NEAR, 1000, 1.0)
    assert controller.near


def test_it_goes_back_when_near_is_no_faster() -> None:
    """Several computing threads: the tracer runs behind them from CPU to CPU."""
    controller = settled(near=FAR)
    assert not controller.near
    assert controller.reason == "slower"


def test_it_leaves_when_every_cpu_gets_busy() -> None:
    """A SCHED_IDLE tracer starves then: 223 µs a stop were measured."""
    controller = settled()
    controller.window(1.0, 223e-6, births=0, delay=200e-6)
    assert not controller.near
    assert controller.reason == "starved"


def test_it_leaves_when_near_has_become_slower() -> None:
    controller = settled()
    feed(controller, 223e-6, 4, 1.0)
    assert not controller.near
    assert controller.reason == "slower"


def test_one_disturbance_changes_nothing() -> None:
    controller = settled()
    for turn in range(20):
        now = feed(controller, 223e-6, 2, 1.0 + turn)
        feed(controller, NEAR, 3, now)
    assert controller.near


def test_a_waiting_tracee_says_nothing_of_placement() -> None:
    controller = Controller()
    feed(controller, 0.5, 100)
    assert not controller.near
    assert controller.reason == "start"


def test_a_storm_of_forks_switches_it_off() -> None:
    controller = settled()
    controller.window(1.0, NEAR, births=6)
    assert not controller.near
    assert controller.reason == "forks"


def test_it_tries_again_later_and_ever_more_rarely() -> None:
    controller = settled(near=FAR)
    tries: list[float] = []
    now = 0.1
    while now < 60:
        now = feed(controller, FAR, 1, now)
        if controller.near and (not tries or now - tries[-1] > 0.1):
            tries.append(now)
    gaps = [later - earlier for earlier, later in pairwise(tries)]
    assert 3 <= len(tries) <= 10
    assert gaps == sorted(gaps)
