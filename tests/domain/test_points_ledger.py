"""The points ledger: every effect on points is an entry with its cause; they add up."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.domain import effects as do
from app.domain.account import MemberAccount, fold
from app.domain.facts import (
    CheckedIn,
    CouponIssued,
    Fact,
    PiecesSettled,
    PointsAdjusted,
    ProgramRef,
    TierGranted,
    UnknownFact,
    fold_item,
)
from app.domain.moment import Moment
from app.domain.points_ledger import UNDOES, PointsLedger, entry_of, points_ledger
from app.domain.view import view
from tests.domain.heart_builders import MEMBER, NOON_MS, STORE, a_program, on, op
from tests.domain.sale_samples import a_full_sale


def head(number: int, day: str, *effects: do.Effect) -> dict[str, Any]:
    return {
        "op_id": op(number), "store": STORE, "day": on(day), "staff": "wang", "member": MEMBER,
        "clock": Moment(NOON_MS + number, number, "boot"), "effects": effects,
    }  # fmt: skip


def adjusted(number: int, day: str, *effects: do.Effect, **more: Any) -> PointsAdjusted:
    return PointsAdjusted(**head(number, day, *effects), **{"reason": "typed wrongly", **more})


def ledger_of(as_of: str, *facts: Fact) -> PointsLedger:
    items = [item for fact in facts if (item := fold_item(fact, fact.day)) is not None]
    account = fold(items)
    return points_ledger(account, view(account, a_program(), on(as_of)), facts)


@pytest.mark.parametrize(
    ("effect", "gained", "taken", "held_days"),
    [
        (do.Gained(points=300, expires_in=12), 300, 0, 0),
        (do.Taken(points=200), 0, 200, 0),
        (do.Exchanged(points=500), 0, 500, 0),
        (do.HeldGain(points=2500, expires_in=12, usable_in_days=7), 2500, 0, 7),
        (do.OccasionGain(occasion="birthday:2026", points=88, expires_in=12), 88, 0, 0),
        (do.SaleShare(sale=op(1), points=100, expires_in=12, usable_in_days=7), 100, 0, 7),
        (
            do.Undone(
                sale=op(1),
                earned=(do.EarnedPart(points=30, expires_in=12),),
                spent=(do.SpentPart(points=100, expires_in=3),),
            ),
            100, 30, 0,
        ),
        (
            do.Redone(
                sale=op(1),
                refund=op(2),
                earned=(do.EarnedPart(points=30, expires_in=12),),
                spent=(do.SpentPart(points=100, expires_in=3),),
            ),
            30, 100, 0,
        ),
    ],
)  # fmt: skip
def test_what_an_effect_does_to_points(
    effect: do.Effect, gained: int, taken: int, held_days: int
) -> None:
    entry = entry_of(adjusted(1, "2026-11-21", effect))
    assert entry is not None
    assert (entry.gained, entry.taken, entry.held_days) == (gained, taken, held_days)
    assert entry.points == gained - taken


def test_facts_that_leave_points_alone_are_no_entries() -> None:
    granted = TierGranted(
        **head(1, "2026-11-21", do.TierGiven(tier="gold", days=30)), reason_type="goodwill"
    )
    assert entry_of(granted) is None
    later = UnknownFact(kind="later.9", op_id=op(2), member=MEMBER, head=None)
    account = MemberAccount(includes={MEMBER})
    seen = view(account, a_program(), on("2026-11-21"))
    assert points_ledger(account, seen, [later]).entries == ()


def test_an_entry_names_its_cause() -> None:
    sale = a_full_sale()
    entry = entry_of(sale)
    assert entry is not None
    assert (entry.kind, entry.code) == ("sale_recorded", sale.code)
    given = CouponIssued(**head(1, "2026-11-01", do.Gained(points=9, expires_in=1)), why="birthday")
    entry = entry_of(given)
    assert entry is not None
    assert entry.reason == "birthday"
    here = CheckedIn(
        **head(2, "2026-11-01", do.Gained(points=5, expires_in=1)),
        streak=1, program=ProgramRef("renmin", "2026.1"),
    )  # fmt: skip
    entry = entry_of(here)
    assert entry is not None
    assert (entry.kind, entry.reason, entry.undoes) == ("checked_in", "", "")


def test_an_adjustment_that_takes_another_one_back_says_which() -> None:
    entry = entry_of(adjusted(2, "2026-11-21", do.Taken(points=5), cause=f"{UNDOES}{op(1)}"))
    assert entry is not None
    assert entry.undoes == op(1)
    other = entry_of(adjusted(3, "2026-11-21", do.Taken(points=5), cause="complaint:7"))
    assert other is not None
    assert other.undoes == ""


def test_entries_and_what_lapsed_add_up_to_the_balance() -> None:
    given = adjusted(1, "2025-10-03", do.Gained(points=300, expires_in=1))
    earned = adjusted(2, "2026-11-02", do.Gained(points=500, expires_in=12))
    held = adjusted(3, "2026-11-20", do.HeldGain(points=900, expires_in=12, usable_in_days=7))
    spent = adjusted(4, "2026-11-21", do.Taken(points=200))
    ledger = ledger_of("2026-11-21", given, earned, held, spent)
    assert [entry.op_id for entry in ledger.entries] == [op(4), op(3), op(2), op(1)]
    assert (ledger.lapsed, ledger.held, ledger.elsewhere) == (300, 900, 0)
    entries = sum(entry.points for entry in ledger.entries)
    assert entries + ledger.elsewhere - ledger.lapsed - ledger.held == ledger.balance == 300


def test_what_other_tills_wrote_is_one_figure() -> None:
    here = adjusted(1, "2026-11-02", do.Gained(points=500, expires_in=12))
    there = adjusted(2, "2026-11-03", do.Gained(points=70, expires_in=12))
    items = [item for fact in (here, there) if (item := fold_item(fact, fact.day)) is not None]
    account = fold(items)
    ledger = points_ledger(account, view(account, a_program(), on("2026-11-21")), [here])
    assert (len(ledger.entries), ledger.elsewhere, ledger.balance) == (1, 70, 570)


def test_a_member_nothing_happened_to() -> None:
    account = MemberAccount(includes={MEMBER})
    seen = view(account, a_program(), date(2026, 11, 21))
    assert points_ledger(account, seen, []) == PointsLedger((), 0, 0, 0, 0)


def test_pieces_that_count_once_are_an_entry_too() -> None:
    settled = PiecesSettled(
        **head(3, "2026-11-21", do.Gained(points=4, expires_in=2)),
        sale=op(1), refund=op(2), pieces=(),
    )  # fmt: skip
    entry = entry_of(settled)
    assert entry is not None
    assert (entry.kind, entry.staff_id) == ("pieces_settled", "wang")
