"""Scenes of the figures: the dashboard, its table, what stands behind a figure.

Owns: how each of them comes about, by what a person does. Does not own: opening the window.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from PySide6.QtCore import Qt

from app.services.checkout import SaleDone
from app.services.payment import pay_cash
from app.services.scan import scan_code
from tests.journeys.cashier import Cashier
from tests.real_shop import MILK, OIL, TOWEL
from tests.screens.scene import TILL_SIZES, Scene, Shot
from tests.screens.scenes_desk import as_manager, wait
from tests.services.campaign_shop import add_sleepers
from tests.services.figure_shop import counted, judged
from ui.campaign_intents import ToCampaignDraft
from ui.desk.screen import KEYS
from ui.figure_intents import ToFigures, ToSegments
from ui.figures.controller import FiguresController
from ui.figures.span_dialog import SpanDialog
from ui.kit.pick_dialog import PickDialog
from ui.segments.controller import SegmentsController

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
HOUR_MS = 3_600_000
BASKETS: tuple[tuple[str, ...], ...] = (
    ("张三丰", MILK, TOWEL), ("", OIL), ("王小红", MILK, OIL, TOWEL), ("", MILK),
    ("陈静", TOWEL), ("", OIL, MILK), ("张三丰", OIL, OIL), ("", TOWEL, TOWEL),
)  # fmt: skip


def ring_up(cashier: Cashier, basket: tuple[str, ...]) -> None:
    """A sale in cash; the first of the basket is a member's name, or nothing."""
    shop = cashier.shop
    who, *codes = basket
    if who:
        shop.do(scan_code, text=shop.cards[who])
    for code in codes:
        shop.do(scan_code, text=code)
    done = shop.do(pay_cash)
    assert isinstance(done, SaleDone), done
    cashier.handle.parts.live.adopt(done.state)


def a_day(scene: Scene) -> None:
    """Eight sales over four hours, and 王芳 comes in."""
    for place, basket in enumerate(BASKETS):
        ring_up(scene.cashier, basket)
        if place % 2:
            scene.cashier.shop.clock.go_on(milliseconds=HOUR_MS)
    as_manager(scene)


def board(scene: Scene) -> FiguresController:
    current: Any = scene.cashier.handle.parts.navigation.current
    assert isinstance(current, FiguresController)
    return current


def open_figures(scene: Scene) -> None:
    """Ctrl+M and the letter of the room, wherever it stands."""
    cashier = scene.cashier
    cashier.press(Key.Key_M, CONTROL)
    desk: Any = cashier.handle.parts.navigation.current
    place = [type(row.room.to()).__name__ for row in desk._rows].index("ToFigures")
    cashier.type(KEYS[place].lower())
    wait(scene, lambda: is_read(board(scene)))


def is_read(controller: FiguresController) -> bool:
    """Everything that waited is counted, and shown."""
    found = controller.slice.found
    return found is not None and not (controller.slice.counting.is_running or found.so_far.waiting)


def today(scene: Scene) -> None:
    a_day(scene)
    judged(scene.cashier.shop)
    open_figures(scene)


def none_yet(scene: Scene) -> None:
    as_manager(scene)
    open_figures(scene)


def month(scene: Scene) -> None:
    """Three weeks of days, a line for each kind of customer."""
    for day in range(18):
        for basket in BASKETS[day % 5 : day % 5 + 1 + day % 4]:
            ring_up(scene.cashier, basket)
        scene.cashier.shop.clock.go_on(milliseconds=24 * HOUR_MS)
    as_manager(scene)
    counted(scene.cashier.shop)
    judged(scene.cashier.shop)
    open_figures(scene)
    first = scene.cashier.shop.shop.now().local("Asia/Shanghai").date() - timedelta(days=19)
    scene.cashier.press(Key.Key_1, ALT)
    scene.cashier.type("9")
    scene.cashier.type(first.isoformat())
    scene.cashier.press(Key.Key_Return)


def lines(scene: Scene) -> None:
    month(scene)
    scene.cashier.press(Key.Key_4, ALT)
    for _ in range(2):
        scene.cashier.press(Key.Key_Down)


def table(scene: Scene) -> None:
    month(scene)
    scene.cashier.press(Key.Key_3, ALT)
    scene.cashier.press(Key.Key_Down)


def periods(scene: Scene) -> None:
    today(scene)
    scene.cashier.press(Key.Key_1, ALT)


def ten_years(scene: Scene) -> None:
    periods(scene)
    scene.cashier.type("9")
    scene.cashier.type("2016-11-21")
    scene.cashier.press(Key.Key_Return)


def people(scene: Scene) -> None:
    """The last tile: who bought twice."""
    today(scene)
    for _ in range(4):
        scene.cashier.press(Key.Key_Right)
    scene.cashier.press(Key.Key_Return)


def days(scene: Scene) -> None:
    month(scene)
    scene.cashier.press(Key.Key_Return)


def receipts(scene: Scene) -> None:
    days(scene)
    scene.cashier.press(Key.Key_Return)


# ------------------------------------------------------------------ segments

WEEK_MS = 7 * 24 * HOUR_MS
SLEEPERS = ("赵一", "钱二", "孙三", "李四", "周五", "吴六", "郑七", "王八", "冯九", "陈十")


def four_months(scene: Scene) -> None:
    """Ten members who bought once and agreed to be written to; 张三丰 comes each week, 王小红 came
    each week until the new year."""
    cashier = scene.cashier
    add_sleepers(cashier.shop, SLEEPERS, agreed=8)
    as_manager(scene)
    for name in SLEEPERS:
        ring_up(cashier, (name, TOWEL))
    for week in range(17):
        ring_up(cashier, ("张三丰", MILK, OIL))
        if week < 6:
            ring_up(cashier, ("王小红", MILK))
        if week % 6 == 0:
            ring_up(cashier, ("陈静", TOWEL))
        cashier.shop.clock.go_on(milliseconds=WEEK_MS)
    ring_up(cashier, ("张三丰", MILK))


def people_page(scene: Scene) -> SegmentsController:
    current: Any = scene.cashier.handle.parts.navigation.current
    assert isinstance(current, SegmentsController)
    return current


def segments(scene: Scene) -> None:
    """Four months later, from the figures by the key of the page."""
    four_months(scene)
    as_manager(scene)
    open_figures(scene)
    scene.cashier.type("2")
    wait(scene, lambda: is_judged(people_page(scene)))


def is_judged(controller: SegmentsController) -> bool:
    found = controller._found
    return found is not None and found.churn is not None and not controller.counting.is_running


def dormant(scene: Scene) -> None:
    segments(scene)
    scene.cashier.press(Key.Key_Return)


def risky(scene: Scene) -> None:
    """王小红 by her own rhythm."""
    segments(scene)
    while people_page(scene).group != "high":
        scene.cashier.press(Key.Key_Down)
    scene.cashier.press(Key.Key_Return)


def cohorts(scene: Scene) -> None:
    segments(scene)
    scene.cashier.type("3")
    scene.cashier.press(Key.Key_Right)
    scene.cashier.press(Key.Key_Right)


def cohort_table(scene: Scene) -> None:
    cohorts(scene)
    scene.cashier.press(Key.Key_3, ALT)


def nobody_judged(scene: Scene) -> None:
    as_manager(scene)
    open_figures(scene)
    scene.cashier.type("2")
    wait(scene, lambda: not people_page(scene).counting.is_running)


def for_dormant(scene: Scene) -> None:
    """The wizard of campaigns, for whom is chosen already."""
    segments(scene)
    scene.cashier.press(Key.Key_1, ALT)
    wait(scene, lambda: scene.cashier.at(ToCampaignDraft))


SHOTS = (
    Shot("figures", "today", today, ToFigures, TILL_SIZES),
    Shot("figures", "today-150", today, ToFigures, TILL_SIZES[:2], scale_percent=150),
    Shot("figures", "none", none_yet, ToFigures),
    Shot("figures", "month", month, ToFigures, TILL_SIZES[:2]),
    Shot("figures", "lines", lines, ToFigures),
    Shot("figures", "table", table, ToFigures, TILL_SIZES[:2]),
    Shot("figures", "periods", periods, PickDialog, TILL_SIZES[:2]),
    Shot("figures", "ten-years", ten_years, SpanDialog, TILL_SIZES[:2]),
    Shot("figures", "people", people, ToFigures, TILL_SIZES[:2]),
    Shot("figures", "days", days, ToFigures),
    Shot("figures", "receipts", receipts, ToFigures, TILL_SIZES[:2]),
    Shot("figures", "receipts-150", receipts, ToFigures, TILL_SIZES[1:2], scale_percent=150),
    Shot("segments", "groups", segments, ToSegments, TILL_SIZES),
    Shot("segments", "groups-150", segments, ToSegments, TILL_SIZES[:2], scale_percent=150),
    Shot("segments", "none", nobody_judged, ToSegments),
    Shot("segments", "dormant", dormant, ToSegments, TILL_SIZES[:2]),
    Shot("segments", "high", risky, ToSegments, TILL_SIZES[:2]),
    Shot("segments", "cohorts", cohorts, ToSegments, TILL_SIZES),
    Shot("segments", "cohorts-150", cohorts, ToSegments, TILL_SIZES[1:2], scale_percent=150),
    Shot("segments", "cohort-table", cohort_table, ToSegments, TILL_SIZES[:2]),
    Shot("segments", "coupon", for_dormant, ToCampaignDraft),
)
