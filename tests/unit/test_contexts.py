"""Contexts of files: from extended attributes, and from a policy that was never in force."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from seize.decode.values import Contextual
from seize.decode.values import Path as PathValue
from seize.strace.contexts import Contexts, Expected

CONTEXT = "system_u:object_r:tmp_t:s0"
POLICY = """\
# what files should be
/.*\tsystem_u:object_r:default_t:s0
/srv(/.*)?\t\tsystem_u:object_r:srv_t:s0
/srv/x\t-d\tsystem_u:object_r:srv_folder_t:s0
/srv/none\t<<none>>
/[\tsystem_u:object_r:broken_t:s0
"""


@pytest.fixture
def policies(tmp_path: Path) -> str:
    """A folder as /etc/selinux."""
    folder = tmp_path / "policies"
    files = folder / "targeted" / "contexts" / "files"
    files.mkdir(parents=True)
    (folder / "config").write_text("# a comment\nSELINUX=permissive\nSELINUXTYPE=targeted\n")
    (files / "file_contexts").write_text(POLICY)
    return str(folder)


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """A file with a context."""
    file = tmp_path / "file"
    file.touch()
    try:
        os.setxattr(file, "security.selinux", CONTEXT.encode() + b"\0")
    except OSError as error:
        pytest.skip(f"no security.selinux here: {error}")
    return file


def test_the_last_rule_that_matches_counts(policies: str) -> None:
    expected = Expected(policies)
    assert expected.of("/srv/x", stat.S_IFREG) == "system_u:object_r:srv_t:s0"
    assert expected.of("/srv/x", stat.S_IFDIR) == "system_u:object_r:srv_folder_t:s0"
    assert expected.of("/srvx", stat.S_IFREG) == "system_u:object_r:default_t:s0"
    assert expected.of("/srv/none", stat.S_IFREG) is None
    assert Expected("/nosuch").of("/srv/x", stat.S_IFREG) is None


def test_the_type_or_the_whole_of_it(labelled: Path) -> None:
    path, name = str(labelled), "/srv/file"
    assert Contexts(frozenset(("short",))).of_file(path, name) == "tmp_t"
    assert Contexts(frozenset(("full",))).of_file(path, name) == CONTEXT
    assert Contexts(frozenset(("full",))).of_file(f"{path}x", name) is None


def test_another_context_than_was_to_be_expected(labelled: Path, policies: str) -> None:
    path = str(labelled)
    wanted = frozenset(("mismatch",))
    assert Contexts(wanted, policies).of_file(path, "/srv/file") == "tmp_t!!srv_t"
    full = Contexts(wanted | {"full"}, policies)
    assert full.of_file(path, "/srv/x") == f"{CONTEXT}!!system_u:object_r:srv_t:s0"
    os.setxattr(path, "security.selinux", b"u:r:srv_t:s0\0")
    assert Contexts(wanted, policies).of_file(path, "/srv/file") == "srv_t"


def test_paths_and_descriptors_of_a_process(
    labelled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contexts = Contexts(frozenset(("short",)))
    pid = os.getpid()
    monkeypatch.chdir(labelled.parent)
    assert contexts.of_path(pid, "file", -100) == "tmp_t"
    assert contexts.of_path(pid, str(labelled), -100) == "tmp_t"
    assert contexts.of_path(pid, "", -100) is None
    assert contexts.of_path(pid, "other", -100) is None
    monkeypatch.chdir("/")
    folder = os.open(labelled.parent, os.O_RDONLY)
    file = os.open(labelled, os.O_RDONLY)
    try:
        assert contexts.of_path(pid, "file", folder) == "tmp_t"
        assert contexts.of_descriptor(pid, file) == "tmp_t"
    finally:
        os.close(folder)
        os.close(file)
    assert contexts.of_descriptor(pid, file) is None


def test_threads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """There is no policy on most machines: what the kernel would say is made up."""
    current = tmp_path / "current"
    current.write_bytes(b"unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023\0")
    monkeypatch.setattr(
        "builtins.open", lambda path, mode, opened=open: opened(str(current), mode), raising=True
    )
    assert Contexts(frozenset(("short",))).of_thread(1) == "unconfined_t"


def test_what_is_shown_is_the_value_and_its_context() -> None:
    from seize.decode.render.strace import StraceText

    value = Contextual(PathValue(b"x"), "tmp_t")
    assert StraceText().value(value) == '"x" [tmp_t]'
