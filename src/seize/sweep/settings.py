"""What a sweep is asked to do."""

from __future__ import annotations

from seize._frozen import frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def any_call(name: str) -> bool:
    """Take every call."""
    return True


@frozen
class Settings:
    """The options of ``seize sweep``.

    ``command`` is run in a fresh copy of ``directory`` (None: an empty folder), after the shell
    command ``setup`` and before ``check``, which fails if something is wrong then ("" for none).

    ``calls`` is what ``wants`` was made of: it tells by name which calls are to fail; ``errors``
    are the faults to use, empty for all.  ``startup`` takes the dynamic loader's calls, too,
    ``follow`` those of the processes and threads that the command makes.  ``only`` are the keys of
    the runs to make, empty for all.

    ``jobs`` runs are made at a time, each at most ``timeout`` seconds (None: as many as the
    baseline suggests).  ``limit`` bounds the number of runs, which are then spread over the
    kinds of calls; ``sample`` takes so many at random, by ``seed``.

    ``resume`` is the file that results are written to as they come, and taken up from.
    """

    command: tuple[str, ...]
    directory: str | None = None
    setup: str = ""
    check: str = ""
    calls: str = "all"
    wants: Callable[[str], bool] = any_call
    errors: frozenset[str] = frozenset()
    startup: bool = False
    follow: bool = True
    only: tuple[str, ...] = ()
    jobs: int = 1
    timeout: float | None = None
    limit: int = 1000
    sample: int | None = None
    seed: int = 0
    resume: str | None = None
