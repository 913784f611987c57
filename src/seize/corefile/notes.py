"""The notes of a core file: what the kernel writes of a process and of each of its threads."""

from __future__ import annotations

import os
from errno import ENODEV

from seize import _procfs
from seize.arch.xstate import in_intels_layout
from seize.corefile.layout import (
    NT_386_TLS,
    NT_AUXV,
    NT_FILE,
    NT_PRFPREG,
    NT_PRPSINFO,
    NT_PRSTATUS,
    NT_PRXFPREG,
    NT_SIGINFO,
    NT_X86_XSTATE,
    Layout,
    MappedFile,
    Note,
    pack_files,
)
from seize.errors import PtraceError, Unsupported
from seize.ptrace import SigInfo
from seize.ptrace.siginfo32 import to_32_bits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from seize.arch import Arch

    class Subject(Protocol):
        """A process whose threads are all stopped: what a core file is made of.

        ``pid`` is its id, ``machine`` that of its program.
        """

        @property
        def pid(self) -> int:
            """The process id."""

        @property
        def machine(self) -> Arch:
            """The machine of its program."""

        def thread_ids(self) -> tuple[int, ...]:
            """Its threads; a debugger selects the first one when it opens the core."""

        def regset(self, tid: int, note_type: int) -> bytes:
            """The registers of a thread."""

        def siginfo(self, tid: int) -> bytes:
            """The siginfo_t of the signal that stopped a thread; b"" if none did."""

        def read_prefix(self, address: int, size: int) -> bytes:
            """The readable beginning of so many bytes, whatever their protection."""


_STATES = "RSDTtZX"
_UID_32 = 0xFFFF
_NAME, _ARGUMENTS = 16, 80
_SIGINFO_SIZE = 128


def all_notes(subject: Subject, layout: Layout, files: tuple[MappedFile, ...]) -> list[Note]:
    """Make all notes, in the kernel's order: the first thread's, then those of the others."""
    first, *others = subject.thread_ids()
    notes = [
        prstatus(subject, first, layout),
        Note("CORE", NT_PRPSINFO, prpsinfo(subject.pid, first, layout)),
        _siginfo(subject, first),
        Note("CORE", NT_AUXV, _bytes_of(f"/proc/{first}/auxv")),
        Note("CORE", NT_FILE, pack_files(files, layout)),
        *_further_registers(subject, first),
    ]
    for tid in others:
        notes += [prstatus(subject, tid, layout), *_further_registers(subject, tid)]
        notes.append(_siginfo(subject, tid))
    return notes


def _bytes_of(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def _siginfo(subject: Subject, tid: int) -> Note:
    data = subject.siginfo(tid)
    if subject.machine.word_size == 4:
        data = to_32_bits(SigInfo.from_bytes(data))
    return Note("CORE", NT_SIGINFO, data.ljust(_SIGINFO_SIZE, b"\0"))


def prstatus(subject: Subject, tid: int, layout: Layout) -> Note:
    """Make the note with a thread's general registers, its signals and its times."""
    status = _procfs.status(tid)
    stat = _stat(tid)
    info = subject.siginfo(tid)[:12].ljust(12, b"\0")
    signal, errno, code = (int.from_bytes(info[at : at + 4], "little") for at in (0, 4, 8))
    code -= code >> 31 << 32
    mask = (1 << 8 * layout.word_size) - 1
    tick = os.sysconf("SC_CLK_TCK")
    times: list[int] = []
    for ticks in stat[11:15]:  # utime, stime, cutime, cstime
        times += [ticks // tick, ticks % tick * (1_000_000 // tick)]
    data = layout.prstatus.pack(
        signal,
        code,
        errno,
        signal,
        int(status.get("SigPnd", "0"), 16) & mask,
        int(status.get("SigBlk", "0"), 16) & mask,
        tid,
        *stat[1:4],  # parent, process group, session
        *times,
        subject.regset(tid, NT_PRSTATUS),
        1,
    )
    return Note("CORE", NT_PRSTATUS, data)


def _stat(tid: int) -> list[int]:
    """The numbers of /proc/TID/stat from the state on (which is 0 here); 0 where it is gone."""
    fields = _procfs.stat(tid)
    numbers = [0, *(int(field) for field in fields[1:])]
    return numbers + [0] * (20 - len(numbers))


def prpsinfo(pid: int, tid: int, layout: Layout) -> bytes:
    """Make the contents of NT_PRPSINFO: whose core it is."""
    status = _procfs.status(tid)
    stat = _stat(tid)
    letter = status.get("State", "R")[0]
    uid, gid = (int(status.get(name, "0").split()[0]) for name in ("Uid", "Gid"))
    if layout.word_size == 4:
        uid, gid = min(uid, _UID_32), min(gid, _UID_32)
    arguments = _bytes_of(f"/proc/{tid}/cmdline").rstrip(b"\0").replace(b"\0", b" ")
    name = status.get("Name", "").encode("utf-8", "replace")
    return layout.prpsinfo.pack(
        _STATES.find(letter) if letter in _STATES else 0,
        letter.encode(),
        letter == "Z",
        stat[16],
        stat[6],
        uid,
        gid,
        pid,
        *stat[1:4],
        name[: _NAME - 1],
        arguments[: _ARGUMENTS - 1],
    )


def _further_registers(subject: Subject, tid: int) -> list[Note]:
    """The register sets that a thread has beside the general ones."""
    kinds = [("CORE", NT_PRFPREG)]
    if subject.machine.word_size == 4:
        kinds += [("LINUX", NT_PRXFPREG), ("LINUX", NT_386_TLS)]
    kinds.append(("LINUX", NT_X86_XSTATE))
    notes: list[Note] = []
    for owner, kind in kinds:
        try:
            data = subject.regset(tid, kind)
        except Unsupported:
            continue
        except PtraceError as error:
            if error.errno != ENODEV:
                raise
            continue
        # Readers of core files take the places of Intel's processors for granted.
        data = in_intels_layout(data) if kind == NT_X86_XSTATE else data
        notes.append(Note(owner, kind, data))
    return notes
