"""``seize completions SHELL``: what a shell needs to complete the options of ``seize trace``."""

from __future__ import annotations

from seize.cli import VERBS, show
from seize.cli.options import NONE, REQUIRED, parse
from seize.cli.table import OPTIONS
from seize.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from seize.cli.options import Option

_FILES = ("--output", "--trace-path")
_PROCESSES = ("--attach",)
_USERS = ("--user",)


def run(arguments: list[str]) -> int:
    """Write the completions of one shell: bash, zsh or fish."""
    shells: dict[str, Callable[[], str]] = {"bash": bash, "zsh": zsh, "fish": fish}
    words = parse((), arguments, "completions")[1]
    if len(words) != 1 or words[0] not in shells:
        raise UsageError("seize completions needs the name of a shell: bash, zsh or fish")
    show(shells[words[0]]())
    return 0


# ---------------------------------------------------------------------- bash

_BASH = """\
# bash completion for seize: eval "$(seize completions bash)"
_seize() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} at=2
    COMPREPLY=()
    if [ "$COMP_CWORD" = 1 ] && [ "${{COMP_WORDS[0]##*/}}" != strace ]; then
        COMPREPLY=($(compgen -W '{verbs}' -- "$word"))
        return
    fi
    [ "${{COMP_WORDS[0]##*/}}" = strace ] && at=1
    [ "$at" = 2 ] && [ "${{COMP_WORDS[1]}}" != trace ] && return
    [ "$before" = = ] && before=${{COMP_WORDS[COMP_CWORD-2]}}
    [ "$word" = = ] && word=
    case $before in
{arguments}
    esac
    while [ "$at" -lt "$COMP_CWORD" ]; do
        case ${{COMP_WORDS[at]}} in
        {takers}) at=$((at + 2)) ;;
        -*|=) at=$((at + 1)) ;;
        *) _command_offset "$at" 2>/dev/null || COMPREPLY=($(compgen -f -- "$word")); return ;;
        esac
    done
    case $word in
    -*) COMPREPLY=($(compgen -W '{options}' -- "$word")) ;;
    *) COMPREPLY=($(compgen -c -- "$word")) ;;
    esac
}}
complete -F _seize seize strace
"""


def bash() -> str:
    """A completion function for bash."""
    names = [name for entry in OPTIONS for name in entry.names]
    takers = [name for entry in OPTIONS if entry.argument == REQUIRED for name in entry.names]
    return _BASH.format(
        verbs=" ".join(VERBS),
        arguments="\n".join(_bash_case(entry) for entry in OPTIONS if _completed(entry)),
        takers="|".join(takers),
        options=" ".join(names),
    )


def _completed(entry: Option) -> bool:
    known = (*_FILES, *_PROCESSES, *_USERS)
    return entry.argument != NONE and (bool(entry.choices) or entry.name in known)


def _bash_case(entry: Option) -> str:
    # An optional argument follows the long name alone, with an equals sign.
    names = entry.names if entry.argument == REQUIRED else entry.names[-1:]
    if entry.choices:
        how = f"-W '{' '.join(entry.choices)}'"
    elif entry.name in _FILES:
        how = "-f"
    elif entry.name in _USERS:
        how = "-u"
    else:
        how = '-W "$(cd /proc && echo [0-9]*)"'
    return f'    {"|".join(names)}) COMPREPLY=($(compgen {how} -- "$word")); return ;;'


# ---------------------------------------------------------------------- zsh

_ZSH = """\
#compdef seize
# zsh completion for seize: seize completions zsh > ~/.zfunc/_seize
_seize() {{
    if (( CURRENT == 2 )); then
        compadd -- {verbs}
        return
    fi
    [[ $words[2] == trace ]] || return
    shift words
    (( CURRENT-- ))
    _arguments -S -A '-*' \\
{options}
        '*:::command:_normal'
}}
compdef _seize seize
"""


def zsh() -> str:
    """A completion function for zsh."""
    lines = [f"        {line} \\" for entry in OPTIONS for line in _zsh_specs(entry)]
    return _ZSH.format(verbs=" ".join(VERBS), options="\n".join(lines))


def _zsh_specs(entry: Option) -> Iterator[str]:
    text = entry.help
    for mark in ("\\", "[", "]", ":"):
        text = text.replace(mark, f"\\{mark}")
    for name in entry.names:
        is_long = name.startswith("--")
        argument = ""
        if entry.argument == REQUIRED:
            argument = f":{entry.name.lstrip('-')}:{_zsh_values(entry)}"
            name += "=" if is_long else "+"
        elif entry.argument != NONE and is_long:
            argument = f"::{entry.name.lstrip('-')}:{_zsh_values(entry)}"
            name += "=-"
        yield _quoted(f"*{name}[{text}]{argument}")


def _zsh_values(entry: Option) -> str:
    if entry.choices:
        return f"({' '.join(entry.choices)})"
    if entry.name in _FILES:
        return "_files"
    if entry.name in _PROCESSES:
        return "_pids"
    return "_users" if entry.name in _USERS else " "


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


# ---------------------------------------------------------------------- fish


def fish() -> str:
    """Completions for fish."""
    lines = ["# fish completion for seize: seize completions fish | source"]
    lines.append(f"complete -c seize -n __fish_use_subcommand -f -a {_quoted(' '.join(VERBS))}")
    lines += [_fish_line(entry) for entry in OPTIONS]
    command = "(__fish_complete_subcommand --fcs-skip=2)"
    lines.append(f"complete -c seize -n '__fish_seen_subcommand_from trace' -x -a '{command}'")
    return "\n".join(lines) + "\n"


def _fish_line(entry: Option) -> str:
    words = ["complete -c seize -n '__fish_seen_subcommand_from trace'"]
    for name in entry.names:
        words.append(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}")
    if entry.argument == REQUIRED:
        words.append("-r")
    if entry.choices:
        words.append(f"-f -a {_quoted(' '.join(entry.choices))}")
    words.append(f"-d {_quoted(entry.help)}")
    return " ".join(words)
