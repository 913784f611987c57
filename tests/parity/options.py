"""Random command lines, typed with Debian's strace and with us, and compared.

``python -m tests.parity.options [FIRST [COUNT]]`` tries COUNT seeds from FIRST on (1, 100).  A
seed always makes the same line: options that strace 6.1 has, in all their spellings, valid
arguments and bad ones, before a small program.  What differs in each of three runs is told.
"""

from __future__ import annotations

import random
import re
import shlex
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from seize.cli.options import NONE, Option
from seize.cli.table import COLUMNS, OPTIONS, QUIET, STATUSES
from tests.conftest import build
from tests.parity.tutorials import lines_of, typed

Choose = random.Random
Value = Callable[[Choose], str]
RUNS = 3


def listed(words: str) -> list[str]:
    """The words of a text."""
    return words.split()


CALLS = listed(
    "openat read write close execve openat,read read,write,close all none !read "
    "!mmap,mprotect %file file %desc desc %process %network network %memory %signal "
    "%stat %%stat %pure %fstat /^e.*ve /open|read ?nosuch,read ?nosuch !%file read@64 "
    "read@32 openat@64,close 0 1,257 !0,1 !all !none mmap,munmap kill,wait4,clone,vfork"
)
BAD_CALLS = listed(
    "foo %foo read,foo foo@64 read@65 read@ ! , !, /[ read@64@32 99999 x,, read,,write"
)
SIGNALS = listed("none all USR1 !USR1 SIGCHLD,SIGUSR1 chld 10 !none 17,USR1 sigusr1")
NUMBERS = listed("3 1 all none !3 1,3 0,1,2,3 !1")
BAD = ("foo", "", "-1", "99999999999", "!", ",", "foo,bar", "1.5", " 3", "0x3", "+3", "3x")
ERRORS = listed("error=ENOENT error=5 retval=0 retval=7 signal=USR1 error=EACCES:signal=10")
MORE = ("", "", "", ":when=1", ":when=2+", ":when=2+2", ":when=1..3", ":when=1..5+2")
BAD_INJECTIONS = (
    *("", ":", ":error=EFOO", ":error=", ":error=0", ":error=4096", ":retval=x", ":signal=0"),
    *(":when=0", ":when=", ":when=3..2", ":when=1+0", ":when=65536", ":foo", ":foo=1", ":error"),
    *(":signal=NOPE", ":signal=99", ":delay_enter=", ":delay_exit=1x", ":syscall=foo", ":error=5:"),
    *(":error=5:error=6", ":retval=1:error=5", ":error=5:when=1:when=2", ":when=1", ":syscall="),
    *(":poke_enter=@arg1", ":poke_exit=@arg1=0", ":poke_exit=@arg0=00", ":retval=-1"),
)


def among(words: str | tuple[str, ...] | list[str]) -> Value:
    """One of some words."""
    every = words.split() if isinstance(words, str) else words
    return lambda choose: choose.choice(every)


def some(words: str, others: str = "") -> Value:
    """A list of some words."""
    every = [*words.split(), *words.split(), *others.split()]
    return lambda choose: ",".join(choose.sample(every, choose.randint(1, 3)))


def word_set(words: str, others: str = "") -> Value:
    """A set of some words, inverted or not."""
    listed = some(words, others)

    def value(choose: Choose) -> str:
        if choose.random() < 0.2:
            return choose.choice(("all", "none", "!all", "!none"))
        return choose.choice(("", "", "!")) + listed(choose)

    return value


def injection(choose: Choose) -> str:
    """What ``-e inject=`` takes, or nearly."""
    calls = choose.choice(("openat", "read", "write", "close", "read,write", "%file", "all"))
    if choose.random() < 0.3:
        return calls + choose.choice(BAD_INJECTIONS)
    if choose.random() < 0.1:
        return choose.choice(BAD_CALLS) + ":error=5"
    return f"{calls}:{choose.choice(ERRORS)}{choose.choice(MORE)}"


def bad_or(value: Value, bad: Value | None = None, often: float = 0.04) -> Value:
    """A value, which is seldom a bad one."""
    return lambda choose: (bad or among(BAD) if choose.random() < often else value)(choose)


calls = bad_or(among(CALLS), among(BAD_CALLS))
VALUES: dict[str, Value] = {
    "--env": among(("A=1", "A", "B=", "PATH", "HOME=/")),
    "--user": bad_or(among("root root nobody"), among(("no-such-user", "")), 0.2),
    "--detach-on": bad_or(among("execve"), among("foo exec EXECVE")),
    "--interruptible": bad_or(among("1 2 3 4 anywhere waiting never never_tstp")),
    "--trace": calls,
    "--signal": bad_or(among(SIGNALS), among(["foo", "256", "999", "SIGFOO,INT", "!", "-1"])),
    "--status": bad_or(word_set(STATUSES)),
    "--trace-path": among(("sample.log", "missing", "/etc/ld.so.cache", "/", ".", "no/such")),
    "--columns": bad_or(among("0 1 20 40 80 200")),
    "--abbrev": calls,
    "--verbose": calls,
    "--raw": calls,
    "--read": bad_or(among(NUMBERS)),
    "--write": bad_or(among(NUMBERS)),
    "--quiet": bad_or(word_set(QUIET, "exits attached detach thread-superseded superseded EXIT")),
    "--kvm": bad_or(among("vcpu"), often=0.5),
    "--decode-fds": bad_or(word_set("path socket dev pidfd")),
    "--decode-pids": bad_or(among("comm comm,comm all")),
    "--output": among(("log", "log", "log", "|cat >piped", "!cat >piped", "no/such", "|cat >&2")),
    "--relative-timestamps": bad_or(among("s ms us ns")),
    "--absolute-timestamps": bad_or(
        among(
            "none time unix s ms us ns time,us unix,ns format:time,precision:ms precision:s "
            "ms,unix time,time ns,s format:unix unix,none"
        ),
        among(["foo", "format:ms", "precision:time", ",", "time,", "format:", "foo:ms"]),
        0.15,
    ),
    "--syscall-times": bad_or(among("s ms us ns")),
    "--string-limit": bad_or(among("0 1 5 32 100 4096")),
    "--strings-in-hex": bad_or(among("non-ascii all")),
    "--const-print-style": bad_or(among("raw abbrev verbose")),
    "--summary-syscall-overhead": bad_or(among("0 10 1us 5ms 1s 2ns 1.5us")),
    "--summary-sort-by": bad_or(
        among(f"time calls count errors error name syscall none nothing {COLUMNS}")
    ),
    "--summary-columns": bad_or(
        some("time-percent total-time min-time max-time calls errors name"),
        some("time total time,total_time wall-time foo count syscall avg-time"),
        0.1,
    ),
    "--inject": injection,
    "--fault": injection,
}
NEWER = listed(
    "--argv0 --kill-on-exit --syscall-limit --trace-fds --namespace --always-show-pid "
    "--color --format --placement --stack-trace-frame-limit --tips --help --version "
    "--debug --secontext --daemonize --attach -e --arg-names"
)
"""Options that strace 6.1 hasn't got, or that tell of the program itself, or of other processes."""
WORDLESS = ("--stack-trace", "--seccomp-bpf")
"""Their arguments are newer than strace 6.1."""
USUAL = [entry for entry in OPTIONS if entry.name not in NEWER]
TOGETHER = (
    *("-f", "-f", "-ff -o log", "-o log", "-c", "-C", "-c -f", "-q", "-qq", "-y", "-yy", "-tt"),
    *("-e trace=read,write,openat", "-e trace=%process -f", "-v", "-x", "-xx", "-z", "-Z"),
    *("-P sample.log", "-n -i", "-X verbose", "-X raw", "-Y", "-o '|cat >piped'"),
)
"""What is most usual."""
PROGRAMS = (
    *("true", "ls", "cat sample.log", "cat sample.log missing", "cat sample.log", "echo hello"),
    *(
        "sh -c 'cat sample.log; exit 3'",
        "sh -c 'cat missing 2>/dev/null; echo no'",
        "sh -c 'kill -USR1 $$'",
    ),
    *("sh -c 'kill -KILL $$'", "sh -c 'true & wait'", "sh -c 'trap : USR1; kill -USR1 $$; ls'"),
    *("THREADS 2 3", "NARROW 1 2", "no-such-program", ""),
)
UNLIKE = (
    # strace counts what --status lets through since 6.3.
    r"(?s)( -\w*[zZ]|statu|--suc|--fai).*( -\w*[cC]|--sum)",
    r"(?s)( -\w*[cC]|--sum).*( -\w*[zZ]|statu|--suc|--fai)",
    # strace 6.1 can't unwind a program of 32 bits; what begins a thread is another guess.
    r"(?s)( -\w*k|--sta).*/threads-",
    # It has one kind of stack only.
    r"-\w*k\S* .*-\w*k",
    # It takes -ff there.
    r"--output-s",
    # Its name in messages is another one now.
    r"(?s)(--sta|-\w*k).*(-\w*c|--sum)|(-\w*c|--sum).*(--sta|-\w*k)",
)
"""What is known to differ."""
POINTER = re.compile(r"\[[0-9a-f]{16}\](?= execve\()")
HERE = re.compile(r"execve\(.*")
ADDRESS = re.compile(r"0x[57f]{4}[0-9a-f]{4,}")
CLEARED = re.compile(r"(?<=\{parent_tid=)\[[^]]*\]")
"""The thread's id, which its end clears."""
MEAN = re.compile(r"^( *\d+\.\d\d +\d+\.\d{6}) +\d+(?= )", re.MULTILINE)
RACE = re.compile(
    r"futex|set_robust_list|rseq|rt_sigproc|total$|getppid|madvise|munmap|mprotect|mmap|[ _]exit\b"
    r"|gettid|brk"
)
"""What one thread does while another one may be seen first."""
TIMES = re.compile(r"<\d+(?:\.\d+)?>(?=$| )", re.MULTILINE)
CLOCK = re.compile(
    r"(^|\] |^\d+(?:<\w+>)? +|\+)(?:\d\d:\d\d:\d\d|\d{10}| +\d{1,2})(?:\.\d{3,9})?(?= )",
    re.MULTILINE,
)
NAMED = re.compile(r"\b\d+(<[\w-]+>)(?=[\] ,}:)]|$)", re.MULTILINE)
FRACTION = re.compile(r"(?<![\w.\"/-])\d+\.\d{2,9}\b(?![.\w-])")


def spelled(choose: Choose, entry: Option) -> str:
    """One option as somebody may write it."""
    value = ""
    makes = VALUES.get(entry.name)
    if entry.argument != NONE and makes is not None:
        value = makes(choose)
    letter = entry.names[0] if entry.names[0][1] != "-" else ""
    ways = ["letter"] * 2 if letter else []
    if entry.qualifiers:
        ways += ["qualifier"] * 3
    if entry.name.startswith("--"):
        ways += ["long", "short long"]
    way = choose.choice(ways)
    if way == "qualifier":
        word = f"{choose.choice(entry.qualifiers)}={value}"
        if entry.name == "--trace" and choose.random() < 0.3:
            word = value
        return choose.choice(("-e", "-e ", "-e ")) + shlex.quote(word)
    if way == "letter":
        if entry.metavar.startswith("["):
            return letter + letter[1] * (choose.random() < 0.3 and entry.name not in WORDLESS)
        return letter + (choose.choice(("", " ")) + shlex.quote(value) if value else "")
    name = choose.choice((entry.name, *entry.also))
    if way == "short long":
        name = shortened(choose, name)
    if entry.argument == NONE:
        return name + ("=foo" if choose.random() < 0.02 else "")
    if entry.metavar.startswith("[") and (entry.name in WORDLESS or choose.random() < 0.3):
        return name
    joint = "=" if entry.metavar.startswith("[") else choose.choice(("=", " "))
    return name + joint + shlex.quote(value)


def shortened(choose: Choose, name: str) -> str:
    """A beginning of a long name that means only this option."""
    every = {full: one.name for one in OPTIONS for full in (*one.names, *one.also)}
    enough = [
        name[:end]
        for end in range(4, len(name))
        if len({one for full, one in every.items() if full.startswith(name[:end])}) == 1
    ]
    return choose.choice(enough or [name])


def line_of(seed: int) -> str:
    """The command line of a seed."""
    choose = random.Random(seed)
    while True:
        line = made(choose)
        if not any(re.search(unlike, line) for unlike in UNLIKE):
            return line


def made(choose: Choose) -> str:
    """A random command line."""
    words = [choose.choice(TOGETHER) for _ in range(choose.choice((0, 1, 1, 2)))]
    words += [spelled(choose, choose.choice(USUAL)) for _ in range(choose.randint(1, 4))]
    if choose.random() < 0.02:
        words.append(choose.choice(("-Q", "--bogus", "-e", "--", "-", "--output")))
    choose.shuffle(words)
    program = choose.choice(PROGRAMS)
    program = program.replace("THREADS", build("threads")).replace(
        "NARROW", build("threads", bits=32)
    )
    return " ".join(["strace", *words, program])


def masked(text: str) -> Counter[str]:
    """The lines of an output, without what is never twice the same."""
    text = NAMED.sub(r"PIDS\1", text)
    text = CLOCK.sub(r"\1TIME", TIMES.sub("<TIME>", text))
    text = HERE.sub(lambda found: ADDRESS.sub("ADDRESS", found[0]), POINTER.sub("[POINTER]", text))
    text = CLEARED.sub("CLEARED", text)
    text = MEAN.sub(r"\1", text)
    found = lines_of(FRACTION.sub("FRACTION", text))
    if "/threads-" in text:
        for line in [line for line in found if RACE.search(line)]:
            del found[line]
    return found


def differences(line: str, place: Path, runs: int = RUNS) -> tuple[Counter[str], Counter[str]]:
    """The lines that strace alone has, and we alone, in every run."""
    theirs, ours = Counter[str](), Counter[str]()
    for run in range(runs):
        left, right = (masked(typed(line, place, one)) for one in (False, True))
        if run == 0:
            theirs, ours = left - right, right - left
        else:
            theirs, ours = theirs & (left - right), ours & (right - left)
        if not theirs and not ours:
            break
    return theirs, ours


def main() -> int:
    """Try the seeds that the arguments say, and print what differs."""
    import tempfile

    first, count = [*map(int, sys.argv[1:]), *(1, 100)[len(sys.argv) - 1 :]]
    failed = 0
    for seed in range(first, first + count):
        line = line_of(seed)
        with tempfile.TemporaryDirectory() as folder:
            theirs, ours = differences(line, Path(folder) / "place")
        if theirs or ours:
            failed += 1
            print(f"{seed}: {line}")
            for name, found in (("strace", theirs), ("seize ", ours)):
                for text in sorted(found.elements())[:3]:
                    print(f"  {name} {text[:400]}")
            sys.stdout.flush()
    print(f"{failed} of {count} differ")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
