"""Outputs that no parity program can show: what strace itself takes, or a machine seldom has."""

from __future__ import annotations

import struct

import pytest

from seize.abi.layouts import layout
from seize.decode import Decoder
from seize.decode.kinds.base import Scope, UnknownKind
from seize.decode.render.strace import StraceText
from seize.decode.shapes import shape
from seize.decode.values import LazyStruct, Struct
from tests.unit.decode_support import FakeMemory, enter, line, words

PAGE, OTHER = 0x10000, 0x20000
PEEKUSER, GETREGS, GETREGSET, SYSCALL_INFO = 3, 12, 0x4204, 0x420E
NT_PRSTATUS = 1
PID = 77


def ptrace(
    request: int,
    address: int,
    rval: int = 0,
    memory: dict[int, bytes] | None = None,
    after: dict[int, bytes] | None = None,
) -> str:
    return line("ptrace", request, PID, address, PAGE, rval=rval, memory=memory, after=after)


def test_ptrace_shows_the_word_that_was_read() -> None:
    text = ptrace(PEEKUSER, 128, after={PAGE: words(0x1234)})
    assert text == f"ptrace(PTRACE_PEEKUSER, {PID}, 8*RIP, [0x1234]) = 0"
    failed = ptrace(PEEKUSER, 0x10001, rval=-5, after={PAGE: words(0x1234)})
    assert failed == (
        f"ptrace(PTRACE_PEEKUSER, {PID}, 0x10001, 0x10000) = -1 EIO (Input/output error)"
    )


@pytest.mark.parametrize(
    ("offset", "text"),
    [
        (4, "8*R15+4"),
        (224, "offsetof(struct user, i387)"),
        (856, "offsetof(struct user, u_debugreg)+8"),
        (928, "sizeof(struct user)"),
    ],
)
def test_places_in_the_user_area(offset: int, text: str) -> None:
    assert ptrace(PEEKUSER, offset, rval=-3).startswith(f"ptrace(PTRACE_PEEKUSER, {PID}, {text},")


def test_ptrace_shows_registers_in_hex() -> None:
    text = ptrace(GETREGS, 0, after={PAGE: words(*range(27))})
    assert text.startswith(f"ptrace(PTRACE_GETREGS, {PID}, {{r15=0, r14=0x1, r13=0x2,")
    assert text.endswith("fs=0x19, gs=0x1a}) = 0")


def test_a_set_of_registers_is_as_long_as_the_kernel_made_it() -> None:
    before = {PAGE: words(OTHER, 400)}
    after = {PAGE: words(OTHER, 24), OTHER: words(7, 8, 9)}
    text = ptrace(GETREGSET, NT_PRSTATUS, memory=before, after=after)
    assert text == (
        f"ptrace(PTRACE_GETREGSET, {PID}, NT_PRSTATUS, "
        "{iov_base={r15=0x7, r14=0x8, r13=0x9}, iov_len=400 => 24}) = 0"
    )


INFO = struct.pack("<BBHIQQ", 1, 0, 0, 0xC000003E, 0x401000, 0x7FFC0000)
INFOS = {
    8: "{op=PTRACE_SYSCALL_INFO_ENTRY, arch=AUDIT_ARCH_X86_64}",
    24: "{op=PTRACE_SYSCALL_INFO_ENTRY, arch=AUDIT_ARCH_X86_64, instruction_pointer=0x401000, "
    "stack_pointer=0x7ffc0000}",
    80: "{op=PTRACE_SYSCALL_INFO_ENTRY, arch=AUDIT_ARCH_X86_64, instruction_pointer=0x401000, "
    "stack_pointer=0x7ffc0000, entry={nr=__NR_openat, args=[0x1, 0x2, 0x3, 0x4, 0x5, 0x6]}}",
}


@pytest.mark.parametrize("size", INFOS)
def test_what_a_syscall_stop_tells(size: int) -> None:
    data = INFO + words(257, 1, 2, 3, 4, 5, 6)
    text = ptrace(SYSCALL_INFO, size, rval=80, after={PAGE: data})
    assert text == f"ptrace(PTRACE_GET_SYSCALL_INFO, {PID}, {size}, {INFOS[size]}) = 80"


def test_the_exit_of_a_failed_call() -> None:
    data = b"\x02" + INFO[1:] + struct.pack("<qB", -2, 1)
    text = ptrace(SYSCALL_INFO, 33, rval=33, after={PAGE: data})
    assert ", exit={rval=-ENOENT, is_error=1}}" in text


def test_a_map_s_next_id_comes_back() -> None:
    before, after = struct.pack("<3I", 5, 0, 0), struct.pack("<3I", 5, 6, 0)
    text = line("bpf", 12, PAGE, 12, memory={PAGE: before}, after={PAGE: after})
    assert text == ("bpf(BPF_MAP_GET_NEXT_ID, {start_id=5, next_id=0 => 6, open_flags=0}, 12) = 0")


def test_information_on_a_bpf_object_is_of_its_kind() -> None:
    """An object's lengths are what there is room for at first, then what there was."""
    attributes = struct.pack("<IIQ", 9, 40, OTHER)
    asked = struct.pack("<II8xII", 0, 0, 100, 0).ljust(40, b"\0")
    told = struct.pack("<II8sII", 1, 5, b"12345678", 23, 16).ljust(40, b"\0")
    memory = FakeMemory({PAGE: attributes, OTHER: asked})
    decoder = Decoder(verbose=True, anonymous_inode=lambda tid, fd: "bpf-prog")
    call = enter(decoder, memory, "bpf", 15, PAGE, 16)
    memory.pieces[OTHER] = told
    decoder.exit(call, 0, False, memory)
    assert StraceText(verbose=True).exit(call) == (
        "{info={bpf_fd=9, info_len=40, info={type=BPF_PROG_TYPE_SOCKET_FILTER, id=5, "
        'tag="\\x31\\x32\\x33\\x34\\x35\\x36\\x37\\x38", jited_prog_len=100 => 23, '
        "jited_prog_insns=NULL, xlated_prog_len=0 => 16, xlated_prog_insns=NULL}}}, 16)"
    )
    unknown = enter(Decoder(verbose=True), memory, "bpf", 15, PAGE, 16)
    assert "info=0x20000}" in str(unknown)


def test_statmount_has_strings_behind_the_struct() -> None:
    found = layout("x86_64", "statmount")
    assert found is not None
    offsets = {field[0]: field[1] for field in found[1]}
    data = bytearray(found[0])
    struct.pack_into("<I", data, 0, 530)
    struct.pack_into("<Q", data, offsets["mask"], 0x30)
    struct.pack_into("<I", data, offsets["mnt_point"], 6)
    data += b"tmpfs\0/mnt\0"
    memory = {OTHER: struct.pack("<IIQQ", 24, 0, 99, 0x30)}
    after = {**memory, PAGE: bytes(data)}
    text = line("statmount", OTHER, PAGE, 600, 0, memory=memory, after=after)
    assert text == (
        "statmount({size=MNT_ID_REQ_SIZE_VER0, mnt_id=0x63, "
        "param=STATMOUNT_MNT_POINT|STATMOUNT_FS_TYPE}, {size=530, "
        'mask=STATMOUNT_MNT_POINT|STATMOUNT_FS_TYPE, fs_type="tmpfs", mnt_point="/mnt"}, '
        "600, 0) = 0"
    )


def test_an_entry_of_a_submission_queue_is_read_by_its_operation() -> None:
    decoder = Decoder()
    entry = shape(Scope("x86_64", decoder), "io_uring_sqe")
    path = {PAGE: b"/etc/x\0"}
    call = enter(decoder, FakeMemory(path), "getpid")
    data = struct.pack("<BBHiQQIIQ", 18, 0, 0, -100, 0, PAGE, 0o644, 0o101, 5).ljust(64, b"\0")
    assert StraceText().value(entry.value(call, data)) == (
        '{opcode=IORING_OP_OPENAT, flags=0, fd=AT_FDCWD, addr="/etc/x", len=0644, '
        "open_flags=O_WRONLY|O_CREAT, user_data=0x5}"
    )


def test_bit_fields_are_numbers() -> None:
    insn = shape(Scope("x86_64", Decoder()), "bpf_insn")
    value = insn.value(None, bytes([0xB7, 0xA3, 0xFF, 0xFF, 1, 0, 0, 0]))
    assert isinstance(value, LazyStruct)
    assert (int(value.dst_reg), int(value.src_reg), value.off) == (3, 10, -1)


def test_fields_beyond_the_given_size_aren_t_there() -> None:
    decoder = Decoder()
    rules = shape(Scope("x86_64", decoder), "landlock_ruleset_attr")
    call = enter(decoder, FakeMemory(), "getpid")
    short = rules.value(call, bytes(rules.size), 8)
    longer = rules.value(call, bytes(rules.size), 24)
    assert isinstance(short, Struct)
    assert isinstance(longer, Struct)
    assert short.names == ("handled_access_fs",)
    assert longer.names == ("handled_access_fs", "handled_access_net", "scoped")


def test_a_struct_that_isn_t_known_is_an_error() -> None:
    with pytest.raises(UnknownKind, match="unknown struct 'nothing'"):
        shape(Scope("x86_64", Decoder()), "nothing")


def test_lsm_contexts_have_lengths_of_their_own() -> None:
    one = words(104, 0, 40, 5) + b"unco\0\0\0\0"
    two = words(105, 0, 37, 5) + b"yama\0"
    memory = {PAGE: one + two, OTHER: struct.pack("<I", 77)}
    text = line("lsm_get_self_attr", 100, PAGE, OTHER, 0, rval=2, memory=memory, after=memory)
    assert text == (
        "lsm_get_self_attr(LSM_ATTR_CURRENT, "
        '[{id=LSM_ID_APPARMOR, flags=0, len=40, ctx_len=5, ctx="unco\\0"}, '
        '{id=LSM_ID_YAMA, flags=0, len=37, ctx_len=5, ctx="yama\\0"}], [77], 0) = 2'
    )
