"""Reading and writing a tracee's memory, its C strings, and its map."""

from seize.memory.maps import Mapping, parse_maps
from seize.memory.space import Memory, image_path

__all__ = ["Mapping", "Memory", "image_path", "parse_maps"]
