"""What makes values of numbers behave as numbers in Python."""

from __future__ import annotations

import operator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Number = int | float


class Numeric:
    """Compares and calculates by ``plain()``; results are Python's numbers."""

    def plain(self) -> Number:
        """The number that it is."""
        raise NotImplementedError

    def _with(self, operation: Callable[[Any, Any], Any], other: object) -> Any:
        number = other.plain() if isinstance(other, Numeric) else other
        if not isinstance(number, (int, float)):
            return NotImplemented
        return operation(self.plain(), number)

    def _before(self, operation: Callable[[Any, Any], Any], other: object) -> Any:
        return operation(other, self.plain()) if isinstance(other, (int, float)) else NotImplemented

    # Equal to what isn't hashed alike, and it may change: it is no key.
    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> Any:
        return self._with(operator.eq, other)

    def __ne__(self, other: object) -> Any:
        return self._with(operator.ne, other)

    def __lt__(self, other: object) -> Any:
        return self._with(operator.lt, other)

    def __le__(self, other: object) -> Any:
        return self._with(operator.le, other)

    def __gt__(self, other: object) -> Any:
        return self._with(operator.gt, other)

    def __ge__(self, other: object) -> Any:
        return self._with(operator.ge, other)

    def __add__(self, other: object) -> Any:
        return self._with(operator.add, other)

    def __radd__(self, other: object) -> Any:
        return self._before(operator.add, other)

    def __sub__(self, other: object) -> Any:
        return self._with(operator.sub, other)

    def __rsub__(self, other: object) -> Any:
        return self._before(operator.sub, other)

    def __mul__(self, other: object) -> Any:
        return self._with(operator.mul, other)

    def __rmul__(self, other: object) -> Any:
        return self._before(operator.mul, other)

    def __truediv__(self, other: object) -> Any:
        return self._with(operator.truediv, other)

    def __floordiv__(self, other: object) -> Any:
        return self._with(operator.floordiv, other)

    def __mod__(self, other: object) -> Any:
        return self._with(operator.mod, other)

    def __and__(self, other: object) -> Any:
        return self._with(operator.and_, other)

    def __rand__(self, other: object) -> Any:
        return self._before(operator.and_, other)

    def __or__(self, other: object) -> Any:
        return self._with(operator.or_, other)

    def __xor__(self, other: object) -> Any:
        return self._with(operator.xor, other)

    def __lshift__(self, other: object) -> Any:
        return self._with(operator.lshift, other)

    def __rshift__(self, other: object) -> Any:
        return self._with(operator.rshift, other)

    def __neg__(self) -> Number:
        return -self.plain()
