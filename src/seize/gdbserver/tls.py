"""Thread-local storage, without libthread_db: the C library describes itself.

glibc has variables for debuggers, ``_thread_db_STRUCT_MEMBER``: three numbers of 32 bits, the
size of a member in bits, how many there are, and its offset.  With these one finds a module's
number in its link_map, the thread's vector (the DTV), and in that the module's block.
"""

from __future__ import annotations

from struct import Struct

from seize._frozen import frozen
from seize.gdbserver.fields import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.debug.process import Process
    from seize.debug.thread import Thread

_MEMBER = Struct("<3I")
_NT_386_TLS = 0x200
_DESCRIPTOR = Struct("<4I")
"""struct user_desc of <asm/ldt.h>: an entry's number, base, limit and flags."""
_NOT_ALLOCATED = (0, (1 << 64) - 1, (1 << 32) - 1)


@frozen
class Member:
    """A member of one of the C library's structs: where it is, and its size in bytes."""

    offset: int
    size: int


def _member(process: Process, name: str) -> Member:
    symbol = process.symbols.symbol(f"_thread_db_{name}")
    if symbol is None:
        raise Refused("the C library says nothing of thread-local storage")
    bits, _, offset = _MEMBER.unpack(process.memory.read(symbol.address, _MEMBER.size))
    return Member(offset, bits // 8)


def _number(process: Process, address: int, member: Member) -> int:
    return int.from_bytes(process.memory.read(address + member.offset, member.size), "little")


def address_of(thread: Thread, link_map: int, offset: int) -> int:
    """Give where ``thread`` has what is ``offset`` bytes into the block of a module.

    ``link_map`` is the address of the module's link_map.  Refused where the thread has no such
    block (yet), or the C library doesn't say.
    """
    process = thread.process
    pointer = thread_pointer(thread)
    # A program that is linked statically is in no list, and is the first module.
    module = 1
    if link_map:
        module = _number(process, link_map, _member(process, "link_map_l_tls_modid"))
    if not module:
        raise Refused("the module has no thread-local storage")
    vector = _number(process, pointer, _member(process, "pthread_dtvp"))
    slots = _member(process, "dtv_dtv")
    value = _member(process, "dtv_t_pointer_val")
    entry = vector + slots.offset + module * slots.size
    block = _number(process, entry, value)
    if block in _NOT_ALLOCATED:
        raise Refused("the thread has no such variable yet")
    return block + offset


def thread_pointer(thread: Thread) -> int:
    """Give the address of a thread's struct pthread, as pthread_self(3) does."""
    if thread.process.machine.word_size == 8:
        return int(thread.registers.fs_base)
    # On i386 the segment gs has its base: an entry of the thread's own in the GDT.
    entry = int(thread.registers.xgs) >> 3
    for number, base, _, _ in _DESCRIPTOR.iter_unpack(thread.regset(_NT_386_TLS)):
        if number == entry:
            return int(base)
    raise Refused("the thread has no thread-local storage")
