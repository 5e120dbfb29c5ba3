"""Closing a shift: the blind count, what it differs by, the Z, what the next shift takes over.

Owns: those steps. Does not own: the rules (app/domain/shift.py), the figures (shift_report.py).
A count is durable before anybody learns what had to be there, so a till that is switched off
gives nobody a second guess. The Z, its row and its trace are one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from app.domain.cash_count import CountRefused, parse_count
from app.domain.fact_rows import closed_shift_of
from app.domain.facts import ShiftClosed
from app.domain.moment import Moment
from app.domain.money import Money
from app.domain.payment import OPEN_STATES
from app.domain.rights import Allowed, judge_act
from app.domain.shift import (
    DIFFERENCE_REASONS,
    AmountRefused,
    HeldAtHandover,
    ReasonRefused,
    SavedCount,
    Shift,
    check_left,
    check_reason,
    is_above,
)
from app.domain.shift_paper import ShiftCount, ShiftEnd, ShiftPaper
from app.domain.shift_sums import ShiftReport
from app.services.answers import Changed, OpenShiftFirst, PaymentUnderWay, Refusal
from app.services.approval import ClearanceRefusal, Cleared, clearance
from app.services.audit_trail import record
from app.services.desk import allowed, keep
from app.services.fact_origin import origin
from app.services.fact_writer import fact_day, write_fact
from app.services.open_approval import Approval, Wanted
from app.services.ports import UnitOfWork
from app.services.shift import (
    NO_REASON,
    CountFirst,
    DifferenceToExplain,
    Reason,
    denominations_of,
    staff_at,
)
from app.services.shift_report import paper_of, report_of_shift
from app.services.shop import Shop
from app.services.till_state import TillState


@dataclass(frozen=True, slots=True)
class BasketOpen:
    """Goods stand in the basket: hold or void it first."""


@dataclass(frozen=True, slots=True)
class RefundOpen:
    """Goods are being taken back: finish that refund or give it up first."""


@dataclass(frozen=True, slots=True)
class NoCountsLeft:
    """It was counted and recounted: close the shift, or go back to selling."""


@dataclass(frozen=True, slots=True)
class CloseInSight:
    """What closing will ask. `count` is None until a count of now is saved, and where counts are
    blind so is `report`.
    """

    shift: Shift
    denominations: tuple[str, ...]
    counts_left: int
    count: SavedCount | None
    report: ShiftReport | None
    needs_reason: bool
    needs_approval: bool
    reasons: tuple[str, ...]
    holds: tuple[HeldAtHandover, ...]
    open_payments: int
    """Payments in either direction whose answer is not known yet: asked about after it too."""


@dataclass(frozen=True, slots=True)
class ShiftWasClosed:
    """The Z is durable and printed. `holds` go to the next shift."""

    state: TillState
    paper: ShiftPaper
    holds: tuple[HeldAtHandover, ...]
    open_payments: int


_Blocked = BasketOpen | RefundOpen | OpenShiftFirst | Refusal
CloseAnswer = (
    ShiftWasClosed
    | CountFirst
    | DifferenceToExplain
    | ReasonRefused
    | AmountRefused
    | ClearanceRefusal
    | _Blocked
)


def look_at_close(*, shop: Shop, work: UnitOfWork) -> CloseInSight | _Blocked:
    """What closing needs and hands over. Changes nothing."""
    shift = _to_close(shop, work)
    return shift if not isinstance(shift, Shift) else _in_sight(shop, work, shift)


def count_cash(
    *, shop: Shop, work: UnitOfWork, typed: Mapping[str, str]
) -> CloseInSight | CountRefused | NoCountsLeft | _Blocked:
    """Save a blind count; only then is said what had to be there. Changes: shifts, audit.

    From now on nothing is sold at this drawer until the shift is closed or `back_to_selling`.
    """
    shift = _to_close(shop, work)
    if not isinstance(shift, Shift):
        return shift
    state, now = shop.desk.state, shop.now()
    if not shift.counts_left:
        return NoCountsLeft()
    count = parse_count(typed, denominations_of(state), state.program.prices.decimals)
    if isinstance(count, CountRefused):
        return count
    expected = Money(report_of_shift(work=work, shift_id=shift.shift_id).cash.expected_minor)
    saved = SavedCount(
        number=len(shift.counts) + 1,
        round=shift.round,
        at_ms=now.wall_ms,
        staff_id=staff_at(state),
        count=count,
        expected=expected,
    )
    counting = replace(shift, is_counting=True, counts=(*shift.counts, saved))
    work.shifts.add_count(shift.shift_id, saved)
    work.shifts.put_state(counting)
    details = {"counted": str(count.total.minor), "expected": str(expected.minor)}
    record(
        shop=shop, work=work, now=now, act="shift_counted", subject=shift.shift_id, details=details
    )
    keep(shop, work, replace(state, shift=counting), now)
    return _in_sight(shop, work, counting)


def back_to_selling(*, shop: Shop, work: UnitOfWork) -> Changed | OpenShiftFirst | Refusal:
    """Set the counts of this round aside and sell on. They are kept, and stand on the Z.

    Changes: shifts, audit.
    """
    shift = _own_shift(shop, work)
    if not isinstance(shift, Shift):
        return shift
    state, now = shop.desk.state, shop.now()
    if shift.is_counting:
        shift = replace(shift, is_counting=False, round=shift.round + 1)
        work.shifts.put_state(shift)
        record(shop=shop, work=work, now=now, act="count_set_aside", subject=shift.shift_id)
    return Changed(keep(shop, work, replace(state, shift=shift), now))


def close_shift(
    *,
    shop: Shop,
    work: UnitOfWork,
    left: Money,
    reason: Reason = NO_REASON,
    approval: Approval | None = None,
) -> CloseAnswer:
    """Close the shift with its Z. Changes: shifts, facts, audit; the Z is printed.

    `left` stays in the drawer for the next shift, the rest of what was counted is handed in.
    A difference beyond one's limit needs a colleague's yes.
    """
    shift = _to_close(shop, work)
    if not isinstance(shift, Shift):
        return shift
    report = report_of_shift(work=work, shift_id=shift.shift_id)
    count = _standing_count(shift, report)
    if count is None:
        return CountFirst()
    wrong = check_left(left, count.count.total) or _unexplained(shop, count, reason.tidy)
    if wrong is not None:
        return wrong
    wanted = Wanted(
        act="count_difference",
        asked=abs(count.difference.minor),
        effect=Money(abs(count.difference.minor)),
        subject=shift.shift_id,
        before=str(count.expected.minor),
        after=str(count.count.total.minor),
        reason=reason.tidy.code,
    )
    again = partial(close_shift, left=left, reason=reason)
    cleared = clearance(shop=shop, work=work, wanted=wanted, then=again, approval=approval)
    if not isinstance(cleared, Cleared):
        return cleared
    closing = _Closing(shift, report, count, left, reason.tidy, cleared.approved_by)
    return _close(shop, work, closing)


def _unexplained(
    shop: Shop, count: SavedCount, reason: Reason
) -> DifferenceToExplain | ReasonRefused | None:
    above = is_above(count.difference, _limit(shop))
    if above and not reason.code:
        return DifferenceToExplain(count.count.total, count.expected, DIFFERENCE_REASONS)
    if not reason.code:
        return None
    return check_reason(reason.code, reason.note, DIFFERENCE_REASONS)


def _limit(shop: Shop) -> Money:
    return Money(shop.desk.state.settings.over_short_limit_minor)


@dataclass(frozen=True, slots=True)
class _Closing:
    """A shift about to be closed: everything its Z is made of."""

    shift: Shift
    report: ShiftReport
    count: SavedCount
    left: Money
    reason: Reason
    approved_by: str


def _close(shop: Shop, work: UnitOfWork, closing: _Closing) -> ShiftWasClosed:
    state, now = shop.desk.state, shop.now()
    holds = tuple(shop.open_holds(work))
    number = work.shifts.next_number()
    shift = closing.shift
    end = _end(closing, len(holds))
    paper = paper_of(
        shop=shop, work=work, shift=shift, report=closing.report, now=now, number=number, end=end
    )
    day, _ = fact_day(work, state.program, now, state.last_moment)
    fact = ShiftClosed(
        **origin(shop=shop, now=now, day=day),
        shift=shift.shift_id,
        shift_day=shift.business_day,
        number=number,
        paper=paper,
        approved_by=(closing.approved_by,) if closing.approved_by else (),
    )
    write_fact(shop=shop, work=work, fact=fact)
    work.shifts.close(closed_shift_of(fact, shift))
    _record_close(shop, work, fact, closing.count.difference, now)
    work.after_commit(lambda: shop.printer.print_receipt(paper))
    shown = keep(shop, work, replace(state, shift=None), now)
    return ShiftWasClosed(shown, paper, holds, _open_payments(work))


def _end(closing: _Closing, holds: int) -> ShiftEnd:
    return ShiftEnd(
        counts=tuple(
            ShiftCount(
                number=each.number,
                at_ms=each.at_ms,
                staff=each.staff_id,
                pieces=each.count.pieces,
                expected_minor=each.expected.minor,
            )
            for each in closing.shift.counts
        ),
        left_minor=closing.left.minor,
        reason=closing.reason.code,
        note=closing.reason.note,
        holds=holds,
    )


def _record_close(
    shop: Shop, work: UnitOfWork, fact: ShiftClosed, difference: Money, now: Moment
) -> None:
    details = {"number": str(fact.number), "difference": str(difference.minor)}
    record(shop=shop, work=work, now=now, act="shift_closed", subject=fact.shift, details=details)
    if is_above(difference, _limit(shop)):
        details |= {"reason": fact.end.reason, "approved_by": " ".join(fact.approved_by)}
        record(
            shop=shop, work=work, now=now, act="shift_differs", subject=fact.shift, details=details
        )


def _in_sight(shop: Shop, work: UnitOfWork, shift: Shift) -> CloseInSight:
    state = shop.desk.state
    counts = shift.counts_of_round if shift.is_counting else ()
    count = counts[-1] if counts else None
    above = count is not None and is_above(count.difference, _limit(shop))
    is_open = count is not None or not state.settings.blind_count
    return CloseInSight(
        shift=shift,
        denominations=denominations_of(state),
        counts_left=shift.counts_left,
        count=count,
        report=report_of_shift(work=work, shift_id=shift.shift_id) if is_open else None,
        needs_reason=above,
        needs_approval=count is not None and _needs_approval(shop, count),
        reasons=DIFFERENCE_REASONS,
        holds=tuple(shop.open_holds(work)),
        open_payments=_open_payments(work),
    )


def _needs_approval(shop: Shop, count: SavedCount) -> bool:
    state, asked = shop.desk.state, abs(count.difference.minor)
    role_id = state.staff.role.role_id if state.staff is not None else ""
    judged = judge_act(state.rights, role_id, "count_difference", asked)
    return not isinstance(judged, Allowed)


def _standing_count(shift: Shift, report: ShiftReport) -> SavedCount | None:
    """The count that closes the shift; None where there is none, or cash has moved since."""
    counts: Sequence[SavedCount] = shift.counts_of_round if shift.is_counting else ()
    count = counts[-1] if counts else None
    stands = count is not None and count.expected.minor == report.cash.expected_minor
    return count if stands else None


def _to_close(shop: Shop, work: UnitOfWork) -> Shift | _Blocked:
    """The shift of whoever is signed in, with nothing left in the basket."""
    shift = _own_shift(shop, work)
    if not isinstance(shift, Shift):
        return shift
    state = shop.desk.state
    if state.attempt is not None or state.basket.tenders:
        return PaymentUnderWay()
    if not state.basket.is_empty:
        return BasketOpen()
    return RefundOpen() if work.refunds.load_open() is not None else shift


def _own_shift(shop: Shop, work: UnitOfWork) -> Shift | OpenShiftFirst | Refusal:
    refusal = allowed(shop, "sell")
    if refusal:
        return refusal
    shift = work.shifts.current()
    if shift is None:
        return OpenShiftFirst("none")
    return shift if shift.owner_id == staff_at(shop.desk.state) else OpenShiftFirst("of_another")


def _open_payments(work: UnitOfWork) -> int:
    asked_back = work.refunds.attempts_in(OPEN_STATES)
    return len(work.payments.in_states(OPEN_STATES)) + len(asked_back)
