"""A fresh folder for each run, and what a run leaves in it."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
from contextlib import suppress

from seize._frozen import frozen
from seize.errors import SeizeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from seize.sweep.settings import Settings

SHELL_SECONDS = 60.0
"""How long --setup and --check may take."""
_SHOWN = 2000
_CHUNK = 1 << 20


@frozen
class Traces:
    """What a run left behind.

    ``stdout`` is the size and digest of its output, ``stderr`` the beginning of its messages;
    ``files`` tells of each file in the working folder its type and mode and its size and digest.
    ``check`` is None if the check was content, or else its output.
    """

    stdout: tuple[int, str]
    stderr: str
    files: dict[str, tuple[str, int, str]]
    check: str | None


class Workplace:
    """The folder of one run: ``work`` to run in, ``tmp`` as its TMPDIR, and its output."""

    def __init__(self, settings: Settings, base: str, number: int) -> None:
        self._settings = settings
        # Names of one length: a path may come into what the command writes.
        self.folder = os.path.join(base, f"{number:06}")
        self.work = os.path.join(self.folder, "work")
        self.env = {**os.environ, "TMPDIR": os.path.join(self.folder, "tmp")}

    def prepare(self) -> tuple[int, int]:
        """Make the folder, run the setup; return descriptors for standard output and error."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC
        try:
            self._fill()
            streams = [os.open(self._path(name), flags, 0o600) for name in ("stdout", "stderr")]
        except OSError as error:
            why = os.strerror(error.errno or 0)
            raise SeizeError(f"can't make '{error.filename or self.folder}': {why}") from error
        if self._settings.setup:
            failure = self._shell(self._settings.setup)
            if failure is not None:
                raise SeizeError(f"the setup fails: {_first_line(failure)}")
        return streams[0], streams[1]

    def _fill(self) -> None:
        source = self._settings.directory
        if source is None:
            os.makedirs(self.work)
        else:
            try:
                shutil.copytree(source, self.work, symlinks=True, copy_function=_copy)
            except shutil.Error as error:
                raise SeizeError(f"can't copy '{source}': {error.args[0][0][2]}") from error
        os.mkdir(os.path.join(self.folder, "tmp"))

    def executable(self) -> str | None:
        """The command as a path that holds in the working folder; None if it is as it stands."""
        name = self._settings.command[0]
        if "/" not in name or os.path.isabs(name) or os.path.exists(os.path.join(self.work, name)):
            return None
        return os.path.abspath(name)

    def _path(self, name: str) -> str:
        return os.path.join(self.folder, name)

    def _shell(self, command: str) -> str | None:
        """Run a shell command in the working folder; None, or its output if it fails."""
        path = self._path("shell")
        with open(path, "wb") as output:
            process = subprocess.Popen(
                ["/bin/sh", "-c", command],
                cwd=self.work,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
            try:
                status = process.wait(SHELL_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                return f"it takes longer than {SHELL_SECONDS:.0f} s"
            except KeyboardInterrupt:
                process.kill()
                process.wait()
                raise
        return None if status == 0 else _beginning(path) or f"exit status {status}"

    def traces(self) -> Traces:
        """Look at what the run left, and then run the check."""
        files = dict(sorted(_tree(self.work)))
        stdout = (os.path.getsize(self._path("stdout")), _digest(self._path("stdout")))
        check = self._shell(self._settings.check) if self._settings.check else None
        return Traces(stdout, _beginning(self._path("stderr")), files, check)

    def remove(self) -> None:
        """Take the folder away."""
        remove(self.folder)


def remove(folder: str) -> None:
    """Take a folder away, whatever permissions are in it; what can't be removed stays."""
    shutil.rmtree(folder, ignore_errors=True)
    if not os.path.exists(folder):
        return
    for place, folders, _ in os.walk(folder):
        for name in folders:
            if not os.path.islink(os.path.join(place, name)):
                os.chmod(os.path.join(place, name), stat.S_IRWXU)
    shutil.rmtree(folder, ignore_errors=True)


def _copy(source: str, target: str) -> None:
    """Copy a file or a named pipe; a socket or device of somebody else's is left out."""
    mode = os.stat(source).st_mode
    if stat.S_ISFIFO(mode):
        os.mkfifo(target, stat.S_IMODE(mode))
    elif stat.S_ISREG(mode):
        shutil.copy2(source, target)


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]


def _beginning(path: str) -> str:
    with open(path, "rb") as file:
        return file.read(_SHOWN).decode(errors="backslashreplace")


def _digest(path: str) -> str:
    digest = hashlib.blake2b(digest_size=16)
    with open(path, "rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _tree(top: str) -> list[tuple[str, tuple[str, int, str]]]:
    found = []
    for place, folders, names in os.walk(top):
        for name in (*folders, *names):
            path = os.path.join(place, name)
            status = os.lstat(path)
            content = ""
            if stat.S_ISREG(status.st_mode):
                # What the command has made unreadable is compared by its size and mode.
                with suppress(PermissionError):
                    content = _digest(path)
            elif stat.S_ISLNK(status.st_mode):
                content = os.readlink(path)
            size = 0 if stat.S_ISDIR(status.st_mode) else status.st_size
            found.append((os.path.relpath(path, top), (oct(status.st_mode), size, content)))
    return found
