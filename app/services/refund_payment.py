"""Giving money back: terminals first, each asked once, then the refund is recorded with its cash.

Owns: confirming a refund, the tries of a terminal, cash in place of a terminal. Does not own: what
comes back (refund.py), recording it (refund_record.py), terminals (a port).

A try is committed under its idempotency key before the terminal is asked (`confirm_refund`),
asked outside the lane (`ask_terminal_back`), settled afterwards (`finish_giving_back`). Without
an answer it is queried, never asked again: also after a crash, where the open refund is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from msgspec.structs import replace as replace_struct

from app.domain.ids import OpId
from app.domain.moment import Moment
from app.domain.money import Money
from app.domain.open_refund import OpenRefund, RefundAttempt
from app.domain.payment import (
    OPEN_STATES,
    ChargeResult,
    QueryResult,
    heard,
    said_by_hand,
    waits_for_cashier,
)
from app.domain.refund_payout import Payout
from app.services.answers import Refusal
from app.services.approval import ClearanceRefusal, Cleared, clearance
from app.services.audit_trail import record
from app.services.desk import allowed, shift_first
from app.services.open_approval import Approval, Then, Wanted
from app.services.pieces_kept import keep_first
from app.services.ports import UnitOfWork
from app.services.refund import NoOpenRefund, RefundChanged
from app.services.refund_answers import (
    AskTerminalBack,
    ConfirmAnswer,
    FinishBackAnswer,
    GaveBackByHand,
    GivenBackTwice,
    GivingBackUnknown,
    IsAnExchange,
    NoSuchTry,
    NoTerminalBack,
    NotGivenBack,
    NothingChosen,
    NotReady,
    PayoutChanged,
    ReasonMissing,
    RefundDone,
    RefundDoneBefore,
    TerminalsDone,
)
from app.services.refund_case import RefundDesk, refund_desk
from app.services.refund_receipt import stored_refund_receipt
from app.services.refund_record import record_refund, refreshed_till
from app.services.refund_state import (
    Judged,
    RefundState,
    fixed,
    judge_refund,
    missing_reasons,
    refund_state,
)
from app.services.shop import Shop


def confirm_refund(
    *,
    shop: Shop,
    work: UnitOfWork,
    refund_id: OpId,
    shown: Money | None = None,
    approval: Approval | None = None,
) -> ConfirmAnswer:
    """Give the money back and record the refund; a terminal's part has to be asked for first.

    `shown`: what a person was told goes back; None = nobody was. `approval`: from approval.py.
    Changes: refunds, facts, accounts, coupons, audit; or the open refund with a new try.
    """

    def then(*, shop: Shop, work: UnitOfWork, approval: Approval) -> ConfirmAnswer:
        return confirm_refund(
            shop=shop, work=work, refund_id=refund_id, shown=shown, approval=approval
        )

    ready = ready_refund(shop=shop, work=work, refund_id=refund_id, yes=(then, approval))
    if not isinstance(ready, Judged):
        return ready
    now = shop.now()
    if ready.begun.exchange:
        return IsAnExchange()
    if shown not in (None, Money(ready.quote.back_minor - ready.payouts.rest_minor)):
        return PayoutChanged(refund_state(shop=shop, work=work, begun=ready.begun, desk=ready.desk))
    return next_step(shop=shop, work=work, judged=ready, now=now) or _complete(
        shop, work, ready, now
    )


def ready_refund(
    *, shop: Shop, work: UnitOfWork, refund_id: OpId, yes: tuple[Then, Approval | None]
) -> Judged | NotReady:
    """The open refund judged and approved, or why it cannot be confirmed now."""
    refusal = allowed(shop, "sell") or shift_first(shop)
    if refusal is not None:
        return refusal
    begun = work.refunds.load_open()
    if begun is None or begun.refund_id != refund_id:
        paper = stored_refund_receipt(work=work, refund_id=refund_id)
        return NoOpenRefund() if paper is None else RefundDoneBefore(refund_id, paper)
    desk = _desk(shop, work, begun, shop.now())
    judged = judge_refund(shop=shop, begun=begun, desk=desk)
    if judged is None:
        return NothingChosen()
    missing = missing_reasons(judged.begun, desk.case.sale)
    if missing:
        return ReasonMissing(missing[0])
    waiting = [each for each in _attempts(work, begun) if each.state in OPEN_STATES]
    if waiting:
        return GivingBackUnknown(
            refund_state(shop=shop, work=work, begun=begun, desk=desk), waiting[-1]
        )
    approved = _approved(shop, work, judged, yes)
    if not isinstance(approved, Judged):
        return approved
    return keep_first(shop=shop, work=work, judged=approved, now=shop.now()) or approved


def _approved(
    shop: Shop, work: UnitOfWork, judged: Judged, yes: tuple[Then, Approval | None]
) -> Judged | ClearanceRefusal:
    """The refund with every yes it needs, kept for as long as its choice stands."""
    then, approval = yes
    begun = judged.begun
    for each in judged.acts:
        wanted = Wanted(each.act, each.money.minor, each.money, judged.desk.case.sale.code)
        answer = clearance(shop=shop, work=work, wanted=wanted, then=then, approval=approval)
        if not isinstance(answer, Cleared):
            work.refunds.save_open(begun)
            return answer
        if answer.approved_by:
            by = tuple(dict.fromkeys((*begun.approved_by, answer.approved_by)))
            begun = replace_struct(begun, approved=(*begun.approved, each.act), approved_by=by)
    return replace(judged, begun=begun)


def next_step(
    *, shop: Shop, work: UnitOfWork, judged: Judged, now: Moment
) -> AskTerminalBack | NoTerminalBack | None:
    """The next terminal to ask, its try recorded; None: all they have to give is back."""
    attempts = _attempts(work, judged.begun)
    back = {each.tender for each in attempts if each.state == "approved"}
    for payout in judged.payouts.each:
        if payout.part is not None and payout.part.tender not in back:
            return _start(shop, work, judged, payout, now)
    return None


def _start(
    shop: Shop, work: UnitOfWork, judged: Judged, payout: Payout, now: Moment
) -> AskTerminalBack | NoTerminalBack:
    part = payout.part
    assert part is not None, "cash needs no terminal"
    if payout.kind not in shop.terminals:
        shown = refund_state(shop=shop, work=work, begun=judged.begun, desk=judged.desk)
        return NoTerminalBack(shown, payout.kind)
    staff = shop.desk.state.staff
    attempt = RefundAttempt(
        attempt_id=shop.op_id(now),
        refund_id=judged.begun.refund_id,
        tender=part.tender,
        kind=payout.kind,
        amount=Money(payout.amount_minor),
        original=part.paid_by.attempt or part.paid_by.reference,
        started_ms=now.wall_ms,
        staff_id=staff.staff_id if staff is not None else judged.begun.staff_id,
    )
    frozen = replace_struct(fixed(judged), points_kept=judged.quote.points.kept)
    work.refunds.save_open(frozen)
    work.refunds.put_attempt(attempt)
    details = {"kind": attempt.kind, "amount": str(attempt.amount.minor)}
    record(
        shop=shop, work=work, now=now, act="refund_started",
        subject=attempt.attempt_id, details=details,
    )  # fmt: skip
    return AskTerminalBack(
        refund_state(shop=shop, work=work, begun=frozen, desk=judged.desk), attempt
    )


def ask_terminal_back(*, shop: Shop, attempt: RefundAttempt) -> ChargeResult:
    """Let the terminal give the money back. Slow: outside the lane, once per try."""
    terminal = shop.terminals[attempt.kind]
    return terminal.give_back(attempt.attempt_id, attempt.amount, attempt.kind, attempt.original)


def query_terminal_back(*, shop: Shop, attempt: RefundAttempt) -> QueryResult:
    """Ask what became of a try. Slow: outside the lane, as often as needed."""
    return shop.terminals[attempt.kind].query(attempt.attempt_id)


def open_tries(*, work: UnitOfWork) -> Sequence[RefundAttempt]:
    """Tries that may have given money back, oldest first: query them (at the start, at night)."""
    return work.refunds.attempts_in(OPEN_STATES)


def finish_giving_back(
    *, shop: Shop, work: UnitOfWork, attempt_id: str, result: QueryResult
) -> FinishBackAnswer:
    """Settle a try with what the terminal said. Changes: refunds; after the last try all of one."""
    attempt = work.refunds.attempt(attempt_id)
    if attempt is None or attempt.state not in OPEN_STATES:
        return NoSuchTry(attempt_id)
    now, told = shop.now(), heard(attempt, result)
    if told.moved is None:
        return _unknown(shop, work, told.attempt, now)
    if not told.moved:
        return _refused(shop, work, told.attempt, told.reason, now)
    return _given_back(shop, work, told.attempt, now)


def confirm_back_by_hand(
    *, shop: Shop, work: UnitOfWork, attempt_id: str, given: bool
) -> FinishBackAnswer | Refusal:
    """The cashier says whether a separate terminal gave the money back."""
    refusal = allowed(shop, "sell")
    if refusal is not None:
        return refusal
    result = said_by_hand(moved=given)
    return finish_giving_back(shop=shop, work=work, attempt_id=attempt_id, result=result)


def give_back_in_cash(
    *, shop: Shop, work: UnitOfWork, refund_id: OpId, approval: Approval | None = None
) -> RefundChanged | NothingChosen | ClearanceRefusal | NoOpenRefund | Refusal:
    """Give in cash what its terminals have not given back. A try without an answer is set aside:
    it is still queried. Changes: the open refund, audit.
    """
    refusal = allowed(shop, "sell")
    if refusal is not None:
        return refusal
    begun = work.refunds.load_open()
    if begun is None or begun.refund_id != refund_id:
        return NoOpenRefund()
    now = shop.now()
    desk = _desk(shop, work, begun, now)
    attempts = _attempts(work, begun)
    back = {each.tender for each in attempts if each.state == "approved"}
    places = tuple(place for place in range(len(desk.case.sale.tenders)) if place not in back)
    judged = judge_refund(shop=shop, begun=replace_struct(begun, in_cash=places), desk=desk)
    if judged is None:
        return NothingChosen()

    def then(*, shop: Shop, work: UnitOfWork, approval: Approval) -> object:
        return give_back_in_cash(shop=shop, work=work, refund_id=refund_id, approval=approval)

    only = tuple(each for each in judged.acts if each.act == "refund_in_cash")
    answer = _approved(shop, work, replace(judged, acts=only), (then, approval))
    if not isinstance(answer, Judged):
        return answer
    for each in attempts:
        if each.state in OPEN_STATES:
            work.refunds.put_attempt(replace(each, state="unknown", is_set_aside=True))
            record(shop=shop, work=work, now=now, act="refund_set_aside", subject=each.attempt_id)
    details = {"cash": str(judged.payouts.instead_minor)}
    record(shop=shop, work=work, now=now, act="refund_in_cash", subject=refund_id, details=details)
    work.refunds.save_open(answer.begun)
    return RefundChanged(refund_state(shop=shop, work=work, begun=answer.begun, desk=desk))


# ------------------------------------------------------------------ steps


def _desk(shop: Shop, work: UnitOfWork, begun: OpenRefund, now: Moment) -> RefundDesk:
    desk = refund_desk(shop, work, begun.sale_id, now)
    assert desk is not None, "a refund was opened of a sale that is there"
    return desk


def _attempts(work: UnitOfWork, begun: OpenRefund) -> list[RefundAttempt]:
    """Those that count: nobody set them aside."""
    attempts = work.refunds.attempts_of(begun.refund_id)
    return [each for each in attempts if not each.is_set_aside]


def _complete(shop: Shop, work: UnitOfWork, judged: Judged, now: Moment) -> RefundDone:
    attempts = _attempts(work, judged.begun)
    done = record_refund(shop=shop, work=work, judged=judged, attempts=attempts, now=now)
    state = refreshed_till(shop, work, now)
    return RefundDone(
        state, done.refund_id, done.receipt, done.paid, done.cash, done.coupons, done.points
    )


def _given_back(
    shop: Shop, work: UnitOfWork, attempt: RefundAttempt, now: Moment
) -> FinishBackAnswer:
    begun = work.refunds.load_open()
    _record_finish(shop, work, attempt, now)
    if begun is None or begun.refund_id != attempt.refund_id:
        work.refunds.put_attempt(attempt)
        details = {"amount": str(attempt.amount.minor), "kind": attempt.kind}
        record(
            shop=shop, work=work, now=now, act="refund_paid_twice",
            subject=attempt.attempt_id, details=details,
        )  # fmt: skip
        return GivenBackTwice(attempt)
    # One that was set aside has given after all: no cash for it then.
    attempt = replace(attempt, is_set_aside=False)
    work.refunds.put_attempt(attempt)
    in_cash = tuple(place for place in begun.in_cash if place != attempt.tender)
    begun = replace_struct(begun, in_cash=in_cash)
    work.refunds.save_open(begun)
    judged = judge_refund(shop=shop, begun=begun, desk=_desk(shop, work, begun, now))
    assert judged is not None, "a terminal was asked for goods that were chosen"
    if begun.exchange:
        return TerminalsDone(refund_state(shop=shop, work=work, begun=begun, desk=judged.desk))
    return next_step(shop=shop, work=work, judged=judged, now=now) or _complete(
        shop, work, judged, now
    )


def _refused(
    shop: Shop, work: UnitOfWork, attempt: RefundAttempt, reason: str, now: Moment
) -> NotGivenBack | NoSuchTry:
    work.refunds.put_attempt(attempt)
    _record_finish(shop, work, attempt, now)
    shown = _shown_of(shop, work, attempt, now)
    if shown is None:
        return NoSuchTry(attempt.attempt_id)  # its refund went another way and is done
    return NotGivenBack(shown, attempt, reason)


def _unknown(
    shop: Shop, work: UnitOfWork, attempt: RefundAttempt, now: Moment
) -> GivingBackUnknown | GaveBackByHand | NoSuchTry:
    work.refunds.put_attempt(attempt)
    shown = _shown_of(shop, work, attempt, now)
    if shown is None:
        return NoSuchTry(attempt.attempt_id)
    if waits_for_cashier(attempt):
        return GaveBackByHand(shown, attempt)
    return GivingBackUnknown(shown, attempt)


def _shown_of(
    shop: Shop, work: UnitOfWork, attempt: RefundAttempt, now: Moment
) -> RefundState | None:
    begun = work.refunds.load_open()
    if begun is None or begun.refund_id != attempt.refund_id:
        return None
    return refund_state(shop=shop, work=work, begun=begun, desk=_desk(shop, work, begun, now))


def _record_finish(shop: Shop, work: UnitOfWork, attempt: RefundAttempt, now: Moment) -> None:
    details = {"state": attempt.state}
    record(
        shop=shop, work=work, now=now, act="refund_finished",
        subject=attempt.attempt_id, details=details,
    )  # fmt: skip
