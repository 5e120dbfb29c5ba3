"""The shift's screens for every eye, hand and scanner: names, sizes, Tab, no clipped word, no scan
that types or presses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.facts import ShiftClosed, ShiftOpened, read_fact
from tests.journeys.cashier import Cashier
from tests.real_shop import MILK
from tests.screens import scenes_shift
from tests.screens.scene import Scene, Shot, open_scene
from tests.ui import keys, walking
from ui.application import Application
from ui.kit.dialogs import KitDialog
from ui.shift.count_grid import KindRow

SIZES = [(1024, 768), (1366, 768), (1920, 1080)]
SCALES = [100, 130, 150]
STATES = {shot.state: shot for shot in scenes_shift.SHOTS if shot.scale_percent == 100}
PAGES = ("open", "open-counted", "take-over", "overview", "x-report", "counting",
         "basket-in-the-way", "checked-short", "closed")  # fmt: skip
DIALOGS = ("open-reason", "drawer", "cash-out", "cash-reason", "difference-reason")


@pytest.fixture
def arranged(tmp_path: Path, application: Application) -> Iterator[Callable[[str], Scene]]:
    """Open a shop in one of the states."""
    opened: list[Scene] = []

    def arrange(state: str) -> Scene:
        shot: Shot = STATES[state]
        opened.append(open_scene(shot, tmp_path / state, application, "zh_CN"))
        return opened[-1]

    yield arrange
    application.theme.use(scale_percent=100)
    for scene in opened:
        scene.close()


def room(cashier: Cashier) -> QWidget:
    """What is in front: the open dialog, else the screen."""
    dialogs = [each for each in cashier.window.findChildren(KitDialog) if each.is_open]
    if dialogs:
        return dialogs[-1].frame
    current = cashier.handle.parts.navigation.current
    assert current is not None
    return current.widget


@pytest.mark.parametrize("state", [*PAGES, *DIALOGS])
def test_every_control_has_a_name_a_size_and_tab(
    arranged: Callable[[str], Scene], state: str
) -> None:
    place = room(arranged(state).cashier)
    assert walking.nameless(place) == []
    assert walking.too_small(place) == []
    if state in PAGES:
        assert walking.unreachable(place) == []


@pytest.mark.parametrize("state", PAGES)
def test_no_word_is_clipped_at_any_size_scale_and_language(
    arranged: Callable[[str], Scene], application: Application, state: str
) -> None:
    cashier = arranged(state).cashier
    cut = []
    for scale in SCALES:
        application.theme.use(scale_percent=scale)
        for language in ("zh_CN", "en"):
            cashier.handle.parts.language.use(language)
            for width, height in SIZES:
                cashier.window.resize(width, height)
                cashier.settle()
                place = f"{language} {scale} % {width}x{height}"
                found = [*walking.clipped(room(cashier)), *walking.outside(room(cashier))]
                cut += [f"{place}: {one}" for one in found]
                if (cashier.window.width(), cashier.window.height()) != (width, height):
                    cut.append(f"{place}: the window grew to {cashier.window.size().toTuple()}")
    assert cut == []


def test_a_count_says_what_is_wrong_whole_and_what_it_comes_to_beside_its_field(
    arranged: Callable[[str], Scene], application: Application
) -> None:
    cashier = arranged("open-wrong").cashier
    theme = application.theme
    rows = [each for each in cashier.window.findChildren(KindRow) if each.isVisible()]
    for language, scale, (width, height) in product(("zh_CN", "en"), SCALES, SIZES):
        cashier.handle.parts.language.use(language)
        theme.use(scale_percent=scale)
        cashier.window.resize(width, height)
        cashier.settle()
        for row in rows:
            place = f"{language} {scale} % {width}x{height} {row.label.text()}"
            assert row.end.text() == row.end.whole_text, place
            if not row.field.accessibleDescription():
                assert row.end.width() <= theme.size(112), place


@pytest.mark.parametrize("state", ["open", "open-counted", "overview", "counting", "checked-short"])
@pytest.mark.parametrize("gap_ms", [8, 35])
def test_a_scan_types_and_presses_nothing(
    arranged: Callable[[str], Scene], state: str, gap_ms: int
) -> None:
    cashier = arranged(state).cashier
    here, shift = type(cashier.handle.parts.navigation.here), cashier.state.shift
    facts = shift_facts(cashier)
    targets = walking.focus_order(room(cashier))
    assert targets
    typed = [each.text() for each in cashier.shown(QLineEdit)]
    for widget in targets:
        widget.setFocus()
        keys.scan(cashier.window, MILK, gap_ms=gap_ms)
        cashier.settle()
        assert type(cashier.handle.parts.navigation.here) is here, walking.described(widget)
        assert [each.text() for each in cashier.shown(QLineEdit)] == typed
    assert (shift_facts(cashier), cashier.state.shift) == (facts, shift)
    assert not cashier.state.lines


@pytest.mark.parametrize("state", ["drawer", "cash-out", "cash-reason"])
def test_a_scan_over_a_dialog_is_one_line_and_leaves_it_open(
    arranged: Callable[[str], Scene], state: str
) -> None:
    cashier = arranged(state).cashier
    typed = [each.text() for each in cashier.shown(QLineEdit)]
    cashier.scan(MILK)
    assert len(cashier.state.lines) == 1
    assert [each for each in cashier.window.findChildren(KitDialog) if each.is_open]
    assert [each.text() for each in cashier.shown(QLineEdit)] == typed


def shift_facts(cashier: Cashier) -> int:
    stored = cashier.read(lambda work: work.facts.all_facts())
    facts = (read_fact(each.data) for each in stored)
    return sum(isinstance(fact, ShiftOpened | ShiftClosed) for fact in facts)
