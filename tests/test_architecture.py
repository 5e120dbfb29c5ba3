"""The shape of the product as tests, where import-linter's contracts cannot say it.

Owns: the fixed top level, what the domain may import at all, Qt-free view models, one file name
per noun on all floors, keyword-only services, and the proof that the contracts in pyproject.toml
find a planted fault. Does not own: the contracts themselves, tidiness (test_tidy.py).
"""

import ast
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.source_files import ROOT, Rule, Source, all_places, imported_modules, python_sources

pytestmark = pytest.mark.no_cover  # it reads the code and runs none of it

TOP_LEVEL = {
    "app",
    "ui",
    "sync",
    "resources",
    "tests",
    "main.py",
    "pyproject.toml",
    "README.md",
    "requirements.txt",
    "LICENSE",
}


def test_the_top_level_is_fixed() -> None:
    top = {place.partition("/")[0] for place in all_places()}
    extra = {name for name in top - TOP_LEVEL if not name.startswith(".")}
    assert not extra, f"{sorted(extra)}: find it a room below app, ui, sync, resources or tests"


def test_every_folder_with_code_is_a_package() -> None:
    """Import-linter does not see a folder without __init__.py, so no contract would hold there."""
    folders = {Path(source.place).parent for source in python_sources() if source.is_product}
    bare = [
        folder.as_posix()
        for folder in folders - {Path()}
        if not (ROOT / folder / "__init__.py").is_file()
    ]
    assert not bare, f"{sorted(bare)}: add __init__.py with a caption: what it owns and what not"


# ------------------------------------------------------------------ what a file may import

# Whatever is not named here reaches for a clock, a disk, a wire or chance, or has no business.
DOMAIN_MAY_IMPORT = {
    *("__future__", "abc", "bisect", "calendar", "collections", "contextlib", "dataclasses"),
    *("datetime", "decimal", "enum", "fractions", "functools", "hashlib", "heapq", "hmac"),
    *("itertools", "json", "math", "operator", "re", "string", "tomllib", "types", "typing"),
    *("unicodedata", "uuid", "zoneinfo", "base64", "binascii", "struct"),
    *("msgspec", "stdnum"),
}
DOMAIN_MAY_IMPORT_HERE = {"app/domain/birthday.py": {"lunar_python"}}


def domain_imports_values_only(source: Source) -> Iterator[str]:
    if not source.place.startswith("app/domain/"):
        return
    allowed = DOMAIN_MAY_IMPORT | DOMAIN_MAY_IMPORT_HERE.get(source.place, set())
    for line, module in imported_modules(source.tree):
        inside = module == "app.domain" or module.startswith(("app.domain.", "."))
        if not inside and module.partition(".")[0] not in allowed:
            cure = "the domain sees itself, values and msgspec; let the caller pass the result in"
            yield f"{source.place}:{line}: imports {module}: {cure}"


def view_models_know_no_qt(source: Source) -> Iterator[str]:
    if not source.place.startswith("ui/") or not source.place.endswith("view_model.py"):
        return
    for line, module in imported_modules(source.tree):
        if module.partition(".")[0] == "PySide6" or module.startswith(("ui.kit", "ui.theme")):
            cure = "a view model is plain data; render_view in screen.py touches widgets"
            yield f"{source.place}:{line}: imports {module}: {cure}"


# Steps several services share. Nobody outside app/services may import them, so they may be terse.
SHARED_STEPS = {
    f"app.services.{name}"
    for name in (
        *("desk", "fact_writer", "price_desk", "refund_case", "refund_record", "seating"),
        *("standing", "complaint_step"),
    )
}


@cache
def ports_and_bundles() -> frozenset[str]:
    """The names through which a service reaches the world: the ports, and what holds a port."""
    services = [one for one in python_sources() if one.place.startswith("app/services/")]
    classes = [
        (source.place, node)
        for source in services
        for node in source.tree.body
        if isinstance(node, ast.ClassDef)
    ]
    ports = {node.name for place, node in classes if place.endswith(("/ports.py", "_port.py"))}
    fields = {
        node.name: {
            name
            for field in node.body
            if isinstance(field, ast.AnnAssign)
            for name in _names_in(field.annotation)
        }
        for _, node in classes
    }
    return frozenset(ports | {name for name, held in fields.items() if held & ports})


def services_are_keyword_only(source: Source) -> Iterator[str]:
    """A call reads like the thing asked for, and two amounts cannot change places.

    A service is a public function that reaches the world: one of its arguments is a port.
    """
    module = source.place.removesuffix(".py").replace("/", ".")
    if not module.startswith("app.services.") or module in SHARED_STEPS:
        return
    for node in source.tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        by_place = node.args.posonlyargs + node.args.args
        arguments = by_place + node.args.kwonlyargs
        needs = {name for one in arguments if one.annotation for name in _names_in(one.annotation)}
        if by_place and needs & ports_and_bundles() and not node.name.startswith("_"):
            cure = "a service takes its arguments by name: put * first"
            yield f"{source.place}:{node.lineno}: {node.name}({by_place[0].arg}): {cure}"


def shared_steps_stay_inside(source: Source) -> Iterator[str]:
    """A screen asks for a thing, it does not put one together out of steps."""
    if source.place.startswith(("app/services/", "tests/")):
        return
    for node in ast.walk(source.tree):
        match node:
            case ast.Import():
                named = {alias.name for alias in node.names}
            case ast.ImportFrom(module=str(module)):
                named = {module} | {f"{module}.{alias.name}" for alias in node.names}
            case _:
                continue
        for step in sorted(named & SHARED_STEPS):
            yield f"{source.place}:{node.lineno}: imports {step}: call the service that uses it"


def _names_in(annotation: ast.AST) -> set[str]:
    """`UnitOfWork` in `UnitOfWork | None`, in `"UnitOfWork"` and in `ports.UnitOfWork`."""
    return set(re.findall(r"[A-Za-z_]\w*", ast.unparse(annotation)))


RULES: tuple[Rule, ...] = (
    domain_imports_values_only,
    view_models_know_no_qt,
    services_are_keyword_only,
    shared_steps_stay_inside,
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_code_keeps_the_rule(rule: Rule) -> None:
    findings = [finding for source in python_sources() for finding in rule(source)]
    assert not findings, "\n" + "\n".join(findings)


@pytest.mark.parametrize(
    ("rule", "place", "text"),
    [
        (domain_imports_values_only, "app/domain/a.py", "from app.wording import _"),
        (domain_imports_values_only, "app/domain/a.py", "def f():\n    import os"),
        (domain_imports_values_only, "app/domain/a.py", "import lunar_python"),
        (view_models_know_no_qt, "ui/till/view_model.py", "from PySide6.QtCore import Qt"),
        (
            services_are_keyword_only,
            "app/services/points.py",
            "def redeem(unit: UnitOfWork, *, points: int): ...",
        ),
        (shared_steps_stay_inside, "ui/till/controller.py", "from app.services.desk import keep"),
        (shared_steps_stay_inside, "ui/till/controller.py", "from app.services import desk"),
    ],
)
def test_the_rule_finds_the_fault(rule: Rule, place: str, text: str) -> None:
    assert list(rule(Source.of(place, text)))


# ------------------------------------------------------------------ one noun, one file name

FLOORS = ("app/domain/", "app/services/", "app/store/", "app/devices/", "sync/")


def same_noun_spelled_twice(places: list[str]) -> Iterator[str]:
    """`member.py` here and `members.py` there: whoever looks for one misses the other."""
    spellings: dict[str, dict[str, str]] = defaultdict(dict)
    for place in places:
        if place.endswith(".py") and place.startswith(FLOORS):
            name = place.rpartition("/")[2].removesuffix(".py")
            spellings[name.removesuffix("s").removesuffix("ie").removesuffix("y")][name] = place
    for names in spellings.values():
        if len(names) > 1:
            yield f"{sorted(names.values())}: one noun, one file name on every floor: rename one"


def test_a_noun_has_one_file_name_on_every_floor() -> None:
    findings = list(same_noun_spelled_twice(list(all_places())))
    assert not findings, "\n" + "\n".join(findings)


def test_two_spellings_of_a_noun_are_found() -> None:
    assert list(same_noun_spelled_twice(["app/domain/member.py", "app/store/members.py"]))
    assert not list(same_noun_spelled_twice(["app/domain/points.py", "app/store/points.py"]))


# ------------------------------------------------------------------ the contracts bite

ROOMS = ("app", "app/domain", "app/services", "app/store", "app/devices", "app/commands")

PLANTED = [
    pytest.param("app/services/points.py", "import app.store.points", "through a port", id="store"),
    pytest.param("app/devices/cards.py", "import app.services.points", "through a port", id="port"),
    pytest.param(
        "app/domain/points.py", "import sqlalchemy", "only calculates", id="sql in domain"
    ),
    pytest.param("app/store/points.py", "import PySide6", "ui draws", id="Qt in the store"),
    pytest.param("app/services/points.py", "import requests", "transport.py", id="wire in app"),
    pytest.param("app/commands/bench.py", "import sqlcipher3", "app/store", id="SQL in a command"),
    pytest.param("ui/till.py", "import app.store.points", "Ask a service", id="window to store"),
    pytest.param("ui/till.py", "import sync.core", "Ask a service", id="window to sync"),
    pytest.param("sync/core.py", "import app.services.points", "Protocol", id="sync to services"),
    pytest.param("app/store/points.py", "import main", "as an argument", id="main imported"),
]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs the contracts of pyproject.toml over the tree in that folder."""
    run = "from importlinter.cli import lint_imports_command as run; run()"
    options = ("--no-cache", "--no-logo", "--config", str(ROOT / "pyproject.toml"))
    return subprocess.run(
        [sys.executable, "-c", run, *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def plant_rooms(folder: Path) -> None:
    for room in (*ROOMS, "ui", "sync"):
        (folder / room).mkdir()
        (folder / room / "__init__.py").touch()
    for place in ("app/store/points.py", "app/services/points.py", "sync/core.py"):
        (folder / place).touch()


def test_the_contracts_hold_for_empty_rooms(tmp_path: Path) -> None:
    plant_rooms(tmp_path)
    answer = lint_imports(tmp_path)
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize(("place", "fault", "cure"), PLANTED)
def test_a_planted_import_breaks_a_contract_that_says_the_cure(
    tmp_path: Path, place: str, fault: str, cure: str
) -> None:
    plant_rooms(tmp_path)
    (tmp_path / place).write_text(f"{fault}\n", encoding="utf-8")
    answer = lint_imports(tmp_path)
    said = " ".join(answer.stdout.split())
    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert cure in said, said
