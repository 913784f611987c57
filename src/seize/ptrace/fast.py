"""Closures for the tracer's hot path: the same operations, with nothing left to prepare.

Each closure owns its buffer and its arguments, already converted, so that a call is one
foreign function call and at most one unpacking.  A closure is not reentrant: make one per OS
thread (ptrace wants all operations on a tracee to come from the thread that attached anyway).
"""

from __future__ import annotations

import ctypes
from struct import Struct

from seize.abi._generated import ptrace as op
from seize.ptrace import _call
from seize.ptrace.control import restart_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# op, arch, instruction_pointer, stack_pointer, then seven words of the union and ret_data.
SYSCALL_INFO = Struct("=B3xI9QI4x")


def _bare_ptrace() -> ctypes._NamedFuncPointer:
    # A second object for the same function, without argtypes: arguments that are ctypes objects
    # already skip the conversion (and a plain int goes as a C int, right for tids and signals).
    function = ctypes.PyDLL(None, use_errno=True).ptrace
    function.restype = ctypes.c_long
    return function


def syscall_info_reader() -> Callable[[int], tuple[int, ...]]:
    """Make a function ``read(tid)`` that performs PTRACE_GET_SYSCALL_INFO.

    It returns ``(op, arch, instruction_pointer, stack_pointer, word0, ..., word6, ret_data)``,
    unsigned.  At PTRACE_SYSCALL_INFO_ENTRY and _SECCOMP the words are nr and the six arguments
    (ret_data only belongs to _SECCOMP); at PTRACE_SYSCALL_INFO_EXIT word0 is rval (two's
    complement) and the low byte of word1 is is_error; words beyond are left over from earlier
    calls.
    """
    ptrace = _bare_ptrace()
    buffer = ctypes.create_string_buffer(SYSCALL_INFO.size)
    operation = ctypes.c_long(op.PTRACE_GET_SYSCALL_INFO)
    size = ctypes.c_void_p(SYSCALL_INFO.size)
    pointer = ctypes.c_void_p(ctypes.addressof(buffer))
    unpack = SYSCALL_INFO.unpack

    def read(tid: int) -> tuple[int, ...]:
        if ptrace(operation, tid, size, pointer) < 0:
            raise _call.error(op.PTRACE_GET_SYSCALL_INFO, tid)
        return unpack(buffer)

    return read


def resumer(operation: int) -> Callable[[int, int], None]:
    """Make a function ``resume(tid, signal)`` that performs one restarting operation.

    ``operation`` is PTRACE_CONT, PTRACE_SYSCALL, PTRACE_LISTEN, PTRACE_DETACH, PTRACE_SYSEMU,
    PTRACE_SINGLESTEP ...; the errors are those of ``cont``.
    """
    ptrace = _bare_ptrace()
    number = ctypes.c_long(operation)
    nothing = ctypes.c_void_p(0)

    def resume(tid: int, signal: int) -> None:
        if ptrace(number, tid, nothing, signal) < 0:
            raise restart_error(operation, tid, signal)

    return resume


def eventmsg_reader() -> Callable[[int], int]:
    """Make a function ``read(tid)`` that performs PTRACE_GETEVENTMSG."""
    ptrace = _bare_ptrace()
    word = ctypes.c_ulong()
    operation = ctypes.c_long(op.PTRACE_GETEVENTMSG)
    nothing = ctypes.c_void_p(0)
    pointer = ctypes.c_void_p(ctypes.addressof(word))

    def read(tid: int) -> int:
        if ptrace(operation, tid, nothing, pointer) < 0:
            raise _call.error(op.PTRACE_GETEVENTMSG, tid)
        return word.value

    return read


def regset_reader(size: int = 16384) -> Callable[[int, int], bytes]:
    """Make a function ``read(tid, note_type)`` that performs PTRACE_GETREGSET.

    ``size`` is that of the buffer kept at hand, in bytes; a larger register set gets another.
    The errors are those of ``getregset``.
    """
    from seize.ptrace.registers import getregset

    ptrace = _bare_ptrace()
    buffer: Any = (ctypes.c_char * size)()
    iovec = (ctypes.c_size_t * 2)(ctypes.addressof(buffer), size)
    operation = ctypes.c_long(op.PTRACE_GETREGSET)
    pointer = ctypes.c_void_p(ctypes.addressof(iovec))

    def read(tid: int, note_type: int) -> bytes:
        iovec[1] = size
        if ptrace(operation, tid, note_type, pointer) < 0 or iovec[1] == size:
            # Again, by the one that knows what the errors mean.
            return getregset(tid, note_type, 2 * size)
        data: bytes = buffer[: iovec[1]]
        return data

    return read


def regset_writer(size: int = 16384) -> Callable[[int, int, bytes], None]:
    """Make a function ``write(tid, note_type, data)`` that performs PTRACE_SETREGSET.

    ``size`` is that of the buffer kept at hand, in bytes; larger data get another.  The errors
    are those of ``setregset``.
    """
    from seize.ptrace.registers import setregset

    ptrace = _bare_ptrace()
    buffer: Any = (ctypes.c_char * size)()
    iovec = (ctypes.c_size_t * 2)(ctypes.addressof(buffer), size)
    operation = ctypes.c_long(op.PTRACE_SETREGSET)
    pointer = ctypes.c_void_p(ctypes.addressof(iovec))

    def write(tid: int, note_type: int, data: bytes) -> None:
        length = iovec[1] = len(data)
        if length <= size:
            buffer[:length] = data
            if ptrace(operation, tid, note_type, pointer) == 0:
                return
        # Again, by the one that knows what the errors mean.
        setregset(tid, note_type, data)

    return write


def general_reader(size: int) -> Callable[[int], bytearray]:
    """Make a function ``read(tid)`` that performs PTRACE_GETREGS into a new buffer of ``size``."""
    ptrace = _bare_ptrace()
    buffer = (ctypes.c_char * size)()
    operation = ctypes.c_long(op.PTRACE_GETREGS)
    nothing = ctypes.c_void_p(0)
    pointer = ctypes.c_void_p(ctypes.addressof(buffer))

    def read(tid: int) -> bytearray:
        if ptrace(operation, tid, nothing, pointer) < 0:
            raise _call.error(op.PTRACE_GETREGS, tid)
        return bytearray(buffer)

    return read


def trap_code_reader() -> Callable[[int], int]:
    """Make a function ``read(tid)`` that gives the ``si_code`` that PTRACE_GETSIGINFO tells."""
    ptrace = _bare_ptrace()
    info = (ctypes.c_int * 32)()
    operation = ctypes.c_long(op.PTRACE_GETSIGINFO)
    nothing = ctypes.c_void_p(0)
    pointer = ctypes.c_void_p(ctypes.addressof(info))

    def read(tid: int) -> int:
        if ptrace(operation, tid, nothing, pointer) < 0:
            raise _call.error(op.PTRACE_GETSIGINFO, tid)
        return info[2]

    return read


def user_word_reader(offset: int) -> Callable[[int], int]:
    """Make a function ``read(tid)`` that performs PTRACE_PEEKUSER of one word, unsigned."""
    ptrace = _bare_ptrace()
    operation = ctypes.c_long(op.PTRACE_PEEKUSER)
    place = ctypes.c_void_p(offset)
    nothing = ctypes.c_void_p(0)

    def read(tid: int) -> int:
        word: int = ptrace(operation, tid, place, nothing)
        if word == -1:
            # The C library returns the word itself, so this is an error or not: errno tells.
            return _call.peek(op.PTRACE_PEEKUSER, tid, offset)
        return word & _call.WORD_MASK

    return read


def user_word_writer(offset: int) -> Callable[[int, int], None]:
    """Make a function ``write(tid, word)`` that performs PTRACE_POKEUSER of one word."""
    ptrace = _bare_ptrace()
    operation = ctypes.c_long(op.PTRACE_POKEUSER)
    place = ctypes.c_void_p(offset)
    void = ctypes.c_void_p

    def write(tid: int, word: int) -> None:
        if ptrace(operation, tid, place, void(word)) < 0:
            raise _call.error(op.PTRACE_POKEUSER, tid)

    return write
