"""How split tenders look and listen: names, sizes, no word cut, and a scan that presses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit

from tests.journeys.cashier import Cashier
from tests.journeys.split_acts import (
    ALT,
    PAID,
    Bank,
    Key,
    a_part,
    parts,
    paying_at,
    screen_of,
)
from tests.real_shop import MILK
from tests.ui import keys, walking
from ui.application import Application
from ui.kit.dialogs import ConfirmDialog
from ui.navigation import ToPayment

pytestmark = pytest.mark.journey
SIZES = ((1024, 768), (1366, 768), (1920, 1080))
SCALES = (100, 130, 150)


@pytest.fixture
def paying(tmp_path: Path, application: Application, bank: Bank) -> Iterator[Cashier]:
    """Cash and a phone have paid a part each."""
    with paying_at(tmp_path, application, bank) as made:
        a_part(made, "50")
        made.type("30")
        made.scan(PAID)
        assert len(made.state.tenders) == 2
        yield made
        application.theme.use(scale_percent=100)


def test_every_control_has_a_name_a_size_and_tab(paying: Cashier) -> None:
    screen = screen_of(paying).widget
    assert walking.nameless(screen) == []
    assert walking.too_small(screen) == []
    assert walking.unreachable(screen) == []


@pytest.mark.parametrize("tender", [Key.Key_1, Key.Key_2, Key.Key_3], ids=["cash", "code", "card"])
def test_no_word_is_cut_at_any_size_scale_and_language(
    paying: Cashier, application: Application, tender: Key
) -> None:
    paying.press(tender, ALT)
    paying.type("20")
    cut = []
    for scale in SCALES:
        application.theme.use(scale_percent=scale)
        for language in ("zh_CN", "en"):
            paying.handle.parts.language.use(language)
            for width, height in SIZES:
                paying.window.resize(width, height)
                paying.settle()
                place = f"{language} {scale} % {width}x{height}"
                cut += [f"{place}: {one}" for one in walking.clipped(screen_of(paying).widget)]
    assert cut == []


@pytest.mark.parametrize("gap_ms", [8, 35])
def test_a_scan_types_and_presses_nothing(paying: Cashier, gap_ms: int) -> None:
    before = parts(paying)
    targets = walking.focus_order(screen_of(paying).widget)
    assert targets
    for widget in targets:
        widget.setFocus()
        keys.scan(paying.window, MILK, gap_ms=gap_ms)
        paying.settle()
        assert paying.at(ToPayment), walking.described(widget)
        assert [each.text() for each in paying.shown(QLineEdit)] == [""]
    assert parts(paying) == before
    assert len(paying.state.lines) == 2


def test_a_scan_over_the_question_leaves_it_open_and_gives_nothing_back(paying: Cashier) -> None:
    paying.press(Key.Key_Delete)
    paying.scan(MILK)
    assert next(paying.shown(ConfirmDialog)).is_open
    assert len(parts(paying)) == 2
