"""quotactl(2): a command and a type in one number."""

from __future__ import annotations

from seize.decode.kinds.base import Kind
from seize.decode.kinds.sets import enumeration
from seize.decode.values import Enum, Hex, Macro, Noted, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec


def _command(scope: Scope, spec: Spec) -> Kind:
    """``QCMD(Q_GETQUOTA, USRQUOTA)``."""
    commands = enumeration(scope.set("quota_cmd"), "quota_cmd")
    types = enumeration(scope.set("quota_type"), "quota_type")

    def make(raw: int) -> Value:
        raw &= 0xFFFFFFFF
        kind: Value = types(raw & 0xFF)
        if isinstance(kind, Enum) and kind.name is None:
            kind = Noted(Hex(raw & 0xFF), "???QUOTA")
        return Macro("QCMD", commands(raw >> 8), kind)

    return Kind(make)


KINDS: dict[str, Factory] = {"quota_command": _command}
