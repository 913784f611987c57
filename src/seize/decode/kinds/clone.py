"""clone's arguments: which there are depends on the flags."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Line

_USES = {
    "parent_tid": 0x00101000,  # CLONE_PARENT_SETTID, CLONE_PIDFD
    "tls": 0x00080000,  # CLONE_SETTLS
    "child_tidptr": 0x01200000,  # CLONE_CHILD_SETTID, CLONE_CHILD_CLEARTID
}


def variant(scope: Scope, line: Line, value: int) -> str:
    """The signature for the flags ``value``: arguments that they don't use aren't shown."""
    names = [a.name for a in line.arguments if a.name not in _USES or value & _USES[a.name]]
    return f"({', '.join(names)})"
