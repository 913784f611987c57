"""The generated tables, loaded when first asked for, as the decoders want them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    Table = tuple[tuple[int, str], ...]


def flag_set(arch_name: str, name: str) -> Table | None:
    """The pairs of value and name of a set, in printing order, or None."""
    from seize.abi._generated import flags

    own = flags.OVERRIDES.get(arch_name, {})
    table: Table | None = own.get(name) or flags.SETS.get(name)
    return table or _rare_set(arch_name, name)


def _rare_set(arch_name: str, name: str) -> Table | None:
    """A set of netlink's or of ioctls: they are in tables that few traces need to load."""
    from seize.abi._generated import device_flags, network_flags

    for module in (network_flags, device_flags):
        own = module.OVERRIDES.get(arch_name, {})
        table: Table | None = own.get(name) or module.SETS.get(name)
        if table is not None:
            return table
    return None


def common_prefix(names: list[str]) -> str:
    """What all names begin with, up to an underscore: ``PROT_`` of PROT_READ and PROT_EXEC."""
    if not names:
        return ""
    low, high = min(names), max(names)
    length = 0
    while length < min(len(low), len(high)) and low[length] == high[length]:
        length += 1
    return low[: low.rfind("_", 0, length) + 1] if length < len(low) or low == high else low


def usual_prefix(names: list[str]) -> str:
    """The common prefix; if there is none, the first word that most of the names begin with."""
    prefix = common_prefix(names)
    if prefix or not names:
        return prefix
    words = [name.partition("_")[0] for name in names]
    most = max(set(words), key=words.count)
    return f"{most}_" if words.count(most) * 2 > len(words) else ""


_unknown: dict[str, str] = {}
UNKNOWN_WORDS: dict[str, str] = {
    "sockopt_level": "SOL_??",
    "semctl_cmd": "SEM_???",
    "msgctl_cmd": "MSG_???",
    "uffd_copy_mode": "UFFDIO_COPY_???",
    "uffd_zeropage_mode": "UFFDIO_ZEROPAGE_???",
    "btrfs_send_flags": "BTRFS_SEND_FLAGS_???",
    "hdio_nice": "IDE_NICE_???",
    "nbd_ioc_flags": "NBD_IOC_FLAG_???",
    "ubi_volume_prop": "UBI_VOL_PROP_???",
    "ubi_volume_type": "UBI_???_VOLUME",
    "tcxonc_action": "TC???",
    "tcflush_queue": "TC???",
    "kd_font_flags": "KD_FONT_FLAG_???",
    "evdev_prop": "PROP_???",
    "evdev_ff_type": "FF_???",
    "btrfs_feature_compat": "BTRFS_FEATURE_COMPAT_???",
    "seccomp_notif_flags": "SECCOMP_USER_NOTIF_FLAG_???",
    "bpf_link_create_kprobe_flags": "BPF_F_???",
    "io_uring_register_flag": "IORING_REGISTER_???",
    "quota_format": "QFMT_VFS_???",
    "seccomp_op": "SECCOMP_SET_MODE_???",
    "pkey_access": "PKEY_???",
    "mempolicy_mode_flags": "MPOL_???",
    "mbind_flags": "MPOL_???",
    "move_pages_flags": "MPOL_???",
    "reboot_magic": "LINUX_REBOOT_MAGIC_???",
    "rxrpc_service": "???_SERVICE",
    "vsock_flags": "VMADDR_FLAG_???",
    "sock_diag_types": "SOCK_DIAG_???",
    "rtnl_iptos": "IPTOS_TOS_???",
    "cmsg_socket_type": "SCM_???",
    "smc_protocols": "SMCPROTO_???",
    "kcm_options": "KCM_???",
    "raw_options": "RAW_???",
    "alg_options": "ALG_???",
    "ifla_vf_info_list": "IFLA_VF_INFO_???",
    "ifla_vf_vlan_info": "IFLA_VF_VLAN_INFO_???",
    "sk_diag_bpf_storage_rep": "SK_DIAG_BPF_STORAGE_???",
    "ifla_vf_port": "IFLA_VF_PORT_???",
    "ifla_port": "IFLA_VF_PORT_???",
    "generic_family": "GENERIC_FAMILY_???",
    "nf_hook_types": "NFT_MSG_HOOK_???",
    "renameat2_flags": "RENAME_??",
    "access_mode": "?_OK",
    "setns_types": "CLONE_NEW???",
    "prctl_fp_mode": "PR_FP_MODE_???",
    "prctl_set_vma": "PR_SET_VMA_???",
    "wait_options": "W???",
    "poll_events": "POLL???",
    "epoll_events": "EPOLL???",
}
"""What stands for an unknown value where the names of a set have no common prefix."""


def unknown_word(set_name: str) -> str:
    """``PROT_???``: what is said of a value that has no name in its set."""
    word = _unknown.get(set_name)
    if word is None:
        table = flag_set("x86_64", set_name) or ()
        prefix = usual_prefix([name for _, name in table])
        word = UNKNOWN_WORDS.get(set_name) or (f"{prefix}???" if prefix else "")
        _unknown[set_name] = word
    return word
