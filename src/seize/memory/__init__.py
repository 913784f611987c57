"""Reading and writing a tracee's memory, its C strings, and its map."""

from seize.memory.maps import Mapping, parse_maps
from seize.memory.space import Memory

__all__ = ["Mapping", "Memory", "parse_maps"]
