"""The tables of -c, from counts that were never real."""

from __future__ import annotations

from typing import Any

import pytest

from seize.errors import UsageError
from seize.strace.settings import Settings
from seize.strace.summary import Summary, columns_of, sort_of
from tests.unit.json_support import validate


class Call:
    """A call that is over."""

    def __init__(self, name: str, number: int, failed: bool = False, arch: str = "x86_64") -> None:
        self.name, self.number, self.failed, self.arch_name = name, number, failed, arch


class Clock:
    """A process's system time, as the test sets it."""

    nanoseconds = 0

    def __call__(self) -> int:
        return self.nanoseconds


def counted(spent: list[tuple[Call, int]], **options: Any) -> Summary:
    """A summary of calls and the nanoseconds of each."""
    clock = Clock()
    summary = Summary(Settings(**options), clock)
    for call, nanoseconds in spent:
        summary.begin(1)
        clock.nanoseconds += nanoseconds
        summary.count(1, call)
    return summary


SOME = [
    (Call("close", 3), 4_000),
    (Call("read", 0), 10_000),
    (Call("read", 0, failed=True), 20_999),
    (Call("openat", 257), 0),
    (Call("access", 21, failed=True), 0),
]


def test_the_usual_table() -> None:
    assert counted(SOME).text() == (
        "% time     seconds  usecs/call     calls    errors syscall\n"
        "------ ----------- ----------- --------- --------- ----------------\n"
        " 88.57    0.000031          15         2         1 read\n"
        " 11.43    0.000004           4         1           close\n"
        "  0.00    0.000000           0         1         1 access\n"
        "  0.00    0.000000           0         1           openat\n"
        "------ ----------- ----------- --------- --------- ----------------\n"
        "100.00    0.000035           6         5         2 total\n"
    )


def test_columns_are_as_wide_as_they_must_be() -> None:
    long = [(Call("sched_get_priority_max", 146), 12 * 10**9)]
    text = counted(long, summary_columns=("name", "max-time", "calls")).text()
    assert text.splitlines() == [
        "syscall                   longest     calls",
        "----------------------- --------- ---------",
        "sched_get_priority_max  12.000000         1",
        "----------------------- --------- ---------",
        "total                   12.000000         1",
    ]
    last = counted(long, summary_columns=("calls",)).text()
    assert last.splitlines()[0:3] == [
        "    calls syscall",
        "--------- -----------------------",
        "        1 sched_get_priority_max",
    ]


def test_a_table_for_each_machine_and_none_for_nothing() -> None:
    both = [(Call("execve", 59), 0), (Call("read", 3, arch="i386"), 0)]
    text = counted(both).text()
    assert text.count(" total\n") == 2
    assert text.splitlines()[5] == "System call usage summary for 32 bit mode:"
    assert counted([]).text() == ""


def names(**options: Any) -> list[str]:
    text = counted(SOME, summary_columns=("name",), **options).text()
    return [line.rstrip() for line in text.splitlines()[2:-2]]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("time", "read close access openat"),
        ("time-total", "read close access openat"),
        ("shortest", "read close access openat"),
        ("max-time", "read close access openat"),
        ("time-avg", "read close access openat"),
        ("count", "read close access openat"),
        ("errors", "read access close openat"),
        ("syscall", "access close openat read"),
        ("none", "read close access openat"),
    ],
)
def test_sorting(sort: str, order: str) -> None:
    assert names(summary_sort=sort) == order.split()


def test_sorting_leaves_equal_rows_in_the_order_of_their_numbers() -> None:
    assert names(summary_sort="nothing") == ["read", "close", "access", "openat"]


def test_overhead_is_taken_off_each_call() -> None:
    columns = ("total-time", "min-time", "max-time", "name")
    text = counted(SOME, summary_overhead=5e-6, summary_columns=columns).text()
    rows = {line.split()[-1]: line.split()[:-1] for line in text.splitlines()}
    assert rows["read"] == ["0.000021", "0.000005", "0.000016"]
    assert rows["close"] == ["0.000000", "0.000000", "0.000000"]


def test_wall_clock_beside_system_time() -> None:
    columns = ("total-time", "wall-total", "wall-avg", "wall-time-percent", "name")
    summary = counted([(Call("read", 0), 3 * 10**9)], summary_columns=columns)
    heading, _, read, _, total = [line.split() for line in summary.text().splitlines()]
    assert heading == ["seconds", "wall-seconds", "wall-usecs/call", "%", "wall", "syscall"]
    assert read[0] == total[0] == "3.000000"
    # No time passes in a test that only says so.
    assert float(read[1]) < 3
    assert total[3] == "100.00"


def test_a_thread_that_died_in_a_call_counts_nothing() -> None:
    summary = Summary(Settings())
    summary.begin(1)
    summary.forget(1)
    assert summary.text() == ""
    summary.count(1, Call("read", 0))
    assert " 0.000000           0         1           read\n" in summary.text()


def test_the_same_tables_from_json() -> None:
    options = {"summary_sort": "calls", "summary_columns": ("calls", "time-max"), "name": "x"}
    summary = counted(SOME, summary_wall=False, **options)
    told = summary.to_json()
    validate("", told)
    again = Summary(Settings())
    again.load(told)
    assert again.text() == summary.text()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("foo",), "unknown column name: 'foo'"),
        (("",), "unknown column name: ''"),
        (
            ("name", "calls", "syscall"),
            "call summary column has been provided more than once: 'syscall' "
            "(-U option residual: 'syscall')",
        ),
    ],
)
def test_wrong_columns(words: tuple[str, ...], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        columns_of(words)
    assert str(caught.value) == message


def test_wrong_sorting() -> None:
    with pytest.raises(UsageError, match="invalid sortby: 'foo'"):
        sort_of("foo")
