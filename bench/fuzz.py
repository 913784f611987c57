"""``python -m bench.fuzz --cases N --seed S --jobs J``: random system calls for the decoder.

Whatever a program passes, and whatever lies in its memory: decoding and printing never raise,
and need no more than so many reads of memory, characters of text and bytes of ours.  A failing
case is told in one line; ``--seed S --only CASE`` runs it again.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import sys
import time
import traceback
from collections.abc import Iterator
from multiprocessing.connection import Connection

from bench.fuzzing.cases import EPOCH, Case, Cases
from bench.fuzzing.subjects import Subject, subjects

RESIDENT = 800 << 20
"""What a job's process may take: it has seven decoders, each with the caches of three ABIs."""

THOROUGH = 8
"""Every so many cases, the call is made into JSON and back, too."""

MOST_FINDINGS = 20


class Figures:
    """What a job has seen so far; ``findings`` are told by the place where they were raised."""

    def __init__(self) -> None:
        self.cases = 0
        self.reads = self.bytes = self.length = self.resident = 0
        self.slowest = 0.0
        self.slowest_case = ""
        self.most_reads_case = ""
        self.findings: dict[str, str] = {}

    def add(self, other: Figures) -> None:
        """Take in what another job has seen."""
        self.cases += other.cases
        if other.reads > self.reads:
            self.reads, self.most_reads_case = other.reads, other.most_reads_case
        self.bytes = max(self.bytes, other.bytes)
        self.length = max(self.length, other.length)
        self.resident = max(self.resident, other.resident)
        if other.slowest > self.slowest:
            self.slowest, self.slowest_case = other.slowest, other.slowest_case
        self.findings = {**other.findings, **self.findings}

    def text(self) -> str:
        """The figures in a line."""
        return (
            f"at most {self.reads} reads, {self.bytes} bytes, {self.length} characters, "
            f"{self.slowest * 1e3:.1f} ms, {self.resident >> 20} MB"
        )


class Fuzzer:
    """Runs cases of one seed in this process."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.cases = Cases(seed)
        self.subjects = subjects()
        self.figures = Figures()

    def run(self, index: int) -> None:
        """One case; a failure is noted."""
        case = self.cases.case(index)
        subject = self.subjects[index % len(self.subjects)]
        figures = self.figures
        start = time.perf_counter()
        try:
            length = subject.run(case, index, index // len(self.subjects) % THOROUGH == 0)
        except Exception as problem:  # noqa: BLE001  (whatever it is, it is what we look for)
            self.note(index, case, problem)
            length = 0
        took = time.perf_counter() - start
        figures.cases += 1
        memory = subject.memory
        if memory.reads > figures.reads:
            figures.reads = memory.reads
            figures.most_reads_case = f"case {index}: {case}"
        if memory.total > figures.bytes:
            figures.bytes = memory.total
        if length > figures.length:
            figures.length = length
        if took > figures.slowest:
            figures.slowest, figures.slowest_case = took, f"case {index}: {case}"

    def note(self, index: int, case: Case, problem: Exception) -> None:
        """Keep the first case that fails in its way."""
        last = traceback.extract_tb(problem.__traceback__)[-1]
        place = f"{type(problem).__name__} at {last.filename.rpartition('/')[2]}:{last.lineno}"
        self.figures.findings.setdefault(
            place, f"--seed {self.seed} --only {index}: {case}: {place}: {problem}"
        )

    def look(self) -> Figures:
        """The figures, with the memory that this process has needed."""
        figures = self.figures
        figures.resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
        if figures.resident > RESIDENT:
            figures.findings["memory"] = f"{figures.resident >> 20} MB of memory"
        return figures


def _share(cases: int, job: int, jobs: int) -> Iterator[range]:
    """The cases of one job, in blocks of an epoch."""
    for start in range(job * EPOCH, cases, jobs * EPOCH):
        yield range(start, min(start + EPOCH, cases))


def _job(pipe: Connection, seed: int, cases: int, job: int, jobs: int, deadline: float) -> None:
    fuzzer = Fuzzer(seed)
    for share in _share(cases, job, jobs):
        for index in share:
            fuzzer.run(index)
        pipe.send(fuzzer.look())
        if time.monotonic() > deadline or len(fuzzer.figures.findings) > MOST_FINDINGS:
            break
    pipe.close()


def fuzz(seed: int, cases: int, jobs: int, seconds: float, every: float = 10) -> Figures:
    """Run the cases in some processes, telling the progress; what was seen."""
    start = time.monotonic()
    pipes = []
    workers = []
    for job in range(jobs):
        ours, theirs = multiprocessing.Pipe(duplex=False)
        arguments = (theirs, seed, cases, job, jobs, start + seconds)
        worker = multiprocessing.Process(target=_job, args=arguments)
        worker.start()
        theirs.close()
        pipes.append(ours)
        workers.append(worker)
    latest: dict[Connection, Figures] = {}
    known: set[str] = set()
    told = start
    while pipes:
        for pipe in multiprocessing.connection.wait(pipes, every):
            assert isinstance(pipe, Connection)
            try:
                latest[pipe] = pipe.recv()
            except EOFError:
                pipes.remove(pipe)
        if time.monotonic() > told + every or not pipes:
            told = time.monotonic()
            _tell(latest, told - start, known)
    for worker in workers:
        worker.join()
        if worker.exitcode:
            raise RuntimeError(f"a job ended with status {worker.exitcode}")
    return _sum(latest)


def _sum(latest: dict[Connection, Figures]) -> Figures:
    total = Figures()
    for figures in latest.values():
        total.add(figures)
    return total


def _tell(latest: dict[Connection, Figures], seconds: float, known: set[str]) -> None:
    """A line of progress; and the findings that are new, and now ``known``."""
    total = _sum(latest)
    for place, finding in total.findings.items():
        if place not in known:
            print(finding)
    known.update(total.findings)
    rate = total.cases / seconds
    found = len(total.findings)
    print(
        f"{seconds:6.0f} s  {total.cases} cases, {rate:.0f}/s; {total.text()}; {found} findings",
        flush=True,
    )


def only(seed: int, index: int) -> None:
    """Run one case on its subject, all checks included, with the traceback if it fails."""
    case = Cases(seed).case(index)
    print(case)
    subject: Subject = subjects()[index % len(subjects())]
    length = subject.run(case, index, True)
    memory = subject.memory
    print(f"{memory.reads} reads, {memory.total} bytes, {length} characters")


def main() -> int:
    """Run what the command line asks for; 1 if a case has failed."""
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(3), "big"))
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--seconds", type=float, default=3600, help="begin no more after these")
    parser.add_argument("--only", type=int, metavar="CASE", help="run one case again")
    options = parser.parse_args()
    if options.only is not None:
        only(options.seed, options.only)
        return 0
    print(f"seed {options.seed}, {options.cases} cases, {options.jobs} jobs", flush=True)
    total = fuzz(options.seed, options.cases, options.jobs, options.seconds)
    print(f"most reads: {total.most_reads_case}\nslowest: {total.slowest_case}")
    return 1 if total.findings else 0


if __name__ == "__main__":
    sys.exit(main())
