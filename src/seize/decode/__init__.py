"""The meaning of a system call: ``Decoder`` makes values, ``render`` makes text of them."""

from __future__ import annotations

from seize.decode.call import Args, Call
from seize.decode.decoder import Decoder
from seize.decode.signature import SignatureError

__all__ = ["Args", "Call", "Decoder", "SignatureError"]
