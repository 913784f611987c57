"""The access-mode algorithm on made-up credentials."""

from __future__ import annotations

import pytest

from seize._frozen import replace
from seize.access import CAP_SYS_PTRACE, Credentials, reasons

HOME = "user:[4026531837]"
INNER = "user:[4026532000]"
OTHER = "user:[4026533000]"
SYS_PTRACE = 1 << CAP_SYS_PTRACE

ME = Credentials(
    tid=100,
    tgid=100,
    name="tracer",
    uids=(1000, 1000, 1000),
    gids=(1000, 1000, 1000),
    permitted=0,
    effective=0,
    user_namespace=HOME,
)
TARGET = replace(ME, tid=200, tgid=200, name="target")
ADMIN = replace(ME, permitted=SYS_PTRACE, effective=SYS_PTRACE)
UNSEEN = "a security module (SELinux, AppArmor, Smack, Landlock ...) may deny it"


def test_nothing_seen_denies_it() -> None:
    assert reasons(ME, TARGET, None) == (UNSEEN,)
    filtered = reasons(replace(ME, seccomp=2), TARGET, None)
    assert filtered[0] == UNSEEN
    assert "seccomp filter" in filtered[1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"tgid": 100}, "the tracer's own process"),
        ({"traced_by": (77, "gdb")}, "already traced by 77 (gdb)"),
        ({"kernel_thread": True}, "is a kernel thread"),
        ({"state": "Z"}, "is dead"),
        ({"state": "X"}, "is dead"),
    ],
)
def test_what_no_privilege_overcomes(change: dict[str, object], words: str) -> None:
    for caller in (ME, ADMIN):
        (only,) = reasons(caller, replace(TARGET, **change), 3)
        assert words in only


@pytest.mark.parametrize("position", [0, 1, 2])
@pytest.mark.parametrize(("field", "what"), [("uids", "user"), ("gids", "group")])
def test_each_of_the_targets_ids_counts(field: str, what: str, position: int) -> None:
    ids = [1000, 1000, 1000]
    ids[position] = 0
    target = replace(TARGET, **{field: tuple(ids)})
    (only,) = reasons(ME, target, None)
    assert only.startswith(f"the {what} ids of thread 200 (target) are {ids[0]} (real), ")
    assert "the tracer's is 1000, and the tracer has no CAP_SYS_PTRACE" in only
    assert reasons(ADMIN, target, None) == (UNSEEN,)


def test_the_callers_real_id_is_what_counts() -> None:
    caller = replace(ME, uids=(0, 1000, 1000))
    (only,) = reasons(caller, TARGET, None)
    assert "the tracer's is 0" in only


def test_effective_capability_counts_not_permitted() -> None:
    target = replace(TARGET, uids=(0, 0, 0))
    assert reasons(ADMIN, target, None) == (UNSEEN,)
    dormant = replace(ME, permitted=SYS_PTRACE)
    (only,) = reasons(dormant, target, None)
    assert "no CAP_SYS_PTRACE" in only


def test_not_dumpable() -> None:
    target = replace(TARGET, dumpable=False)
    (only,) = reasons(ME, target, None)
    assert "isn't dumpable" in only
    assert reasons(ADMIN, target, None) == (UNSEEN,)


def test_more_capabilities_than_the_callers() -> None:
    target = replace(TARGET, permitted=0b101)
    (only,) = reasons(replace(ME, permitted=0b001), target, None)
    assert "has capabilities that the tracer lacks (mask 0x4)" in only
    assert reasons(replace(ME, permitted=0b111), target, None) == (UNSEEN,)


def test_another_user_namespace() -> None:
    target = replace(TARGET, user_namespace=INNER)
    (only,) = reasons(ME, target, None)
    assert f"is in another user namespace ({INNER}; the tracer's is {HOME})" in only
    # The initial namespace is above every other, and its capabilities count there.
    assert reasons(ADMIN, target, None) == (UNSEEN,)
    (sideways,) = reasons(replace(ADMIN, user_namespace=OTHER), target, None)
    assert f"the tracer's CAP_SYS_PTRACE is one of {OTHER}" in sideways


def test_a_namespace_that_may_not_be_read_is_not_held_against_it() -> None:
    target = replace(TARGET, user_namespace="", uids=(0, 0, 0))
    (only,) = reasons(ME, target, None)
    assert "user ids" in only


@pytest.mark.parametrize(
    ("scope", "caller", "descendant", "denied"),
    [
        (0, ME, False, False),
        (1, ME, False, True),
        (1, ME, True, False),
        (1, ADMIN, False, False),
        (2, ME, True, True),
        (2, ADMIN, False, False),
        (3, ADMIN, True, True),
        (7, ADMIN, True, True),
    ],
)
def test_yama(scope: int, caller: Credentials, descendant: bool, denied: bool) -> None:
    found = reasons(caller, replace(TARGET, descendant=descendant), scope)
    assert (found != (UNSEEN,)) == denied
    if denied:
        assert found[-1].startswith(f"/proc/sys/kernel/yama/ptrace_scope is {scope} (")


def test_reasons_come_in_the_manuals_order() -> None:
    target = replace(TARGET, uids=(0, 0, 0), gids=(0, 0, 0), dumpable=False, permitted=1)
    found = reasons(ME, target, 1)
    marks = ["the user ids", "the group ids", "isn't dumpable", "has capabilities", "yama"]
    assert len(found) == len(marks)
    assert all(mark in text for mark, text in zip(marks, found, strict=True))
