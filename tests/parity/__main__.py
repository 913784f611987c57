"""``python -m tests.parity [NAME…]``: compare the corpus, and print the figure."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from tests.parity.harness import Comparison, Program, build, check, corpus, differences, used


def show(program: Program, result: Comparison) -> None:
    """Print what isn't listed of one program."""
    print(f"{program}: {len(result.unlisted)} of {result.lines} lines differ")
    for theirs, ours in result.unlisted:
        print(f"  strace {theirs}\n  seize  {ours}")


def attempt(program: Program) -> Comparison | str:
    """Compare; what went wrong if that wasn't possible."""
    try:
        return check(program)
    except (AssertionError, OSError, subprocess.SubprocessError) as problem:
        return str(problem)


def main() -> int:
    """Compare the programs whose names match the arguments; 1 if a difference isn't listed."""
    programs = corpus(tuple(sys.argv[1:]) or ("*",))
    total, failed = Comparison(), 0
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(build, programs))
        for program, result in zip(programs, pool.map(attempt, programs), strict=True):
            if isinstance(result, str):
                failed += 1
                print(f"{program}: {result}")
                continue
            total.add(result)
            if result.unlisted:
                show(program, result)
    listed = sum(total.listed.values())
    if total.listed:
        print("\nlisted differences, by reason:")
        for reason, count in total.listed.most_common():
            print(f"{count:6}  {reason}")
    if not sys.argv[1:]:
        for one in differences():
            if one not in used:
                print(f"listed, but not met: {one.reason} {one.programs}")
    names = {program.name for program in programs}
    good = 100 * (total.identical + listed) / max(total.lines, 1)
    print(
        f"\n{len(names)} programs, {len(programs)} with both ABIs: {total.lines} lines, "
        f"{total.identical} identical, {listed} listed, {len(total.unlisted)} unlisted: "
        f"{good:.2f} % identical or listed"
    )
    if failed:
        print(f"{failed} programs could not be compared")
    return 1 if total.unlisted or failed else 0


if __name__ == "__main__":
    sys.exit(main())
