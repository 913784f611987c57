"""What is to be said of a run: whether the command took the failure well."""

from __future__ import annotations

import os
import signal

from seize._frozen import frozen
from seize.abi.names import signal_name
from seize.sweep import rules
from seize.sweep.outcome import CRASHES, LEFT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.sweep.inject import Target
    from seize.sweep.outcome import Outcome
    from seize.sweep.workplace import Traces

FINDINGS = ("crashed", "hung", "broken", "wrong", "double close", "silent")
"""The verdicts that tell of a bug, the gravest first."""
MEANINGS = {
    "crashed": "a process was killed by a signal",
    "hung": "it didn't end, or left a process that doesn't",
    "broken": "the check fails afterwards",
    "wrong": "it claims success, and its output or its files aren't what they should be",
    "double close": "it closes a descriptor twice; another thread's may be the victim",
    "silent": "it claims success and took no notice of a failure that loses data",
    "degraded": "it goes on without a file of the system, and its output differs",
    "clean": "it ends with an exit status that tells of the failure",
    "recovered": "it did something about it, and the result is right",
    "ignored": "it took no notice of a failure that does no harm",
    "missed": "the call wasn't made this time, so nothing failed",
}
"""All verdicts, and what they say."""
_SEVERAL = 3
_STUCK = {
    "time": "it was still running when its time was over",
    "calls": "it makes calls without end",
    "output": "it writes without end",
    LEFT: "the command ended, and a process that it had made didn't",
}


@frozen
class Baseline:
    """A run in which nothing failed, and what another such run did differently.

    ``moving_roles`` are the threads whose calls aren't the same each time, ``moving_files`` the
    files, ``moving_output`` tells it of standard output: they aren't compared.  In
    ``moving_folders`` files have other names each time: further ones are no difference.
    """

    outcome: Outcome
    traces: Traces
    moving_roles: frozenset[str]
    moving_files: frozenset[str]
    moving_folders: frozenset[str]
    moving_output: bool


def baseline_of(first: tuple[Outcome, Traces], second: tuple[Outcome, Traces]) -> Baseline:
    """The baseline that two runs make."""
    (outcome, traces), (other, others) = first, second
    roles = outcome.sequences.keys() | other.sequences.keys()
    files = traces.files.keys() | others.files.keys()
    return Baseline(
        outcome,
        traces,
        frozenset(r for r in roles if outcome.sequences.get(r) != other.sequences.get(r)),
        frozenset(f for f in files if traces.files.get(f) != others.files.get(f)),
        frozenset(os.path.dirname(f) for f in traces.files.keys() ^ others.files.keys()),
        traces.stdout != others.stdout,
    )


def judge(target: Target, outcome: Outcome, traces: Traces, baseline: Baseline) -> tuple[str, str]:
    """The verdict on a run, and what happened in words."""
    if outcome.stuck and not outcome.stuck == baseline.outcome.stuck == LEFT:
        return "hung", "; ".join((_STUCK[outcome.stuck], *outcome.sitting[:_SEVERAL]))
    crash = _crash(outcome, baseline)
    if crash:
        return "crashed", crash + _message(traces, baseline)
    if traces.check is not None:
        return "broken", f"the check fails: {_line(traces.check)}"
    if not outcome.fired:
        return "missed", "the call wasn't made"
    double = _double_close(outcome, baseline)
    if double:
        return "double close", f"closed already: {double}"
    if outcome.status and outcome.status != baseline.outcome.status:
        return "clean", _status(outcome.status) + _message(traces, baseline)
    return _success(target, outcome, traces, baseline)


def _success(
    target: Target, outcome: Outcome, traces: Traces, baseline: Baseline
) -> tuple[str, str]:
    differences = _differences(outcome, traces, baseline)
    status = _status(outcome.status or 0) + _message(traces, baseline)
    if differences:
        verdict = "degraded" if rules.is_system_file(target) else "wrong"
        return verdict, f"{status}; {'; '.join(differences[:_SEVERAL])}"
    if _has_reacted(target, outcome, baseline):
        return "recovered", status
    reason = rules.harmless(target)
    if reason:
        return "ignored", f"{status}; {reason}"
    return "silent", f"{status}; it goes on as if the call had succeeded"


def _crash(outcome: Outcome, baseline: Baseline) -> str:
    for role, number in outcome.killed:
        if (role, number) in baseline.outcome.killed:
            continue
        if number in CRASHES:
            who = "the command" if role == "0" else f"process {role}"
            return f"{who} was killed by {signal_name(number)}"
    status = outcome.status or 0
    if status < 0 and status not in (-signal.SIGPIPE, baseline.outcome.status):
        return f"the command was killed by {signal_name(-status)}"
    return ""


def _double_close(outcome: Outcome, baseline: Baseline) -> str:
    for role, text in outcome.double_closes:
        if (role, text) not in baseline.outcome.double_closes:
            return text
    return ""


def _differences(outcome: Outcome, traces: Traces, baseline: Baseline) -> list[str]:
    found = []
    if outcome.status != baseline.outcome.status:
        found.append(f"the exit status was {baseline.outcome.status} before")
    if traces.stdout != baseline.traces.stdout and not baseline.moving_output:
        sizes = f"{traces.stdout[0]} bytes instead of {baseline.traces.stdout[0]}"
        found.append(f"standard output differs ({sizes})")
    expected, files = baseline.traces.files, traces.files
    for name in sorted(expected.keys() | files.keys()):
        if name in baseline.moving_files or expected.get(name) == files.get(name):
            continue
        if name not in expected and _is_below(name, baseline.moving_folders):
            continue
        found.append(_difference(name, expected.get(name), files.get(name)))
    return found


def _is_below(name: str, folders: frozenset[str]) -> bool:
    while name:
        name = os.path.dirname(name)
        if name in folders:
            return True
    return False


def _difference(
    name: str, expected: tuple[str, int, str] | None, found: tuple[str, int, str] | None
) -> str:
    if found is None:
        return f"{name} is missing"
    if expected is None:
        return f"{name} is left behind"
    if expected[0] != found[0]:
        return f"{name} has mode {found[0]} instead of {expected[0]}"
    return f"{name} differs ({found[1]} bytes instead of {expected[1]})"


def _has_reacted(target: Target, outcome: Outcome, baseline: Baseline) -> bool:
    """Whether the command did anything else than in the baseline after its call had failed."""
    seen = target.seen
    if seen.role in baseline.moving_roles:
        same = (seen.name, seen.kind, seen.about)
        before = sum(
            (each.name, each.kind, each.about) == same and not each.failed
            for each in baseline.outcome.seen
        )
        return outcome.successes >= before
    now = outcome.sequences.get(seen.role, [])[outcome.position + 1 :]
    return now != baseline.outcome.sequences[seen.role][seen.index + 1 :]


def _status(status: int) -> str:
    return f"exit status {status}" if status >= 0 else f"killed by {signal_name(-status)}"


def _message(traces: Traces, baseline: Baseline) -> str:
    if traces.stderr == baseline.traces.stderr or not traces.stderr.strip():
        return ""
    return f", saying: {_line(traces.stderr)}"


def _line(text: str) -> str:
    return text.strip().partition("\n")[0][:200]
