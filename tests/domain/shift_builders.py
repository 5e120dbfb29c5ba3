"""Builders for tests of shifts: the facts of one day at till 02, with sums that hold.

Owns: facts and papers that name only what matters. Does not own: sales and refunds
(heart_builders.py).
"""

from datetime import date
from typing import Any

from app.domain import facts as ft
from app.domain.pieces import Interval
from app.domain.receipt import ReceiptStore
from app.domain.shift_paper import ShiftCount, ShiftEnd, ShiftPaper
from app.domain.shift_report import shift_report
from app.domain.shift_sums import ShiftReport
from tests.domain.heart_builders import STORE, a_line, a_refund, a_sale, moment, op

DAY = date(2026, 11, 21)
SHIFT = op(500)


def common(number: int) -> dict[str, Any]:
    return {"op_id": op(number), "store": STORE, "day": DAY, "clock": moment(), "staff": "staff-li"}


def opened(float_minor: int = 45_000, **changes: Any) -> ft.ShiftOpened:
    return ft.ShiftOpened(**(common(500) | {"float_minor": float_minor} | changes))


def moved(number: int, move: str, minor: int, **changes: Any) -> ft.CashMoved:
    fields = {"shift": SHIFT, "move": move, "amount_minor": minor, "reason": "change"}
    return ft.CashMoved(**(common(number) | fields | changes))


def sold(number: int, **changes: Any) -> ft.SaleRecorded:
    return a_sale(number, DAY, shift=SHIFT, **changes)


def refunded(number: int, sale: ft.SaleRecorded, intervals: Any, **changes: Any) -> Any:
    """A refund whose money goes back in cash, whole."""
    worth = sum(
        each.amount_minor for each in a_refund(number, sale, intervals, DAY, **changes).pieces
    )
    tenders = (ft.FactTender(kind="cash", amount_minor=worth),) if worth else ()
    fields: dict[str, Any] = {
        "shift": SHIFT, "settled_minor": worth, "tenders": tenders, "staff": "staff-zhang",
    }  # fmt: skip
    return a_refund(number, sale, intervals, DAY, **(fields | changes))


def drawer_opened(number: int, **changes: Any) -> ft.DrawerOpened:
    return ft.DrawerOpened(**(common(number) | {"shift": SHIFT, "reason": "check"} | changes))


def a_count(*pieces: tuple[int, int], number: int = 1, expected: int = 0) -> ShiftCount:
    return ShiftCount(
        number=number, at_ms=1_780_000_000_000, staff="staff-li", pieces=pieces,
        expected_minor=expected,
    )  # fmt: skip


def a_report() -> ShiftReport:
    """The sums of one sale of three pieces, one of them given back, and cash moved each way."""
    sale = sold(
        501,
        lines=(a_line(tax_minor=687, points_earned=59),),
        tax=(ft.FactTax(tax_rate="0.13", net_minor=5970, tax_minor=687),),
    )
    facts: list[ft.Fact] = [
        opened(),
        sale,
        refunded(502, sale, [Interval("1", 0, 1)]),
        moved(503, "in", 10_000),
        moved(504, "out", 3_500),
        moved(505, "drop", 20_000),
        drawer_opened(506),
    ]
    return shift_report(facts, {sale.op_id: sale})


def a_paper(**changes: Any) -> ShiftPaper:
    """The paper of a Z: 3.00 short."""
    report = changes.pop("report", None) or a_report()
    counted = report.cash.expected_minor - 300
    notes, coins = divmod(counted, 100)
    pieces = tuple(each for each in ((100, notes), (1, coins)) if each[1])
    end = ShiftEnd(
        counts=(
            a_count((100, 1), expected=report.cash.expected_minor),
            a_count(*pieces, number=2, expected=report.cash.expected_minor),
        ),
        left_minor=15_000,
        reason="wrong_change",
        note="四点左右的一笔",
        holds=1,
    )
    fields: dict[str, Any] = {
        "store": ReceiptStore(name="人民路店", address="人民路 118 号", phone="021-62180000"),
        "till": "02",
        "number": 7,
        "name": "早班",
        "day": "2026-11-21",
        "opened_at": "2026-11-21 08:00",
        "opened_by": "李*",
        "made_at": "2026-11-21 18:02",
        "made_by": "张*",
        "zone": "Asia/Shanghai",
        "currency": "CNY",
        "languages": ("zh_CN",),
        "report": report,
        "end": end,
    }
    return ShiftPaper(**(fields | changes))


def an_x(**changes: Any) -> ShiftPaper:
    """The paper of an X at the same moment."""
    return a_paper(**({"number": 0, "end": None} | changes))


def closed(**changes: Any) -> ft.ShiftClosed:
    paper = a_paper()
    fields = {
        "shift": SHIFT, "shift_day": DAY, "number": paper.number, "paper": paper,
        "approved_by": ("staff-wang",),
    }  # fmt: skip
    return ft.ShiftClosed(**(common(599) | fields | changes))
