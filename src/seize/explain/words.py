"""Kinds in words: what an argument, a field or a result is, for people."""

from __future__ import annotations

from seize.decode import shapes, tables
from seize.decode.kinds import MODULES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from seize.decode.signature import Spec

WORDS = {
    "int": "a number",
    "uint": "a number",
    "long": "a number",
    "ulong": "a number",
    "i64": "a number of 64 bits",
    "u64": "a number of 64 bits",
    "u64max": "a number of 64 bits, or all of its bits",
    "short": "a number of 16 bits",
    "byte": "a number of 8 bits",
    "size": "a size in bytes",
    "loff": "an offset of 64 bits",
    "uloff": "an offset of 64 bits",
    "loff_hilo": "an offset of 64 bits, its high half first",
    "hex": "a number, shown in hexadecimal",
    "hex32": "a number of 32 bits, shown in hexadecimal",
    "hex64": "a number of 64 bits, shown in hexadecimal",
    "raw": "a number that isn't looked at",
    "octal": "permissions, in octal",
    "umode": "permissions, in octal",
    "mode": "the type and permissions of a file",
    "mode16": "the type and permissions of a file",
    "ptr": "an address",
    "handler": "SIG_DFL, SIG_IGN or a function's address",
    "dev": "a device number",
    "dev32": "a device number",
    "id": "a user or group id",
    "id16": "a user or group id of 16 bits",
    "pid": "a process or thread id",
    "signal": "a signal",
    "fd": "a file descriptor",
    "dirfd": "a directory's descriptor, or AT_FDCWD for the working directory",
    "fanotify_dirfd": "a directory's descriptor, or AT_FDCWD for the working directory",
    "clockid": "a clock",
    "ipc_key": "a key, or IPC_PRIVATE",
    "path": "a file name",
    "str": "a string",
    "comm": "the name of a thread, at most 15 bytes",
    "hostname": "a name",
    "name": "a name",
    "octets": "bytes, in hexadecimal",
    "strings": "a vector of strings, ended by NULL",
    "string_array": "an array of strings",
    "environ": "the environment, a vector of strings",
    "bytes": "a buffer",
    "hexbytes": "a buffer, shown in hexadecimal",
    "sigset": "a set of signals",
    "sigmask": "a set of signals, as a number",
    "fdset": "a set of descriptors",
    "cpuset": "a set of CPUs",
    "iovec": "buffers, each with its size",
    "iovec_out": "buffers, each with its size",
    "iovec_ptr": "addresses, each with a size",
    "pollfds": "descriptors, each with the events to wait for",
    "poll_result": "the number of ready descriptors, and which they are",
    "select_result": "the number of ready descriptors, and which they are",
    "sigset_pair": "a set of signals and its size, in a struct",
    "sendfile_off": "a pointer to an offset, which is moved",
    "mincore_vec": "a byte for each page: whether it is in memory",
    "dirents": "entries of a directory",
    "old_dirents": "entries of a directory",
    "first_dirent": "an entry of a directory",
    "xattr": "the value of an extended attribute",
    "utimes": "two times, of access and of modification, or NULL for now",
    "utimes_timeval": "two times, of access and of modification, or NULL for now",
    "file_handle_in": "a handle of a file, with room for it",
    "fanotify_mask": "events to report",
    "waitstatus": "how a child ended or stopped",
    "wait_rusage": "what the child has used",
    "rlimits": "a soft and a hard limit",
    "rlimits64": "a soft and a hard limit",
    "caphdr": "the version of the structs, and a thread",
    "capdata": "sets of capabilities",
    "personality": "an execution domain, and flags",
    "personality_result": "the execution domain before",
    "sleep_rest": "the rest of the time, if a signal came",
    "futex_wake_op": "an operation on a word, and a comparison",
    "futex_bitset": "a mask: who wakes whom",
    "entry_number": "the number of an entry",
    "sched_param": "a priority",
    "time": "seconds since the epoch",
    "noted_time": "seconds since the epoch",
    "noted_signal": "a signal",
    "noted_seals": "seals",
    "resumed": "the call that goes on (it takes no register)",
    "signal_frame": "the frame on the stack: which signals will be blocked",
    "ptracer": "a process, or PR_SET_PTRACER_ANY",
    "siginfo": "what a signal tells: who sent it, and why",
    "sigaction": "what a signal does: a handler, flags, signals to block",
    "old_sigaction": "what a signal does: a handler, flags, signals to block",
    "sigevent": "how to be told",
    "sockaddr": "an address of a socket",
    "sockaddr_out": "an address of a socket",
    "addrlen": "the size of the address: of the room for it, then its own",
    "protocol": "a protocol of the family",
    "msghdr": "a message: an address, buffers, control data",
    "msghdr_out": "a message: an address, buffers, control data",
    "mmsghdr": "messages, each with an address, buffers, control data",
    "mmsghdr_out": "messages, each with an address, buffers, control data",
    "recvmmsg_result": "the number of messages",
    "sockopt_name": "an option of that level",
    "sockopt": "the option's value",
    "sockopt_out": "the option's value",
    "msgbuf": "a message: its type and its text",
    "ioctl_cmd": "a request: what to do",
    "pages": "an offset in pages",
    "none": "nothing: the call doesn't return",
    "seccomp_arg": "a filter, or what the operation asks for",
    "bpf_batch": "keys and values of a map",
    "bpf_insns": "instructions of an eBPF program",
    "bpf_filter": "instructions of a classic BPF program",
    "seccomp_filter": "instructions of a seccomp filter",
    "bpf_ids": "ids of programs or links",
    "btrfs_supported": "features of a file system",
    "cname": "a name",
    "whole": "a text",
    "character": "a character",
    "epoll_data": "what comes back with an event",
    "error_number": "an error's number",
    "fourcc": "a code of four letters",
    "hdio_drive_cmd": "a command for a drive",
    "hex16": "a number of 16 bits, shown in hexadecimal",
    "hex_array": "numbers, shown in hexadecimal",
    "hex_octets": "bytes, in hexadecimal",
    "htonl": "a number of 32 bits, in the byte order of the network",
    "htons": "a number of 16 bits, in the byte order of the network",
    "hwaddr": "a hardware address",
    "ifindex": "a network interface",
    "inet_addr": "an IPv4 address",
    "inet_pton": "an IPv6 address",
    "int_result": "a number",
    "interface": "a network interface",
    "interface_name": "a network interface",
    "io_workers": "limits of worker threads, without bound and with",
    "iocbs": "requests of Linux AIO",
    "ioprio": "an I/O priority: a class and a number in it",
    "noted_ioprio": "an I/O priority: a class and a number in it",
    "ipc_cmd": "a command",
    "kernel_version": "a version of the kernel",
    "kexec_segments": "segments of a kernel, each with where it goes",
    "key_capabilities": "what the kernel's keys can do",
    "key_payload": "the payload of a key",
    "key_text": "a text of a key",
    "ldt_entry": "entries of the local descriptor table",
    "log": "the log of the verifier",
    "lsm_contexts": "attributes of security modules",
    "mount_data": "options of the file system",
    "mount_type": "a type of file system",
    "netlink": "messages of netlink",
    "nodemask": "a set of NUMA nodes",
    "noted_mask": "a set of bits",
    "numa_node": "a NUMA node",
    "page_states": "the node of each page, or an error",
    "perf_config": "which event",
    "pkey_bytes": "a payload",
    "precise_ip": "how exact instruction pointers are",
    "quota_command": "a command, and for whose quotas",
    "regset": "a set of registers",
    "reqkey_default": "a keyring",
    "semun": "what the command asks for",
    "serial": "a key or keyring",
    "shmat_address": "an address, or NULL for anywhere",
    "siginfos": "what signals tell",
    "socket_address": "an address of a socket",
    "syscall_info": "what a system call stop tells",
    "filter_metadata": "what is told of a filter",
    "uring_file": "a file descriptor, or the number of a registered file",
    "user_offset": "an offset in the registers",
    "user_regs": "the registers",
    "user_fpregs": "the floating-point registers",
    "ushort": "a number of 16 bits",
    "uuid": "a UUID",
    "xfeature": "a feature of the CPU's state",
    "xfeatures": "features of the CPU's state",
}
"""Kinds that don't say by themselves what they are."""

_SETS = {
    "mmap_flags": ("mmap_type", "mmap_flags"),
    "sockopt_name": ("sockopt_level",),
    "personality": ("personality_type", "personality_flags"),
    "clone_args": ("clone3_flags",),
    "open_how": ("open_flags", "resolve_flags"),
    "pollfds": ("poll_events",),
    "sigaction": ("sigaction_flags",),
    "sigevent": ("sigev_notify",),
    "caphdr": ("capability_version",),
    "capdata": ("capabilities",),
    "futex_wake_op": ("futex_wake_op", "futex_wake_cmp"),
    "dirents": ("dirent_type",),
}
"""Sets that a kind written in Python looks into."""


def words(spec: Spec, direction: str = "in") -> str:
    """What a kind is: ``flags of open_flags, and one of open_accmode``."""
    if spec.word == "&":
        return "a pointer to " + words(_target(spec), direction)
    if spec.target is not None:
        return f"an array{_length(spec.index)}, each {words(_target(spec), direction)}"
    params = spec.params
    if spec.word in ("flags", "noted_flags", "huge_flags") and params:
        base = f", and one of {params[2]}" if params[1:2] == ("of",) else ""
        return f"flags of {params[0]}{base}"
    if spec.word in ("enum", "noted_enum", "noted_hex_enum") and params:
        return f"one of {params[0]}"
    known = WORDS.get(spec.word) or _unknown(spec)
    if spec.word in _SIZED:
        what, comma, rest = known.partition(",")
        return f"{what}{_length(spec.index, ' bytes')}{comma}{rest}"
    return known


_SIZED = ("bytes", "hexbytes")


def _length(text: str, unit: str = "") -> str:
    """A length as a signature writes it: ``ret``, an argument, a number."""
    if not text:
        return ""
    if text == "ret":
        return " of as many" + (unit or "") + " as the result says"
    return f" of {text}{unit}"


def _unknown(spec: Spec) -> str:
    found = list(sets_of(spec))
    if found:
        return "flags of " + " and ".join(found)
    if spec.word in MODULES and not shapes.known(spec.word):
        return spec.word.replace("_", " ")
    return f"a struct {struct_of(spec) or spec.word}"


def _target(spec: Spec) -> Spec:
    assert spec.target is not None
    return spec.target


def sets_of(spec: Spec) -> Iterator[str]:
    """The flag sets and enumerations that a kind takes its names from."""
    if spec.target is not None:
        yield from sets_of(spec.target)
    names = (*spec.params, *_SETS.get(spec.word, (spec.word,)))
    for name in dict.fromkeys(names):
        if name.isidentifier() and tables.flag_set("x86_64", name) is not None:
            yield name


def struct_of(spec: Spec) -> str | None:
    """The struct that a kind points to; None if it is none that the files or tables describe."""
    if spec.target is not None:
        return struct_of(spec.target)
    if spec.word in ("flags", "enum", "path", "&"):
        return None
    for name in (spec.word, spec.word.removesuffix("_out"), *spec.params):
        if shapes.known(name) and (name == spec.word or spec.word in MODULES):
            return name
    return None
