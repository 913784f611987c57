"""What expressions of ``seize debug`` may do: call functions, count, assign; gdb is the judge."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.live.test_debug_terminal import both, by_seize

Builder = Callable[..., str]
FLAGS = ("-O0",)


def test_functions_are_called_wherever_they_stand(program: Builder) -> None:
    script = """
        break nothing
        run
        up
        print add(1, 2) + 1
        print add(add(1, 2), 3) * add(1, 1)
        print half(5)
        print half(local)
        print half('a')
        print third(6)
        print third(half(9)) + 1
        print wide(3)
        print add(1.9, 2)
        print (char) word(1)[0]
        print *word(0)
        print word(local == 3)
        print pair(7, 8).second
        print pack.twice(6)
        print ((int (*)(int)) twice)(3)
        print pack.twice == twice && twice(2) == 4
        print (int) getpid() > 0
        print (long) strlen("four") + 1
        print (int) strcmp("a", "b") < 0
        print none && add(100, 100)
        print local || add(100, 100)
        print none != 0 && none->first == add(100, 100)
        print local ? 7 : add(100, 100)
        print total
        whatis add(100, 100)
        ptype pair(1, 2)
        print total
        print add(1)
        break add if twice(b) == 8
        continue
        info breakpoints
    """
    both(script, program("called", flags=FLAGS), 1)


def test_expressions_change_what_they_name(program: Builder) -> None:
    both(
        """
        break nothing
        run
        up
        print total++
        print ++total
        print total--
        print --total
        print total += 5
        print total <<= 1
        print total %= 7
        set var numbers[1] *= 4
        print numbers
        set var pack.low = 2
        set var pack.high++
        print pack.low
        print pack.high
        set $index = 0
        print numbers[$index++]
        print numbers[$index++]
        print $index
        set $before = total
        set var total = 1
        print $before
        print total
        print {int} &numbers[2]
        print {struct pair} numbers
        print {char [2]} pack.name
        break add if a == $index + 1
        continue
        """,
        program("called", flags=FLAGS),
    )


def test_a_called_function_meets_no_watchpoint(program: Builder) -> None:
    binary = program("called", flags=FLAGS)
    script = [
        "break main",
        "run",
        "print total(1)",
        "watch total",
        "hbreak add",
        "print add(1, 1)",
        "continue",
    ]
    shown = by_seize(script, binary, status=1)
    assert "Cannot perform a call on a value that is no function." in shown
    assert "$1 = 2" in shown
    at = shown.index("Hardware watchpoint 2: total", shown.index("$1 = 2"))
    assert shown[at + 2 : at + 4] == ["Old value = 40", "New value = 43"]


def test_what_has_no_debug_information_needs_a_cast(program: Builder) -> None:
    binary = program("called", flags=(*FLAGS, "-g0"))
    script = [
        "break nothing",
        "run",
        "print wide(1)",
        "print (long) wide(1)",
        "print (int) add(1, 2)",
    ]
    shown = by_seize(script, binary, status=1)
    assert shown[-3:] == [
        "'wide' has unknown return type; cast the call to its declared return type",
        "$1 = 1099511627776",
        "$2 = 3",
    ]


def test_places_are_listed_examined_and_left_as_gdb_has_it(program: Builder) -> None:
    both(
        """
        set breakpoint pending on
        list called.c:1
        list twice,
        break half
        run
        up
        list half,third
        info line called.c:17
        info line twice
        disassemble twice,+8
        x/-2dw &numbers[2]
        x/2dw
        x/s word(1)
        x/2x numbers
        x/gf &ratio
        print *(int *) 0
        print *(struct pair *) 8
        print total
        print $
        print $_thread + $_inferior
        print/c 321
        tbreak third
        continue
        tbreak
        break
        next
        continue
        print $_exitcode
        """,
        program("called", flags=FLAGS),
        status=1,
    )


def test_what_is_pending_says_why_and_whose_it_is_is_shown(program: Builder) -> None:
    script = ["break nosuch", "break main thread 1", "info breakpoints"]
    shown = by_seize(script, program("called", flags=FLAGS))
    assert shown[:2] == ['Function "nosuch" not defined.', "Breakpoint 1 (nosuch) pending."]
    assert shown[-1] == "\tstop only in thread 1"


def test_functions_of_a_32_bit_program_are_called(program: Builder) -> None:
    calls = ["pair(7, 8)", "half(5)", "third(6)", "add(1, 2) * add(3, 4)", "*word(0)", "half('a')"]
    script = ["break nothing", "run", *(f"print {each}" for each in calls)]
    shown = by_seize(script, program("called", bits=32, flags=FLAGS))
    texts = ["{first = 7, second = 8}", "2.5", "2", "21", "110 'n'", "48.5"]
    assert shown[-6:] == [f"${number} = {text}" for number, text in enumerate(texts, 1)]


CLASSES = """
struct Base { int base; static int count; };
int Base::count = 3;
struct Shared { int shared; };
struct Part : Base, Shared { int part; };
struct Empty : Base {};
Part part;
Empty empty;
int main() { return part.part; }
"""


def test_classes_are_shown_with_their_bases_and_statics(tmp_path: Path) -> None:
    source, binary = tmp_path / "classes.cc", tmp_path / "classes"
    source.write_text(CLASSES)
    subprocess.run(["g++", "-g", "-o", binary, source], check=True)
    both(
        """
        break main
        run
        ptype part
        ptype Base
        ptype Empty
        whatis Shared
        print Base::count
        """,
        str(binary),
    )
