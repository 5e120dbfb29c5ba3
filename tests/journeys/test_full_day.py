"""A whole day at one till by keys and scans: forty sales, and all that a shift brings beside them.

Owns: that day, and that in its evening Z, papers, facts, rows, drawer and screen say the same to
the fen. Does not own: how few keys an act takes (test_rows.py and its neighbours).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.devices.terminals import HandConfirmedTerminal, SimulatedTerminal
from app.domain.facts import (
    CashMoved,
    DrawerOpened,
    EntitlementUsed,
    RefundRecorded,
    SaleRecorded,
    ShiftClosed,
    ShiftOpened,
)
from app.domain.money import Money
from app.services.verify import VerifyReport, verify_store
from app.store.waiting_lane import WaitingLane
from tests.journeys.cashier import a_till, sit_down
from tests.journeys.day_acts import Day, a_whole_shift, figures
from tests.journeys.shift_acts import count, to_close, visible_texts
from tests.machine.shop import BENEFITS
from tests.real_shop import IDENTITY
from tests.services.conftest import use_program
from ui.application import Application
from ui.navigation import ToShiftOpen, ToSignIn, ToTill

# Every act of the day has a journey of its own, which counts its lines.
pytestmark = [pytest.mark.journey, pytest.mark.no_cover, pytest.mark.timeout(900)]
Key = Qt.Key
NOTES = (10000, 5000, 2000, 1000, 500, 100, 50, 10)
"""What is counted here, in minor units."""


@pytest.fixture
def day(tmp_path: Path, application: Application) -> Iterator[Day]:
    """A shop before its first shift, gold members with their tea and parking."""
    bank = SimulatedTerminal(label="模拟")
    terminals = {"mobile": bank, "card": HandConfirmedTerminal()}
    till = a_till(tmp_path, terminals=terminals, begins_shift=False)  # type: ignore[arg-type]  # dict is invariant in its keys
    till.shop.sign_in("王芳")
    use_program(till.shop, "", swap=("points_months = 24", BENEFITS))
    till.shop.open()
    made = sit_down(till, application)
    yield Day(made)
    made.leave()
    till.close()


def notes_of(minor: int) -> dict[str, str]:
    """The drawer as it is typed, denomination by denomination."""
    typed = {}
    for worth in NOTES:
        pieces, minor = divmod(minor, worth)
        typed[str(worth)] = str(pieces)
    assert minor == 0, "no coin is smaller"
    return typed


def in_the_drawer(day: Day) -> int:
    """By the papers of the customers and the slips of what was moved, as one counts by hand."""
    drawer = 45_000 + 20_000 - 30_000 - 1_250
    for paper in day.papers():
        if "报表" in paper:
            continue
        cash = sum(figures(paper, "现金")) - sum(figures(paper, "找零"))
        drawer += -cash if "退货\n" in paper else cash
    return drawer


def test_a_day_of_forty_sales_reconciles_to_the_fen(day: Day) -> None:
    cashier = day.cashier
    cashier.scan(day.shop.badges["李明"])
    assert cashier.at(ToShiftOpen)
    count(cashier, notes_of(45_000))
    cashier.press(Key.Key_Return)
    assert cashier.at(ToTill)
    a_whole_shift(day)
    assert len(day.codes) == 40

    expected = in_the_drawer(day)
    to_close(cashier)
    assert "应有" not in visible_texts(cashier), "the count is blind"
    count(cashier, notes_of(expected))
    cashier.press(Key.Key_Return)
    shown = visible_texts(cashier)
    cashier.press(Key.Key_Return)
    assert "已交班：Z 报表 1 号" in visible_texts(cashier)
    assert cashier.taps == 0
    (z,) = day.facts(ShiftClosed)
    assert z.paper.over_short_minor == 0
    the_screen_is_the_z(shown, z, expected)
    the_printed_z_is_the_papers(day, z, expected)
    the_z_is_the_facts_and_the_rows(day, z)
    the_next_shift_takes_the_hold_over(day)
    report = VerifyReport()
    for _ in verify_store(lane=WaitingLane(day.shop.store.lane), identity=IDENTITY, report=report):
        pass
    assert report.faults == []
    assert (report.zs, report.sales) == (1, 41)


def money(minor: int) -> str:
    return f"{Money(minor).minor // 100:,}.{minor % 100:02d}"


def the_screen_is_the_z(shown: list[str], z: ShiftClosed, expected: int) -> None:
    """What was on the screen before the close: expected, counted, difference, each tender."""
    place = shown.index("现金")
    assert shown[place : place + 4] == ["现金", money(expected), money(expected), "0.00"]
    report = z.report
    back: dict[str, int] = {each.tender: each.amount_minor for each in report.refunds.tenders}
    for label, kind in (("银行卡", "card"), ("扫码付", "mobile")):
        taken = next(each.amount_minor for each in report.sales.tenders if each.tender == kind)
        assert shown[shown.index(label) + 1] == money(taken - back.get(kind, 0))
    assert any(money(expected - 45_000) in text for text in shown), "what is handed in"


def the_printed_z_is_the_papers(day: Day, z: ShiftClosed, expected: int) -> None:
    """The Z as it came out of the printer, and the papers customers took home."""
    (printed,) = day.papers("Z 报表")
    sold = [paper for paper in day.papers("应收") if "报表" not in paper]
    back = day.papers("退货\n", "实退")
    assert (len(sold), len(back)) == (40, 3)
    assert figures(printed, "标价合计") == [sum(sum(figures(each, "标价合计")) for each in sold)]
    due = sum(sum(figures(each, "应收")) for each in sold)
    given = sum(sum(figures(each, "实退")) for each in back)
    assert figures(printed, "实收") == [due] == [z.report.sales.paid_minor]
    assert figures(printed, "实退") == [-given] == [-z.report.refunds.paid_minor]
    assert figures(printed, "收退净额") == [due - given]
    assert figures(printed, "钱箱应有") == figures(printed, "实点") == [expected]
    assert figures(printed, "钱箱留存") == [45_000]
    for label in ("银行卡", "扫码付"):
        taken = sum(sum(figures(each, label)) for each in sold)
        assert figures(printed, f"{label} ×")[0] == taken
    for each in day.facts(SaleRecorded, RefundRecorded):
        assert sum(each.code in paper for paper in day.papers()) >= 1, "nobody left without paper"
    (x,) = day.papers("X 报表")
    assert "报表 第" not in x, "an X has no number"


def the_z_is_the_facts_and_the_rows(day: Day, z: ShiftClosed) -> None:
    """Sums of the facts by hand, and of the tables by plain SQL."""
    sales, refunds = day.facts(SaleRecorded), day.facts(RefundRecorded)
    sums, back = z.report.sales, z.report.refunds
    taken: Counter[str] = Counter()
    for tender in (tender for sale in sales for tender in sale.tenders):
        taken[tender.kind] += tender.amount_minor
    assert {each.tender: each.amount_minor for each in sums.tenders} == dict(taken)
    assert [sale.code for sale in sales] == day.codes
    assert sums.points_earned == sum(sale.points_earned for sale in sales)
    assert sums.points_spent == sum(sale.points_spent for sale in sales) == 1_100
    assert back.points_taken_back == sum(refund.points_earned for refund in refunds)
    assert back.count == len(refunds) == 3
    assert sum(refund.exchanged_for is not None for refund in refunds) == 1
    assert len(day.facts(DrawerOpened)) == z.report.drawer_openings == 1
    assert Counter(each.move for each in day.facts(CashMoved)) == {"in": 1, "out": 1, "drop": 1}
    assert len(day.facts(EntitlementUsed)) == 2, "the third tea of a day is one too many"
    rows = day.cashier.read(
        lambda work: tuple(
            work.connection.exec_driver_sql(
                "SELECT count(*), sum(due_minor), sum(points_earned), sum(total_minor) FROM sale"
            ).one()
        )
    )
    assert rows == (sums.count, sums.paid_minor, sums.points_earned, sums.total_minor)
    by_bank = day.shop.shop.terminals["mobile"]
    taken_by_it = sum(each.minor for each in by_bank.taken().values())
    given_by_it = sum(each.minor for each in by_bank.given_back().values())
    net = taken["mobile"] - next(e.amount_minor for e in back.tenders if e.tender == "mobile")
    assert taken_by_it - given_by_it == net


def the_next_shift_takes_the_hold_over(day: Day) -> None:
    """张敏 begins with what was left, and sells what 李明 had put aside."""
    cashier = day.cashier
    cashier.press(Key.Key_Return)
    assert cashier.at(ToSignIn)
    cashier.scan(day.shop.badges["张敏"])
    assert cashier.at(ToShiftOpen)
    assert "¥450.00" in cashier.texts()
    cashier.press(Key.Key_Return)
    assert cashier.state.holds == 1
    cashier.press(Key.Key_F5)
    day.exact_cash()
    opened = day.facts(ShiftOpened)[-1]
    last = day.facts(SaleRecorded)[-1]
    assert (opened.float_minor, opened.staff) == (45_000, day.shop.staff["张敏"])
    assert (last.shift, last.staff) == (opened.op_id, day.shop.staff["张敏"])
    assert last.total_minor == 6_800 + 1_990
