"""Planting a fault into the real pricing code, without touching the real modules.

Owns: loading the product's pricing a second time from changed source. Does not own: which faults
are planted, and that they are found (test_mutants.py).
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import sys
from collections.abc import Callable
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import TypeVar

import app.domain

Made = TypeVar("Made")
PACKAGE = "app.domain"
FOLDER = Path(app.domain.__file__).parent


def planted(module: str, old: str, new: str, ask_of: Callable[[ModuleType], Made]) -> Made:
    """What `ask_of` makes of app.domain.pricing when `old` reads `new` in one of its modules.

    The pattern must be there exactly once: a fault that was never planted proves nothing.
    """
    source = (FOLDER / f"{module}.py").read_text(encoding="utf-8")
    if source.count(old) != 1:
        raise ValueError(f"{module}.py has the pattern {source.count(old)} times: {old!r}")
    changed = dependents(module)
    kept = {name: sys.modules.pop(name) for name in changed if name in sys.modules}
    attributes = {name: getattr(app.domain, name.rpartition(".")[2], None) for name in changed}
    finder = _Changed(f"{PACKAGE}.{module}", source.replace(old, new))
    sys.meta_path.insert(0, finder)
    try:
        return ask_of(importlib.import_module(f"{PACKAGE}.pricing"))
    finally:
        sys.meta_path.remove(finder)
        for name in changed:
            sys.modules.pop(name, None)
            if attributes[name] is not None:
                setattr(app.domain, name.rpartition(".")[2], attributes[name])
        sys.modules.update(kept)


def dependents(module: str) -> set[str]:
    """The module and every module of the domain that imports it, directly or not."""
    found = {f"{PACKAGE}.{module}"}
    imports = {f"{PACKAGE}.{path.stem}": _imports(path) for path in FOLDER.glob("*.py")}
    grown = True
    while grown:
        more = {name for name, imported in imports.items() if imported & found} - found
        found |= more
        grown = bool(more)
    return found


def _imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return names


class _Changed(MetaPathFinder, Loader):
    """Finds one module, and runs the changed source for it."""

    def __init__(self, name: str, source: str) -> None:
        self._name, self._source = name, source

    def find_spec(
        self, fullname: str, path: object = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._name:
            return None
        return importlib.util.spec_from_loader(fullname, self)

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._source, f"<planted {self._name}>", "exec"), module.__dict__)
