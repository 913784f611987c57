"""Kinds: how a raw argument becomes a value.

A kind is known by the word that a signature uses for it.  ``MODULES`` says which module has
it, so that a module is loaded when a call that needs it is first met.
"""

from __future__ import annotations

from seize.decode.kinds.base import Kind, Scope, UnknownKind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.decode.signature import Spec

    Factory = Callable[[Scope, Spec], Kind]

_HOMES = {
    "basic": "int uint long ulong size i64 u64 short byte loff uloff loff_hilo hex raw hex32 hex64 "
    "ptr octal umode mode mode16 dev dev32 id id16 signal signal_word fd dirfd pid none "
    "clockid ipc_key futex_bitset ptracer handler pages ushort hex16",
    "sets": "flags enum mmap_flags huge_flags",
    "text": "path str bytes hexbytes hostname comm strings environ name cname octets",
    "memory": "& array sigset fdset cpuset sigmask sendfile_off mincore_vec",
    "iovec": "iovec iovec_out iovec_ptr",
    "aio": "iocb iocbs",
    "futex": "futex_op futex_wake_op",
    "scheduling": "sched_policy noted_sched_policy sched_param sched_attr",
    "prctl": "vector_length noted_vector_length tagged_addr noted_tagged_addr pid_type",
    "poll": "pollfds poll_result select_result sigset_pair",
    "files": "stat stat64 oldstat statx_flags dirents old_dirents first_dirent xattr "
    "open_how file_handle file_handle_in utimes utimes_timeval fanotify_mask fanotify_dirfd",
    "process": "waitstatus wait_rusage clone_flags clone_args rlimits rlimits64 caphdr capdata "
    "personality personality_result sleep_rest user_desc entry_number epoll_data "
    "time groups ioprio noted_ioprio",
    "signals": "sigaction old_sigaction sigevent signal_frame resumed",
    "siginfo": "siginfo",
    "results": "noted_flags noted_seals noted_set_bits noted_mask noted_enum noted_hex_enum "
    "noted_signal noted_time noted_handler noted_sigmask",
    "address": "interface socket_address sockaddr sockaddr_out addrlen protocol",
    "inet": "named noted_bits htons htonl inet_addr inet_pton hwaddr hex_octets hex_array",
    "netlink": "netlink received",
    "message": "msghdr msghdr_out mmsghdr mmsghdr_out recvmmsg_result",
    "sockopt": "sockopt_name sockopt sockopt_out",
    "ipc": "semun shmat_address ipc_cmd ipc_flags msgbuf",
    "interfaces": "ifreq ifreq_flags ifconf",
    "ioctl": "ioctl_cmd exchange",
    "input": "bits mt_slots key_code",
    "device": "vbi_lines errno whole bit_numbers flags_at letter fourcc fraction uuid "
    "hex_pairs octet_list indexed number_or nameless btrfs_supported gpio_line_number "
    "v4l2_query_id character interface_name v4l2_create v4l2_buffer_flags kbd_leds",
    "console": "kbd_mode sound_pitch sound_tone kb_table kb_value kb_func",
    "block": "hdio_drive_cmd hdio_drive_status tee_buffer btrfs_found",
    "clock": "ptp_samples ptp_triples",
    "scsi": "sg_io",
    "mapper": "dm_ioctl",
    "terminal": "termios termios2 termio",
    "bpf": "bpf_insns ebpf_code bpf_filter seccomp_filter seccomp_arg kernel_version log bpf_ids "
    "bpf_batch bpf_object_info string_array",
    "kernel": "ifindex numa_node u64max str_at sched_setting ldt_entry kexec_segments lsm_contexts",
    "perf": "perf_config precise_ip reserved_bits bp_type",
    "io_uring": "uring_file ring_offset io_workers",
    "keys": "serial reqkey_default key_text key_payload pkey_bytes error_number key_capabilities",
    "quota": "quota_command",
    "ptrace": "user_regs user_fpregs regset user_offset siginfos syscall_info filter_metadata",
    "mount": "mount_flags mount_type mount_data",
    "policy": "nodemask page_states swap_flags kexec_flags syslog_action log_level xfeature "
    "xfeatures int_result",
}

MODULES = {word: module for module, words in _HOMES.items() for word in words.split()}

_loaded: dict[str, Factory] = {}


def make(scope: Scope, spec: Spec) -> Kind:
    """The kind that ``spec`` names, compiled for ``scope``; raises ``UnknownKind``."""
    factory = _loaded.get(spec.word)
    if factory is None:
        home = MODULES.get(spec.word)
        if home is not None:
            _loaded.update(__import__(f"seize.decode.kinds.{home}", fromlist=["KINDS"]).KINDS)
            factory = _loaded.get(spec.word)
        if factory is None:
            return struct_pointer(scope, spec)
    return factory(scope, spec)


def struct_pointer(scope: Scope, spec: Spec) -> Kind:
    """A word that is no kind names a struct: a pointer to it, ``[SIZE]`` bytes of it."""
    from seize.decode import shapes

    if spec.params or not shapes.known(spec.word):
        raise UnknownKind(f"unknown kind {spec.word!r}")
    made = shapes.shape(scope, spec.word)
    if spec.index or made.sizer is not None:
        from seize.decode.kinds.sized import sized

        return sized(made, scope.number(spec.index) if spec.index else None)
    from seize.decode.kinds.memory import pointer_to_shape

    return pointer_to_shape(made)
