"""The table of commands: finding one, saying what there is, turning errors into sentences.

Owns: the dispatch and the exit codes of what a command raises.
Does not own: the commands and their joining (main.py fills the table).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module

from app.commands.openings import BAD_INPUT, NOT_POSSIBLE, OK
from app.wording import Wording

STOPPED = 130
"""The exit code of a program that Ctrl+C ended, as shells know it."""


@dataclass(frozen=True, slots=True)
class Command:
    """One row: what runs, and what it is for."""

    run: Callable[[Sequence[str], Wording], int]
    says: str


def late(name: str, **joined: object) -> Callable[[Sequence[str], Wording], int]:
    """A command of this room, imported when it runs, with what main.py hands to it."""

    def run(arguments: Sequence[str], wording: Wording) -> int:
        command = import_module(f"app.commands.{name}")
        answer: int = command.run(arguments, wording=wording, **joined)
        return answer

    return run


def usage(table: Mapping[str, Command], wording: Wording) -> str:
    """The list of commands."""
    rows = [f"main.py {name:<14} {wording.t(row.says)}" for name, row in table.items()]
    rows.append(wording.t("Each command has --help with an example."))
    return "\n".join(rows)


def dispatch(table: Mapping[str, Command], words: Sequence[str], wording: Wording) -> int:
    """Run the command the first word names; the exit code is the answer."""
    try:
        code = _run(table, words, wording)
        sys.stdout.flush()
    except BrokenPipeError:
        # `main.py program show default | head`: the reader has seen enough. Python flushes once
        # more at its end, so that has to go nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    return code


def _run(table: Mapping[str, Command], words: Sequence[str], wording: Wording) -> int:
    name, rest = words[0], words[1:]
    if name in {"-h", "--help", "help"}:
        print(usage(table, wording))
        return OK
    command = table.get(name)
    if command is None:
        print(f"{name}?\n{usage(table, wording)}", file=sys.stderr)
        return BAD_INPUT
    try:
        return command.run(rest, wording)
    except KeyboardInterrupt:
        print(wording.t("Stopped; what was done so far is kept."), file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        raise
    except Exception as error:
        # A bug shows where it is; what the world failed in is said in words.
        if (said := _fault_text(error, wording)) is None:
            raise
        print(said, file=sys.stderr)
        return NOT_POSSIBLE


def _fault_text(error: Exception, wording: Wording) -> str | None:
    # Imported late: most commands end well, and some never touch a store.
    from app.commands.fault import words_of_world

    words = words_of_world(error, wording)
    return None if words is None else words.text()
