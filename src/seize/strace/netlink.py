"""What a decoder may ask about netlink: a socket's protocol, a generic family's name.

Most traces meet no netlink socket, so that nothing is loaded or asked before there is one.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.strace.descriptors import Descriptors

_GENERIC_HEADER = 4
_CONTROL, _GET_FAMILY = 16, 3
_FAMILY_ID, _FAMILY_NAME = 1, 2


class Netlink:
    """Answers for a decoder: ``protocol`` of a descriptor, ``family`` of a number."""

    def __init__(self) -> None:
        self._descriptors: Descriptors | None = None
        self._families: dict[int, str] | None = None

    def protocol(self, tid: int, fd: int) -> str | None:
        """As `seize.strace.descriptors.Descriptors.netlink_protocol`."""
        if self._descriptors is None:
            from seize.strace.descriptors import Descriptors

            self._descriptors = Descriptors(frozenset())
        return self._descriptors.netlink_protocol(tid, fd)

    def family(self, number: int) -> str | None:
        """The name of the generic netlink family with that number on this machine."""
        if self._families is None:
            try:
                self._families = _ask()
            except OSError:
                self._families = {}
        return self._families.get(number)


def _ask() -> dict[int, str]:
    """Ask the kernel for all generic families."""
    from seize.strace.asking import DUMP, NETLINK_GENERIC, ask, attributes

    found: dict[int, str] = {}
    for answer in ask(NETLINK_GENERIC, _CONTROL, DUMP, bytes([_GET_FAMILY, 2, 0, 0])):
        parts = dict(attributes(answer[_GENERIC_HEADER:]))
        if _FAMILY_ID in parts and _FAMILY_NAME in parts:
            number = int.from_bytes(parts[_FAMILY_ID][:2], "little")
            found[number] = parts[_FAMILY_NAME].rstrip(b"\0").decode("ascii", "replace")
    return found
