"""Sets and tamperings are read as soon as their option is met, so that the first error is told."""

from __future__ import annotations

from seize.callsets import sets
from seize.callsets.filters import CallFilter, WrongPersonality
from seize.cli.options import WrongOption

CALLS = ("--trace", "--abbrev", "--verbose", "--raw")
DESCRIPTORS = ("--trace-fds", "--read", "--write")
TAMPERINGS = ("--inject", "--fault")


def check(name: str, value: str) -> None:
    """Raise UsageError if the argument of an option means nothing."""
    try:
        if name in CALLS:
            CallFilter(value)
        elif name in DESCRIPTORS:
            sets.descriptors(value)
        elif name == "--signal":
            sets.signals(value)
        elif name in TAMPERINGS:
            from seize.tampering.expression import parse

            parse(name[2:], value, CallFilter)
    except WrongPersonality as error:
        raise WrongOption(str(error)) from error
