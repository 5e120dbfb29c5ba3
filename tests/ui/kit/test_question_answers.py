"""The answers of every question the product asks: each names its key, in any size and language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import ui
from app.wording import load
from ui.kit.dialogs import ConfirmDialog, Question
from ui.theme.theme import Theme
from ui.theme.tokens import SCALES_PERCENT, Scheme

UI = Path(ui.__file__).parent
_PLACES = {"go_on": 2, "stay": 3}


@lru_cache
def questions_in_code() -> tuple[tuple[str, str, bool], ...]:
    """The words of both answers and whether one destroys something, of each Question(...)."""
    found = []
    sources = (path.read_text(encoding="utf-8") for path in sorted(UI.rglob("*.py")))
    for source in (each for each in sources if "Question(" in each):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Question":
                named = {each.arg: each.value for each in node.keywords}
                go_on, stay = (_words(node, named, name) for name in _PLACES)
                found.append((go_on, stay, "is_destructive" in named))
    return tuple(found)


def _words(call: ast.Call, named: dict[str | None, ast.expr], name: str) -> str:
    said = named[name] if name in named else call.args[_PLACES[name]]
    assert isinstance(said, ast.Call)
    first = said.args[0]
    assert isinstance(first, ast.Constant)
    assert isinstance(first.value, str)
    return first.value


@pytest.fixture(autouse=True)
def _usual_look(qapp: QApplication) -> Iterator[None]:
    yield
    Theme.current().use(scheme=Scheme.LIGHT, scale_percent=100)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("scale", SCALES_PERCENT)
def test_both_answers_name_their_keys(qtbot: QtBot, scale: int, language: str) -> None:
    Theme.current().use(scheme=Scheme.LIGHT, scale_percent=scale)
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(1024, 768)
    page.show()
    t = load(language).t
    asked = questions_in_code()
    assert len(asked) > 5, "the questions are found"
    for go_on, stay, is_destructive in asked:
        dialog = ConfirmDialog(page, Question("?", "?", t(go_on), t(stay), is_destructive))
        dialog.open()
        for layout in (dialog.layout(), dialog.frame.layout()):
            assert layout is not None
            layout.activate()
        silent = [each.text() for each in (dialog.stay, dialog.go_on) if not each.hint_fits()]
        assert silent == []
        assert dialog.frame.width() <= page.width()
        dialog.reject()
