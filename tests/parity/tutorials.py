"""Command lines as tutorials, cheat sheets and bug reports have them, typed as they stand.

The programs that they name there (a server, a browser) are small ones of Debian here.  Each line
is run by a shell that finds, as ``strace``, Debian's or us.  What was printed and written is
compared line by line, once process ids, times and stack addresses are masked.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from itertools import zip_longest
from pathlib import Path

from tests.live.support import called_strace_in
from tests.parity.harness import ALIGNED, INODE, STACK, end, launch, reason

SECONDS = 40
RUNS = 3
ATTACH = (
    "mkfifo in; cat in >/dev/null & cat=$!; "
    "until grep -q '(cat) S' /proc/$cat/stat; do sleep 0.02; done; "
    "strace -o log {} -p $cat & tracer=$!; "
    "until grep -q 'TracerPid:.[1-9]' /proc/$cat/status && grep -q wait /proc/$tracer/wchan; "
    "do sleep 0.02; done; printf 'tea\\001\\n' >in; wait"
)
LINES = (
    "strace ls",
    "strace -e trace=openat,read,close grep error sample.log",
    "strace -e open,openat cat sample.log missing",
    "strace -e trace=file cat /etc/hosts",
    "strace -e trace=%network,%desc true",
    "strace -e 'trace=!mmap,mprotect,munmap' ls",
    "strace -e trace=/^e.*ve,/.*at$ ls",
    "strace -e trace=write -e write=1 -v -s 1024 cat sample.log",
    "strace -e signal=none -e trace=none sh -c 'kill -USR1 $$'",
    "strace -qq -e trace=none -e signal=USR1,TERM sh -c 'trap : 10 12; kill -10 $$; kill -12 $$'",
    "strace -e inject=openat:error=ENOENT cat /etc/hosts",
    "strace -e inject=read:delay_enter=1000 cat sample.log",
    "strace -e close -e inject=close:error=2:when=3 cat sample.log",
    "strace -e trace=openat -e fault=openat:error=EACCES:when=2+2 cat sample.log",
    "strace -e inject=clone,clone3,vfork:error=EPERM sh -c 'cat sample.log; echo no'",
    "strace -e trace=write -e inject=write:retval=3 echo hello",
    "strace -e trace=write -e inject=write:signal=TERM:when=1 echo hello",
    "strace -f -tt -T -x -o log sh -c 'cat sample.log; ls /var/empty'",
    "strace -f -tt -T -yy -s 512 -o trace.log sh -c 'cat sample.log'",
    "strace -s 1024 -tt -f -T -v sh -c 'cat sample.log; exit 3'",
    "strace -fe chdir sh -c 'cd /tmp'",
    "strace -fe trace=process sh -c 'true; cat sample.log'",
    "strace -fF -o a cat sample.log",
    "strace -ff -o out -tt -s 2000 sh -c 'cat sample.log; echo done'",
    "strace -ff -o task -E TEST_ENV=1 sh -c 'echo $TEST_ENV'",
    "strace -P /etc/ld.so.cache ls /var/empty",
    "strace -P sample.log -P /etc/hosts cat sample.log",
    "strace -y cat sample.log",
    "strace -yy -f -o log cat sample.log",
    "strace -c ls",
    "strace -c -f sh -c 'cat sample.log; true'",
    "strace -c -S calls ls",
    "strace -c -S name -e trace=file cat sample.log missing",
    "strace -c -U calls,errors,name -S name ls",
    "strace -C -e trace=openat cat sample.log",
    "strace -w -c ls",
    "strace -z -e trace=%file ls missing",
    "strace -Z cat sample.log missing",
    "strace -f -e status=failed sh -c 'cat missing; exit 1'",
    "strace -z -o list -A -e trace=file cat sample.log",
    "strace -r -e trace=read cat sample.log",
    "strace -t -e trace=write echo hello",
    "strace -ttt -e trace=write echo hello",
    "strace -i -e trace=write echo hello",
    "strace -n -e trace=write echo hello",
    "strace -X raw -e trace=openat cat sample.log",
    "strace -xx -e trace=write echo hello",
    "strace -a 60 -e trace=openat cat sample.log",
    "strace -b execve -f sh -c 'cat sample.log'",
    "strace -o '|cat >piped' -e trace=write echo hello",
    "strace -D -o log -e trace=write echo hello",
    "strace -u nobody id -u",
    "strace -e raw=openat -e trace=openat cat sample.log",
    "strace -e read=3 -e trace=read cat sample.log",
    "strace --follow-forks --trace=execve --quiet=attach,exit sh -c 'cat sample.log'",
    "strace -f --seccomp-bpf -e trace=openat sh -c 'cat sample.log'",
    "strace -k -e trace=write /bin/echo hello",
    ATTACH.format("-e trace=read -x"),
    ATTACH.format("-c"),
)
"""What is typed; the issue of all of it is at least twenty lines that agree."""

_PID = re.compile(
    r"\[pid +(\d+)\]|Process (\d+) |^(\d+) +(?=[\w-]|\+\+\+|<)|\.(\d+):", re.MULTILINE
)
_TIME = re.compile(
    r"(^|\] |PID\d+ +)(?:\d\d:\d\d:\d\d(?:\.\d+)?|\d{10}\.\d{6}| +\d+\.\d{6})(?= )", re.M
)
_SPENT = re.compile(r"<\d+\.\d{6}>")
_ROW = re.compile(r"^ *\d+\.\d\d +\d+\.\d+ +\d+(?= )|^100\.00 +\d+\.\d+ +\d+(?= )", re.M)
_MESSAGE = re.compile(r"strace: Process PID1 (?:at|de)tached\n")
_DETACHED = re.compile(rf"({_MESSAGE.pattern}) <detached \.\.\.>\n")
_RESUMED = re.compile(r"<\.\.\. (\w+) resumed>")
_HEAD = re.compile(r"(\[pid +PID\d+\] |PID\d+ +)?(.*)")
_UNFINISHED = " <unfinished ...>"
_POINTER = re.compile(r"^\[[0-9a-f]{16}\] ", re.M)
_UNSTEADY = (
    re.compile(r"((?:si_[us]time|si_pid|st_ino|st_[amc]time(?:_nsec)?|st_dev)=)[^,}]+"),
    re.compile(
        r"((?:getppid|getpid|gettid|set_tid_address|vfork|clone3?|fork|wait4)"
        r"(?:\(| resumed>).*\) += )\d+"
    ),
    # What the signal has interrupted, is a race.
    re.compile(r"(rt_sigreturn(?:\(| resumed>).*\) += )\d+"),
    # Names come from debugging information, too: the addresses tell the same place.
    re.compile(r"^( > \S+\()[^()]*(?=\) \[0x)", re.MULTILINE),
    re.compile(r"(\b(?:kill|wait4)\()\d+"),
    re.compile(r'(getrandom\()"[^"]*"'),
    re.compile(r"(execve\(.*\], )0x[0-9a-f]+(?= /\*)"),
)


def typed(line: str, place: Path, ours: bool) -> str:
    """Type a line at a shell, in a fresh folder; give what it printed and wrote."""
    shutil.rmtree(place, ignore_errors=True)
    folder, programs = place / "folder", place / "bin"
    folder.mkdir(parents=True)
    programs.mkdir()
    (folder / "sample.log").write_text("an error\nno more\n")
    folder.chmod(0o777)
    if ours:
        called_strace_in(programs)
    environment = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "HOME": str(folder),
        "LC_ALL": "C",
        "TZ": "UTC",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    process = launch(["setarch", "-R", "sh", "-c", line], folder, environment, subprocess.PIPE)
    try:
        out, err = process.communicate(timeout=SECONDS)
    finally:
        end(process)
        process.communicate()
    parts = [f"status {process.returncode}\n", out.decode(), err.decode(errors="replace")]
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.name != "sample.log":
            parts.append(f"{path.name}:\n{path.read_text(errors='replace')}")
    shutil.rmtree(place)
    return "".join(parts)


def steady(text: str) -> str:
    """The text without what differs from run to run."""
    for pattern in _UNSTEADY:
        text = pattern.sub(r"\1N", text)
    return text


def lines_of(text: str) -> Counter[str]:
    """The lines of an output, masked; what another thread has cut is put together again."""
    # Only where an id is meant: any other number may be the same.
    text = _PID.sub(lambda found: re.sub(r"\d+", "PID1", found[0]), text)
    text = _TIME.sub(r"\1TIME", text)
    text = _POINTER.sub("[POINTER] ", text)
    # Whether another's line comes between a call that isn't left and the message is a race.
    text = _DETACHED.sub(r" <unfinished ...>\n\1", text)
    # Where a message comes between two pieces of a line is a race; how often is not.
    found = Counter(_MESSAGE.findall(text))
    text = steady(_MESSAGE.sub("", text))
    text = _ROW.sub("TIMES", _SPENT.sub("<TIME>", STACK.sub("STACK", text)))
    cut: dict[str, list[str]] = {}
    for line in text.splitlines():
        match = _HEAD.fullmatch(line)
        assert match is not None
        rest = INODE.sub(r"\1INODE", match[2])
        resumed = _RESUMED.search(rest)
        if rest.endswith(_UNFINISHED):
            name = re.sub(r"^TIME ", "", rest).partition("(")[0]
            cut.setdefault(name, []).append(rest.removesuffix(_UNFINISHED))
            continue
        if resumed and cut.get(resumed[1]):
            rest = cut[resumed[1]].pop() + rest[resumed.end() :]
        # A line that was cut is whole only now.
        found[re.sub(" +", " ", ALIGNED.sub(") =", steady(rest)))] += 1
    for parts in cut.values():
        found.update(part + _UNFINISHED for part in parts)
    return found


def differences(line: str, place: Path, runs: int = RUNS) -> list[tuple[str, str]]:
    """The lines that one of both has alone, or more often: strace's, ours.

    Only what differs in every run counts.  Which of two processes is first is a race, and strace's
    own output is not twice the same.
    """
    left, right = _alone(line, place)
    for _ in range(runs - 1):
        if not _unlisted(left, right):
            break
        more, others = _alone(line, place)
        left, right = left & more, right & others
    return _unlisted(left, right)


def _alone(line: str, place: Path) -> tuple[Counter[str], Counter[str]]:
    theirs, ours = (lines_of(typed(line, place, one)) for one in (False, True))
    return theirs - ours, ours - theirs


def _unlisted(theirs: Counter[str], ours: Counter[str]) -> list[tuple[str, str]]:
    """The pairs of lines that have no listed reason to differ."""
    left, right = sorted(theirs.elements()), sorted(ours.elements())
    pairs = zip_longest(left, right, fillvalue="")
    return [pair for pair in pairs if reason("tutorials", *pair) is None]
