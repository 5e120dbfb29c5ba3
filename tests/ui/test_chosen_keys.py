"""The keys a till has chosen: at once in force, after a restart too, and named so everywhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.key_map import Action, KeyChoice, OwnKey
from app.services.key_map import KeysChanged, use_keys
from app.wording import load
from tests.catalogue import key_of, said_in_code, translated
from tests.real_shop import MILK, RealShop
from tests.source_files import Rule, Source, python_sources
from tests.ui.opened import ALT, CONTROL, Opened, open_on
from ui.application import Application
from ui.till.more_dialog import MoreDialog

SHIFT = Qt.KeyboardModifier.ShiftModifier


def choose(opened: Opened, choice: KeyChoice) -> None:
    """The manager chooses the keys on his page; the cashier sits at the till again."""
    opened.shop.sign_in("王芳")
    assert isinstance(opened.ask(use_keys, choice=choice), KeysChanged)
    opened.shop.sign_in("李明")
    opened.settle()


def test_a_preset_is_in_force_at_once_and_every_label_follows(opened: Opened) -> None:
    opened.scan(MILK)
    bar = opened.till.screen.key_bar
    assert bar.key(Action.HOLD).hint == "F4"
    choose(opened, KeyChoice("classic"))
    assert bar.key(Action.HOLD).hint == "F6"
    opened.press(Qt.Key.Key_F4)
    assert opened.state.holds == 0
    opened.press(Qt.Key.Key_F6)
    assert opened.state.holds == 1
    opened.press(Qt.Key.Key_F6, SHIFT)
    assert (opened.state.holds, len(opened.state.lines)) == (0, 1)


def test_the_next_start_has_them_too(
    real_shop: RealShop, opened: Opened, application: Application, qtbot: QtBot
) -> None:
    choose(opened, KeyChoice("western", (OwnKey("drawer", "Ctrl+Q"),)))
    again = open_on(real_shop, application, qtbot)
    try:
        keys = again.handle.parts.keys
        assert keys.hint(Action.MEMBER) == "F2"
        assert (keys.hint(Action.DRAWER), keys.hint(Action.PAY)) == ("Ctrl+Q", "F9")
        assert again.window.keys is keys
    finally:
        again.close()


def test_the_empty_till_names_the_key_of_now(opened: Opened) -> None:
    assert "F3" in opened.till.view.empty_detail
    choose(opened, KeyChoice("western"))
    assert "F2" in opened.till.view.empty_detail


def test_what_is_held_with_alt_or_cuts_the_line_on_some_desktops_is_an_act(opened: Opened) -> None:
    opened.type("12")
    opened.press(Qt.Key.Key_1, ALT, "1")
    opened.press(Qt.Key.Key_S, ALT, "s")
    assert opened.till.screen.input.text() == "12"
    opened.press(Qt.Key.Key_K, CONTROL, "\x0b")
    assert any(dialog.is_open for dialog in opened.window.findChildren(MoreDialog))
    assert opened.till.screen.input.text() == "12"


# ------------------------------------------------------------------ nobody writes a key down

_KEY = re.compile(r"(?<![\w+])(F([1-9]|1\d|2[0-4])|(Ctrl|Alt|Shift)\+\w+)(?!\w)")
_ALWAYS = {"Ctrl+Enter"}
"""A dialog's own second key: it is no act of the key map."""
_WRITTEN_IN = {
    "ui/key_map.py",
    "ui/scan_router.py",
    "ui/settings/keys/view_model.py",
}
_OF_THE_KEYS = {
    "F6 holds",
    "F2 member, F3 goods",
    "Press F1 to F24, or Ctrl or Alt with a letter or a figure.",
}
"""What the presets are called, and which keys can be chosen."""


def named_keys(text: str) -> set[str]:
    """The keys of the key map that a text names."""
    return {match.group() for match in _KEY.finditer(text)} - _ALWAYS


def names_no_key(source: Source) -> Iterator[str]:
    """Texts of the window that are no docstrings say `{key}` or ask the key map."""
    if not source.place.startswith("ui/") or source.place in _WRITTEN_IN:
        return
    comments = {id(doc) for doc in _docstrings(source.tree)}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found = named_keys(node.value)
            if found and id(node) not in comments:
                yield f"{source.place}:{node.lineno}: {sorted(found)}: ask the key map (hint)"


def _docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    """Texts that stand alone are for readers of the code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


@pytest.mark.parametrize("rule", [names_no_key], ids=lambda rule: rule.__name__)
def test_the_window_asks_the_key_map_for_every_key_it_names(rule: Rule) -> None:
    findings = [finding for source in python_sources() for finding in rule(source)]
    assert not findings, "\n" + "\n".join(findings)


def test_the_rule_finds_a_key_that_was_written_down() -> None:
    planted = Source.of("ui/planted.py", '"""F9."""\nbutton.set_label("Pay", hint="F9")\n')
    assert len(list(names_no_key(planted))) == 1


def test_no_sentence_names_a_key_that_could_be_moved() -> None:
    said = [each.sentence for each in said_in_code()]
    said += [key_of(message) for _, message in translated("zh_CN")]
    texts = [text for each in said for text in ([each] if isinstance(each, str) else each)]
    chinese = load("zh_CN")
    texts += [chinese.t(text) for text in texts if "{" not in text]
    allowed = _OF_THE_KEYS | {chinese.t(text) for text in _OF_THE_KEYS}
    wrong = [text for text in texts if named_keys(text) and text not in allowed]
    assert not wrong
