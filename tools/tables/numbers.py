"""The tables of numbers: system calls, errno, signals, siginfo codes, ptrace, constants."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tools.tables import emit
from tools.tables.model import Machine, TableError

# Numbers in asm/unistd.h that are no system call.
NOT_CALLS = {"__NR_syscalls", "__NR_arch_specific_syscall"}

SIGNAL_ALIASES = {"SIGPOLL", "SIGIOT", "SIGUNUSED", "SIGLOST", "SIGCLD", "SIGRTMIN", "SIGRTMAX"}

SIGINFO_PREFIXES = {
    "ILL": "SIGILL",
    "FPE": "SIGFPE",
    "SEGV": "SIGSEGV",
    "BUS": "SIGBUS",
    "TRAP": "SIGTRAP",
    "CLD": "SIGCHLD",
    "POLL": "SIGIO",
    "SYS": "SIGSYS",
}

# A second name for a code that the manual knows by another one (TRAP_BRKPT).
SIGINFO_ALIASES = {"TRAP_PERF_FLAG_ASYNC"}

# Single constants that code asks for by name.
WANTED = re.compile(
    r"AUDIT_ARCH_\w+|__AUDIT_ARCH_\w+|CLONE_\w+|CSIGNAL|W(NOHANG|UNTRACED|STOPPED|EXITED|CONTINUED"
    r"|NOWAIT)|__W(ALL|CLONE|NOTHREAD)|P_(ALL|PID|PGID|PIDFD)|SIG[A-Z0-9]+|SIG_\w+|SA_\w+|SS_\w+|SI_\w+|SECCOMP_\w+"
    r"|SYS_(SECCOMP|USER_DISPATCH)|PR_\w+|BPF_(LD|LDX|ST|STX|ALU|JMP|RET|MISC|W|H|B|IMM|ABS|IND|MEM"
    r"|LEN|MSH|ADD|SUB|MUL|DIV|OR|AND|LSH|RSH|NEG|MOD|XOR|JA|JEQ|JGT|JGE|JSET|K|X|A|TAX|TXA"
    r"|MAXINSNS)|PROT_\w+|MAP_\w+|MREMAP_\w+|MADV_\w+|AT_\w+|O_\w+|__O_\w+|S_I\w+|F_\w+|LOCK_\w+"
    r"|CAP_\w+|_LINUX_CAPABILITY_\w+|TRAP_\w+|CLD_\w+|FUTEX_\w+|AF_\w+|PF_\w+|SOCK_\w+|SOL_\w+"
    r"|SO_\w+|SCM_\w+|MSG_\w+|IPPROTO_\w+|NETLINK_\w+|NLMSG_\w+|NLM_\w+|SCHED_\w+|RLIMIT_\w+"
    r"|CLOCK_\w+|ITIMER_\w+|KCMP_\w+|RSEQ_\w+|ARCH_\w+|GRND_\w+|MFD_\w+|PIDFD_\w+|IOPRIO_\w+"
    r"|EPOLL\w*|POLL(IN|OUT|ERR|HUP|PRI|NVAL|RDHUP)|FD_CLOEXEC|UIO_MAXIOV|PATH_MAX|IOV_MAX"
    r"|NAME_MAX|_IOC_\w+|MNT_\w+|UMOUNT_\w+|IPC_\w+|(SEM|SHM|MSG)_\w+|GET(PID|VAL|ALL|NCNT|ZCNT)"
    r"|SET(VAL|ALL)|KEYCTL_\w+|Q_\w+|IORING_\w+|PERF_(ATTR_SIZE|TYPE|FLAG|SAMPLE|COUNT)_\w+"
    r"|MSR_\w+|DR_\w+|X86_EFLAGS_\w+|NT_\w+|ET_\w+|EM_\w+|PT_\w+|PF_[XWR]|SHT_\w+|SHF_\w+|STT_\w+"
    r"|STB_\w+|SHN_\w+|EI_\w+|ELF\w+|DT_\w+|STATX_\w+|UTIME_(NOW|OMIT)|SEEK_\w+|PTRACE_\w+|R_OK"
    r"|W_OK|X_OK|F_OK|UNIX_PATH_MAX|IFNAMSIZ|NSIG|_NSIG"
)


def syscalls(machine: Machine) -> dict[int, str]:
    """System call numbers and names of one architecture, as the manual names them."""
    table: dict[int, str] = {}
    for name, constant in machine.constants.items():
        if name.startswith("__NR_") and name not in NOT_CALLS:
            if not constant.header.startswith("asm/unistd"):
                continue
            other = table.setdefault(constant.value, name[5:])
            if other != name[5:]:
                raise TableError(f"{machine.arch}: {other} and {name} are both {constant.value}")
    return table


def errno(machine: Machine) -> tuple[dict[int, str], dict[str, int]]:
    """Canonical names by number, and the aliases."""
    table: dict[int, str] = {}
    aliases: dict[str, int] = {}
    for name, constant in machine.constants.items():
        if re.fullmatch(r"E[A-Z0-9]+", name) and constant.header.endswith(
            ("asm-generic/errno.h", "asm-generic/errno-base.h", "bits/errno.h")
        ):
            if constant.text.isdigit():
                table[constant.value] = name
            else:
                aliases[name] = constant.value
    return table, aliases


def signals(machine: Machine) -> dict[int, str]:
    """The standard signals; 29 is SIGIO, not SIGPOLL."""
    table = {
        constant.value: name
        for name, constant in machine.constants.items()
        if re.fullmatch(r"SIG[A-Z0-9]+", name)
        and constant.header in ("asm/signal.h", "asm-generic/signal.h")
        and name not in SIGNAL_ALIASES
        and 1 <= constant.value <= 31
        and constant.text.isdigit()
    }
    if len(table) != 31:
        raise TableError(f"{machine.arch}: {len(table)} standard signals, not 31")
    return table


def siginfo(machine: Machine) -> dict[str, dict[int, str]]:
    """si_code names by signal name; those under "" belong to every signal."""
    table: dict[str, dict[int, str]] = {"": {}}
    for name, constant in machine.constants.items():
        if constant.header != "asm-generic/siginfo.h" or name in SIGINFO_ALIASES:
            continue
        prefix, _, rest = name.partition("_")
        if prefix == "SI" and re.fullmatch(r"SI_[A-Z]+", name):
            table[""][constant.value] = name
        elif prefix in SIGINFO_PREFIXES and rest:
            table.setdefault(SIGINFO_PREFIXES[prefix], {})[constant.value] = name
    return table


def matching(machine: Machine, pattern: re.Pattern[str]) -> dict[str, int]:
    """Every constant whose whole name matches."""
    found = machine.constants.items()
    return {name: constant.value for name, constant in found if pattern.fullmatch(name)}


def differing(base: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    """What ``other`` adds to ``base`` or says otherwise."""
    return {name: value for name, value in other.items() if base.get(name) != value}


def render_syscalls(machine: Machine) -> str:
    """The module ``syscalls_ARCH``."""
    head = emit.banner(f"System calls of {machine.arch}: number to the manual's name.")
    return head + emit.names("NAMES", syscalls(machine))


def render_errno(machine: Machine) -> str:
    """The module ``errno``."""
    table, aliases = errno(machine)
    head = emit.banner("Error numbers: the name that is printed, and second names.")
    return head + emit.names("NAMES", table) + emit.numbers("ALIASES", aliases)


def render_signals(machine: Machine) -> str:
    """The module ``signals``."""
    head = emit.banner("The standard signals; real-time ones are counted from SIGRTMIN.")
    return head + emit.names("NAMES", signals(machine))


def render_siginfo(machine: Machine) -> str:
    """The module ``siginfo``."""
    head = emit.banner('si_code by signal name; the codes under "" belong to every signal.')
    table = siginfo(machine)
    lines = [f'    "{key}": {_one_line(table[key])},\n' for key in sorted(table)]
    return head + f"\nCODES: dict[str, dict[int, str]] = {{\n{''.join(lines)}}}\n"


def _one_line(table: dict[int, str]) -> str:
    inner = "".join(f'        {emit.number(n)}: "{table[n]}",\n' for n in sorted(table))
    return f"{{\n{inner}    }}"


def render_constants(machines: Iterable[Machine], pattern: re.Pattern[str], summary: str) -> str:
    """A module of ``NAME = number`` for the first machine, and how the others differ."""
    first, *others = machines
    base = matching(first, pattern)
    text = emit.banner(
        summary,
        f"The names are {first.arch}'s; what another architecture adds or numbers otherwise is in\n"
        "its dictionary.",
    )
    text += emit.assignments(base)
    for machine in others:
        text += emit.numbers(machine.arch.upper(), differing(base, matching(machine, pattern)))
    return text
