"""Cash that belongs to no sale: put into the drawer, taken out of it, dropped into the safe.

Owns: that act. Does not own: the rules (app/domain/shift.py), what a shift comes to
(shift_report.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from app.domain.facts import CashMoved
from app.domain.money import ZERO, Money
from app.domain.note import clean_note
from app.domain.rights import Act
from app.domain.shift import (
    MOVE_REASONS,
    AmountRefused,
    ReasonRefused,
    Shift,
    check_move,
    check_reason,
)
from app.domain.shift_fact import Move
from app.services.answers import OpenShiftFirst, Refusal
from app.services.approval import ClearanceRefusal, Cleared, clearance
from app.services.audit_trail import record
from app.services.desk import allowed, keep, shift_first
from app.services.fact_origin import origin
from app.services.fact_writer import fact_day, write_fact
from app.services.open_approval import Approval, Wanted
from app.services.ports import UnitOfWork
from app.services.shift import Reason
from app.services.shift_report import report_of_shift
from app.services.shop import Shop
from app.services.till_state import TillState


@dataclass(frozen=True, slots=True)
class CashWasMoved:
    """It is recorded; the drawer opens."""

    state: TillState
    move: Move
    amount: Money


_ACTS: Mapping[Move, Act] = {"in": "cash_in", "out": "cash_out", "drop": "safe_drop"}

MoveAnswer = CashWasMoved | AmountRefused | ReasonRefused | ClearanceRefusal | Refusal


def move_cash(
    *,
    shop: Shop,
    work: UnitOfWork,
    move: Move,
    amount: Money,
    reason: Reason,
    approval: Approval | None = None,
) -> MoveAnswer:
    """Put cash into the drawer, take some out, or drop it into the safe, within one's limits.

    Changes: facts, audit; the drawer opens.
    """
    refusal = allowed(shop, "sell") or shift_first(shop)
    if refusal:
        return refusal
    state, why = shop.desk.state, reason.tidy
    if state.shift is None:
        return OpenShiftFirst("none")
    wrong = check_move(move, amount, _in_drawer(work, state.shift, move)) or check_reason(
        why.code, why.note, MOVE_REASONS[move]
    )
    if wrong is not None:
        return wrong
    wanted = Wanted(
        act=_ACTS[move],
        asked=amount.minor,
        effect=amount if move == "out" else ZERO,
        subject=state.shift.shift_id,
        reason=why.code,
    )
    again = partial(move_cash, move=move, amount=amount, reason=reason)
    cleared = clearance(shop=shop, work=work, wanted=wanted, then=again, approval=approval)
    if not isinstance(cleared, Cleared):
        return cleared
    return _move(shop, work, _Moving(state.shift.shift_id, move, amount, why), cleared)


def _in_drawer(work: UnitOfWork, shift: Shift, move: Move) -> Money:
    """What can be taken out; for putting in nobody has to add the shift up."""
    if move == "in":
        return ZERO
    return Money(report_of_shift(work=work, shift_id=shift.shift_id).cash.expected_minor)


@dataclass(frozen=True, slots=True)
class _Moving:
    """A move that may be done."""

    shift_id: str
    move: Move
    amount: Money
    why: Reason


def _move(shop: Shop, work: UnitOfWork, moving: _Moving, cleared: Cleared) -> CashWasMoved:
    state, now = shop.desk.state, shop.now()
    day, _ = fact_day(work, state.program, now, state.last_moment)
    fact = CashMoved(
        **origin(shop=shop, now=now, day=day),
        shift=moving.shift_id,
        move=moving.move,
        amount_minor=moving.amount.minor,
        reason=moving.why.code,
        note=moving.why.note,
        approved_by=(cleared.approved_by,) if cleared.approved_by else (),
    )
    write_fact(shop=shop, work=work, fact=fact)
    details = {
        "move": moving.move, "amount": str(moving.amount.minor), "reason": moving.why.code,
        "note": clean_note(moving.why.note), "approved_by": cleared.approved_by,
    }  # fmt: skip
    record(
        shop=shop, work=work, now=now, act="cash_moved", subject=moving.shift_id,
        details={name: value for name, value in details.items() if value},
    )  # fmt: skip
    if state.settings.drawer:
        work.after_commit(shop.drawer.open_drawer)
    return CashWasMoved(keep(shop, work, state, now), moving.move, moving.amount)
