"""Reading /proc where a file that can't be read is an answer: proc(5)."""

from __future__ import annotations

import os


def text(path: str) -> str:
    """Give a file's text; "" where it can't be read, such as that of a thread that is gone."""
    try:
        with open(path, "rb") as file:
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""


def link(path: str) -> str:
    """Give what a symbolic link says; "" where it can't be read."""
    try:
        return os.readlink(path)
    except OSError:
        return ""


def status(tid: int) -> dict[str, str]:
    """Give the fields of /proc/TID/status by name; none if it can't be read."""
    lines = text(f"/proc/{tid}/status").splitlines()
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)


def stat(tid: int) -> list[str]:
    """Give the fields of /proc/TID/stat from the third on, the state; none if it can't be read."""
    # The name may contain anything, so the fields are counted from its closing parenthesis.
    return text(f"/proc/{tid}/stat").rpartition(")")[2].split()


def flags(tid: int) -> int | None:
    """Give the kernel's PF_* flags of a thread, field 9 of /proc/TID/stat; None if it is gone."""
    fields = stat(tid)
    return int(fields[6]) if len(fields) > 6 else None
