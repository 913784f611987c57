"""The pytest plugin: fixture, marker, report, and workers of pytest-xdist."""

from __future__ import annotations

from importlib.metadata import entry_points
from importlib.util import find_spec

import pytest

from tests.live.support import reap_orphans

pytest_plugins = ["pytester"]

IS_INSTALLED = any(point.value == "seize.pytest_plugin" for point in entry_points(group="pytest11"))
WORKERS = [(), ("-n", "2")] if find_spec("xdist") else [()]
TESTS = """
    import subprocess
    import pytest

    def fails(*command):
        return subprocess.run(command, capture_output=True).returncode != 0

    def test_fixture(seize):
        assert not fails("uname")
        with seize.tamper("uname", error="EPERM") as tampering:
            assert fails("uname")
        assert not fails("uname")
        assert [fired.call for fired in seize.fired] == ["uname"]
        assert seize.fired == tampering.fired

    @pytest.mark.tamper("uname", error="EPERM")
    def test_marker():
        assert fails("uname")

    def test_not_marked(seize):
        assert not fails("uname")
        assert not seize.fired

    @pytest.mark.tamper("uname", error="EPERM")
    class TestClass:
        @pytest.mark.tamper("uname", retval=0)
        def test_closest_marker_counts(self, seize):
            assert not fails("uname")
            assert [fired.done for fired in seize.fired] == ["returns 0"]

    @pytest.mark.tamper("uname", error="EPERM")
    def test_failing():
        assert not fails("uname")

    @pytest.mark.tamper("uname", error="EPERM")
    def test_failing_without():
        assert 0

    @pytest.mark.tamper("uname", error="ENONSENSE")
    def test_wrong_marker():
        pass

    def test_failing_without_tampering():
        assert 0
"""


def run(pytester: pytest.Pytester, *options: str) -> pytest.RunResult:
    plugin = () if IS_INSTALLED else ("-p", "seize.pytest_plugin")
    result = pytester.runpytest_subprocess(
        *plugin, "--strict-markers", "-Werror", *options, timeout=50
    )
    # The tracers of that process have come to us, who adopt orphans.
    reap_orphans()
    return result


@pytest.mark.parametrize("workers", WORKERS)
def test_fixture_marker_and_report(pytester: pytest.Pytester, workers: tuple[str, ...]) -> None:
    pytester.makepyfile(TESTS)
    result = run(pytester, "-rA", *workers)
    result.assert_outcomes(passed=4, failed=4)
    lines = "\n".join(result.outlines)
    assert lines.count("- tampered calls -") == 2
    result.stdout.re_match_lines(
        [r".*test_failing .*", r"-+ tampered calls -+", r"\[\d+\] uname\(0x\w+\) #1: EPERM"]
    )
    result.stdout.fnmatch_lines(["none: nothing that was started made such a call"])
    result.stdout.fnmatch_lines(["*can't tamper for test_wrong_marker: there is no error*"])


def test_the_marker_is_listed(pytester: pytest.Pytester) -> None:
    assert "@pytest.mark.tamper(calls" in run(pytester, "--markers").stdout.str()
