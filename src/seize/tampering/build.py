"""Rules as a program writes them: names of errors and signals, fractions, predicates."""

from __future__ import annotations

from seize.errors import UsageError
from seize.tampering import rule as rules
from seize.tampering.change import CHILD_MAKERS, errno_of, positions, signal_of
from seize.tampering.rule import Named, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, TypeAlias, TypedDict

    from seize.decode import Call
    from seize.tampering.change import Change
    from seize.tampering.rule import Calls

    Wanted: TypeAlias = str | Iterable[str] | Callable[[Call], object] | Calls
    Pokes: TypeAlias = Mapping[int, bytes]

    class Options(TypedDict, total=False):
        """What `rule` takes besides the calls."""

        error: str | int | None
        retval: int | None
        run: bool
        skip: bool
        syscall: str | None
        signal: str | int | None
        delay_enter: float | None
        delay_exit: float | None
        poke_enter: Pokes | None
        poke_exit: Pokes | None
        args: Mapping[str, int | str | bytes] | None
        short: int | float | str | None
        when: str | int
        rate: float | None
        seed: int | None
        path: str | None
        fd: int | None
        where: Callable[[Call], object] | None
        do: Callable[[Change], object] | None


PURE = frozenset(
    (
        *("getegid", "getegid32", "geteuid", "geteuid32", "getgid", "getgid32", "getpgrp"),
        *("getpid", "getppid", "gettid", "getuid", "getuid32"),
    )
)
"""Calls that change nothing, which may run in the place of others."""


class Everything:
    """All system calls."""

    def wants(self, arch_name: str, number: int) -> bool:
        """Yes."""
        return True

    def wants_name(self, name: str) -> bool:
        """Yes."""
        return True


def rule(
    calls: Wanted,
    *,
    error: str | int | None = None,
    retval: int | None = None,
    run: bool = False,
    skip: bool = False,
    syscall: str | None = None,
    signal: str | int | None = None,
    delay_enter: float | None = None,
    delay_exit: float | None = None,
    poke_enter: Pokes | None = None,
    poke_exit: Pokes | None = None,
    args: Mapping[str, int | str | bytes] | None = None,
    short: int | float | str | None = None,
    when: str | int = "1+",
    rate: float | None = None,
    seed: int | None = None,
    path: str | None = None,
    fd: int | None = None,
    where: Callable[[Call], object] | None = None,
    do: Callable[[Change], object] | None = None,
) -> Rule:
    """Make a `Rule`.

    ``calls`` is a name, several (in one text with commas, or an iterable), or a predicate on
    the decoded call.  ``skip`` lets the call return 0 (or ``retval``) without running.
    ``poke_enter`` and ``poke_exit`` map the number of an argument, from 1, to bytes.  ``short``
    is a number of bytes, or a fraction of those asked for: 0.5, "1/2".  The rest is described
    at `Rule`.  Raises UsageError for what makes no sense.
    """
    chosen, where = _calls(calls, where)
    if error is not None and (retval is not None or skip):
        raise UsageError("error and retval (or skip) exclude each other")
    if skip and run:
        raise UsageError("skip and run exclude each other")
    if skip and retval is None:
        retval = 0
    if syscall is not None and syscall not in PURE:
        raise UsageError(f"'{syscall}' can't run in the place of a call: {', '.join(sorted(PURE))}")
    made = Rule(
        calls=chosen,
        error=None if error is None else errno_of(error),
        retval=retval,
        run=run,
        syscall=syscall,
        signal=0 if signal is None else signal_of(signal),
        delay_enter=_seconds(delay_enter),
        delay_exit=_seconds(delay_exit),
        poke_enter=_pokes(poke_enter),
        poke_exit=_pokes(poke_exit),
        args=_args(chosen, args),
        short=None if short is None else _limit(short),
        when=rules.when(when),
        rate=_rate(rate),
        seed=seed,
        path=path,
        fd=fd,
        where=where,
        do=do,
    )
    if not acts(made):
        raise UsageError("nothing is to be done: give error, retval, skip, signal, delay_enter …")
    return made


def acts(made: Rule) -> bool:
    """Whether a rule changes anything."""
    wanted: tuple[Any, ...] = (made.error, made.retval, made.syscall, made.delay_enter)
    wanted += (made.delay_exit, made.short, made.do, made.signal or None)
    return (
        any(part is not None for part in wanted)
        or bool(made.poke_enter)
        or bool(made.poke_exit)
        or bool(made.args)
    )


def _calls(
    calls: Wanted, where: Callable[[Call], object] | None
) -> tuple[Calls, Callable[[Call], object] | None]:
    if isinstance(calls, str):
        return named(calls), where
    if hasattr(calls, "wants"):
        made: Any = calls
        return made, where
    if callable(calls):
        first = calls
        if where is None:
            return Everything(), first
        second = where
        return Everything(), lambda call: first(call) and second(call)
    return Named(*calls), where


def named(expression: str) -> Calls:
    """The calls of ``expression``: names with commas between, or what else ``-e trace=`` takes."""
    names = [name.strip() for name in expression.split(",")]
    if all(name.isidentifier() and name not in ("all", "none") for name in names):
        return Named(*names)
    from seize.callsets import CallFilter

    return CallFilter(",".join(names))


def _seconds(seconds: float | None) -> float | None:
    if seconds is not None and not 0 <= seconds < float("inf"):
        raise UsageError(f"a delay is a number of seconds, not {seconds!r}")
    return seconds


def _pokes(pokes: Pokes | None) -> tuple[tuple[int, bytes], ...]:
    made = tuple((pokes or {}).items())
    for number, data in made:
        if not 1 <= number <= 7 or not data:
            raise UsageError(f"a poke is of an argument from 1 to 7 and some bytes, not {number}")
    return made


def _args(
    calls: Calls, args: Mapping[str, int | str | bytes] | None
) -> tuple[tuple[str, int | bytes], ...]:
    if not args:
        return ()
    if isinstance(calls, Named):
        for name in sorted(calls.names):
            _check_arguments(name, args)
    return tuple(
        (name, value.encode() if isinstance(value, str) else value) for name, value in args.items()
    )


def _check_arguments(call: str, args: Mapping[str, object]) -> None:
    """Raise UsageError for an argument that a call hasn't got, on any machine that has the call."""
    from seize.abi.names import syscall_number
    from seize.decode import Decoder

    if call in CHILD_MAKERS:
        raise UsageError(f"the arguments of {call} can't be changed")
    tables = Decoder().tables
    for arch_name in ("x86_64", "i386"):
        number = syscall_number(arch_name, call)
        if number is None:
            continue
        compiled = tables[arch_name][number]
        for name in args:
            if not positions(compiled, name):
                known = ", ".join(compiled.names)
                raise UsageError(f"{call} has no argument '{name}'; there are: {known}")
        return


def _limit(short: int | float | str) -> int | float:
    if isinstance(short, str):
        made = parse_short(short)
        if made is None:
            raise UsageError(f"a short count is a number of bytes or a fraction, not '{short}'")
        return made
    fits = short >= 0 if isinstance(short, int) else 0 < short < 1
    if not fits:
        raise UsageError(f"a short count is a number of bytes or a fraction, not {short!r}")
    return short


def parse_short(text: str) -> int | float | None:
    """Parse ``N`` or ``N/M``; None if it is neither."""
    upper, slash, lower = text.partition("/")
    parts = (upper, lower) if slash else (upper,)
    if not all(part.isascii() and part.isdecimal() for part in parts):
        return None
    if not slash:
        return int(upper)
    return int(upper) / int(lower) if 0 < int(upper) < int(lower) else None


def _rate(rate: float | None) -> float | None:
    if rate is not None and not 0 <= rate <= 1:
        raise UsageError(f"a rate is a number from 0 to 1, not {rate!r}")
    return rate
