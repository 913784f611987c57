"""C++ names, by the C++ library's own ``__cxa_demangle`` (the Itanium C++ ABI)."""

from __future__ import annotations

import ctypes
from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LIBRARY = "libstdc++.so.6"
PREFIX = "_Z"
"""What every mangled name begins with."""


@cache
def _library() -> Any:
    """The C++ library; None where there is none (and hardly a C++ program)."""
    try:
        library = ctypes.PyDLL(LIBRARY)
        take_apart = library.__cxa_demangle
    except (OSError, AttributeError):
        return None
    take_apart.restype = ctypes.c_void_p
    library.free.argtypes = (ctypes.c_void_p,)
    return library


def demangle(name: str) -> str:
    """The C++ function that a symbol stands for, with its parameters; else the symbol itself."""
    library = _library() if name.startswith(PREFIX) else None
    if library is None:
        return name
    address = library.__cxa_demangle(name.encode("utf-8", "surrogateescape"), None, None, None)
    if not address:
        return name
    try:
        return ctypes.string_at(address).decode("utf-8", "surrogateescape")
    finally:
        library.free(address)
