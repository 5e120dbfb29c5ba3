"""Where commands get a program from: a file, or one that ships with the product.

Owns: finding, reading and checking it, and printing what is wrong. Does not own: the rules
(app/domain/program_check.py).
"""

from __future__ import annotations

import sys
from pathlib import Path

from app.domain.program import Program
from app.domain.program_check import check_program
from app.domain.program_file import decode_program
from app.domain.program_problem import CURES, Problem
from app.wording import N_, Wording

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "resources" / "programs"
EXAMPLE_BASKET = SHIPPED / "example-basket.json"
WHICH_PROGRAM = N_("a program file (TOML), or the name of one that ships: default, cafe, beauty")


def shown_path(path: Path) -> str:
    """The path as one would type it from the product's folder."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)


def path_of(name: str) -> Path:
    """A program file, or a shipped one by its name."""
    shipped = SHIPPED / f"{name}.toml"
    return shipped if name.isidentifier() and shipped.is_file() else Path(name)


def problem_text(problem: Problem, wording: Wording) -> str:
    """The key, and the sentence with the value and the cure."""
    cure = wording.t(CURES[problem.code], value=problem.value, other=problem.other)
    return f"{problem.path}: {cure}" if problem.path else cure


def read_program(name: str, wording: Wording) -> tuple[Program | None, list[str]]:
    """The program and what is wrong with it; None where it cannot be read at all."""
    path = path_of(name)
    try:
        content = path.read_text(encoding="utf-8")
    except OSError as error:
        return None, [f"{name}: {error.strerror}"]
    except UnicodeDecodeError:
        return None, [wording.t("{file}: is no text in UTF-8", file=name)]
    program = decode_program(content)
    if isinstance(program, Problem):
        return None, [problem_text(program, wording)]
    return program, [problem_text(problem, wording) for problem in check_program(program)]


def load_program(name: str, wording: Wording) -> Program | None:
    """A program that may be priced with; None after saying on stderr what is wrong."""
    program, problems = read_program(name, wording)
    for problem in problems:
        print(problem, file=sys.stderr)
    return None if problems else program
