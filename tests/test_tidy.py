"""Tidiness as tests: what a reader of this code may rely on without looking.

Owns: rules ruff and mypy cannot say (the pure domain, sizes, colours, addresses, reasons beside
silenced checks). Each finding names the place and the cure, and each rule is shown a bad snippet.
Does not own: who may import whom (test_architecture.py, import-linter), style (ruff).
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator

import pytest

from tests.source_files import ROOT, Rule, Source, all_places, python_sources

pytestmark = pytest.mark.no_cover  # it reads the code and runs none of it

FILE_LINES_MAX = 400
CLASS_LINES_MAX = 250
FUNCTION_LINES_MAX = 70
FUNCTION_LINES_WISH = 40
LONG_FUNCTIONS = ROOT / "tests" / "long_functions.txt"


def in_domain(source: Source) -> bool:
    return source.place.startswith("app/domain/")


# ------------------------------------------------------------------ the pure domain


def no_float_in_domain(source: Source) -> Iterator[str]:
    """Money, points and rates are whole numbers and Decimals; a float loses a fen somewhere."""
    if not in_domain(source):
        return
    for node in ast.walk(source.tree):
        match node:
            case ast.Constant(value=float() | complex() as value):
                what = f"the literal {value}"
            case ast.Name(id="float" | "complex"):
                what = f"the type {node.id}"
            case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
                what = "a division by /"
            case ast.Call(func=ast.Name(id="round")):
                what = "round(), which rounds half to even"
            case _:
                continue
        yield _at(source, node, f"{what}: use whole units, Decimal or the one rounding in money.py")


CLOCK_AND_CHANCE = {"random", "secrets", "time"}
CHANCE_CALLS = {"today", "now", "utcnow", "uuid1", "uuid4", "uuid6", "uuid7", "urandom", "getnode"}


def no_clock_or_chance_in_domain(source: Source) -> Iterator[str]:
    """The same rule gives the same answer on the till, on the server and in a test."""
    if not in_domain(source):
        return
    for node in ast.walk(source.tree):
        match node:
            case ast.Import():
                names = {alias.name.partition(".")[0] for alias in node.names} & CLOCK_AND_CHANCE
            case ast.ImportFrom(module=str(module)):
                imported = {module.partition(".")[0]} & CLOCK_AND_CHANCE
                names = imported | {alias.name for alias in node.names} & CHANCE_CALLS
            case ast.Call(func=ast.Attribute(attr=name)) if name in CHANCE_CALLS:
                names = {name}
            case _:
                continue
        for name in sorted(names):
            yield _at(source, node, f"{name}: let the caller pass today, now, the id or the bits")


# ------------------------------------------------------------------ sizes


def files_fit(source: Source) -> Iterator[str]:
    lines = source.text.count("\n")
    if lines > FILE_LINES_MAX:
        yield f"{source.place}: {lines} lines: split it by noun; at most {FILE_LINES_MAX}"


def classes_and_functions_fit(source: Source) -> Iterator[str]:
    for node, name in _named_parts(source.tree):
        limit = CLASS_LINES_MAX if isinstance(node, ast.ClassDef) else FUNCTION_LINES_MAX
        if _length(node) > limit:
            cure = "one parent decides, leaves only compute"
            yield _at(source, node, f"{name} has {_length(node)} lines of at most {limit}: {cure}")


# ------------------------------------------------------------------ the lock of Qt and Python's


def no_event_of_our_own(source: Source) -> Iterator[str]:
    """Qt deletes a widget inside its `event`: under Python's lock it waits for other threads."""
    for node, name in _named_parts(source.tree) if source.place.startswith("ui/") else ():
        if name.rpartition(".")[2] == "event":
            yield _at(source, node, f"{name}: a special handler, or ui/kit/ear.py, which says why")


# ------------------------------------------------------------------ words


UNFINISHED = re.compile(r"\b(T[O]DO|F[I]XME|X[X]X|H[A]CK)\b")


def nothing_unfinished(source: Source) -> Iterator[str]:
    for line, comment in _comments(source, UNFINISHED):
        if UNFINISHED.search(comment):
            yield f"{source.place}:{line}: {comment!r}: do it, or write an issue and drop the note"
    is_worth_it = source.is_product and "NotImplementedError" in source.text
    for node in ast.walk(source.tree) if is_worth_it else ():
        if isinstance(node, ast.Name) and node.id == "NotImplementedError":
            yield _at(source, node, "NotImplementedError: build it, or leave the name out")


SILENCED = re.compile(
    r"#\s*(?:type:\s*ignore(?:\[[\w,\s-]*\])?|noqa(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?"
    r"|pragma:\s*no (?:cover|branch))(?P<reason>.*)$",
    re.MULTILINE,
)


def silenced_checks_have_a_reason(source: Source) -> Iterator[str]:
    for line, comment in _comments(source, SILENCED):
        found = SILENCED.search(comment)
        if found and len(re.findall(r"\w+", found["reason"])) < 2:
            cure = "write the reason behind it on the same line"
            yield f"{source.place}:{line}: {comment!r}: {cure}"


# ------------------------------------------------------------------ colours

HEX_COLOUR = re.compile(r"(?<![\w&#])#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})(?!\w)")
COLOUR_CALL = re.compile(r"\b(?:rgba?|hsla?|hsva?)\(\s*\d")
# Paper has no theme: ink stays black in the dark.
UNTHEMED = {False: {"transparent"}, True: {"transparent", "black", "white"}}


def colours_come_from_tokens(source: Source) -> Iterator[str]:
    """A colour outside the tokens stays behind when the theme changes."""
    if not source.place.startswith("ui/") or source.place == "ui/theme/tokens.py":
        return
    spoken = _docstrings(source.tree)
    for node in ast.walk(source.tree):
        match node:
            case ast.Constant(value=str(text)) if node not in spoken:
                is_colour = bool(HEX_COLOUR.search(text) or COLOUR_CALL.search(text))
            case ast.Call(func=ast.Name(id="QColor"), args=[ast.Constant(), *_]):
                is_colour = True
            case ast.Attribute(value=ast.Attribute(attr="GlobalColor"), attr=name):
                is_colour = name not in UNTHEMED[source.place.startswith("ui/printing/")]
            case _:
                continue
        if is_colour:
            yield _at(source, node, "a colour of its own: name it in ui/theme/tokens.py")


# ------------------------------------------------------------------ the rules on the real files

RULES: tuple[Rule, ...] = (
    no_float_in_domain,
    no_clock_or_chance_in_domain,
    files_fit,
    classes_and_functions_fit,
    no_event_of_our_own,
    nothing_unfinished,
    silenced_checks_have_a_reason,
    colours_come_from_tokens,
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_code_keeps_the_rule(rule: Rule) -> None:
    findings = [finding for source in python_sources() for finding in rule(source)]
    assert not findings, "\n" + "\n".join(findings)


BAD_SNIPPETS = [
    pytest.param(no_float_in_domain, "app/domain/money.py", "rate = 0.9", id="float literal"),
    pytest.param(no_float_in_domain, "app/domain/money.py", "x: float", id="float type"),
    pytest.param(no_float_in_domain, "app/domain/money.py", "y = minor / 3", id="division"),
    pytest.param(no_float_in_domain, "app/domain/money.py", "y = round(x)", id="round"),
    pytest.param(
        no_clock_or_chance_in_domain, "app/domain/a.py", "t = date.today()", id="date.today"
    ),
    pytest.param(
        no_clock_or_chance_in_domain, "app/domain/a.py", "t = datetime.now(UTC)", id="datetime.now"
    ),
    pytest.param(no_clock_or_chance_in_domain, "app/domain/a.py", "import time", id="time"),
    pytest.param(
        no_clock_or_chance_in_domain, "app/domain/a.py", "from uuid import uuid4", id="uuid4"
    ),
    pytest.param(files_fit, "app/a.py", "x = 1\n" * 401, id="401 lines"),
    pytest.param(
        classes_and_functions_fit, "ui/a.py", "def f():\n" + "    x = 1\n" * 70, id="71-line def"
    ),
    pytest.param(
        classes_and_functions_fit,
        "ui/a.py",
        "class A:\n" + "    x = 1\n" * 250,
        id="251-line class",
    ),
    pytest.param(
        no_event_of_our_own, "ui/a.py", "class A:\n def event(self, e): pass", id="own event"
    ),
    pytest.param(nothing_unfinished, "ui/a.py", "x = 1  # TO" + "DO later", id="to do"),
    pytest.param(nothing_unfinished, "ui/a.py", "raise NotImplementedError", id="not implemented"),
    pytest.param(
        silenced_checks_have_a_reason, "ui/a.py", "x = 1  # type" + ": ignore[misc]", id="ignore"
    ),
    pytest.param(silenced_checks_have_a_reason, "ui/a.py", "x = 1  # no" + "qa: E501", id="noqa"),
    pytest.param(colours_come_from_tokens, "ui/a.py", "c = '#EDF4FC'", id="hex"),
    pytest.param(colours_come_from_tokens, "ui/a.py", "c = f'color: #fff; {x}'", id="hex in QSS"),
    pytest.param(colours_come_from_tokens, "ui/a.py", "c = QColor(1, 2, 3)", id="QColor"),
    pytest.param(colours_come_from_tokens, "ui/a.py", "c = Qt.GlobalColor.red", id="Qt colour"),
]

GOOD_SNIPPETS = [
    pytest.param(no_float_in_domain, "app/domain/money.py", "y = minor // 3", id="whole division"),
    pytest.param(no_float_in_domain, "app/store/lane.py", "wait_s = 0.5", id="seconds elsewhere"),
    pytest.param(
        no_clock_or_chance_in_domain, "app/domain/a.py", "from datetime import date", id="date"
    ),
    pytest.param(
        no_event_of_our_own, "ui/a.py", "class A:\n def showEvent(self, e): pass", id="special"
    ),
    pytest.param(
        silenced_checks_have_a_reason,
        "ui/a.py",
        "x = 1  # type" + ": ignore[misc]  # PySide types the slot wrongly",
        id="reason given",
    ),
    pytest.param(colours_come_from_tokens, "ui/a.py", "t = 'Receipt #R1234'", id="receipt number"),
    pytest.param(colours_come_from_tokens, "ui/theme/tokens.py", "c = '#EDF4FC'", id="the tokens"),
    pytest.param(
        colours_come_from_tokens, "ui/printing/pdf.py", "c = Qt.GlobalColor.black", id="ink"
    ),
]


@pytest.mark.parametrize(("rule", "place", "text"), BAD_SNIPPETS)
def test_the_rule_finds_the_fault(rule: Rule, place: str, text: str) -> None:
    assert list(rule(Source.of(place, text)))


@pytest.mark.parametrize(("rule", "place", "text"), GOOD_SNIPPETS)
def test_the_rule_leaves_good_code_alone(rule: Rule, place: str, text: str) -> None:
    assert not list(rule(Source.of(place, text)))


def test_functions_over_the_wish_are_on_the_list_and_the_list_only_shrinks() -> None:
    """Over 40 lines needs a line in the list; what has become short must leave it."""
    listed = set(LONG_FUNCTIONS.read_text(encoding="utf-8").split())
    found = {
        f"{source.place}:{name}"
        for source in python_sources()
        if source.is_product
        for node, name in _named_parts(source.tree)
        if not isinstance(node, ast.ClassDef) and _length(node) > FUNCTION_LINES_WISH
    }
    assert not found - listed, (
        f"over {FUNCTION_LINES_WISH} lines; split: one parent decides, leaves only compute:\n"
        + "\n".join(sorted(found - listed))
    )
    assert not listed - found, "short now; take it off tests/long_functions.txt:\n" + "\n".join(
        sorted(listed - found)
    )


# ------------------------------------------------------------------ every file, not only Python

# Brackets keep these patterns from finding themselves.
FORBIDDEN_TEXT = [
    pytest.param(
        r"(?:pypi|pythonhosted|debian)[.]org|npmjs[.](?:org|com)|ubuntu[.]com|registry[.]yarnpkg",
        "a registry's address: ordinary clients know their registry; leave it out",
        id="registry",
    ),
    pytest.param(
        r"(?:^|[^A-Za-z0-9_.])/(?:work|farm)/[a-z]|/tmp/brie[f]|" + re.escape(f"{ROOT}/"),
        "a path of one machine: say it from the top of the repository",
        id="machine path",
    ),
]


@pytest.mark.parametrize(("pattern", "cure"), FORBIDDEN_TEXT)
def test_no_file_holds_an_address_of_a_registry_or_a_machine(pattern: str, cure: str) -> None:
    findings = []
    for place in all_places():
        data = (ROOT / place).read_bytes()
        if b"\0" in data:
            continue
        text = data.decode("utf-8", errors="replace")
        for found in re.finditer(pattern, text, re.MULTILINE | re.IGNORECASE):
            line = text.count("\n", 0, found.start()) + 1
            findings.append(f"{place}:{line}: {found[0]!r}: {cure}")
    assert not findings, "\n" + "\n".join(findings)


def test_style_sheets_hold_no_colour_of_their_own() -> None:
    findings = [
        f"{place}: {colour}: name it in ui/theme/tokens.py"
        for place in all_places()
        if place.endswith(".qss")
        for colour in HEX_COLOUR.findall((ROOT / place).read_text(encoding="utf-8"))
    ]
    assert not findings, "\n" + "\n".join(findings)


# ------------------------------------------------------------------ reading the trees

Part = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _named_parts(tree: ast.AST, prefix: str = "") -> Iterator[tuple[Part, str]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Part):
            yield node, prefix + node.name
            yield from _named_parts(node, f"{prefix}{node.name}.")
        elif not isinstance(node, ast.expr):  # most nodes are, and none holds such a part
            yield from _named_parts(node, prefix)


def _length(node: Part) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _at(source: Source, node: ast.AST, finding: str) -> str:
    return f"{source.place}:{getattr(node, 'lineno', 1)}: {finding}"


def _comments(source: Source, wanted: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """The comments, of a file in which there is anything wanted: taking one apart is slow."""
    if not wanted.search(source.text):
        return
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def _docstrings(tree: ast.AST) -> set[ast.Constant]:
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
