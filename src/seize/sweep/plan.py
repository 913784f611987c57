"""Which runs to make: each call that may fail, with each fault that it may have."""

from __future__ import annotations

from random import Random

from seize.sweep.faults import faults_of
from seize.sweep.inject import Target
from seize.sweep.rules import MATTERS, is_system_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.sweep.calls import Seen
    from seize.sweep.settings import Settings

_Kind = tuple[str, str, str, str]


def targets(settings: Settings, seen: list[Seen]) -> tuple[list[Target], int]:
    """The runs to make, in the order of the calls, and how many there could be."""
    found = [
        Target(each, fault)
        for each in seen
        if _is_wanted(settings, each)
        for fault in faults_of(each)
        if not settings.errors or fault in settings.errors
    ]
    if settings.only:
        found = [target for target in found if target.key in settings.only]
    possible = len(found)
    if settings.sample is not None and settings.sample < len(found):
        chosen = Random(settings.seed).sample(range(len(found)), settings.sample)
        found = [found[index] for index in sorted(chosen)]
    if settings.limit < len(found):
        found = _spread(found, settings.limit)
    return found, possible


def _is_wanted(settings: Settings, seen: Seen) -> bool:
    if seen.startup and not settings.startup:
        return False
    if not settings.follow and seen.role != "0":
        return False
    return settings.wants(seen.name)


def _kind(target: Target) -> _Kind:
    seen = target.seen
    return seen.role, seen.name, seen.about, target.fault


def _spread(found: list[Target], limit: int) -> list[Target]:
    """So many targets, as many of each kind as may be, in their order.

    The command's own files come before the system's, calls that matter before others.
    """
    turns: dict[_Kind, int] = {}
    order = []
    for index, target in enumerate(found):
        turn = turns[_kind(target)] = turns.get(_kind(target), -1) + 1
        matters = target.seen.table_name in MATTERS
        order.append((turn, is_system_file(target), not matters, index))
    return [found[index] for index in sorted(entry[-1] for entry in sorted(order)[:limit])]
