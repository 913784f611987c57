"""Who is who among the threads of a command, whatever their ids are in this run."""

from __future__ import annotations

from seize.errors import NotStopped, TraceeGone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.stops import EventStop, Exec, NewChild
    from seize.sweep.calls import Seen


class Role:
    """A thread's place in the tree, and its calls so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.births = 0
        self.counts: dict[str, int] = {}
        self.sequence: list[str] = []
        self.seen: Seen | None = None


class Roles:
    """The threads by id.

    A child may show up before its parent's event, which tells what its place is; so long it is
    held in its first stop.
    """

    def __init__(self) -> None:
        self._by_tid: dict[int, Role] = {}
        self._all: list[Role] = []
        self._held: dict[int, EventStop] = {}

    def add(self, tid: int, name: str) -> None:
        """Give a thread its place."""
        role = self._by_tid[tid] = Role(name)
        self._all.append(role)

    def __getitem__(self, tid: int) -> Role:
        return self._by_tid[tid]

    def name(self, tid: int) -> str:
        """The place of a thread, "?" if it isn't known yet."""
        role = self._by_tid.get(tid)
        return "?" if role is None else role.name

    def born(self, stop: NewChild) -> None:
        """Give a child its place, and let it go if it was held."""
        parent = self._by_tid[stop.tid]
        parent.births += 1
        self.add(stop.child_tid, f"{parent.name}.{parent.births}")
        early = self._held.pop(stop.child_tid, None)
        if early is not None:
            _release(early)

    def first_stop(self, stop: EventStop) -> None:
        """Hold a child whose parent hasn't told of it."""
        if stop.tid not in self._by_tid:
            stop.hold()
            self._held[stop.tid] = stop

    def execed(self, stop: Exec) -> None:
        """Follow a thread that got the id of its leader."""
        if stop.former_tid != stop.tid:
            self._by_tid[stop.tid] = self._by_tid.pop(stop.former_tid)

    def ended(self, tid: int) -> Role | None:
        """Forget a thread; return what it was."""
        self._held.pop(tid, None)
        return self._by_tid.pop(tid, None)

    def release_orphans(self, number: int) -> None:
        """Let held children go if nobody else is left, of ``number`` tracees, to tell of them."""
        if self._held and len(self._held) == number:
            for tid in list(self._held):
                self.add(tid, "?")
                _release(self._held.pop(tid))

    def sequences(self) -> dict[str, list[str]]:
        """The calls of each thread, by its place."""
        return {role.name: role.sequence for role in self._all}


def _release(stop: EventStop) -> None:
    try:
        stop.tracee.resume()
    except (NotStopped, TraceeGone):
        # It was killed while it waited; its end is reported by itself.
        return
