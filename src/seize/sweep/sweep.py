"""``seize sweep``: run a command, count the calls that may fail, and let each of them fail once."""

from __future__ import annotations

import os
import shlex
import tempfile
import time

from seize._frozen import frozen, replace
from seize.decode import Decoder
from seize.engine import stack_pointer
from seize.errors import SeizeError, UsageError
from seize.sweep import pool
from seize.sweep.calls import Seen
from seize.sweep.faults import SHORT
from seize.sweep.inject import Target
from seize.sweep.outcome import LEFT, LINGER, Limits, Outcome
from seize.sweep.plan import targets
from seize.sweep.run import Run
from seize.sweep.state import State
from seize.sweep.verdict import FINDINGS, Baseline, baseline_of, judge
from seize.sweep.workplace import SHELL_SECONDS, Traces, Workplace, remove

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from seize.sweep.settings import Settings

    Record = dict[str, Any]
    Progress = Callable[[int, int, int], None]

_BASELINE_LIMITS = Limits(600.0, 5_000_000, 1 << 32)
_FACTOR = 10
_LEAST_SECONDS = 10.0
_MORE_CALLS = 50_000
_MORE_OUTPUT = 64 << 20
_GRACE = 30.0
_BASELINES = 2


@frozen
class Report:
    """What a sweep found.

    ``records`` are the runs in the order of the calls, each as in the JSON report (docs/sweep.md);
    ``baseline`` tells of the run without failures, ``notes`` what isn't the same in each run, and
    other things that the reader should know.
    """

    settings: Settings
    baseline: Record
    records: list[Record]
    notes: list[str]

    @property
    def findings(self) -> list[Record]:
        """The runs that tell of a bug, the gravest first."""
        found = [record for record in self.records if record["finding"]]
        return sorted(found, key=lambda record: FINDINGS.index(record["verdict"]))

    @property
    def counts(self) -> dict[str, int]:
        """How many runs got each verdict."""
        found: dict[str, int] = {}
        for record in self.records:
            found[record["verdict"]] = found.get(record["verdict"], 0) + 1
        return found


class Sweep:
    """One sweep; ``go`` does it, and may be stopped by KeyboardInterrupt at any time."""

    def __init__(self, settings: Settings) -> None:
        if not settings.command:
            raise UsageError("there must be a COMMAND (try 'seize sweep --help')")
        self.settings = settings
        self._base = ""
        self._state = State(settings)
        # Made ready before the runs are forked, so that none of them has to compile signatures.
        self._decoder = Decoder(stack_pointer=stack_pointer)

    def go(self, progress: Progress | None = None) -> Report:
        """Make all runs; ``progress`` is told how many are done, of how many, with findings.

        SeizeError if the command can't be started, doesn't end by itself, or fails its check
        though nothing was made to fail.
        """
        try:
            self._base = tempfile.mkdtemp(prefix="seize-sweep-")
        except OSError as error:
            self._state.close()
            why = os.strerror(error.errno or 0)
            raise SeizeError(f"can't make '{error.filename}': {why}") from error
        try:
            baseline = self._baseline()
            planned, possible = targets(self.settings, baseline.outcome.seen)
            if self.settings.only and not planned:
                raise UsageError(f"no run goes by '{self.settings.only[0]}'")
            self._run_all(baseline, planned, progress)
            records = [self._state.results[target.key] for target in planned]
            notes = _notes(baseline)
            if len(planned) < possible:
                notes.append(f"{len(planned)} of {possible} runs were made (--limit, --sample)")
            return self._report(baseline, records, notes)
        finally:
            remove(self._base)
            self._state.close()

    # ------------------------------------------------------------------ the runs

    def _baseline(self) -> Baseline:
        runs: list[tuple[Outcome, Traces]] = []

        def subjects() -> Iterator[int]:
            for number in range(_BASELINES):
                if runs and (runs[-1][1].files or runs[-1][1].stdout[0]):
                    _await_another_second()
                yield number

        limits = self._baseline_limits()
        jobs = pool.run(self._observe, subjects(), 1, _hard_limit(limits))
        for _, answer in jobs:
            runs.append((_outcome(answer["outcome"]), _traces(answer["traces"])))
            stuck = runs[-1][0].stuck
            if stuck not in ("", LEFT):
                within = f" within {limits.seconds:g} s" if stuck == "time" else ""
                why = f"the command doesn't end{within}, though nothing was made to fail"
                raise SeizeError(why)
        for _, traces in runs:
            if traces.check is not None:
                said = traces.check.strip().partition("\n")[0]
                raise SeizeError(f"the check fails, though nothing was made to fail: {said}")
        for arch_name, number in runs[0][0].kinds:
            self._decoder.tables[arch_name][number]
        return baseline_of(*runs)

    def _baseline_limits(self) -> Limits:
        """What would end every run ends the baseline: else all of them would be told to hang."""
        return replace(_BASELINE_LIMITS, seconds=self.settings.timeout or _BASELINE_LIMITS.seconds)

    def _observe(self, which: int, number: int) -> Record:
        """Make a run in which nothing fails.  In a process of its own."""
        _, outcome, traces = self._one(None, which, self._baseline_limits())
        return {"outcome": _plain(outcome), "traces": _fields(traces)}

    def _one(
        self, target: Target | None, number: int, limits: Limits
    ) -> tuple[Run, Outcome, Traces]:
        workplace = Workplace(self.settings, self._base, number)
        try:
            streams = workplace.prepare()
            run = Run(
                self.settings.command,
                workplace.executable(),
                target,
                workplace.work,
                streams,
                workplace.env,
                limits,
                self._decoder,
            )
            return run, run.go(), workplace.traces()
        finally:
            workplace.remove()

    def _run_all(
        self, baseline: Baseline, planned: list[Target], progress: Progress | None
    ) -> None:
        limits = self._limits(baseline.outcome)
        done = self._state.results
        open_ones = [target for target in planned if target.key not in done]
        bad = sum(done[t.key]["finding"] for t in planned if t.key in done)

        def judged(target: Target, number: int) -> Record:
            run, outcome, traces = self._one(target, number + _BASELINES, limits)
            record = self._record(target, outcome, traces, baseline)
            if record["finding"]:
                record["stack"], record["place"] = run.stacks(record["verdict"])
            return record

        finished = len(planned) - len(open_ones)
        if progress is not None:
            progress(finished, len(planned), bad)
        runs = pool.run(judged, open_ones, self.settings.jobs, _hard_limit(limits))
        for _, record in runs:
            self._state.add(record)
            finished += 1
            bad += record["finding"]
            if progress is not None:
                progress(finished, len(planned), bad)

    def _limits(self, outcome: Outcome) -> Limits:
        seconds = self.settings.timeout or max(_LEAST_SECONDS, _FACTOR * outcome.seconds)
        return Limits(
            seconds,
            _FACTOR * outcome.calls + _MORE_CALLS,
            _FACTOR * outcome.output + _MORE_OUTPUT,
        )

    # ------------------------------------------------------------------ what is told

    def _record(
        self, target: Target, outcome: Outcome, traces: Traces, baseline: Baseline
    ) -> Record:
        verdict, what = judge(target, outcome, traces, baseline)
        seen = target.seen
        return {
            "key": target.key,
            "role": seen.role,
            "call": seen.name,
            "ordinal": seen.ordinal,
            "fault": target.fault,
            "about": seen.about,
            "text": _text(target, outcome.fired),
            "verdict": verdict,
            "finding": verdict in FINDINGS,
            "what": what,
            "status": outcome.status,
            "stderr": traces.stderr,
            "seconds": round(outcome.seconds, 3),
            "stack": [],
            "place": [],
            "reproduce": self._again(target),
            "inject": self._inject(target, baseline),
        }

    def _again(self, target: Target) -> str:
        """The command line that makes this one run again."""
        settings = self.settings
        words = ["seize", "sweep", f"--only={target.key}"]
        for name in ("directory", "setup", "check"):
            value = getattr(settings, name)
            if value:
                words.append(f"--{name}={value}")
        if settings.timeout:
            words.append(f"--timeout={settings.timeout:g}")
        if settings.startup:
            words.append("--startup")
        return shlex.join([*words, "--", *settings.command])

    def _inject(self, target: Target, baseline: Baseline) -> str:
        """The trace that lets the same call fail; "" where it would let others fail as well."""
        seen = target.seen
        if seen.table_name == "close" or target.is_memory or target.fault == SHORT:
            return ""
        same = [each for each in baseline.outcome.seen if each.name == seen.name]
        if any(each.ordinal == seen.ordinal and each.role != seen.role for each in same):
            return ""
        signal = ":signal=SIGPIPE" if target.fault == "EPIPE" else ""
        fault = f"inject={seen.name}:error={target.fault}{signal}:when={seen.ordinal}"
        return shlex.join(["seize", "trace", "-f", "-e", fault, *self.settings.command])

    def _report(self, baseline: Baseline, records: list[Record], notes: list[str]) -> Report:
        outcome = baseline.outcome
        about = {
            "status": outcome.status,
            "seconds": round(outcome.seconds, 3),
            "calls": outcome.calls,
            "fallible": len(outcome.seen),
            "startup": sum(seen.startup for seen in outcome.seen),
            "double_closes": [text for _, text in outcome.double_closes],
        }
        return Report(self.settings, about, _own_findings(outcome) + records, notes)


def _text(target: Target, fired: str) -> str:
    """The call as the program made it, with the result that it got."""
    asked, equals, _ = target.seen.text.rpartition(" = ")
    changes_arguments = target.fault == SHORT or target.seen.table_name == "brk"
    if changes_arguments and equals and " = " in fired:
        return f"{asked} = {fired.rpartition(' = ')[2]}"
    return fired or target.seen.text


def _own_findings(outcome: Outcome) -> list[Record]:
    """What the baseline itself shows: records as of runs, without a fault."""
    return [
        {
            "key": f"{role}/close",
            "role": role,
            "call": "close",
            "ordinal": 0,
            "fault": "",
            "about": "",
            "text": text,
            "verdict": "double close",
            "finding": True,
            "what": "it closes a descriptor twice, though nothing was made to fail",
            "status": outcome.status,
            "stderr": "",
            "seconds": round(outcome.seconds, 3),
            "stack": [],
            "place": [],
            "reproduce": "",
            "inject": "",
        }
        for role, text in outcome.double_closes
    ]


def _notes(baseline: Baseline) -> list[str]:
    notes = []
    if baseline.moving_output:
        notes.append("standard output isn't the same in each run, and isn't compared")
    if baseline.moving_files:
        names = ", ".join(sorted(baseline.moving_files)[:5])
        notes.append(f"files that aren't the same in each run, and aren't compared: {names}")
    if baseline.moving_roles:
        names = ", ".join(sorted(baseline.moving_roles)[:5])
        notes.append(f"threads that don't make the same calls in each run: {names}")
    if baseline.outcome.stuck == LEFT:
        notes.append(f"it leaves processes running; they are ended after {LINGER:.0f} s")
    if baseline.traces.check is None and not baseline.traces.files:
        notes.append("it leaves no files in its working folder")
    return notes


def _await_another_second() -> None:
    """Wait for the clock's next second: the time may come into names and contents of files."""
    time.sleep(1 - time.time() % 1)


def _hard_limit(limits: Limits) -> float:
    """Seconds after which a run is ended from outside, because its own limits failed."""
    return limits.seconds + LINGER + 2 * SHELL_SECONDS + _GRACE


def _fields(record: Any) -> list[Any]:
    return [getattr(record, name) for name in record.__match_args__]


def _plain(outcome: Outcome) -> list[Any]:
    return [
        [_fields(seen) for seen in value] if name == "seen" else value
        for name, value in zip(Outcome.__match_args__, _fields(outcome), strict=True)
    ]


def _outcome(fields: list[Any]) -> Outcome:
    """The outcome that came as JSON."""
    values: dict[str, Any] = dict(zip(Outcome.__match_args__, fields, strict=True))
    values["seen"] = [Seen(*seen) for seen in values["seen"]]
    values["double_closes"] = [tuple(pair) for pair in values["double_closes"]]
    values["killed"] = [tuple(pair) for pair in values["killed"]]
    return Outcome(**values)


def _traces(fields: list[Any]) -> Traces:
    """The traces that came as JSON."""
    stdout, stderr, files, check = fields
    told = {name: (entry[0], entry[1], entry[2]) for name, entry in files.items()}
    return Traces((stdout[0], stdout[1]), stderr, told, check)
