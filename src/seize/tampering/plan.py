"""Which calls are tampered with: counting, choosing, and the list of what fired."""

from __future__ import annotations

from seize._frozen import frozen
from seize.abi.names import syscall_name
from seize.callsets.filters import MULTIPLEXERS
from seize.decode.values import Tampered
from seize.errors import UsageError
from seize.tampering.change import Change
from seize.tampering.machine import METHODS, Machine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from random import Random

    from seize.decode import Call
    from seize.engine import Tracee, Tracer
    from seize.engine.protocols import CallDecoder
    from seize.memory import Memory
    from seize.tampering.rule import Rule


@frozen
class Fired:
    """One call that was tampered with.

    ``call`` is its name and ``text`` what it was, as the program asked for it; ``ordinal``
    counts the calls of that thread which the rule matched, ``done`` tells what was done:
    ``EIO``, ``returns 0``, ``SIGUSR1``, ``512 of 1024 bytes`` …
    """

    rule: Rule
    tid: int
    call: str
    ordinal: int
    text: str
    done: str

    def __str__(self) -> str:
        return f"[{self.tid}] {self.text} #{self.ordinal}: {self.done}"


class _Thread:
    """What is kept in mind of a thread."""

    def __init__(self, birth: int) -> None:
        self.birth = birth
        self.counts: dict[tuple[int, str, str], int] = {}
        self.dice: dict[int, Random] = {}


class Tampering:
    """Tampers with the calls of a tracer's tracees: ``Tracer(tampering=Tampering(rules))``.

    Of several rules that a call fires, the last one counts; each counts its own calls.  With
    ``seed`` (or a rule's own), calls chosen by chance are the same in each run: each thread, in
    the order of their first tampered call, has its own dice.  ``fired`` lists what was done,
    unless ``record`` is false; ``on_fired`` is told at once.

    ``problems`` tells, once each, what couldn't be done.

    ``method``: "syscall_info", "registers", or "auto" (the former where the kernel has it).
    ``wants(call)`` is asked before any rule; ``complain(text)`` is told what can't be done.
    """

    def __init__(
        self,
        rules: Iterable[Rule] = (),
        seed: int | None = None,
        *,
        method: str = "auto",
        record: bool = True,
        wants: Callable[[Call], object] | None = None,
        complain: Callable[[str], None] | None = None,
        on_fired: Callable[[Fired], None] | None = None,
    ) -> None:
        if method not in METHODS:
            raise UsageError(f"unknown way to tamper: {method!r} ({', '.join(METHODS)})")
        self.rules = list(rules)
        self.seed = seed
        self.fired: list[Fired] = []
        self.problems: list[str] = []
        self.machine = Machine(method)
        self.wants = wants
        self._record = record
        self._on_fired = on_fired
        self._complain = complain
        self._births = 0
        self._selected: dict[tuple[str, int], tuple[Rule, ...]] = {}

    def wrap(self, tracer: Tracer, decoder: CallDecoder) -> CallDecoder:
        """Give the decoder that the tracer calls: it tampers, and ``decoder`` decodes."""
        return _TamperingDecoder(self, tracer, decoder)

    def set_rules(self, rules: Iterable[Rule]) -> None:
        """Replace the rules; calls that are under way are completed by the old ones."""
        self.rules = list(rules)
        self._selected.clear()

    def undo(self, tracee: Tracee) -> None:
        """Let the call that a stopped tracee is in run as the program asked for it."""
        note = getattr(tracee.call, "note", None)
        if type(note) is Tampered and isinstance(note.change, Change):
            note.change.undo(self.machine)

    def complain(self, text: str) -> None:
        """Tell that a change couldn't be made."""
        if self._record and text not in self.problems:
            self.problems.append(text)
        if self._complain is not None:
            self._complain(text)

    def select(self, arch_name: str, number: int) -> tuple[Rule, ...]:
        """The rules that may be for a call, by its number."""
        key = arch_name, number
        rules = self._selected.get(key)
        if rules is None:
            several = arch_name == "i386" and syscall_name(arch_name, number) in MULTIPLEXERS
            rules = tuple(
                rule for rule in self.rules if several or rule.calls.wants(arch_name, number)
            )
            self._selected[key] = rules
        return rules

    def choose(self, rules: tuple[Rule, ...], tracee: Tracee, call: Call) -> Change | None:
        """Count a call for each rule that matches it; the change that it has fired, if any."""
        if self.wants is not None and not self.wants(call):
            return None
        thread = tracee.tampered
        if not isinstance(thread, _Thread):
            thread = tracee.tampered = _Thread(self._births)
            self._births += 1
        chosen: Change | None = None
        for rule in rules:
            if not _matches(rule, tracee, call):
                continue
            key = id(rule), call.arch_name, call.name
            ordinal = thread.counts[key] = thread.counts.get(key, 0) + 1
            if rule.when.includes(ordinal) and self._is_lucky(rule, thread):
                chosen = Change(rule, tracee, call, ordinal)
        return chosen

    def _is_lucky(self, rule: Rule, thread: _Thread) -> bool:
        if rule.rate is None:
            return True
        dice = thread.dice.get(id(rule))
        if dice is None:
            from random import Random

            seed = self.seed if rule.seed is None else rule.seed
            place = self.rules.index(rule)
            text = None if seed is None else f"{seed} {place} {thread.birth}"
            dice = thread.dice[id(rule)] = Random(text)
        return dice.random() < rule.rate

    def note(self, change: Change, text: str) -> None:
        """Add to what has fired."""
        done = ", ".join(change.done)
        call = change.call
        fired = Fired(change.rule, change.tracee.tid, call.name, change.ordinal, text, done)
        if self._record:
            self.fired.append(fired)
        if self._on_fired is not None:
            self._on_fired(fired)

    @property
    def is_recording(self) -> bool:
        """Whether anybody wants to know what has fired."""
        return self._record or self._on_fired is not None


def _matches(rule: Rule, tracee: Tracee, call: Call) -> bool:
    if call.name != syscall_name(call.arch_name, call.number) and not rule.calls.wants_name(
        call.name
    ):
        # A multiplexer's number says nothing.
        return False
    if rule.fd is not None or rule.path is not None:
        from seize.tampering.matching import has_descriptor, has_path

        if rule.fd is not None and not has_descriptor(call, rule.fd):
            return False
        if rule.path is not None and not has_path(tracee.tid, call, rule.path):
            return False
    return rule.where is None or bool(rule.where(call))


class _TamperingDecoder:
    """Stands between a tracer and its decoder."""

    def __init__(self, tampering: Tampering, tracer: Tracer, decoder: CallDecoder) -> None:
        self._tampering = tampering
        self._tracer = tracer
        self._decoder = decoder

    def enter(
        self, tid: int, arch_name: str, number: int, args: tuple[int, ...], memory: Memory
    ) -> Call:
        """Decode a call at its entry, and tamper with it if a rule says so."""
        call = self._decoder.enter(tid, arch_name, number, args, memory)
        tampering = self._tampering
        rules = tampering.select(arch_name, number)
        if not rules or tid == self._tracer.starting:
            return call
        tracee = self._tracer.tracees.get(tid)
        if tracee is None:
            return call
        change = tampering.choose(rules, tracee, call)
        if change is None:
            return call
        return self._change(change, args, memory)

    def _change(self, change: Change, args: tuple[int, ...], memory: Memory) -> Call:
        call, tampering = change.call, self._tampering
        text = str(call) if tampering.is_recording else ""
        if change.rule.do is not None:
            change.rule.do(change)
        if call.arch_name == "i386":
            args = tuple(value & 0xFFFFFFFF for value in args)
        note = Tampered(call.note, change)
        decode_by = change.enter(tampering.machine, args, note, tampering.complain)
        if not change.done and decode_by is None:
            return call
        if decode_by is not None:
            call = change.call = self._again(change, decode_by, memory)
            note.note = call.note
        call.note = note
        if change.done and tampering.is_recording:
            tampering.note(change, text)
        return call

    def _again(self, change: Change, args: tuple[int, ...], memory: Memory) -> Call:
        """Decode a call by what it is now."""
        call = change.call
        made = self._decoder.enter(change.tracee.tid, call.arch_name, call.number, args, memory)
        if type(made) is type(call):
            return made
        # A decoder that leaves calls out doesn't want it any more: it is the same call still.
        call.values = call.compiled.enter(call, args)
        return call

    def exit(self, call: Call, rval: int, is_error: bool, memory: Memory) -> None:
        """Decode a call at its exit, after its result was changed if that is to be."""
        note = getattr(call, "note", None)
        if type(note) is not Tampered or not isinstance(note.change, Change):
            self._decoder.exit(call, rval, is_error, memory)
            return
        tampering = self._tampering
        rval, is_error = note.change.leave(
            tampering.machine, note, (rval, is_error), tampering.complain
        )
        call.note = note.note
        self._decoder.exit(call, rval, is_error, memory)
        note.note = call.note
        call.note = note
