"""PTP clocks: the samples that a request asks for, of a clock and the system's time."""

from __future__ import annotations

from seize.decode.fields import Inside
from seize.decode.kinds.base import Kind
from seize.decode.memory import read_exactly
from seize.decode.shapes import shape
from seize.decode.values import Address, Array, Date, Dated, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.decode.call import Call
    from seize.decode.kinds import Factory
    from seize.decode.kinds.base import Scope
    from seize.decode.signature import Spec

_TIME = 16
_MOST = 25


def _samples(scope: Scope, spec: Spec) -> Kind:
    """Pairs of readings in turn, the system's time first and last."""
    return _readings(scope, 1)


def _triples(scope: Scope, spec: Spec) -> Kind:
    """For each sample the system's time before and after, the clock's in between."""
    return _readings(scope, 3)


def _readings(scope: Scope, group: int) -> Kind:
    made = shape(scope, "ptp_clock_time")

    def reading(data: bytes) -> Value:
        value = made.value(None, data)
        date = Date(int.from_bytes(data[:8], "little", signed=True))
        date.nanoseconds = int.from_bytes(data[8:12], "little")
        return Dated(value, date) if date or date.nanoseconds else value

    def decode(call: Call, raw: int) -> Value:
        assert isinstance(call, Inside)
        samples = min(call.raw[0], _MOST)
        count = 2 * samples + 1 if group == 1 else 3 * samples
        data = read_exactly(call.memory, raw, count * _TIME)
        if data is None:
            return Address(raw)
        times = [reading(data[i * _TIME : (i + 1) * _TIME]) for i in range(count)]
        if group > 1:
            times = [Array(tuple(times[i : i + group])) for i in range(0, count, group)]
        return Array(tuple(times))

    return Kind(decode=decode)


KINDS: dict[str, Factory] = {"ptp_samples": _samples, "ptp_triples": _triples}
