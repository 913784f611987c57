"""lldb's own packets about the machine, the process and its files.

They are described in lldb's documents, "GDB Remote Protocol Extensions".
"""

from __future__ import annotations

import os

from seize import arch
from seize.gdbserver import lldb_host, lldb_modules, lldb_registers
from seize.gdbserver.description import describe
from seize.gdbserver.fields import Fields, Refused, path, text_hexed
from seize.gdbserver.lldb_text import as_json, from_json, pairs
from seize.gdbserver.table import OK, packet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.gdbserver.session import Session

_MOST_MODULES = 4096
_DEBUG_REGISTERS = 4


@packet("QThreadSuffixSupported")
def thread_suffix(session: Session, fields: Fields) -> bytes | None:
    """``QThreadSuffixSupported``: packets about registers will name their thread."""
    fields.end()
    session.thread_suffix = True
    return OK


@packet("QListThreadsInStopReply")
def list_threads(session: Session, fields: Fields) -> bytes | None:
    """``QListThreadsInStopReply``: stop replies are to tell of all threads."""
    fields.end()
    session.list_threads = True
    return OK


@packet("QEnableErrorStrings")
def error_texts(session: Session, fields: Fields) -> bytes | None:
    """``QEnableErrorStrings``: errors are to say in words what is wrong."""
    fields.end()
    session.error_texts = True
    return OK


@packet("qHostInfo")
def host_info(session: Session, fields: Fields) -> bytes | None:
    """``qHostInfo``: what machine is this?"""
    fields.end()
    machine = arch.native()
    return lldb_host.host_info(machine.name, machine.word_size)


@packet("qProcessInfo")
def process_info(session: Session, fields: Fields) -> bytes | None:
    """``qProcessInfo``: which process is debugged?"""
    fields.end()
    process = session.process()
    return lldb_host.process_info(process.pid, process.machine.name, process.machine.word_size)


@packet("qGDBServerVersion")
def server_version(session: Session, fields: Fields) -> bytes | None:
    """``qGDBServerVersion``: who are we?"""
    fields.end()
    return pairs([("name", "seize"), ("version", session.server.settings.version)])


@packet("qGetWorkingDir")
def working_directory(session: Session, fields: Fields) -> bytes | None:
    """``qGetWorkingDir``: in which folder do programs start?"""
    fields.end()
    return text_hexed(session.server.program.cwd or os.getcwd())


@packet("qEcho")
def echo(session: Session, fields: Fields) -> bytes | None:
    """``qEcho:text``: say it again; lldb finds its place in the dialogue by that."""
    fields.expect(b":")
    return b"qEcho:" + fields.all()


@packet("qWatchpointSupportInfo")
def watchpoints(session: Session, fields: Fields) -> bytes | None:
    """``qWatchpointSupportInfo:``: how many watchpoints can there be?"""
    fields.skip(b":")
    fields.end()
    return b"num:%d;" % _DEBUG_REGISTERS


@packet("qSupportsDetachAndStayStopped")
def can_stay_stopped(session: Session, fields: Fields) -> bytes | None:
    """``qSupportsDetachAndStayStopped:``: is D1 known?"""
    fields.skip(b":")
    fields.end()
    return OK


@packet("QSyncThreadState")
def sync_thread_state(session: Session, fields: Fields) -> bytes | None:
    """``QSyncThreadState:tid;``: registers are always the thread's own here."""
    fields.expect(b":")
    session.thread(fields.thread_id())
    return OK


@packet("qMemoryRegionInfo")
def region_info(session: Session, fields: Fields) -> bytes | None:
    """``qMemoryRegionInfo:addr``: what is mapped there?"""
    fields.expect(b":")
    address = fields.number()
    fields.end()
    return lldb_host.region_info(session.process().maps(), address)


@packet("qFileLoadAddress")
def load_address(session: Session, fields: Fields) -> bytes | None:
    """``qFileLoadAddress:hex``: where is this file mapped?"""
    fields.expect(b":")
    name = path(fields.hexadecimal())
    address = lldb_host.load_address(session.process().maps(), name)
    if address is None:
        raise Refused(f"{name} isn't mapped")
    return b"%016x" % address


@packet("qShlibInfoAddr")
def libraries_address(session: Session, fields: Fields) -> bytes | None:
    """``qShlibInfoAddr``: where does the program keep the address of ``r_debug``?"""
    fields.end()
    process = session.process()
    slot = lldb_modules.debug_slot(process.auxv(), process.memory.read, process.machine.word_size)
    if slot is None:
        raise Refused("the program has no DT_DEBUG")
    return b"%016x" % slot


@packet("qModuleInfo")
def module_info(session: Session, fields: Fields) -> bytes | None:
    """``qModuleInfo:path;triple``, both in hexadecimal: what file is this?"""
    fields.expect(b":")
    name = path(fields.hexadecimal(b";"))
    module = lldb_modules.read_module(name)
    if module is None:
        raise Refused(f"{name} is no ELF file that can be read")
    return module.answer()


@packet("jModulesInfo")
def modules_info(session: Session, fields: Fields) -> bytes | None:
    """``jModulesInfo:[{"file":…,"triple":…},…]``: the same of many; unknown ones are left out."""
    fields.expect(b":")
    wanted = from_json(fields.all())
    if not isinstance(wanted, list) or not all(
        isinstance(each, dict) and "file" in each for each in wanted
    ):
        raise Refused("this is no list of files")
    names = [str(each["file"]) for each in wanted]
    if len(names) > _MOST_MODULES:
        raise Refused("too many files")
    found = (lldb_modules.read_module(name) for name in names)
    return as_json([module.record() for module in found if module is not None])


@packet("qRegisterInfo")
def register_info(session: Session, fields: Fields) -> bytes | None:
    """``qRegisterInfo n``: what is register ``n``?"""
    number = fields.number()
    fields.end()
    thread = session.thread()
    machine = thread.process.machine
    known = lldb_registers.describe(machine, describe(machine, thread.registers).registers)
    if number >= len(known):
        raise Refused(f"there is no register {number}")
    return known[number].answer()
