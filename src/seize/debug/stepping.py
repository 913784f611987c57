"""Stepping: what one thread does before it is told to be done."""

from __future__ import annotations

from errno import ESRCH

from seize.debug import reasons
from seize.errors import MemoryFault, TraceeGone, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.debug.thread import Thread
    from seize.symbols import Frame

_LONGEST_CALL = 15
_MOST_INSTRUCTIONS = 100_000
"""Without lines on the way, a line step gives up after so many instructions."""


class Plan:
    """What a thread is to do.  ``stepping``: by single steps at present; otherwise it runs.

    ``every_signal``: a signal ends it, even one that otherwise doesn't stop.
    """

    def __init__(self, thread: Thread) -> None:
        self.thread = thread
        self.stepping = True
        self.every_signal = False
        self.begun = False
        self._waiting_at: int | None = None
        self._above = 0

    def begin(self) -> None:
        """Look where the thread is, before it is resumed."""

    def stepped(self, pc: int) -> reasons.DebugStop | None:
        """An instruction was executed; the reason to stop, or None to go on."""
        raise NotImplementedError

    def entered_handler(self, pc: int) -> reasons.DebugStop | None:
        """A signal's handler is about to begin, instead of the next instruction."""
        return self.stepped(pc)

    def arrived(self) -> reasons.DebugStop | None:
        """The thread has come to where it was awaited; see ``run_to``."""
        self.cancel()
        self.stepping = True
        return self.back(self.thread.pc)

    def back(self, pc: int) -> reasons.DebugStop | None:
        """What was called has returned: as after a step."""
        return self.stepped(pc)

    def run_to(self, address: int, above: int) -> None:
        """Let the thread run to an address, in a frame whose stack pointer is over ``above``."""
        process = self.thread.process
        self._waiting_at, self._above = address, above
        self.stepping = False
        process.space.insert(process.raw_memory, address, self)

    def reached(self, thread: Thread) -> bool:
        """Whether it is this thread, in the right frame, that has come to the address."""
        return thread is self.thread and thread.registers.sp > self._above

    def cancel(self) -> None:
        """Take out what was inserted for it."""
        address, self._waiting_at = self._waiting_at, None
        process = self.thread.process
        if address is not None and process.alive:
            process.space.remove(process.raw_memory, address, self)

    def done(self) -> reasons.StepDone:
        """The reason to stop."""
        return reasons.StepDone(self.thread.process, self.thread)

    # ------------------------------------------------------------------ what the code is doing

    def return_address(self) -> int:
        """The word that the stack pointer points to; 0 if it can't be read."""
        thread = self.thread
        size = thread.process.machine.word_size
        try:
            return int.from_bytes(thread.memory.read(thread.registers.sp, size), "little")
        except MemoryFault:
            return 0


def innermost_and_caller(thread: Thread) -> tuple[Frame, Frame | None]:
    """The innermost frame, and the one that its return address leads to.

    Not those in between, which have no place of their own on the stack: functions that it is
    inlined into, and functions that have ended by a jump to the next one.
    """
    frames = thread.frames()
    innermost = next(frames, None)
    if innermost is None:
        raise TraceeGone("unwinding", thread.tid, ESRCH)
    for frame in frames:
        if not frame.is_inlined and (innermost.cfa is None or frame.cfa != innermost.cfa):
            return innermost, frame
    return innermost, None


class InstructionStep(Plan):
    """One instruction; ``over`` a call, all that is called."""

    def __init__(self, thread: Thread, *, over: bool = False) -> None:
        super().__init__(thread)
        self._over = over
        self._before = self._sp = 0

    def begin(self) -> None:
        """Remember where it was, to know a call by what it leaves on the stack."""
        if self._over:
            registers = self.thread.registers
            self._before, self._sp = registers.pc, registers.sp

    def stepped(self, pc: int) -> reasons.DebugStop | None:
        """Stop, unless it was a call."""
        if self._over and self._called(pc):
            self.run_to(self.return_address(), self.thread.registers.sp)
            return None
        return self.done()

    def _called(self, pc: int) -> bool:
        word = self.thread.process.machine.word_size
        if self.thread.registers.sp != self._sp - word:
            return False
        back = self.return_address()
        return self._before < back <= self._before + _LONGEST_CALL and pc != back

    def back(self, pc: int) -> reasons.DebugStop | None:
        """The call has returned."""
        return self.done()


class RangeStep(Plan):
    """Instructions, until the program counter is outside of a range."""

    def __init__(self, thread: Thread, start: int, end: int) -> None:
        super().__init__(thread)
        self._range = range(start, end)

    def stepped(self, pc: int) -> reasons.DebugStop | None:
        """Stop outside."""
        return None if pc in self._range else self.done()


class LineStep(Plan):
    """To the beginning of another line: of the function, its caller, or a callee (not ``over``)."""

    def __init__(self, thread: Thread, *, over: bool) -> None:
        super().__init__(thread)
        self._over = over
        self._range = range(0)
        self._line: tuple[str, int] | None = None
        self._left = _MOST_INSTRUCTIONS
        self._pc = self._sp = self._frame_sp = 0
        self._delivers = False

    def begin(self) -> None:
        """Find the line that it is in; without lines, the whole function is stepped over."""
        self._delivers = bool(self.thread.pending_signal)
        registers = self.thread.registers
        self._pc, self._sp = registers.pc, registers.sp
        self._frame_sp = self._cfa()
        block = self.thread.process.symbols.line_block(self._pc)
        if block is None:
            self._leave_function()
        else:
            self._range = range(block[0], block[1])
            self._line = block[2], block[3]

    def _cfa(self) -> int:
        frame = self.thread.frame
        return frame.cfa or self._sp

    def _leave_function(self) -> None:
        """There are no lines here: run to the caller."""
        _, caller = innermost_and_caller(self.thread)
        if caller is None:
            raise UsageError("the function has no line information, and no caller to return to")
        self.run_to(caller.pc, self._sp)

    def stepped(self, pc: int) -> reasons.DebugStop | None:
        """Step on in the line, over or into calls, and to the beginning of another line."""
        self._left, self._delivers = self._left - 1, False
        registers = self.thread.registers
        before, sp_before = self._pc, self._sp
        self._pc, self._sp = pc, registers.sp
        if pc in self._range and self._sp <= self._frame_sp:
            return None
        word = self.thread.process.machine.word_size
        if self._sp == sp_before - word and before < (back := self.return_address()) <= (
            before + _LONGEST_CALL
        ):
            return self._called(pc, back)
        return self._elsewhere(pc)

    def entered_handler(self, pc: int) -> reasons.DebugStop | None:
        """Step into the handler of the signal that the thread had stopped for, if it has lines.

        Others are let run: the line goes on where it was interrupted.
        """
        delivers, self._delivers = self._delivers, False
        if delivers and self.thread.process.symbols.line_block(pc) is not None:
            return self.done()
        self.run_to(self._pc, self._sp - 1)
        return None

    def _called(self, pc: int, back: int) -> reasons.DebugStop | None:
        if not self._over:
            target = self._callee(pc)
            if target is not None and target != pc:
                self.run_to(target, 0)
                return None
            if target is not None:
                return self.done()
        self.run_to(back, self.thread.registers.sp)
        return None

    def _callee(self, pc: int) -> int | None:
        """Where to stop in a function that was called; None if it has no lines."""
        symbols = self.thread.process.symbols
        if symbols.line_block(pc) is None:
            name = symbols.describe(pc).symbol or ""
            target = symbols.symbol(name.removesuffix("@plt"))
            if target is None or symbols.line_block(target.address) is None:
                return None
            pc = target.address
        return symbols.after_prologue(pc)

    def _elsewhere(self, pc: int) -> reasons.DebugStop | None:
        block = self.thread.process.symbols.line_block(pc)
        if block is None:
            if self._left <= 0:
                return self.done()
            if self._sp > self._frame_sp:
                # Returned to a caller without lines.
                self._begin_again()
            return None
        returned = self._sp >= self._frame_sp
        line: tuple[str, int] | None = (block[2], block[3])
        if pc == block[0] and line != self._line:
            if self.thread.process.symbols.is_statement(pc):
                return self.done()
            if not returned:
                # No statement begins here: it is still the line that it was.
                return None
            # A statement of this line that comes next is a new one.
            line = None
        # The middle of another line, or another part of the same: to its end, then.
        if returned:
            self._frame_sp = self._cfa()
        self._range, self._line = range(block[0], block[1]), line
        return None

    def _begin_again(self) -> None:
        self._frame_sp = self._cfa()
        self._leave_function()

    def reached(self, thread: Thread) -> bool:
        """In a callee the frame is a deeper one."""
        return thread is self.thread and (self._above == 0 or thread.registers.sp > self._above)

    def arrived(self) -> reasons.DebugStop | None:
        """Returned from what was stepped over, or at the first line of a callee."""
        into = self._above == 0
        self.cancel()
        self.stepping = True
        pc, self._sp = self.thread.pc, self.thread.registers.sp
        self._pc = pc
        if into:
            return self.done()
        if pc in self._range:
            return None
        return self._elsewhere(pc)


class Finish(Plan):
    """Until the innermost frame has returned."""

    _function: str | None = None

    def begin(self) -> None:
        """Await it in the caller; UsageError for the outermost frame."""
        innermost, caller = innermost_and_caller(self.thread)
        if caller is None:
            raise UsageError('"finish" not meaningful in the outermost frame')
        self._function = innermost.function
        # The caller's stack pointer is over the place of the return address.
        self.run_to(caller.pc, innermost.sp if innermost.cfa is None else innermost.cfa - 1)

    def stepped(self, pc: int) -> reasons.DebugStop | None:
        """Nothing is stepped here."""
        return None

    def back(self, pc: int) -> reasons.DebugStop | None:
        """It has returned, with its value in the result register."""
        thread = self.thread
        value = thread.registers[thread.process.machine.function_result]
        return reasons.FunctionFinished(thread.process, thread, int(value), self._function)


class Until(Finish):
    """Until a place is reached, or the innermost frame has returned."""

    def __init__(self, thread: Thread, where: int | str) -> None:
        super().__init__(thread)
        self._where = where
        self._places: set[int] = set()

    def begin(self) -> None:
        """Await it at the place, and in the caller if there is one."""
        process = self.thread.process
        if isinstance(self._where, int):
            self._places = {self._where}
        else:
            self._places = {place.address for place in process.symbols.resolve(self._where)}
        if not self._places:
            raise UsageError(f"there is no place {self._where!r}")
        for address in self._places:
            process.space.insert(process.raw_memory, address, self)
        self.stepping = False
        try:
            super().begin()
        except UsageError:
            # The outermost frame doesn't return.
            return

    def reached(self, thread: Thread) -> bool:
        """At the place in any frame, or back in the caller."""
        if thread is self.thread and thread.pc in self._places:
            return True
        return super().reached(thread)

    def cancel(self) -> None:
        """Take out what was inserted for it."""
        process = self.thread.process
        places, self._places = self._places, set()
        for address in places:
            if process.alive:
                process.space.remove(process.raw_memory, address, self)
        super().cancel()

    def back(self, pc: int) -> reasons.DebugStop | None:
        """Either way it is done."""
        return self.done()
