"""Immutable records without the start-up cost of ``dataclasses``.

``dataclasses`` costs more to import than everything else on the trace path together, and an
ordinary class with ``__slots__`` is neither comparable nor frozen.  ``@frozen`` fills that gap:
it reads the class's annotations and gives it ``__init__``, ``__eq__``, ``__hash__``, ``__repr__``,
``__match_args__`` and attributes that can't be assigned.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar, dataclass_transform

    T = TypeVar("T")
else:

    def dataclass_transform(**_: object):
        return lambda function: function


def _refuse(self: object, name: str, value: object = None) -> None:
    raise AttributeError(f"{type(self).__name__} is immutable: can't set {name!r}")


def _same(self: Any, other: object) -> Any:
    if type(self) is not type(other):
        return NotImplemented
    return all(getattr(self, name) == getattr(other, name) for name in self.__match_args__)


def _hash(self: Any) -> int:
    return hash((type(self), *(getattr(self, name) for name in self.__match_args__)))


def _show(self: Any) -> str:
    fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
    return f"{type(self).__name__}({fields})"


def replace(record: T, **changes: object) -> T:
    """Return a copy of a frozen record with some fields changed."""
    fields: Any = record
    values = {name: getattr(fields, name) for name in fields.__match_args__}
    made: T = type(fields)(**{**values, **changes})
    return made


_makers: dict[tuple[tuple[str, ...], tuple[str, ...]], Any] = {}


def _maker(names: tuple[str, ...], optional: tuple[str, ...]) -> Any:
    """Return a function that makes the ``__init__`` of records with these fields.

    Compiling is most of what a record costs at start-up, and many have the same fields.
    """
    maker = _makers.get((names, optional))
    if maker is None:
        outer = [*(f"_set_{n}" for n in names), *(f"_default_{n}" for n in optional)]
        parameters = [f"{n}=_default_{n}" if n in optional else n for n in names]
        body = [f"        _set_{n}(self, {n})" for n in names] or ["        pass"]
        source = "\n".join(
            [
                f"def make({', '.join(outer)}):",
                f"    def __init__({', '.join(['self', *parameters])}):",
                *body,
                "    return __init__",
            ]
        )
        scope: dict[str, Any] = {}
        exec(source, scope)
        maker = _makers[names, optional] = scope["make"]
    return maker


def _compiled_later(made: Any, names: tuple[str, ...], defaults: dict[str, object]) -> Any:
    """Return an ``__init__`` that compiles the real one when the first record is made.

    Most of the types that a trace loads it never makes a record of.
    """

    def compile_and_set(self: object, *values: object, **named: object) -> None:
        optional = tuple(name for name in names if name in defaults)
        setters = [getattr(made, name).__set__ for name in names]
        default_values = [defaults[name] for name in optional]
        made.__init__ = _maker(names, optional)(*setters, *default_values)
        made.__init__(self, *values, **named)

    return compile_and_set


@dataclass_transform(frozen_default=True)
def frozen(cls: type[T]) -> type[T]:
    """Turn an annotated class into an immutable record with slots.

    Fields are the annotations in order, those of base classes (themselves frozen) first; an
    assigned class value is the field's default.

    >>> @frozen
    ... class Point:
    ...     x: int
    ...     y: int = 0
    >>> Point(1)
    Point(x=1, y=0)
    """
    own = tuple(cls.__dict__.get("__annotations__", ()))
    inherited = tuple(getattr(cls, "__match_args__", ()))
    names = (*inherited, *(name for name in own if name not in inherited))
    defaults: dict[str, object] = dict(getattr(cls, "_defaults", {}))
    namespace = dict(cls.__dict__)
    for name in own:
        if name in namespace:
            defaults[name] = namespace.pop(name)
    for name in ("__dict__", "__weakref__"):
        namespace.pop(name, None)
    fresh = tuple(name for name in own if name not in inherited)
    namespace.update(__slots__=fresh, __match_args__=names, _defaults=defaults)
    if cls.__repr__ is object.__repr__:
        namespace["__repr__"] = _show
    if "__eq__" not in cls.__dict__:
        namespace.update(__eq__=_same, __hash__=_hash)
    metaclass: Any = type(cls)
    made: Any = metaclass(cls.__name__, cls.__bases__, namespace)
    made.__init__ = _compiled_later(made, names, defaults)
    made.__setattr__ = made.__delattr__ = _refuse
    return made  # type: ignore[no-any-return]
