"""The options of ``seize trace``: strace's, and a few of our own.

This table reads the command line, and writes the help, the manual page and the completions.
"""

from __future__ import annotations

from seize.cli.options import option

STARTUP, TRACING, FILTERING = "Startup", "Tracing", "Filtering"
OUTPUT, STATISTICS, TAMPERING = "Output format", "Statistics", "Tampering"
OTHER = "Miscellaneous"

PRECISIONS = "s ms us ns"
STATUSES = "successful failed unfinished unavailable detached"
QUIET = "attach exit path-resolution personality thread-execve"
DESCRIPTORS = "path socket dev pidfd eventfd signalfd"
COLUMNS = "time-percent total-time min-time max-time avg-time calls errors name"
WALL_COLUMNS = "wall-time-percent wall-total-time wall-min-time wall-max-time wall-avg-time"
CALLS = (
    "all or none, or a list of names, numbers, %class, /regex, each with ? before it if it needn't "
    "exist, and @64, @32 or @x32 after it for one ABI; ! before the list means all but these"
)

OPTIONS = (
    option(
        "-e",
        "QUALIFIER=VALUE",
        "a qualifying expression: trace, trace-fds, abbrev, verbose, raw, signal, read, write, "
        "fault, inject, status, quiet, kvm, decode-fds, decode-pids, secontext, namespace; "
        "without QUALIFIER= it is trace. The long options of these names mean the same",
        section="General",
    ),
    # ------------------------------------------------------------------ startup
    option(
        "-E --env",
        "VAR[=VALUE]",
        "put VAR=VALUE in the environment of the command; without =VALUE take VAR out of it",
        section=STARTUP,
    ),
    option(
        "-p --attach",
        "PID[,PID…]",
        "attach to running processes; with -f to all their threads",
        section=STARTUP,
    ),
    option(
        "-u --user",
        "USER|UID:GID",
        "run the command as that user; set-user-ID programs then work",
        section=STARTUP,
    ),
    option("--argv0", "NAME", "let the command's argv[0] be NAME", section=STARTUP),
    # ------------------------------------------------------------------ tracing
    option(
        "-b --detach-on",
        "execve",
        "let a process go when it has called execve",
        section=TRACING,
        choices="execve",
    ),
    option(
        "-D --daemonize",
        "[=HOW]",
        "keep the tracer out of the way: the command is the caller's own child, the tracer a "
        "grandchild (-D), with a process group (-DD, pgroup) or a session (-DDD, session) of its "
        "own",
        section=TRACING,
        choices="grandchild pgroup session",
        also="--daemonised --daemonized",
    ),
    option(
        "-f --follow-forks",
        "",
        "trace the processes and threads that are created, too; -ff: --output-separately as well",
        section=TRACING,
    ),
    option(
        "-I --interruptible",
        "WHEN",
        "which signals end the trace: 1, anywhere: all, at any moment; 2, waiting: fatal ones, "
        "between two events (the default); 3, never: none (the default with -o FILE COMMAND); "
        "4, never_tstp: nor does Ctrl-Z stop the tracer (the default with -D)",
        section=TRACING,
        choices="anywhere waiting never never_tstp",
    ),
    option("--kill-on-exit", "", "kill all tracees when the tracer ends", section=TRACING),
    option(
        "--syscall-limit",
        "N",
        "detach from everything after N system calls",
        section=TRACING,
    ),
    # ------------------------------------------------------------------ filtering
    option(
        "--trace",
        "CALLS",
        f"trace only these calls: {CALLS}",
        section=FILTERING,
        qualifiers="trace t",
    ),
    option(
        "--trace-fds",
        "FDS",
        "trace only calls on these file descriptors",
        section=FILTERING,
        also="--trace-fd",
        qualifiers="trace-fds trace-fd fd fds",
    ),
    option(
        "--signal",
        "SIGNALS",
        "show only these signals (SIGINT, INT or 2; ! before the list: all but these)",
        section=FILTERING,
        also="--signals",
        qualifiers="signal signals s",
    ),
    option(
        "--status",
        "STATUSES",
        "show only calls that end like this",
        section=FILTERING,
        choices=STATUSES,
        qualifiers="status",
    ),
    option(
        "-P --trace-path",
        "PATH",
        "trace only calls that name PATH, or a descriptor of it; may be repeated",
        section=FILTERING,
    ),
    option("-z --successful-only", "", "show only calls that succeed", section=FILTERING),
    option(
        "-Z --failed-only",
        "",
        "show only calls that fail",
        section=FILTERING,
        also="--failing-only",
    ),
    # ------------------------------------------------------------------ output
    option("-a --columns", "N", "align the results at column N (40)", section=OUTPUT),
    option(
        "--abbrev",
        "CALLS",
        "shorten structs, environments and arrays of these calls (all)",
        section=OUTPUT,
        qualifiers="abbrev a",
    ),
    option(
        "--verbose",
        "CALLS",
        "show what the arguments of these calls point to (all), the addresses of others",
        section=OUTPUT,
        qualifiers="verbose v",
    ),
    option(
        "--raw",
        "CALLS",
        "show the arguments of these calls as numbers (none)",
        section=OUTPUT,
        qualifiers="raw x",
    ),
    option(
        "--read",
        "FDS",
        "dump all data read from these file descriptors",
        section=OUTPUT,
        qualifiers="read reads r",
    ),
    option(
        "--write",
        "FDS",
        "dump all data written to these file descriptors",
        section=OUTPUT,
        qualifiers="write writes w",
    ),
    option(
        "-q --quiet",
        "[=WHAT]",
        "leave out messages (-q: attach,personality; -qq: exit as well; -qqq: all)",
        section=OUTPUT,
        choices=QUIET,
        also="--silent --silence",
        qualifiers="quiet silent silence q",
    ),
    option(
        "--kvm",
        "vcpu[+]",
        "show why a virtual CPU of KVM came back; vcpu+ is taken, and shows no more than vcpu",
        section=OUTPUT,
        choices="vcpu vcpu+",
        qualifiers="kvm",
    ),
    option(
        "-y --decode-fds",
        "[=WHAT]",
        "show what descriptors stand for: path (-y), or all (-yy)",
        section=OUTPUT,
        choices=DESCRIPTORS,
        qualifiers="decode-fds decode-fd",
    ),
    option("-Y", "", "show the command names of process ids: --decode-pids=comm", section=OUTPUT),
    option(
        "--decode-pids",
        "WHAT",
        "show the command names of process ids (comm), or what they are in our own pid namespace "
        "(pidns)",
        section=OUTPUT,
        choices="comm pidns",
        qualifiers="decode-pids decode-pid",
    ),
    option("--pidns-translation", "", "the old name of --decode-pids=pidns", section=OUTPUT),
    option(
        "--secontext",
        "[=WHAT]",
        "show SELinux contexts of files, processes and sockets: the type, or all of it (full), "
        "and the one that was to be expected (mismatch)",
        section=OUTPUT,
        choices="short full mismatch",
        qualifiers="secontext",
    ),
    option(
        "--namespace",
        "new",
        "show the namespaces that the tracee enters",
        section=OUTPUT,
        choices="new",
        qualifiers="namespace",
    ),
    option(
        "-i --instruction-pointer", "", "show the instruction pointer at each call", section=OUTPUT
    ),
    option(
        "-k --stack-trace",
        "[=WHAT]",
        "show the stack after each call: functions (symbol; -k), or source lines as well (source; "
        "-kk)",
        section=OUTPUT,
        choices="symbol source",
        also="--stack-traces",
    ),
    option(
        "--stack-trace-frame-limit", "N", "show at most N frames of a stack (256)", section=OUTPUT
    ),
    option("-n --syscall-number", "", "show the number of each call", section=OUTPUT),
    option(
        "-N --arg-names",
        "",
        "show the names of arguments",
        section=OUTPUT,
        also="--argument-names",
    ),
    option(
        "-o --output",
        "FILE|'|COMMAND'",
        "write the trace to FILE, or to a COMMAND's standard input, not to standard error",
        section=OUTPUT,
    ),
    option("-A --output-append-mode", "", "append to FILE", section=OUTPUT),
    option(
        "--output-separately", "", "write a file for each thread: FILE.TID (-ff)", section=OUTPUT
    ),
    option(
        "-r --relative-timestamps",
        "[=PRECISION]",
        "put the time since the line before in front of each line (us)",
        section=OUTPUT,
        choices=PRECISIONS,
    ),
    option(
        "-t --absolute-timestamps",
        "[=FORMAT]",
        "put the time in front of each line: [[format:]none|time|unix][,[precision:]s|ms|us|ns] "
        "(-t: time; -tt: time,us; -ttt: unix,us)",
        section=OUTPUT,
        choices=f"none time unix {PRECISIONS}",
        also="--timestamps",
    ),
    option(
        "-T --syscall-times",
        "[=PRECISION]",
        "put the time spent in each call after it (us)",
        section=OUTPUT,
        choices=PRECISIONS,
    ),
    option("-s --string-limit", "N", "show at most N bytes of a string (32)", section=OUTPUT),
    option(
        "-v --no-abbrev",
        "",
        "show structs, environments and arrays whole: --abbrev=none",
        section=OUTPUT,
    ),
    option(
        "-x --strings-in-hex",
        "[=WHICH]",
        "show strings in hexadecimal: non-ascii (-x), all (-xx), or only what isn't printable: "
        "non-ascii-chars",
        section=OUTPUT,
        choices="none non-ascii-chars non-ascii all",
    ),
    option(
        "-X --const-print-style",
        "STYLE",
        "show named constants as names (abbrev), numbers (raw), or both (verbose)",
        section=OUTPUT,
        choices="raw abbrev verbose",
    ),
    option("--always-show-pid", "", "begin each line with the thread's id, always", section=OUTPUT),
    option(
        "--color",
        "WHEN",
        "use colours: auto (on a terminal), always, never",
        section=OUTPUT,
        choices="auto always never",
        also="--colour",
    ),
    option(
        "--format",
        "FORMAT",
        "text, or json: one JSON object a line, typed values",
        section=OUTPUT,
        choices="text json",
    ),
    # ------------------------------------------------------------------ statistics
    option(
        "-c --summary-only",
        "",
        "count calls, errors and time of each call, and show only a summary of them",
        section=STATISTICS,
    ),
    option("-C --summary", "", "the same, and the trace as well", section=STATISTICS),
    option(
        "-O --summary-syscall-overhead",
        "TIME[UNIT]",
        "take TIME (microseconds, or s, ms, us, ns) off each call, as the cost of tracing",
        section=STATISTICS,
    ),
    option(
        "-S --summary-sort-by",
        "COLUMN",
        "sort the summary by this column (time), or by nothing",
        section=STATISTICS,
        choices=f"time {COLUMNS} {WALL_COLUMNS} nothing none",
    ),
    option(
        "-U --summary-columns",
        "COLUMN[,…]",
        "show these columns of the summary",
        section=STATISTICS,
        choices=f"{COLUMNS} {WALL_COLUMNS}",
    ),
    option(
        "-w --summary-wall-clock",
        "",
        "count the time from the beginning to the end of each call, not the CPU time in it",
        section=STATISTICS,
    ),
    # ------------------------------------------------------------------ tampering
    option(
        "--inject",
        "CALLS:ACTION[:…]",
        "tamper with these calls: error=ERRNO or retval=VALUE, signal=SIG, syscall=CALL, "
        "delay_enter=TIME, delay_exit=TIME (microseconds, or s, ms, us, ns), "
        "poke_enter=@argN=HEX[,…], poke_exit=@argN=HEX[,…], when=FIRST[..LAST][+[STEP]]; and "
        "what docs/tampering.md adds",
        section=TAMPERING,
        qualifiers="inject",
    ),
    option(
        "--fault",
        "CALLS[:error=ERRNO][:when=…]",
        "let these calls fail, with ENOSYS unless another error is given",
        section=TAMPERING,
        qualifiers="fault",
    ),
    # ------------------------------------------------------------------ miscellaneous
    option("-d --debug", "", "tell on standard error what the tracer sees and does", section=OTHER),
    option("-F", "", "the old name of -f", section=OTHER),
    option(
        "--seccomp-bpf",
        "[=WHEN]",
        "let the kernel stop only at the calls that are traced: always; never; auto, the default "
        "without this option: whenever it is safe",
        section=OTHER,
        choices="always auto never",
    ),
    option(
        "--placement",
        "HOW",
        "auto: run on the tracee's CPU while that is faster; off: don't",
        section=OTHER,
        choices="auto off",
    ),
    option(
        "--tips",
        "[=[[id:]ID][,[format:]FORMAT]]",
        "show a tip at the end: the one with this number, or a random one; none, compact or full",
        section=OTHER,
    ),
    option("-h --help", "", "this page", section=OTHER),
    option("-V --version", "", "the version", section=OTHER),
)
