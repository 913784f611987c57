"""``seize explain``: every call is told of, names are found, and what is unknown is suggested."""

from __future__ import annotations

import json
from typing import Any

import pytest

from seize.abi.names import errno_number, signal_name, syscall_names, syscall_number
from seize.cli import main
from seize.decode import shapes
from seize.decode.decoder import ARCHITECTURES
from seize.decode.kinds import MODULES
from seize.errors import UsageError
from seize.explain import UnknownName, data, explain, names, words
from seize.explain.text import Page

CALLS = sorted({name for arch in ARCHITECTURES for name in syscall_names(arch).values()})


def page(name: str, width: int = 80) -> str:
    return Page(width).text(explain(name))


def told(name: str, kind: str) -> dict[str, Any]:
    (found,) = [entry for entry in explain(name) if entry["type"] == kind]
    return found


def test_kinds_that_are_told_of_are_there() -> None:
    assert set(words.WORDS) - set(MODULES) == set()


def test_every_call_has_a_summary_and_no_summary_is_left_over() -> None:
    assert sorted(data.summaries()) == CALLS
    assert [name for name, text in data.summaries().items() if not 10 < len(text) < 95] == []
    assert len(set(data.summaries().values())) > 420


@pytest.mark.parametrize("arch_name", ARCHITECTURES)
def test_every_call_is_explained(arch_name: str) -> None:
    for number, name in syscall_names(arch_name).items():
        call = told(name, "call")
        assert call["numbers"][arch_name] == number
        assert call["manual"].endswith("(2)")
        for argument in call["arguments"]:
            assert argument["kind"], (name, argument)
        text = page(name)
        assert text.startswith(f"{name}: ")
        json.dumps(call)


def test_lines_fit_the_terminal() -> None:
    for width in (60, 80, 120):
        for name in ("openat", "mmap", "fcntl", "bpf", "EAGAIN", "O_CLOEXEC", "SIGCHLD", "stat"):
            too_long = [line for line in page(name, width).splitlines() if len(line) > width]
            assert too_long == []


def test_a_call() -> None:
    call = told("openat", "call")
    assert call["numbers"] == {"x86_64": 257, "i386": 295, "aarch64": 56}
    assert [argument["name"] for argument in call["arguments"]] == [
        *("dfd", "filename", "flags", "mode")
    ]
    assert call["arguments"][3]["condition"] == "flags & O_CREAT|__O_TMPFILE"
    assert {"name": "O_CLOEXEC", "value": 0o2000000} in call["sets"]["open_flags"]
    assert "ENOENT" in [error["name"] for error in call["errors"]]
    text = page("openat")
    assert "257 on x86_64, 295 on i386, 56 on aarch64" in text
    assert "O_CLOEXEC=0x80000" in text
    assert "man 2 openat" in text


def test_outputs_structs_and_variants() -> None:
    call = told("clock_gettime", "call")
    assert call["arguments"][1]["direction"] == "out"
    assert [field["name"] for field in call["structs"]["timespec"]["fields"]] == [
        "tv_sec",
        "tv_nsec",
    ]
    variants = {tuple(v["values"]): v for v in told("fcntl", "call")["variants"]}
    assert variants[("F_SETFD",)]["arguments"][2]["kind"] == "flags of fcntl_fd_flags"
    assert variants[("F_GETFD",)]["result"] == "flags of fcntl_fd_flags"
    assert "flags of fcntl_fd_flags" in page("fcntl")


def test_what_is_different_elsewhere() -> None:
    assert told("setuid", "call")["elsewhere"]["i386"]["arguments"][0]["kind"].endswith("16 bits")
    assert "elsewhere" not in told("close", "call")


def test_a_flag_has_its_values_and_its_users() -> None:
    flag = told("O_CLOEXEC", "constant")
    assert flag["value"] == 0x80000
    users = {place["set"]: place["used_by"] for place in flag["sets"]}
    assert "openat(flags)" in users["open_flags"]
    assert users["pipe2_flags"] == ["pipe2(flags)"]
    assert "O_CLOEXEC = 0x80000" in page("o_cloexec")


def test_a_flag_that_has_another_value_elsewhere() -> None:
    (place,) = [p for p in told("O_DIRECT", "constant")["sets"] if p["set"] == "open_flags"]
    assert place["value"] == 0x4000
    assert place["elsewhere"] == {"aarch64": 0x10000}
    assert "(0x10000 on aarch64)" in page("O_DIRECT")


def test_a_constant_that_chooses_a_variant() -> None:
    option = told("PR_SET_NAME", "constant")
    assert [(v["call"], v["argument"]) for v in option["variants"]] == [("prctl", "option")]
    assert "prctl(option, arg2)" in page("PR_SET_NAME")


def test_errors_and_signals() -> None:
    error = told("EAGAIN", "error")
    assert error["number"] == 11
    assert any("read" in place["calls"] for place in error["with"])
    assert told("EWOULDBLOCK", "error")["same_as"] == "EAGAIN"
    assert told("ERESTARTSYS", "error")["meaning"].startswith("inside the kernel")
    signal = told("SIGCHLD", "signal")
    assert (signal["number"], signal["action"]) == (17, "is ignored")
    assert {"name": "CLD_EXITED", "value": 1} in signal["codes"]
    assert told("SIGRT_3", "signal")["number"] == 35
    assert [entry["type"] for entry in explain("SIGCHLD")] == ["signal"]


def test_what_has_no_message_of_the_library() -> None:
    restart = page("ERESTARTSYS")
    assert restart.startswith(
        'ERESTARTSYS: error 512, "To be restarted if SA_RESTART is set"\n\n    inside the kernel'
    )
    assert page("ENOTSUPP").startswith("ENOTSUPP: error 524\n\n    inside the kernel")
    assert page("SIGRTMIN").startswith("SIGRTMIN: signal 32\n\n    for the program's own use")


def test_a_small_number_is_told_once() -> None:
    assert page("IFLA_MTU").startswith("IFLA_MTU = 4\n")
    assert page("AF_NETLINK").startswith("AF_NETLINK = 0x10 (16)\n")


def test_requests_sets_structs_and_numbers() -> None:
    request = told("TCGETS", "request")
    assert request["value"] == 0x5401
    assert request["argument"]["direction"] == "out"
    assert "openat(flags)" in told("open_flags", "set")["used_by"]
    assert told("timespec", "struct")["fields"][0]["name"] == "tv_sec"
    assert [entry["type"] for entry in explain("stat")] == ["call", "struct"]
    assert {entry["name"] for entry in explain("5")} == {"fstat", "open", "setxattr"}


def test_every_name_can_be_explained() -> None:
    for name in names.everything():
        assert page(name, 100)


def test_our_words_are_about_things_that_are_there() -> None:
    for calls in data.errors():
        assert calls in data.summaries()
    for known in data.errors().values():
        for name in known:
            assert errno_number(name) is not None, name
    assert [name for name in data.errnos() if errno_number(name) is None] == []
    standard = {signal_name(number) for number in range(1, 32)}
    assert set(data.signals()) == standard
    assert set(data.summaries()) >= set(data.errors())


def test_every_struct_that_is_described_is_told_of() -> None:
    for name in shapes.described():
        found = told(name, "struct")
        text = shapes.description(name)
        assert text is not None
        assert len(found["variants"]) == text.count("{") - 1, name
        assert found["fields"] or "{}" in text, name


def test_what_is_unknown_is_suggested(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UnknownName) as caught:
        explain("opnat")
    assert caught.value.similar[0] == "openat"
    with pytest.raises(UnknownName):
        explain("99999")
    assert main(["explain", "EAGIAN"]) == 1
    assert "did you mean EAGAIN" in capsys.readouterr().err
    assert main(["explain"]) == 2
    assert main(["explain", "--moon"]) == 2


def test_the_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "70")
    assert main(["explain", "read", "EINTR"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("read: read from a file descriptor\n")
    assert "EINTR: error 4" in shown
    assert max(map(len, shown.splitlines())) <= 70
    assert main(["explain", "--json", "read", "EINTR"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [entry["type"] for entry in lines] == ["call", "error"]
    assert lines[0]["numbers"]["x86_64"] == syscall_number("x86_64", "read")
    assert main(["explain", "--help"]) == 0
    assert "usage: seize explain" in capsys.readouterr().out


def test_usage_errors_are_those_of_the_command_line() -> None:
    from seize.cli import explain as verb

    with pytest.raises(UsageError):
        verb.run([])
