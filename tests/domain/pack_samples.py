"""A year at silver for 299.00: its program, its sale and its refund, as facts have them.

Owns: those values. Does not own: the tests, the rest of the shop (heart_builders.py).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from msgspec import structs

from app.domain import effects as do
from app.domain import facts as ft
from app.domain import program as pg
from app.domain.pieces import Interval
from app.domain.refund_fact import PackKept
from tests.domain.heart_builders import (
    MEMBER,
    STORE,
    a_line,
    a_program,
    a_refund,
    a_sale,
    moment,
    op,
    words,
)

BOUGHT_ON = date(2026, 11, 21)
YEAR = pg.Plan(id="silver-year", name=words("银卡年卡"), sku="SVC-1", tier="silver")
TASTE = pg.Trial(id="gold-taste", name=words("金卡体验"), tier="gold", days=30)
PACKS = a_program(plans=(YEAR,), trials=(TASTE,))
BOUGHT = do.PackBought(plan="silver-year", tier="silver", months=12)


def a_pack_sale(number: int = 30, **changes: Any) -> ft.PackSaleRecorded:
    """The pack alone, paid in cash; `terms` of FactPack."""
    terms = changes.pop("terms", {})
    fields: dict[str, Any] = {"full_days": 7} | terms
    lines = (
        a_line("1", sku="SVC-1", quantity_thousandths=1000, unit_price_minor=29_900,
               list_minor=29_900, net_minor=29_900, points_earned=0),
    )  # fmt: skip
    sale = a_sale(number, BOUGHT_ON, **({"lines": lines, "more_effects": (BOUGHT,)} | changes))
    sold = ft.FactPack(line="1", plan="silver-year", tier="silver", months=12, **fields)
    return ft.PackSaleRecorded(**structs.asdict(sale), packs=(sold,))


def a_pack_refund() -> ft.PackRefundRecorded:
    """On its day, but used already: eleven of twelve months come back."""
    sale = a_pack_sale()
    fact = a_refund(31, sale, [Interval("1", 0, 1)], BOUGHT_ON)
    fields = structs.asdict(fact) | {
        "effects": (*fact.effects, do.PackBack(sale=sale.op_id, plan="silver-year")),
        "kept_back_minor": 2492, "settled_minor": 29_900,
        "tenders": (ft.FactTender(kind="cash", amount_minor=27_408),),
    }  # fmt: skip
    kept = PackKept(
        line="1", plan="silver-year", why="months", months_left=11, months=12, kept_minor=2492
    )
    return ft.PackRefundRecorded(**fields, packs=(kept,))


def a_trial(number: int = 32, **changes: Any) -> ft.TrialGiven:
    """Gold for thirty days, from the day of joining."""
    fields: dict[str, Any] = {
        "op_id": op(number), "store": STORE, "day": BOUGHT_ON, "clock": moment(),
        "staff": "staff-li", "member": MEMBER, "effects": (do.TierTried(tier="gold", days=29),),
        "trial": "gold-taste", "tier": "gold", "before": "regular",
        "last_day": date(2026, 12, 20), "why": "welcome",
        "program": ft.ProgramRef("renmin", "2026.1"),
    }  # fmt: skip
    return ft.TrialGiven(**(fields | changes))


def pack_samples() -> dict[str, Callable[[], ft.Fact]]:
    """One of each kind of fact about packs and trials, by tag."""
    return {
        "sale_recorded.4": a_pack_sale,
        "refund_recorded.4": a_pack_refund,
        "trial_given.1": a_trial,
    }
