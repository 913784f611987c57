"""Displaced instructions, executed: in a slot they do what they do in their own place."""

from __future__ import annotations

import random
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from seize import arch, ptrace
from seize.abi._generated import constants as k
from seize.abi._generated import ptrace as pt
from seize.arch import UserRegs
from seize.debug import displaced
from seize.debug.remote import remote_syscall
from seize.debug.scratch import PAGE_SIZE, Scratch
from seize.engine import Tracee, Tracer
from seize.memory import Mapping
from seize.ptrace import SigInfo

Program = Callable[..., str]
iced_x86 = pytest.importorskip("iced_x86")

PREPARED = 16 * PAGE_SIZE
PLACE, DATA, STACK = 3 * PAGE_SIZE, 6 * PAGE_SIZE, 9 * PAGE_SIZE
"""Where in the prepared memory the instruction stands, and what the registers point to."""
FIP = slice(8, 24)
"""Where FXSAVE tells which x87 instruction was the last, and its operand."""

EVERYWHERE = {
    "nop": "90",
    "nopw": "660f1f440000",
    "push %rbx": "53",
    "push imm": "6878563412",
    "pop %rcx": "59",
    "pop (%rcx)": "8f01",
    "pushf": "9c",
    "popf": "9d",
    "leave": "c9",
    "lea 8(%rsp), %esp": "8d642408",
    "add (%rdi), %eax": "0307",
    "lock incl (%rdi)": "f0ff07",
    "lock cmpxchg %ecx, (%rdi)": "f00fb10f",
    "xchg %eax, (%rdi)": "8707",
    "rep movsb": "f3a4",
    "rep stosl": "f3ab",
    "repe cmpsb": "f3a6",
    "movsl": "a5",
    "cpuid": "0fa2",
    "fld1": "d9e8",
    "fstps (%rdi)": "d91f",
    "movaps (%rdi), %xmm1": "0f280f",
    "addps %xmm1, %xmm2": "0f58d1",
    "vaddps %ymm1, %ymm2, %ymm3": "c5ec58d9",
    "div %esi (overflows)": "f7f6",
    "ud2": "0f0b",
    "hlt (privileged)": "f4",
    "mov 8, %eax (faults)": "8b042508000000",
    "int $7 (faults)": "cd07",
    "ret": "c3",
    "ret $16": "c21000",
    "repz ret": "f3c3",
    "jmp short": "eb10",
    "jmp short back": "eb80",
    "jmp near": "e900010000",
    "jmp *%rax": "ffe0",
    "jmp *(%rdi)": "ff27",
    "jmp *8(%rsp)": "ff642408",
    "jmp *8 (faults)": "ff242508000000",
    "call near": "e800010000",
    "call next": "e800000000",
    "call back": "e800ffffff",
    "call *%rax": "ffd0",
    "call *%rsp": "ffd4",
    "call *(%rdi)": "ff17",
    "call *(%rsp)": "ff1424",
    "call *-8(%rsp)": "ff5424f8",
    "call *8(%rsp,%rcx,2)": "ff544c08",
    "call *8 (faults)": "ff142508000000",
    "loop": "e210",
    "loopne back": "e0f0",
    "loope": "e110",
    "jrcxz": "e310",
    "jecxz": "67e310",
    "jo with a hint": "2e7010",
    "enter": "c8100000",
    "int3": "cc",
    "int $3": "cd03",
}
EVERYWHERE |= {f"jcc short {n:x}": f"{0x70 + n:02x}10" for n in range(16)}
EVERYWHERE |= {f"jcc near {n:x}": f"0f{0x80 + n:02x}00010000" for n in range(16)}
ONLY_64 = {
    "endbr64": "f30f1efa",
    "mov 0x1000(%rip), %rax": "488b0500100000",
    "mov %rax, 0x1100(%rip)": "48890500110000",
    "movl $1, 0x1100(%rip)": "c705001100000100" + "0000",
    "lea -16(%rip), %rcx": "488d0df0ffffff",
    "cmpb $7, 0x2000(%rip)": "803d0020000007",
    "call *0x1000(%rip)": "ff1500100000",
    "jmp *0x1000(%rip)": "ff2500100000",
    "push 0x1000(%rip)": "ff3500100000",
    "vmovups 0x1000(%rip), %zmm1": "62f17c48100d00100000",
    "vaddss 0x1000(%rip), %xmm1, %xmm2": "c5f2581500100000",
    "call *%r8": "41ffd0",
    "call *8(%r12)": "41ff542408",
    "call *%fs:0": "64ff142500000000",
    "notrack jmp *%rax": "3effe0",
    "bnd call": "f2e800010000",
    "movabs": "48b8efcdab8967452301",
    "push %fs:0": "64ff342500000000",
    "mov 0x1000(%eip), %rax": "67488b0500100000",
    "syscall-like vmcall": "0f01c1",
}
ONLY_32 = {
    "endbr32": "f30f1efb",
    "inc %eax": "40",
    "pusha": "60",
    "into": "ce",
    "mov 8, %eax": "a108000000",
    "lcall": "9a000000000000",
}
# What depends on time or chance, or whose trap comes one instruction later (mov to ss, pop ss).
_UNFIT = {"RDTSC", "RDTSCP", "RDRAND", "RDSEED", "RDPID", "RDPMC", "XRSTOR", "XRSTOR64", "TPAUSE"}


class Space:
    """The address space of a stopped thread."""

    def __init__(self, tracee: Tracee, machine_name: str) -> None:
        self.tracee = tracee
        self.machine_name = machine_name

    def syscall(self, name: str, *arguments: int) -> int:
        return remote_syscall(self.tracee, name, *arguments)

    def maps(self) -> tuple[Mapping, ...]:
        return self.tracee.memory.maps()


class Machine:
    """A stopped thread, in which one instruction after the other is tried."""

    def __init__(self, tracee: Tracee, bits: int) -> None:
        self.tracee, self.bits = tracee, bits
        self.space = Space(tracee, "x86_64" if bits == 64 else "i386")
        self.scratch = Scratch(self.space)
        data = tracee.ask(ptrace.getregset, pt.NT_PRSTATUS)
        self.arch = arch.by_prstatus_size(len(data))
        self.found = self.arch.user_regs.from_bytes(data)
        self.vectors = tracee.ask(ptrace.getregset, pt.NT_X86_XSTATE)
        protection = k.PROT_READ | k.PROT_WRITE | k.PROT_EXEC
        flags = k.MAP_PRIVATE | k.MAP_ANONYMOUS
        name = "mmap" if bits == 64 else "mmap2"
        self.base = self.space.syscall(name, 0, PREPARED, protection, flags, -1, 0)
        self.place = self.base + PLACE + PAGE_SIZE // 2
        source = random.Random(5)
        self.pattern = bytearray(source.randbytes(PREPARED))
        for at in (DATA, STACK):
            # What is called, jumped to or returned to through memory.
            for offset in range(at - 64, at + 512, self.arch.word_size):
                target = (self.place + 0x300).to_bytes(self.arch.word_size, "little")
                self.pattern[offset : offset + self.arch.word_size] = target

    def start(self, seed: int) -> UserRegs:
        """Registers with a different value each, some of them pointers."""
        source = random.Random(seed)
        registers = self.found.replace(**{self.arch.syscall_number: -1})
        general = ("ax", "bx", "cx", "dx", "si", "di", "bp", "sp")
        word = "r" if self.bits == 64 else "e"
        names = [word + name for name in general]
        if self.bits == 64:
            names += [f"r{number}" for number in range(8, 16)]
        for name in names:
            setattr(registers, name, source.getrandbits(24))
        pointers = {"ax": self.place + 0x300, "di": self.base + DATA, "si": self.base + DATA + 128}
        pointers |= {"sp": self.base + STACK, "bp": self.base + STACK + 64}
        for name, value in pointers.items():
            setattr(registers, word + name, value)
        setattr(registers, word + "cx", source.choice((0, 1, 5)))
        if self.bits == 64:
            registers.r12 = self.base + DATA
        registers.pc = self.place
        registers.eflags = 0x202 | source.choice((0, 0x1, 0x4, 0x40, 0x80, 0x800, 0xC1))
        return registers

    def step(self, registers: UserRegs) -> tuple[UserRegs, SigInfo]:
        """One instruction with these registers."""
        self.tracee.ask(ptrace.setregset, pt.NT_PRSTATUS, registers.to_bytes())
        self.tracee.tracer.run_alone(self.tracee, pt.PTRACE_SINGLESTEP)
        data = self.tracee.ask(ptrace.getregset, pt.NT_PRSTATUS)
        return self.arch.user_regs.from_bytes(data), self.tracee.siginfo()

    def prepare(self, code: bytes) -> None:
        """Write the memory and the vector registers that each try begins with."""
        self.tracee.memory.write(self.base, bytes(self.pattern))
        self.tracee.memory.write(self.place, code)
        self.tracee.ask(ptrace.setregset, pt.NT_X86_XSTATE, self.vectors)

    def after(self) -> tuple[bytes, bytes]:
        vectors = bytearray(self.tracee.ask(ptrace.getregset, pt.NT_X86_XSTATE))
        vectors[FIP] = bytes(FIP.stop - FIP.start)
        vectors[512:576] = bytes(64)
        return self.tracee.memory.read(self.base, PREPARED), bytes(vectors)

    def compare(self, name: str, code: bytes, seed: int) -> str:
        """Execute it in both places; return the kind of displacement."""
        plan = displaced.plan(code[:16], self.place, bits=self.bits)
        if plan.kind in ("step", "syscall"):
            return plan.kind
        self.prepare(code)
        natively, info = self.step(self.start(seed))
        expected = self.after()
        slot = self.scratch.allocate(plan.reach)
        assert slot is not None
        self.tracee.memory.write(slot, plan.place(slot), force=True)
        self.prepare(code)
        registers = self.start(seed)
        registers.pc = slot
        while True:
            registers, moved_info = self.step(registers)
            if registers.pc not in range(slot, slot + displaced.SLOT_SIZE):
                break
            logical = plan.logical_pc(slot, registers.pc)
            if logical is not None:
                registers.pc = logical
                break
            if moved_info.signo != signal.SIGTRAP:
                registers.sp += plan.pushed(slot, registers.pc)
                registers.pc = self.place
                break
        self.scratch.free(slot)
        assert registers == natively, name
        memory, vectors = self.after()
        if "call" in name:
            # The two words that a call may leave below the stack.
            top = natively.sp - self.base
            low = top - 2 * self.arch.word_size
            memory = memory[:low] + expected[0][low:top] + memory[top:]
        assert (memory, vectors) == expected, name
        addr = natively.pc if moved_info.addr in range(slot, slot + 64) else moved_info.addr
        assert (moved_info.signo, moved_info.code) == (info.signo, info.code), name
        if info.signo != signal.SIGTRAP:
            assert addr == info.addr, name
        return plan.kind


def mappings(tracee: Tracee) -> list[Mapping]:
    """All but the stack, which grows when any instruction refers to what is below it."""
    return [each for each in tracee.memory.maps() if each.path != "[stack]"]


@contextmanager
def machine(path: str, bits: int) -> Iterator[Machine]:
    process = subprocess.Popen([path, "read"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        with Tracer(syscalls=False) as tracer:
            tracer.attach(process.pid)
            stop = tracer.next()
            assert stop is not None
            maps = mappings(stop.tracee)
            tried = Machine(stop.tracee, bits)
            yield tried
            tried.scratch.release_all()
            remote_syscall(stop.tracee, "munmap", tried.base, PREPARED)
            assert mappings(stop.tracee) == maps
            process.kill()
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("bits", [64, 32])
def test_every_kind_of_instruction(program: Program, bits: int) -> None:
    cases = EVERYWHERE | (ONLY_64 if bits == 64 else ONLY_32)
    kinds: dict[str, set[str]] = {}
    with machine(program("remote", bits=bits), bits) as tried:
        for name, text in cases.items():
            for seed in range(4):
                kind = tried.compare(name, bytes.fromhex(text), seed)
                kinds.setdefault(kind, set()).add(name)
    assert kinds["trap"] == {"int3", "int $3"}
    only = "lcall" if bits == 32 else "mov 0x1000(%eip), %rax"
    assert kinds["step"] == {"enter", only} | {"syscall-like vmcall"} & set(cases)


@pytest.mark.parametrize("bits", [64, 32])
def test_any_instruction(program: Program, bits: int) -> None:
    source = random.Random(bits)
    kinds: Counter[str] = Counter()
    unfit = {getattr(iced_x86.Mnemonic, name) for name in _UNFIT}
    with machine(program("remote", bits=bits), bits) as tried:
        while kinds["moved"] < 1000:
            code = source.randbytes(16)
            found = iced_x86.Decoder(bits, code).decode()
            if found.mnemonic in unfit or found.op0_register == iced_x86.Register.SS:
                continue
            if found.segment_prefix in (iced_x86.Register.FS, iced_x86.Register.GS):
                # It may change memory that isn't prepared again.
                continue
            kinds[tried.compare(f"{code.hex()} {found}", code, source.getrandbits(8))] += 1
    assert kinds["step"] > 0
