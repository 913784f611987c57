"""The pinned inputs: download, verify and unpack them into a cache outside the repository."""

from __future__ import annotations

import hashlib
import importlib
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REQUIREMENTS = Path(__file__).with_name("requirements.txt")

# What is unpacked of each wheel: ziglang is 100 MB, its headers 30.
FOLDERS = {"ziglang": "ziglang/lib/libc/include", "libclang": "libclang-{version}.data/platlib"}


class InputError(Exception):
    """An input is missing, or isn't the one that was pinned."""


@dataclass(frozen=True)
class Pin:
    """One line of ``requirements.txt``."""

    name: str
    version: str
    sha256: str


def pins() -> list[Pin]:
    """Read the pinned inputs."""
    found = []
    for line in REQUIREMENTS.read_text().splitlines():
        if line and not line.startswith("#"):
            requirement, digest = line.split(" --hash=sha256:")
            name, version = requirement.split("==")
            found.append(Pin(name, version, digest))
    return found


def cache_folder() -> Path:
    """Where wheels and headers are kept: ``$SEIZE_TABLES_CACHE`` or ``~/.cache/seize-tables``."""
    default = Path.home() / ".cache" / "seize-tables"
    return Path(os.environ.get("SEIZE_TABLES_CACHE", default))


def _download(folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--only-binary=:all:", "--dest", str(folder), "-r", str(REQUIREMENTS)]
    subprocess.run(command, check=True, timeout=600)


def _wheel(pin: Pin, folder: Path) -> Path:
    wheels = sorted(folder.glob(f"{pin.name}-{pin.version}-*.whl"))
    if not wheels:
        raise InputError(f"{pin.name} {pin.version} is not in {folder}")
    digest = hashlib.sha256(wheels[0].read_bytes()).hexdigest()
    if digest != pin.sha256:
        raise InputError(f"{wheels[0]} has sha256 {digest}, pinned is {pin.sha256}")
    return wheels[0]


def _folder(pin: Pin) -> str:
    return FOLDERS[pin.name].format(version=pin.version)


def _unpack(pin: Pin, wheel: Path, target: Path) -> None:
    partial = target.with_name(f"{target.name}.{os.getpid()}")
    with zipfile.ZipFile(wheel) as archive:
        wanted = [n for n in archive.namelist() if n.startswith(_folder(pin) + "/")]
        if not wanted:
            raise InputError(f"{wheel} holds no {_folder(pin)}")
        archive.extractall(partial, wanted)
    if target.exists():
        shutil.rmtree(partial)
    else:
        partial.rename(target)


def fetch() -> dict[str, Path]:
    """Make every input available; return the folder of each by name.

    Raises `InputError` when a wheel's hash differs from the pinned one.
    """
    cache = cache_folder()
    wheels = cache / "wheels"
    wheels.mkdir(parents=True, exist_ok=True)
    if not all(list(wheels.glob(f"{p.name}-{p.version}-*.whl")) for p in pins()):
        _download(wheels)
    folders = {}
    for pin in pins():
        target = cache / f"{pin.name}-{pin.version}-{pin.sha256[:12]}"
        wheel = _wheel(pin, wheels)
        if not target.exists():
            _unpack(pin, wheel, target)
        folders[pin.name] = target / _folder(pin)
    return folders


def load_clang(folder: Path) -> Any:
    """Import ``clang.cindex`` from the unpacked wheel, without installing it."""
    sys.path.insert(0, str(folder))
    return importlib.import_module("clang.cindex")
