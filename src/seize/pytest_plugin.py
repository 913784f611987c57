"""For pytest: tampering with the system calls of what a test starts; see docs/tampering.md.

@pytest.mark.tamper("fsync", error="EIO", when=3)
def test_the_third_fsync_fails(seize):
    subprocess.run([...])
    assert seize.fired
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

    from seize.tampering import Fired
    from seize.tampering.block import Block

MARKER = "tamper(calls, *, error=..., when=..., ...): tamper with the calls of what a test starts"
SECTION = "tampered calls"


class Tamperer:
    """What the fixture ``seize`` gives to a test."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []

    def tamper(self, calls: Any, **options: Any) -> Block:
        """``seize.tamper``: a context manager; what fires in it is in the report of the test."""
        from seize.tampering.block import tamper

        block = tamper(calls, **options)
        self._blocks.append(block)
        return block

    @property
    def fired(self) -> list[Fired]:
        """The calls of this test that were tampered with so far."""
        return [fired for block in self._blocks for fired in block.fired]

    def report(self) -> str:
        """What a failed test tells of it; nothing if nothing was to be tampered with."""
        if not self._blocks:
            return ""
        problems = [problem for block in self._blocks for problem in block.problems]
        lines = [*map(str, self.fired), *dict.fromkeys(problems)]
        return "\n".join(lines) or "none: nothing that was started made such a call"


_KEY = pytest.StashKey[Tamperer]()


def _tamperer(item: pytest.Item) -> Tamperer:
    if _KEY not in item.stash:
        item.stash[_KEY] = Tamperer()
    return item.stash[_KEY]


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", MARKER)


@pytest.fixture
def seize(request: pytest.FixtureRequest) -> Tamperer:
    """Tamper with the system calls of what the test starts; see docs/tampering.md of seize."""
    return _tamperer(request.node)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Tamper for the time of a marked test."""
    with ExitStack() as blocks:
        problem = _enter(item, blocks)
        if problem:
            pytest.fail(f"can't tamper for {item.name}: {problem}", pytrace=False)
        return (yield)


def _enter(item: pytest.Item, blocks: ExitStack) -> str:
    """Begin what the markers ask for; return what is wrong with them."""
    from seize.errors import SeizeError

    try:
        # Those of a class or a module come first, so that a test's own count more.
        for marker in reversed(list(item.iter_markers("tamper"))):
            blocks.enter_context(_tamperer(item).tamper(*marker.args, **marker.kwargs))
    except (SeizeError, TypeError) as error:
        return str(error)
    return ""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell in the report of a failed test what was done to it."""
    report = yield
    if report.when == "call" and report.failed and _KEY in item.stash:
        text = item.stash[_KEY].report()
        if text:
            report.sections.append((SECTION, text))
    return report
