"""The images of a process: its program, its libraries, the loader and the vdso.

Which file is mapped where, the map tells; in what order and for whom the loader knows them, its
link map (struct r_debug of <link.h>).
"""

from __future__ import annotations

from seize._frozen import frozen
from seize.errors import PtraceError, SeizeError
from seize.stacks.elf import PT_LOAD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from seize.memory import Mapping
    from seize.stacks import Module, Modules
    from seize.stacks.backend import Backend

AT_PHDR, AT_PHENT, AT_PHNUM, AT_BASE, AT_ENTRY, AT_SYSINFO_EHDR = 3, 4, 5, 7, 9, 33
_PT_DYNAMIC, _PT_PHDR = 2, 6
_DT_DEBUG = 21
_PAGE = 4096
VDSO = "[vdso]"
_MOST_OBJECTS = 1 << 16
_MOST_TAGS = 1 << 12
RT_CONSISTENT, RT_ADD, RT_DELETE = 0, 1, 2


@frozen
class Image:
    """One ELF image in a process.

    ``bias`` is the difference between addresses in the process and in the image; the mappings of
    the file reach from ``start`` to ``end``.  ``link_map`` is the address of its struct link_map,
    ``dynamic`` that of its dynamic section; 0 where the loader doesn't know it (yet).  ``name`` is
    what the loader calls it, or its path.
    """

    path: str
    bias: int
    build_id: str
    start: int
    end: int
    link_map: int
    dynamic: int
    module: Module
    name: str = ""

    def __contains__(self, address: object) -> bool:
        return isinstance(address, int) and self.start <= address < self.end


@frozen
class LinkedObject:
    """An entry of the loader's list: struct link_map."""

    address: int
    bias: int
    name: str
    dynamic: int


@frozen
class Loader:
    """What struct r_debug says: its address, the state of the list, where it tells of changes."""

    address: int
    first: int
    hook: int
    state: int


class CodeView:
    """A backend, as unwinding reads it (`seize.stacks.backend.CodeMemory`)."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self.read_prefix = backend.read_prefix
        self.open_image = backend.open_image

    def code_maps(self) -> tuple[Mapping, ...]:
        """The executable mappings; none if the process is gone."""
        try:
            maps = self._backend.maps()
        except PtraceError:
            return ()
        return tuple(mapping for mapping in maps if "x" in mapping.permissions)


def find_loader(backend: Backend) -> Loader | None:
    """What the loader tells debuggers; None where there is none, or none yet."""
    word = backend.machine.word_size
    try:
        for tag, value in _dynamic(backend):
            if tag == _DT_DEBUG and value:
                data = backend.read(value, 5 * word)
                fields = [int.from_bytes(data[n * word :][:word], "little") for n in range(5)]
                _, first, hook, state, _ = fields
                return Loader(value, first, hook, state & 0xFFFF_FFFF) if hook else None
    except SeizeError:
        # Memory that isn't there: a program that has just begun, or a strange one.
        return None
    return None


def _dynamic(backend: Backend) -> Iterator[tuple[int, int]]:
    """The (tag, value)s of the program's dynamic section."""
    auxv, word = backend.auxv(), backend.machine.word_size
    table, count = auxv.get(AT_PHDR, 0), min(auxv.get(AT_PHNUM, 0), 4096)
    size = 56 if word == 8 else 32
    data = backend.read(table, size * count) if table else b""
    address, bias = None, 0
    for start in range(0, len(data), size):
        kind = int.from_bytes(data[start : start + 4], "little")
        place = start + (16 if word == 8 else 8)
        virtual = int.from_bytes(data[place : place + word], "little")
        if kind == _PT_PHDR:
            bias = table - virtual
        elif kind == _PT_DYNAMIC:
            address = virtual
    if address is None:
        return
    position = address + bias
    for _ in range(_MOST_TAGS):
        pair = backend.read(position, 2 * word)
        tag = int.from_bytes(pair[:word], "little")
        if not tag:
            return
        yield tag, int.from_bytes(pair[word:], "little")
        position += 2 * word


def linked_objects(backend: Backend, loader: Loader | None) -> list[LinkedObject]:
    """The loader's list, as far as it can be read."""
    found: list[LinkedObject] = []
    word = backend.machine.word_size
    address = 0 if loader is None else loader.first
    seen = set()
    while address and address not in seen and len(found) < _MOST_OBJECTS:
        seen.add(address)
        try:
            data = backend.read(address, 4 * word)
            bias, name, dynamic, following = (
                int.from_bytes(data[n * word :][:word], "little") for n in range(4)
            )
            text = backend.cstring(name, 4096) if name else b""
        except SeizeError:
            break
        decoded = text.decode("utf-8", "surrogateescape")
        found.append(LinkedObject(address, bias, decoded, dynamic))
        address = following
    return found


def images_of(backend: Backend, modules: Modules) -> tuple[Image, ...]:
    """The images that code is run from: the program first, then as the loader lists them."""
    view = CodeView(backend)
    maps = backend.maps()
    objects = {(o.bias, o.dynamic): o for o in linked_objects(backend, find_loader(backend))}
    by_bias = {bias: o for (bias, _), o in objects.items()}
    order = {o.address: n for n, o in enumerate(objects.values())}
    found: list[tuple[int, Image]] = []
    known: set[tuple[int, int]] = set()
    for mapping in maps:
        if "x" not in mapping.permissions or not mapping.path:
            continue
        module = modules.of(mapping, view)
        first = None if module is None else module.elf.address_of(mapping.offset)
        if module is None or first is None:
            continue
        bias = mapping.start - first
        if (id(module), bias) in known:
            continue
        known.add((id(module), bias))
        start, end = _extent(maps, mapping, module, bias)
        linked = by_bias.get(bias)
        image = Image(
            path=mapping.path.removesuffix(" (deleted)"),
            bias=bias,
            build_id=module.elf.build_id,
            start=start,
            end=end,
            link_map=0 if linked is None else linked.address,
            dynamic=0 if linked is None else linked.dynamic,
            module=module,
            name=(linked.name if linked is not None else "") or mapping.path,
        )
        rank = _rank(image, backend, order)
        found.append((rank, image))
    found.sort(key=lambda pair: pair[0])
    return tuple(image for _, image in found)


def _rank(image: Image, backend: Backend, order: dict[int, int]) -> int:
    if image.link_map in order:
        return order[image.link_map]
    return -1 if backend.auxv().get(AT_ENTRY, 0) in image else len(order)


def _extent(maps: tuple[Mapping, ...], code: Mapping, module: Module, bias: int) -> tuple[int, int]:
    """Where the image of a mapping of code begins and ends in the process."""
    if code.path == VDSO:
        return code.start, code.end
    loads = [segment for segment in module.elf.segments if segment.kind == PT_LOAD]
    start = bias + (min(segment.address for segment in loads) & -_PAGE)
    end = bias + max(segment.address + segment.memory_size for segment in loads)
    for mapping in maps:
        is_of_it = mapping.path == code.path and mapping.inode == code.inode
        if is_of_it and start <= mapping.start < end:
            end = max(end, mapping.end)
    return start, end
