"""Cash that belongs to no sale: put into the drawer, taken out of it, dropped into the safe.

Owns: that act. Does not own: the rules (app/domain/shift.py), what a shift comes to
(shift_report.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.facts import CashMoved
from app.domain.money import Money
from app.domain.shift import MOVE_REASONS, AmountRefused, ReasonRefused, check_move, check_reason
from app.domain.shift_fact import Move
from app.services.answers import OpenShiftFirst, Refusal
from app.services.audit_trail import record
from app.services.desk import allowed, keep, shift_first
from app.services.fact_origin import origin
from app.services.fact_writer import fact_day, write_fact
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


def move_cash(
    *,
    shop: Shop,
    work: UnitOfWork,
    move: Move,
    amount: Money,
    reason: Reason,
    approved_by: tuple[str, ...] = (),
) -> CashWasMoved | AmountRefused | ReasonRefused | Refusal:
    """Put cash into the drawer, take some out, or drop it into the safe. Needs the right.

    `approved_by`: staff ids for the record, where somebody else's right was used. Changes: facts,
    audit; the drawer opens.
    """
    refusal = allowed(shop, "safe_drop" if move == "drop" else "move_cash") or shift_first(shop)
    if refusal:
        return refusal
    state, now = shop.desk.state, shop.now()
    if state.shift is None:
        return OpenShiftFirst("none")
    in_drawer = Money(report_of_shift(work, state.shift.shift_id).cash.expected_minor)
    why = reason.tidy
    wrong = check_move(move, amount, in_drawer) or check_reason(
        why.code, why.note, MOVE_REASONS[move]
    )
    if wrong is not None:
        return wrong
    day, _ = fact_day(work, state.program, now, state.last_moment)
    fact = CashMoved(
        **origin(shop=shop, now=now, day=day),
        shift=state.shift.shift_id,
        move=move,
        amount_minor=amount.minor,
        reason=why.code,
        note=why.note,
        approved_by=approved_by,
    )
    write_fact(shop=shop, work=work, fact=fact)
    details = {"move": move, "amount": str(amount.minor), "reason": why.code}
    record(
        shop=shop, work=work, now=now, act="cash_moved",
        subject=state.shift.shift_id, details=details,
    )  # fmt: skip
    if state.settings.drawer:
        work.after_commit(shop.drawer.open_drawer)
    shown = keep(shop, work, state, now)
    return CashWasMoved(shown, move, amount)
