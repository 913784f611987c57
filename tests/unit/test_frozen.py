"""The immutable records."""

from __future__ import annotations

import pytest

from seize._frozen import frozen, replace


@frozen
class Point:
    """A point."""

    x: int
    y: int = 0

    @property
    def sum(self) -> int:
        return self.x + self.y


@frozen
class Named(Point):
    """A point with a name."""

    name: str = "?"


def test_fields_defaults_and_equality() -> None:
    assert Point(1) == Point(1, 0) == Point(x=1)
    assert Point(1) != Point(2)
    assert Point(1) != Named(1)
    assert hash(Named(1, 2, "a")) == hash(Named(1, 2, "a"))
    assert repr(Named(1)) == "Named(x=1, y=0, name='?')"
    assert Named(1, 2).sum == 3


def test_a_record_cannot_be_changed_but_copied() -> None:
    point = Point(1, 2)
    with pytest.raises(AttributeError, match="Point is immutable: can't set 'x'"):
        point.x = 3  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del point.x
    assert replace(point, y=5) == Point(1, 5)


def test_a_wrong_call_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Point(1, 2, 3)  # type: ignore[call-arg]


def test_matching_by_position() -> None:
    match Named(1, 2, "n"):
        case Named(x, y, name):
            assert (x, y, name) == (1, 2, "n")
