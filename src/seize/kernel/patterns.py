"""Regular expressions by the C library: regcomp(3), which is what strace's users know."""

from __future__ import annotations

from ctypes import byref, create_string_buffer

from seize.kernel._libc import quick

REG_EXTENDED, REG_NOSUB = 1, 8
# A regex_t takes 64 bytes in glibc and in musl.
_REGEX_SIZE = 256
_MESSAGE_SIZE = 256


class ExtendedPattern:
    """A POSIX extended regular expression (regex(7)), in the locale of this process.

    Raises ValueError with the C library's message where the text is none.
    """

    def __init__(self, text: str) -> None:
        self._regex = create_string_buffer(_REGEX_SIZE)
        status = quick.regcomp(
            byref(self._regex), text.encode("utf-8", "surrogateescape"), REG_EXTENDED | REG_NOSUB
        )
        if status:
            message = create_string_buffer(_MESSAGE_SIZE)
            quick.regerror(status, byref(self._regex), message, len(message))
            raise ValueError(message.value.decode(errors="replace"))

    def found_in(self, text: str) -> bool:
        """Whether some part of ``text`` matches."""
        status: int = quick.regexec(byref(self._regex), text.encode(), 0, None, 0)
        return status == 0

    def __del__(self) -> None:
        """Give back what regcomp has allocated."""
        quick.regfree(byref(self._regex))
