"""ptrace(2) as a module: one function per operation, named as the manual names it.

All operations on a tracee must come from the OS thread that attached to it; the kernel
answers ESRCH to any other (``WrongThread`` says so).
"""

from __future__ import annotations

from seize.ptrace.control import (
    attach,
    cont,
    detach,
    geteventmsg,
    interrupt,
    kill,
    listen,
    peekdata,
    peektext,
    peekuser,
    pokedata,
    poketext,
    pokeuser,
    seize,
    setoptions,
    singleblock,
    singlestep,
    syscall,
    sysemu,
    sysemu_singlestep,
    traceme,
)
from seize.ptrace.fast import eventmsg_reader, resumer, syscall_info_reader
from seize.ptrace.registers import getregs, getregset, setregs, setregset

__all__ = [
    "attach",
    "cont",
    "detach",
    "eventmsg_reader",
    "geteventmsg",
    "getregs",
    "getregset",
    "interrupt",
    "kill",
    "listen",
    "peekdata",
    "peektext",
    "peekuser",
    "pokedata",
    "poketext",
    "pokeuser",
    "resumer",
    "seize",
    "setoptions",
    "setregs",
    "setregset",
    "singleblock",
    "singlestep",
    "syscall",
    "syscall_info_reader",
    "sysemu",
    "sysemu_singlestep",
    "traceme",
]
