"""The generator's parts that need no headers: sets, ioctl arguments, pinned inputs, comparing."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tools.tables import __main__ as generator
from tools.tables import inputs, ioctls, layouts, sets
from tools.tables.cheaders import Constant, Field, Struct
from tools.tables.model import Machine, TableError


def machine(constants: dict[str, Constant], **structs: Struct) -> Machine:
    return Machine("x86_64", constants, structs)


OPEN = {
    "O_RDWR": Constant(2, "asm-generic/fcntl.h", "00000002"),
    "O_SYNC": Constant(0x101000, "asm-generic/fcntl.h", "( __O_SYNC | O_DSYNC )"),
    "O_DSYNC": Constant(0x1000, "asm-generic/fcntl.h", "00010000"),
    "O_NDELAY": Constant(0x800, "asm-generic/fcntl.h", "O_NONBLOCK"),
    "O_NONBLOCK": Constant(0x800, "asm-generic/fcntl.h", "00004000"),
    "O_MASK": Constant(0xFFFF, "asm-generic/fcntl.h", "0xffff"),
    "O_OTHER": Constant(1, "linux/other.h", "1"),
    "OP_A": Constant(0, "linux/op.h", enum="op"),
    "OP_B": Constant(-1, "linux/op.h", enum="op"),
}


def built(**entry: Any) -> tuple[tuple[int, str], ...]:
    return sets.build("key", {"key": entry}, machine(OPEN))


def test_sets_rise_by_value_and_a_listed_name_wins() -> None:
    pairs = built(match="O_[A-Z]+", names=["O_NONBLOCK"], **{"from": ["asm-generic/fcntl.h"]})
    assert pairs == (
        (2, "O_RDWR"),
        (0x800, "O_NONBLOCK"),
        (0x1000, "O_DSYNC"),
        (0x101000, "O_SYNC"),
    )


def test_a_composite_can_come_first_and_names_be_excluded() -> None:
    pairs = built(match="O_.*", first=["O_SYNC"], exclude=["O_OTHER", "O_ND.*"])
    assert [name for _, name in pairs] == ["O_SYNC", "O_RDWR", "O_NONBLOCK", "O_DSYNC"]


def test_enumerators_values_and_unsigned_width() -> None:
    assert built(enum="op", values={"OP_C": -2}, bits=32) == (
        (0, "OP_A"),
        (0xFFFFFFFE, "OP_C"),
        (0xFFFFFFFF, "OP_B"),
    )


def test_listed_order_and_inclusion() -> None:
    described = {
        "base": {"names": ["O_SYNC", "O_RDWR"], "order": "listed"},
        "more": {"include": ["base"], "names": ["O_DSYNC"], "order": "listed"},
    }
    pairs = sets.build("more", described, machine(OPEN))
    assert [name for _, name in pairs] == ["O_SYNC", "O_RDWR", "O_DSYNC"]


def test_a_name_that_no_header_has_is_an_error() -> None:
    with pytest.raises(TableError, match="O_TYPO"):
        sets.check({"key": {"names": ["O_RDWR", "O_TYPO"]}}, [machine(OPEN)])
    with pytest.raises(TableError, match="empty"):
        sets.check({"key": {"match": "NOTHING_.*"}}, [machine(OPEN)])


def test_every_described_key_has_a_meaning(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert "open_flags" in sets.describe()
    wrong = tmp_path / "sets.toml"
    wrong.write_text('[open_flags]\nprefix = "O_"\n')
    monkeypatch.setattr(sets, "DESCRIPTION", wrong)
    with pytest.raises(TableError, match="prefix"):
        sets.describe()


def test_ioctls_take_their_argument_from_the_macro(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    description = tmp_path / "ioctls.toml"
    description.write_text(
        'wrappers = ["_IO", "_IOR", "_IOW"]\nexclude = ["X_SECOND"]\nprivate = [[0x10, 0x20]]\n'
        '[old]\n"asm/old.h" = "TC[A-Z]+"\n[structs]\nTCGETS = "termios"\n'
    )
    monkeypatch.setattr(ioctls, "DESCRIPTION", description)
    termios = Struct("termios", "asm/termbits.h", 36, ())
    constants = {
        "X_GET": Constant(0x80245801, "linux/x.h", "_IOR ( 'X' , 1 , struct termios )"),
        "A_GET": Constant(0x80245801, "linux/a.h", "_IOR ( 'X' , 1 , struct termios )"),
        "X_SECOND": Constant(0x80245801, "linux/x.h", "_IOR ( 'X' , 1 , struct termios )"),
        "X_SIZE": Constant(0x40085802, "linux/x.h", "_IOW ( 'X' , 2 , unsigned long )"),
        "X_DO": Constant(0x5803, "linux/x.h", "_IO ( 'X' , 3 )"),
        "X_NAME": Constant(0x5803, "linux/x.h", "X_DO"),
        "X_PRIVATE": Constant(0x11, "linux/x.h", "_IO ( 0 , 17 )"),
        "TCGETS": Constant(0x5401, "asm/old.h", "0x5401"),
        "TCALIAS": Constant(0x5401, "asm/old.h", "TCGETS"),
        "TCTHERE": Constant(0x5402, "linux/elsewhere.h", "0x5402"),
    }
    found = ioctls.Ioctls(machine(constants, termios=termios))
    assert found.names() == {
        0x80245801: "A_GET or X_GET",
        0x40085802: "X_SIZE",
        0x5803: "X_DO",
        0x5401: "TCGETS",
    }
    assert found.structs == {0x80245801: "termios", 0x40085802: "u64", 0x5401: "termios"}


def test_layouts_bring_the_structs_of_their_fields() -> None:
    inner = Struct("inner", "linux/x.h", 8, (Field("a", 0, "u64", 1),))
    fields = (Field("i", 0, "inner", 2), Field("b", 16, "b3@5:u32", 1), Field("p", 24, "ptr", 1))
    outer = Struct("outer", "linux/x.h", 32, fields)
    found = layouts.collect(machine({}, inner=inner, outer=outer), {"ours": "outer"})
    assert found["inner"] == (8, (("a", 0, "u64", 1),))
    assert set(found) == {"ours", "inner"}
    assert found["ours"][1][0] == ("i", 0, "inner", 2)


def test_inputs_are_pinned_by_version_and_hash() -> None:
    pins = {pin.name: pin for pin in inputs.pins()}
    assert set(pins) == {"ziglang", "libclang"}
    assert all(len(bytes.fromhex(pin.sha256)) == 32 and pin.version for pin in pins.values())


def test_an_input_with_another_hash_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SEIZE_TABLES_CACHE", str(tmp_path))
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for pin in inputs.pins():
        (wheels / f"{pin.name}-{pin.version}-py3-none-any.whl").write_bytes(b"something else")
    with pytest.raises(inputs.InputError, match="pinned is"):
        inputs.fetch()


def test_a_good_input_is_unpacked_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    lines = []
    for name, member in (("ziglang", "ziglang/lib/libc/include/any/x.h"), ("libclang", None)):
        wheel = wheels / f"{name}-1-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr(member or "libclang-1.data/platlib/clang/cindex.py", "x = 1")
            archive.writestr("unwanted/big", "big")
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        lines.append(f"{name}==1 --hash=sha256:{digest}\n")
    pinned = tmp_path / "requirements.txt"
    pinned.write_text("# pins\n" + "".join(lines))
    monkeypatch.setattr(inputs, "REQUIREMENTS", pinned)
    monkeypatch.setenv("SEIZE_TABLES_CACHE", str(tmp_path))
    folders = inputs.fetch()
    assert (folders["ziglang"] / "any" / "x.h").read_text() == "x = 1"
    assert (folders["libclang"] / "clang" / "cindex.py").exists()
    assert list(tmp_path.rglob("big")) == []
    assert inputs.fetch() == folders


def test_check_names_what_differs_is_missing_or_is_left_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(generator, "OUTPUT", tmp_path)
    (tmp_path / "same.py").write_text("a")
    (tmp_path / "changed.py").write_text("b")
    (tmp_path / "left.py").write_text("c")
    texts = {"same.py": "a", "changed.py": "B", "missing.py": "d"}
    assert generator.compare(texts) == ["changed.py", "left.py", "missing.py"]
