"""Finds the files the rules about the code read: everything git tracks or would track.

Owns: the list of files and their parsed trees. Does not own: any rule (test_tidy.py,
test_architecture.py).
"""

import ast
import gc
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PRODUCT_ROOMS = ("app", "ui", "sync", "main.py")


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file: its place from the top (with forward slashes), text and tree."""

    place: str
    text: str
    tree: ast.Module

    @property
    def is_product(self) -> bool:
        return self.place.split("/", maxsplit=1)[0] in PRODUCT_ROOMS

    @classmethod
    def of(cls, place: str, text: str) -> "Source":
        return cls(place, text, ast.parse(text, filename=place))


# A rule reads one file and yields its findings: "place:line: what: cure".
Rule = Callable[[Source], Iterator[str]]


@cache
def all_places() -> tuple[str, ...]:
    """Every file of the product, from the top; in an unpacked archive: what lies there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        places = {place for place in listed.stdout.split("\0") if place}
    else:
        places = {
            path.relative_to(ROOT).as_posix()
            for path in ROOT.rglob("*")
            if path.is_file() and not _is_left_over(path.relative_to(ROOT))
        }
    return tuple(sorted(place for place in places if (ROOT / place).is_file()))


def _is_left_over(path: Path) -> bool:
    return any(part.endswith(("cache", "cache__")) or part == ".venv" for part in path.parts)


@cache
def python_sources() -> tuple[Source, ...]:
    """Every Python file, parsed once for all rules.

    A million nodes that stay: the garbage collector, which would go through them again and again
    while they are made and in every test after, is told to leave them alone.
    """
    gc.disable()
    try:
        return tuple(
            Source.of(place, (ROOT / place).read_text(encoding="utf-8"))
            for place in all_places()
            if place.endswith(".py")
        )
    finally:
        gc.freeze()
        gc.enable()


def imported_modules(tree: ast.AST) -> list[tuple[int, str]]:
    """(line, module) for every import in the tree, late ones too; `from a import b` gives `a`."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.lineno, "." * node.level + (node.module or "")))
    return found
