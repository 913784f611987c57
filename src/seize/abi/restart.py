"""Error numbers that the kernel keeps to itself, and what they mean to a tracer.

A tracer sees them in the return register at a syscall-exit-stop; the program never does, because
the kernel turns them into EINTR or into a restart of the call before it returns to it.  No UAPI
header carries them.  See signal(7), "Interruption of system calls".
"""

from __future__ import annotations

ERESTARTSYS = 512
ERESTARTNOINTR = 513
ERESTARTNOHAND = 514
ERESTART_RESTARTBLOCK = 516

# Number -> (name, what happens next), in strace's words.
RESTARTS: dict[int, tuple[str, str]] = {
    ERESTARTSYS: ("ERESTARTSYS", "To be restarted if SA_RESTART is set"),
    ERESTARTNOINTR: ("ERESTARTNOINTR", "To be restarted"),
    ERESTARTNOHAND: ("ERESTARTNOHAND", "To be restarted if no handler"),
    ERESTART_RESTARTBLOCK: ("ERESTART_RESTARTBLOCK", "Interrupted by signal"),
}

# The rest of the kernel's private range: drivers that let one escape show it to the program.
PRIVATE: dict[int, str] = {
    515: "ENOIOCTLCMD",
    517: "EPROBE_DEFER",
    518: "EOPENSTALE",
    519: "ENOPARAM",
    521: "EBADHANDLE",
    522: "ENOTSYNC",
    523: "EBADCOOKIE",
    524: "ENOTSUPP",
    525: "ETOOSMALL",
    526: "ESERVERFAULT",
    527: "EBADTYPE",
    528: "EJUKEBOX",
    529: "EIOCBQUEUED",
    530: "ERECALLCONFLICT",
    531: "ENOGRACE",
}
