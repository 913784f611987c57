"""Called as ``strace``: the same words and exit statuses as the program of that name."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.live.support import called_strace_in

STRACE = "/usr/bin/strace"


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A program that is called strace and is us."""
    return str(called_strace_in(tmp_path_factory.mktemp("called")))


def run(program: str, *words: str, search: bool = False) -> tuple[int, str, str]:
    """Exit status, standard output and error, with the program's name masked."""
    env = dict(os.environ)
    argv = [program, *words]
    if search:
        env["PATH"] = f"{Path(program).parent}:{env['PATH']}"
        argv[0] = "strace"
    done = subprocess.run(
        argv, capture_output=True, text=True, timeout=30, env=env, stdin=subprocess.DEVNULL
    )
    return done.returncode, done.stdout, done.stderr.replace(program, "strace")


REFUSED = [
    "",
    "-Q",
    "-cQ",
    "--bogus",
    "--bogus=1 true",
    "-o",
    "--output",
    "-E",
    "-c=3",
    "--follow-forks=3 true",
    "--debug=1 true",
    "-s foo true",
    "-s -1 true",
    "-s 1073741824 true",
    "--string-limit=foo true",
    "-a -1 true",
    "-I 9 true",
    "-I nobody true",
    "-X foo true",
    "-b foo true",
    "-e foo=bar true",
    "-e quiet=foo true",
    "--quiet=foo true",
    "-e silent=foo true",
    "-e trace=foo true",
    "-e foo true",
    "-e !foo true",
    "-e t=foo true",
    "--trace= true",
    "-e trace=%foo true",
    "-e decode-fds=foo true",
    "--decode-pids=foo true",
    "-e status=foo true",
    "--status=failed,foo true",
    "-e kvm=x true",
    "-p foo",
    "-p 0",
    "-p 1,foo",
    "-p 2147483648",
    "-p 999999999",
    "-cC true",
    "-Cc true",
    "-w true",
    "-U name true",
    "-ff -c true",
    "--follow-forks --output-separately -C true",
    "-DDDD true",
    "-D",
    "-D -p 1",
    "-D --daemonize=session true",
    "--daemonize=x true",
    "-f --follow-forks true",
    "-ff --output-separately true",
    "-x --strings-in-hex true",
    "--strings-in-hex=foo true",
    "-y --decode-fds=path true",
    "-t --absolute-timestamps true",
    "--absolute-timestamps=foo true",
    "--absolute-timestamps=format:us true",
    "-q -e quiet=all true",
    "-q --silence true",
    "--relative-timestamps=foo true",
    "--syscall-times=min true",
    "-O foo true",
    "-c -O 1_0 true",
    "-ff -o |cat true",
    "-o /no/such/folder/file true",
    "-o / true",
    "-S foo -c true",
    "-S foo true",
    "-U foo -c true",
    "-U name,foo -c true",
    "-U name,name -c true",
    "-e inject=foo true",
    "-e inject=read true",
    "-e inject=read:error=EFOO true",
    "-e inject=read:error=EIO:retval=3 true",
    "-e inject=read:when=0 true",
    "-e inject=read:signal=NOPE true",
    "-e inject=read:syscall=nope true",
    "-e inject=read:syscall=write true",
    "-e inject=read:delay_enter=x true",
    "-e inject=read:poke_enter=@arg9=00 true",
    "-e inject= true",
    "-e fault=read:retval=3 true",
    "-e fault=read:signal=INT true",
    "-e signal=foo true",
    "-e trace=/[ true",
    "-e read=x true",
    "-e write=1,x true",
    "-e raw=foo true",
    "-e abbrev=%foo true",
    "-e verbose=foo true",
    "-e raw=read@65 true",
    "-e inject=read@:error=5 true",
    "-e trace=foo -Q",
    "-w -e read=x true",
    "-U name -e inject=read:when=0 true",
    "-z -Z --seccomp-bpf -e trace=foo true",
    "-c -I 1 -e r=foo",
    "--no-abbre=foo true",
    "-e trace=+3 true",
    "-u no-such-user true",
    "--tips=foo true",
    "no-such-command",
    "/no/such/command",
]


@pytest.mark.parametrize("line", REFUSED)
def test_what_strace_refuses_we_refuse_in_its_words(ours: str, line: str) -> None:
    words = line.split()
    status, out, err = run(ours, *words)
    assert (status, out, err) == run(STRACE, *words)
    assert status == 1
    assert err.startswith("strace: ")


ALIKE = [
    "-e quiet=EXITS true",
    "-e status=Failed true",
    "-e decode-fds=PATH true",
    "--quiet=superseded,exit true",
    "-e signal=sigint true",
    "-c -O .5 true",
    "-c -O +5ms true",
    "-s +3 true",
    "-I +3 -a +80 -e read=+3 true",
    "-e quiet=!!exit true",
    "-e decode-fds=path,,socket true",
]


@pytest.mark.parametrize("line", ALIKE)
def test_words_in_any_case(ours: str, line: str) -> None:
    words = ["-e", "trace=none", *line.split()]
    assert run(ours, *words) == run(STRACE, *words)


def test_nothing_is_written_where_a_set_means_nothing(ours: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    words = ["-o", str(log), "-e", "trace=foo", "true"]
    assert run(ours, *words) == run(STRACE, *words)
    assert not log.exists()


WARNED = [
    "-F -w true",
    "-F -z -Z -c -ff true",
    "-F",
    "-z -Z true",
    "-F true",
    "-f -F true",
    "-S name true",
    "--seccomp-bpf true",
    "-b execve --seccomp-bpf -f true",
    "-A true",
    "--output-separately true",
]


@pytest.mark.parametrize("line", WARNED)
def test_what_strace_warns_of(ours: str, line: str) -> None:
    words = ["-e", "trace=none", "-qq", *line.split()]
    assert run(ours, *words) == run(STRACE, *words)


def test_found_by_its_name_alone_it_is_called_by_that_name(ours: str) -> None:
    status, _, err = run(ours, "-Q", search=True)
    assert status == 1
    assert err == "strace: invalid option -- 'Q'\nTry 'strace -h' for more information.\n"


def test_the_version_is_written_as_strace_writes_it(ours: str) -> None:
    status, out, err = run(ours, "-V")
    theirs = run(STRACE, "-V")[1]
    for text in (out, theirs):
        assert re.match(r"strace -- version \d+\.\d+", text)
        assert "Optional features enabled:" in text
    assert (status, err) == (0, "")


def test_help_and_usage_errors_under_our_own_name() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "seize", "trace", "-Q"], capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 2
    assert done.stderr == "seize: invalid option -- 'Q' (try 'seize trace --help')\n"


def test_the_installed_program_by_a_symbolic_link(tmp_path: Path) -> None:
    installed = Path(sysconfig.get_path("scripts")) / "seize"
    assert installed.exists()
    link = tmp_path / "strace"
    link.symlink_to(installed)
    status, _, err = run(str(link), "-e", "trace=none", "true")
    assert (status, err) == (0, "+++ exited with 0 +++\n")
    assert run(str(link), "-Q") == run(STRACE, "-Q")
