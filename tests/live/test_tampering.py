"""Calls that are tampered with: every change, on both ABIs, by both ways to make it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from seize import Killed, SignalDelivery, SyscallExit, Tracer
from seize.tampering import Fired, Rule, Tampering, rule

BITS = pytest.mark.parametrize("bits", [64, 32])
METHODS = pytest.mark.parametrize("method", ["syscall_info", "registers"])
Builder = Callable[..., str]


class Run:
    """What came of a command that ran under tampering."""

    def __init__(self, argv: list[str], *rules: Rule, **options: Any) -> None:
        self.tampering = Tampering(rules, **options)
        self.calls: list[str] = []
        self.seen: list[str | int] = []
        reader, writer = os.pipe()
        with Tracer(tampering=self.tampering) as tracer:
            process = tracer.spawn(argv, stdout=writer)
            os.close(writer)
            for stop in tracer:
                self._note(stop)
            self.status = process.returncode
        with open(reader, "rb") as file:
            self.output = file.read().decode().splitlines()

    def _note(self, stop: object) -> None:
        match stop:
            case SyscallExit(call=call) if call.tampered is not None:
                self.calls.append(str(call))
            case SignalDelivery(siginfo=info) if info.code == 0x80:
                self.seen.append(info.signo)
            case Killed(signal=signal):
                self.seen.append(f"killed {signal}")

    @property
    def fired(self) -> list[Fired]:
        return self.tampering.fired


@BITS
@METHODS
def test_error_replaces_the_call(program: Builder, bits: int, method: str) -> None:
    made = rule("chdir", error="EIO", when="2+")
    run = Run([program("tampered", bits=bits), "chdir", "3"], made, method=method)
    assert run.output == ["main -1 ENOENT", "main -1 EIO", "main -1 EIO"]
    assert run.calls == ['chdir("/nowhere") = -1 EIO (Input/output error) (INJECTED)'] * 2
    assert [(each.ordinal, each.call, each.done) for each in run.fired] == [
        (2, "chdir", "EIO"),
        (3, "chdir", "EIO"),
    ]
    assert run.fired[0].text == 'chdir("/nowhere")'
    assert run.fired[0].rule is made
