"""One system call: what it was asked, and what came of it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from seize.decode.compiler import Compiled
    from seize.decode.decoder import Decoder
    from seize.decode.memory import MemoryReader
    from seize.decode.values import Tampered, Value


class Call:
    """A system call of one thread, filled in at its entry and completed at its exit.

    ``raw`` has the six argument registers, masked to the word size of the call's ABI; ``args``
    their meaning.  ``rval`` and ``result`` are None until the call is ``finished``; ``error`` is
    the positive errno of a ``failed`` call, else 0; ``note`` is what there is to say beside the
    result (the ready descriptors of a poll, say).
    """

    __slots__ = (
        "arch_name",
        "compiled",
        "decoder",
        "error",
        "failed",
        "finished",
        "memory",
        "name",
        "note",
        "number",
        "raw",
        "result",
        "rval",
        "saved",
        "tid",
        "values",
    )

    memory: MemoryReader
    values: list[Value]
    saved: object

    def __init__(
        self,
        tid: int,
        arch_name: str,
        number: int,
        raw: tuple[int, ...],
        compiled: Compiled,
        decoder: Decoder,
    ) -> None:
        self.tid = tid
        self.arch_name = arch_name
        self.number = number
        self.raw = raw
        self.compiled = compiled
        self.decoder = decoder
        self.name = compiled.name
        self.rval: int | None = None
        self.result: Value | None = None
        self.note: Value | None = None
        self.error = 0
        self.failed = self.finished = False

    @property
    def args(self) -> Args:
        """The arguments, by name, by index, or in order."""
        return Args(self.compiled.names, self.values)

    @property
    def tampered(self) -> Tampered | None:
        """What a tampering has done to it; None for a call that took its course."""
        from seize.decode.values import Tampered

        return self.note if isinstance(self.note, Tampered) else None

    def __str__(self) -> str:
        """One line as strace would write it, without padding."""
        from seize.decode.render.strace import StraceText

        text = StraceText()
        left = text.enter(self) + text.exit(self)
        return f"{left} = {text.result(self)}" if self.finished else left

    def to_json(self) -> dict[str, Any]:
        """The call as ``seize trace --format json`` writes it, without times: docs/json.md."""
        from seize.decode.render.json import JsonValues

        decoder = self.decoder
        values = JsonValues(verbose=decoder.verbose, string_limit=decoder.string_limit)
        return {"type": "syscall", "tid": self.tid, **values.call(self)}

    def __repr__(self) -> str:
        return f"<Call {self.tid} {self}>"


class Args:
    """The arguments of one call: ``call.args.filename``, ``call.args[0]``, iteration, ``len``."""

    __slots__ = ("_names", "_values")

    def __init__(self, names: tuple[str, ...], values: list[Value]) -> None:
        self._names = names
        self._values = values

    def __getattr__(self, name: str) -> Any:
        try:
            return self._values[self._names.index(name)]
        except (ValueError, IndexError):
            known = ", ".join(self.names)
            raise AttributeError(f"no argument {name!r}; there are: {known}") from None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the arguments, in order."""
        return self._names[: len(self._values)]

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[Value]:
        return iter(self._values)

    def __getitem__(self, index: int) -> Value:
        return self._values[index]

    def __repr__(self) -> str:
        pairs = zip(self.names, self._values, strict=True)
        return "Args(" + ", ".join(f"{name}={value!r}" for name, value in pairs) + ")"
