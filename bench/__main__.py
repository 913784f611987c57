"""``python -m bench [SUBJECT…]``: all subjects, or those that are named."""

from __future__ import annotations

import os
import sys

from bench import debugger, decoding, engine, filtering, startup, symbols, system_calls

SUBJECTS = {
    "startup": startup.main,
    "decoding": decoding.main,
    "system_calls": system_calls.main,
    "engine": engine.main,
    "filtering": filtering.main,
    "debugger": debugger.main,
    "symbols": symbols.main,
}


def main() -> int:
    """Run the subjects; 2 if one isn't known."""
    names = sys.argv[1:] or list(SUBJECTS)
    unknown = [name for name in names if name not in SUBJECTS]
    if unknown:
        print(f"no subject {', '.join(unknown)}; there are: {', '.join(SUBJECTS)}", file=sys.stderr)
        return 2
    load = os.getloadavg()[0]
    print(f"{len(os.sched_getaffinity(0))} CPUs, load {load:.2f}, Python {sys.version.split()[0]}")
    for name in names:
        SUBJECTS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main())
