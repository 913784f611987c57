"""``--inject`` and ``--fault``: from the settings to a tampering."""

from __future__ import annotations

from seize.callsets.filters import CallFilter
from seize.strace.unwanted import UnwantedCall
from seize.tampering import Tampering
from seize.tampering.expression import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.strace.settings import Settings


class _Selected:
    """The calls of an expression's set, without those that a ``later`` expression is for."""

    def __init__(self, expression: str) -> None:
        self._calls = CallFilter(expression)
        self.later: list[_Selected] = []

    def has(self, arch_name: str, number: int) -> bool:
        """Whether the expression means the call of this number."""
        return self._calls.has(arch_name, number)

    def has_name(self, name: str) -> bool:
        """Whether it means what a multiplexer of i386 stands for."""
        return self._calls.wants_name(name)

    def wants(self, arch_name: str, number: int) -> bool:
        """Whether the rule is for the call of this number."""
        return self.has(arch_name, number) and not any(
            each.has(arch_name, number) for each in self.later
        )

    def wants_name(self, name: str) -> bool:
        """Whether the rule is for what a multiplexer of i386 stands for."""
        return self.has_name(name) and not any(each.has_name(name) for each in self.later)


def tampering_of(settings: Settings, tell: Callable[[str], None]) -> Tampering | None:
    """The tampering that the settings ask for; ``tell`` is told what can't be done.

    As with strace, the last expression for a call counts, and calls that aren't shown are left
    alone.
    """
    if not settings.inject:
        return None
    sets: list[_Selected] = []

    def select(expression: str) -> _Selected:
        made = _Selected(expression)
        for earlier in sets:
            earlier.later.append(made)
        sets.append(made)
        return made

    return Tampering(
        [parse(kind, text, select, tell) for kind, text in settings.inject],
        record=False,
        wants=lambda call: type(call) is not UnwantedCall,
        complain=tell,
    )
