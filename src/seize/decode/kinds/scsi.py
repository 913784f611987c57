"""SG_IO: a SCSI request in its two forms, and what became of it."""

from __future__ import annotations

from seize.decode.kinds.base import Kind, UnknownKind
from seize.decode.kinds.iovec import vectors
from seize.decode.kinds.sets import enumeration, flag_set
from seize.decode.kinds.text import read_bytes
from seize.decode.memory import read_exactly
from seize.decode.values import (
    Address,
    Bytes,
    Changed,
    Hex,
    HexBytes,
    Int,
    Pointer,
    Struct,
    Value,
    Word,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.abi.layouts import Layout
    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Pure, Scope
    from seize.decode.signature import Spec

    Pairs = list[tuple[str, Value]]

_TO_DEVICE, _FROM_DEVICE, _BOTH_WAYS = -2, -3, -4


class _Fields:
    """The numbers of a struct, and how its buffers are shown."""

    def __init__(self, scope: Scope, lies: Layout, call: Call, data: bytes) -> None:
        self.scope = scope
        self.call = call
        self.lies = {name: (offset, kind) for name, offset, kind, _ in lies[1]}
        self.data = data

    def __getitem__(self, name: str) -> int:
        offset, kind = self.lies[name]
        size = self.scope.word if kind == "ptr" else int(kind[1:]) // 8
        return int.from_bytes(
            self.data[offset : offset + size], "little", signed=kind.startswith("i")
        )

    def buffer(self, name: str, size: int) -> Value:
        """Bytes that are no text, at the pointer ``name``."""
        limit = self.call.decoder.string_limit
        value = read_bytes(self.call.memory, self[name], size, limit)
        return HexBytes(value.bytes, value.size) if isinstance(value, Bytes) else value

    def transfer(self, name: str, count: int, size: int) -> Value:
        """The bytes that go over, in one buffer or in ``count`` of them."""
        if not count:
            return self.buffer(name, size)
        return vectors(self.call, self.scope.word, self[name], count, size)

    def numbers(self, names: str) -> Pairs:
        """Fields that are plain numbers."""
        return [(name, Int(self[name])) for name in names.split()]

    def hexes(self, names: str) -> Pairs:
        """Fields that are codes."""
        return [(name, Hex(self[name])) for name in names.split()]


class _Request:
    def __init__(self, scope: Scope) -> None:
        from seize.abi.layouts import layout

        self.scope = scope
        third, fourth = layout(scope.arch_name, "sg_io_hdr"), layout(scope.arch_name, "sg_io_v4")
        if third is None or fourth is None:
            raise UnknownKind("no layout of sg_io_hdr or sg_io_v4")
        self.third, self.fourth = third, fourth
        self.direction = self._enum("sg_dxfer_direction")
        self.protocol, self.subprotocol = self._enum("bsg_protocol"), self._enum("bsg_subprotocol")
        self.flags, self.info = self._flags("sg_flags"), self._flags("sg_info")
        self.bsg_flags = self._flags("bsg_flags")

    def _enum(self, name: str) -> Pure:
        return enumeration(self.scope.set(name), name)

    def _flags(self, name: str) -> Pure:
        return flag_set(self.scope.set(name), name, 32)

    def at(self, call: Call, raw: int) -> Value:
        head = read_exactly(call.memory, raw, 4) if raw else None
        if head is None:
            return Address(raw)
        kind = int.from_bytes(head, "little")
        if kind not in (ord("S"), ord("Q")):
            return Pointer(Int(kind))
        lies = self.third if kind == ord("S") else self.fourth
        data = read_exactly(call.memory, raw, lies[0])
        label = "interface_id" if kind == ord("S") else "guard"
        first = (label, Word(f"'{chr(kind)}'"))
        if data is None:
            return Struct((first[0], ""), (first[1], Word("???")))
        fields = _Fields(self.scope, lies, call, data)
        pairs = [first, *(self._third(fields) if kind == ord("S") else self._fourth(fields))]
        return Struct(tuple([name for name, _ in pairs]), tuple([value for _, value in pairs]))

    def _third(self, own: _Fields) -> Pairs:
        direction, count, size = own["dxfer_direction"], own["iovec_count"], own["dxfer_len"]
        pairs: Pairs = [("dxfer_direction", self.direction(direction))]
        pairs += own.numbers("cmd_len")
        pairs.append(("cmdp", own.buffer("cmdp", own["cmd_len"])))
        pairs += own.numbers("mx_sb_len iovec_count dxfer_len timeout")
        pairs.append(("flags", self.flags(own["flags"])))
        if direction in (_TO_DEVICE, _BOTH_WAYS):
            pairs.append(("dxferp", own.transfer("dxferp", count, size)))
        if not own.call.finished:
            return pairs
        if direction in (_FROM_DEVICE, _BOTH_WAYS):
            left = max(size - max(own["resid"], 0), 0)
            came = own.transfer("dxferp", count, left)
            if direction == _BOTH_WAYS:
                came = Changed(pairs.pop()[1], came)
            pairs.append(("dxferp", came))
        pairs += own.hexes("status masked_status msg_status")
        pairs += own.numbers("sb_len_wr")
        pairs.append(("sbp", own.buffer("sbp", own["sb_len_wr"])))
        pairs += own.hexes("host_status driver_status")
        pairs += own.numbers("resid duration")
        return [*pairs, ("info", self.info(own["info"]))]

    def _fourth(self, own: _Fields) -> Pairs:
        pairs: Pairs = [
            ("protocol", self.protocol(own["protocol"])),
            ("subprotocol", self.subprotocol(own["subprotocol"])),
        ]
        pairs += own.numbers("request_len")
        pairs.append(("request", own.buffer("request", own["request_len"])))
        pairs += own.hexes("request_tag")
        pairs += own.numbers("request_attr request_priority request_extra max_response_len")
        pairs += own.numbers("dout_iovec_count dout_xfer_len din_iovec_count din_xfer_len")
        there = own.transfer("dout_xferp", own["dout_iovec_count"], own["dout_xfer_len"])
        pairs += [("dout_xferp", there), ("timeout", Int(own["timeout"]))]
        pairs += [("flags", self.bsg_flags(own["flags"])), ("usr_ptr", Hex(own["usr_ptr"]))]
        return [*pairs, *self._answer(own)] if own.call.finished else pairs

    def _answer(self, own: _Fields) -> Pairs:
        pairs = own.numbers("response_len")
        pairs.append(("response", own.buffer("response", own["response_len"])))
        size = max(own["din_xfer_len"] - max(own["din_resid"], 0), 0)
        pairs.append(("din_xferp", own.transfer("din_xferp", own["din_iovec_count"], size)))
        pairs += own.hexes("driver_status transport_status device_status")
        pairs += own.numbers("retry_delay")
        pairs.append(("info", self.info(own["info"])))
        pairs += own.numbers("duration response_len din_resid dout_resid")
        return pairs + own.hexes("generated_tag")


def _sg_io(scope: Scope, spec: Spec) -> Kind:
    """The request, and its answer: a failed call leaves one, too."""
    request = _Request(scope)

    def later(call: Call, raw: int, before: Value) -> Value:
        return request.at(call, raw)

    return Kind(decode=request.at, later=later, failed=later)


KINDS: dict[str, Factory] = {"sg_io": _sg_io}
