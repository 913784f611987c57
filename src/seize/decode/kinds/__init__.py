"""Kinds: how a raw argument becomes a value.

A kind is known by the word that a signature uses for it.  ``MODULES`` says which module has
it, so that a module is loaded when a call that needs it is first met.
"""

from __future__ import annotations

from seize.decode.kinds.base import Kind, Scope, UnknownKind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from seize.decode.signature import Spec

    Factory = Callable[[Scope, Spec], Kind]

_HOMES = {
    "basic": "int uint long ulong size i64 u64 loff loff_hilo hex hex64 ptr octal mode umode dev "
    "fd dirfd pid id signal short byte umode clockid none raw",
    "sets": "flags enum",
    "text": "path str bytes strings argv environ cstr handle",
    "memory": "& array struct sigset fdset cpuset inlen outlen",
    "poll": "pollfds pollfds_out select sigset_pair epoll_out",
    "files": "stat dirents old_dirents statx getcwd flock open_how file_handle sendfile_off",
    "process": "waitstatus siginfo clone_exit clone3_args user_desc rlimits sigaction "
    "prlimit caphdr capdata arch_prctl sched_attr oldsigaction timerid sival",
    "net": "sockaddr sockaddr_in msghdr mmsghdr sockopt protocol addrlen socketpair netlink",
    "control": "ioctl",
    "iovec": "iovec iovec_out",
}

MODULES = {word: module for module, words in _HOMES.items() for word in words.split()}

_loaded: dict[str, Factory] = {}


def make(scope: Scope, spec: Spec) -> Kind:
    """The kind that ``spec`` names, compiled for ``scope``; raises ``UnknownKind``."""
    factory = _loaded.get(spec.word)
    if factory is None:
        home = MODULES.get(spec.word)
        if home is not None:
            _loaded.update(__import__(f"seize.decode.kinds.{home}", fromlist=["KINDS"]).KINDS)
            factory = _loaded.get(spec.word)
        if factory is None:
            return struct_pointer(scope, spec)
    return factory(scope, spec)


def struct_pointer(scope: Scope, spec: Spec) -> Kind:
    """A word that is no kind names a struct: a pointer to it."""
    from seize.decode import shapes

    if spec.params or spec.index or not shapes.known(spec.word):
        raise UnknownKind(f"unknown kind {spec.word!r}")
    from seize.decode.kinds.memory import pointer_to_shape

    return pointer_to_shape(shapes.shape(scope, spec.word))
