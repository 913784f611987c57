"""Steps in code whose lines are in pieces: they stop where gdb's do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.live.test_debug_terminal import both

Builder = Callable[..., str]


@pytest.mark.parametrize("optimization", ["-O0", "-O2"])
def test_steps_end_at_statements_of_other_lines(program: Builder, optimization: str) -> None:
    steps = """
        break step
        run
        next
        step
        next
        finish
        step
        step
        next
        next
        next
        next
        step
        next
        step
        step
        delete
        next
        next
        print $pc
        continue
    """
    both(steps, program("stepped", flags=(optimization,)))


def test_a_step_goes_into_the_handler_of_the_signal_that_stopped(program: Builder) -> None:
    both(
        """
        break notify
        run
        next
        next
        next
        backtrace
        next
        next
        delete
        handle SIGUSR1 nostop noprint
        next
        next
        next
        print caught
        """,
        program("signalled", flags=("-O0",)),
    )
