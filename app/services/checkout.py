"""Checkout: a paid basket becomes a sale, in one transaction.

Owns: what is written together - fact, chain link, outbox row, account, sale with its lines,
adjustments and tenders, what was not applied, budgets, audit, the empty basket.
Does not own: taking the money (payment.py), the quote (priced before; nothing is priced here).
Drawer and receipt follow the commit: money never leaves for a sale a crash could forget.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from app.domain.codes import Code, ReceiptNumber, receipt_code
from app.domain.fact_parts import FactTick
from app.domain.moment import Moment
from app.domain.money import ZERO, Money, total
from app.domain.months import Month
from app.domain.open_basket import OpenBasket
from app.domain.payment import Tender
from app.domain.program import Text
from app.domain.quote import Adjustment, Quote
from app.domain.receipt import Receipt
from app.domain.refund_receipt import RefundReceipt
from app.domain.reward import reward_id_of
from app.domain.sale import Sale, SaleLine
from app.domain.sale_effects import SaleOutcome, sale_outcome
from app.domain.sale_fact import PaidBasket, SaleMember, sale_fact
from app.domain.staff import StaffMember
from app.domain.stored_program import OfferUse
from app.services.audit_trail import record
from app.services.desk import keep, requote
from app.services.fact_writer import fact_day, fresh_coupons, write_fact
from app.services.member_panel import tier_words
from app.services.ports import UnitOfWork
from app.services.present import due_of, tax_on_top
from app.services.receipt import SaleInHand, balance_after, receipt_of, tier_end
from app.services.redeem_way import post_redemption
from app.services.refund_along import record_refund_along
from app.services.rule_words import rule_words
from app.services.seating import account_of_member
from app.services.shop import ClockBehind, DeskState, MemberSeat, Shop
from app.services.survey import with_link
from app.services.till_state import TillState


@dataclass(frozen=True, slots=True)
class TierCelebrated:
    """The sale crossed a tier line: congratulations, until `last_day` (ISO date)."""

    tier_id: str
    words: Text
    last_day: str


@dataclass(frozen=True, slots=True)
class CouponWon:
    """A coupon the sale gave (a tier-up gift)."""

    coupon_id: str
    words: Text


@dataclass(frozen=True, slots=True)
class SaleDone:
    """The sale is durable; the next scan starts the next one. Points are None for a walk-in."""

    state: TillState
    sale_id: str
    receipt: Receipt
    due: Money
    received: Money
    change: Money
    points_earned: int
    points_held: bool
    """The points can be used once the return window has passed."""
    points_balance: int | None
    tier_reached: TierCelebrated | None
    coupons: tuple[CouponWon, ...]
    refund: RefundReceipt | None = None
    """Of an exchange: the paper of the goods that came back in the same transaction."""
    cash_back: Money = ZERO
    """Of an exchange: hand this out."""


def complete_sale(
    *,
    shop: Shop,
    work: UnitOfWork,
    state: DeskState,
    tenders: tuple[Tender, ...],
    round_off: Money,
    now: Moment,
) -> SaleDone:
    """Record the paid basket as a sale. The caller has checked that it can be paid and is.

    Changes: sales, facts, account, coupons, members, basket, audit.
    """
    assert total(t.amount for t in tenders) == due_of(state) - round_off, state.basket.basket_id
    back = record_refund_along(
        shop=shop, work=work, tenders=tenders, sale_id=state.basket.basket_id, now=now
    )
    day, late = fact_day(work, state.program, now, state.last_moment)
    sequence = work.sales.next_sequence(day)
    seat = state.seat
    outcome = _outcome(shop, state, seat, day)
    code = _receipt_code(shop, day, sequence)
    cashier = _cashier(work, state, tenders)
    in_hand = SaleInHand(state, code, tenders, round_off, Month.of(day), now, outcome, cashier)
    kept = post_redemption(work=work, state=state, now=now)
    paid = _paid_basket(shop, in_hand, day, kept)
    # Read again, not taken from the desk: a pull may have folded into it since the last scan.
    account = account_of_member(work, seat.view.member_id) if seat is not None else None
    write_fact(shop=shop, work=work, fact=sale_fact(paid), account=account)
    sale = _sale_record(state, paid, sequence)
    work.sales.add(sale)
    _write_beside(shop, work, state, sale, now)
    behind = ClockBehind(now.wall_ms + late.behind_ms, now.wall_ms) if late else None
    shown = keep(shop, work, _next_basket(shop, work, state, sale, now, behind), now)
    receipt = with_link(shop=shop, work=work, receipt=paid.receipt, sale_id=sale.sale_id)
    _hand_over(shop, work, state, tenders, receipt)
    done = _done(shown, in_hand, sale, receipt)
    return done if back is None else replace(done, refund=back.receipt, cash_back=back.cash)


def _cashier(work: UnitOfWork, state: DeskState, tenders: tuple[Tender, ...]) -> StaffMember | None:
    """Who completes it: whoever began its last payment.

    When its terminal answers, after a restart, nobody or somebody else may be at the till.
    """
    last = tenders[-1].attempt_id if tenders else None
    attempt = work.payments.get(last) if last else None
    began = work.staff.get(attempt.staff_id) if attempt is not None else None
    return began or state.staff


def _receipt_code(shop: Shop, day: date, sequence: int) -> Code:
    here = shop.identity
    return receipt_code(
        ReceiptNumber(here.store_number, here.till_number, here.epoch, day, sequence)
    )


def _paid_basket(
    shop: Shop, sale: SaleInHand, day: date, kept: tuple[str | None, str | None]
) -> PaidBasket:
    """All that the sale's fact is made of, its receipt included."""
    state, seat, outcome = sale.state, sale.state.seat, sale.outcome
    member = None
    if seat is not None and outcome is not None:
        member = SaleMember(seat.view, seat.how.identified_by, outcome)
    return PaidBasket(
        op_id=state.basket.basket_id,
        store=shop.identity.store_id,
        day=day,
        clock=sale.now,
        staff=sale.cashier.staff_id if sale.cashier else "",
        code=sale.code.text,
        basket=state.basket.to_price(),
        quote=state.quote,
        tenders=sale.tenders,
        receipt=receipt_of(shop=shop, sale=sale),
        program=state.program,
        round_off=sale.round_off,
        member=member,
        shift=state.shift.shift_id if state.shift is not None else None,
        ticked=_ticked(state),
        reservation=kept[0],
        grant=kept[1],
    )


def _ticked(state: DeskState) -> tuple[FactTick, ...]:
    """What this member had ticked off; what another one had is his whatever becomes of it."""
    seat = state.seat
    return tuple(
        FactTick(entitlement=tick.entitlement, of=tick.of)
        for tick in state.basket.ticked
        if seat is not None and tick.member_id in seat.account.includes
    )


def _outcome(
    shop: Shop, state: DeskState, seat: MemberSeat | None, day: date
) -> SaleOutcome | None:
    if seat is None:
        return None
    return sale_outcome(
        state.quote,
        seat.view,
        state.program,
        day,
        fresh_coupons=fresh_coupons(shop),
        categories={line.line_id: line.goods.category for line in state.basket.lines if line.goods},
    )


def _sale_lines(state: DeskState) -> tuple[SaleLine, ...]:
    names = {sku: product.name for sku, product in state.gifts.items()}
    names |= {line.goods.sku: line.goods.name for line in state.basket.lines if line.goods}
    return tuple(
        SaleLine(
            number=number,
            line_id=line.line_id,
            sku=line.sku,
            name=names.get(line.sku, line.sku),
            quantity=line.quantity,
            list_amount=line.list_amount,
            net=line.net,
            tax=line.tax,
            points_earned=line.points_earned,
            points_spent=line.points_spent,
            gift_of=line.gift_of,
            adjustments=line.adjustments,
        )
        for number, line in enumerate(state.quote.lines, start=1)
    )


def _sale_record(state: DeskState, paid: PaidBasket, sequence: int) -> Sale:
    quote, seat = paid.quote, state.seat
    return Sale(
        sale_id=paid.op_id,
        receipt_code=paid.code,
        sequence=sequence,
        business_day=paid.day,
        sold_ms=paid.clock.wall_ms,
        staff_id=paid.staff,
        program_id=quote.program_id,
        program_version=quote.program_version,
        lines=_sale_lines(state),
        order_adjustments=quote.order_adjustments,
        tenders=paid.tenders,
        total=quote.total,
        list_total=quote.list_total,
        tax=total(row.tax for row in quote.tax),
        round_off=paid.round_off,
        due=quote.total + tax_on_top(state) - paid.round_off,
        member_id=seat.member.member_id if seat else None,
        identified_by=seat.how.identified_by if seat else None,
        points_earned=quote.points_earned if seat else 0,
        points_redeemed=quote.points_redeemed,
        shift_id=paid.shift,
    )


def _write_beside(shop: Shop, work: UnitOfWork, state: DeskState, sale: Sale, now: Moment) -> None:
    """Everything that belongs to the same transaction and is not the sale itself."""
    work.not_applied.keep(sale.sale_id, sale.business_day, state.quote.not_applied)
    for use in offer_uses_of(state.quote, state):
        work.programs.count_offer_use(use, sale.member_id)
    details = {"due": str(sale.due.minor), "lines": str(len(sale.lines))}
    if sale.member_id is not None:
        details["member"] = sale.member_id
    record(
        shop=shop,
        work=work,
        now=now,
        act="sale",
        subject=sale.receipt_code,
        details=details,
        staff_id=sale.staff_id,
    )
    if sale.member_id is None:
        return
    _record_rewards(shop, work, sale, now)
    work.members.visited(sale.member_id, sale.business_day)
    count = work.sales.count_of_member(sale.member_id, sale.business_day)
    if count > state.settings.member_sales_limit:
        details = {"sales": str(count), "day": sale.business_day.isoformat()}
        record(
            shop=shop,
            work=work,
            now=now,
            act="many_sales_of_member",
            subject=sale.member_id,
            details=details,
        )


def _record_rewards(shop: Shop, work: UnitOfWork, sale: Sale, now: Moment) -> None:
    for line in sale.lines:
        for change in line.adjustments:
            reward = reward_id_of(change.rule)
            if reward is not None:
                details = {"reward": reward, "goods": line.sku, "receipt": sale.receipt_code}
                record(
                    shop=shop, work=work, now=now, act="reward_had",
                    subject=sale.member_id or "", details=details, staff_id=sale.staff_id,
                )  # fmt: skip


def offer_uses_of(quote: Quote, state: DeskState) -> tuple[OfferUse, ...]:
    """What each offer with a budget gave in this sale: uses, and money off as a positive amount."""
    limited = {
        offer.id
        for offer in state.program.offers
        if offer.budget.uses or offer.budget.amount or offer.budget.uses_per_member
    }
    given: dict[str, list[Adjustment]] = {}
    for change in (
        *[c for line in quote.lines for c in line.adjustments],
        *quote.order_adjustments,
    ):
        if change.rule in limited:
            given.setdefault(change.rule, []).append(change)
    return tuple(
        OfferUse(rule, _times(changes), -sum(change.amount.minor for change in changes))
        for rule, changes in sorted(given.items())
    )


def _times(changes: list[Adjustment]) -> int:
    """A coupon each is one use; without coupons the offer was used once in this sale."""
    return max(1, len({change.coupon_id for change in changes if change.coupon_id}))


def _next_basket(
    shop: Shop,
    work: UnitOfWork,
    state: DeskState,
    sale: Sale,
    now: Moment,
    behind: ClockBehind | None,
) -> DeskState:
    uses = state.offer_uses
    if offer_uses_of(state.quote, state):
        uses = {use.offer_id: use for use in work.programs.offer_uses()}
    empty = OpenBasket(basket_id=shop.op_id(now), opened_ms=now.wall_ms)
    nothing = state.empty_quote
    after = replace(
        state,
        basket=empty,
        seat=None,
        attempt=None,
        offer_uses=uses,
        clock=behind,
        last_sale_id=sale.sale_id,
        # Nothing is priced at confirm: the next basket begins with the quote of nothing.
        quote=nothing or state.quote,
        quoted_ms=now.wall_ms,
    )
    return after if nothing is not None else requote(shop, after, now)


def _hand_over(
    shop: Shop, work: UnitOfWork, state: DeskState, tenders: tuple[Tender, ...], receipt: Receipt
) -> None:
    """After the commit: the drawer for cash, the receipt."""
    if any(tender.kind == "cash" for tender in tenders) and state.settings.drawer:
        work.after_commit(shop.drawer.open_drawer)
    if state.settings.printer:
        work.after_commit(lambda: shop.printer.print_receipt(receipt))


def _done(shown: TillState, sale: SaleInHand, kept: Sale, receipt: Receipt) -> SaleDone:
    seat, outcome, program = sale.state.seat, sale.outcome, sale.state.program
    reached = outcome.reached if outcome is not None else None
    given = outcome.coupons if outcome is not None else ()
    return SaleDone(
        state=shown,
        sale_id=kept.sale_id,
        receipt=receipt,
        due=kept.due,
        received=total(tender.received for tender in kept.tenders),
        change=total(tender.change for tender in kept.tenders),
        points_earned=kept.points_earned,
        points_held=outcome is not None and outcome.earned_usable_in_days is not None,
        points_balance=balance_after(sale, seat) if seat is not None else None,
        tier_reached=None
        if reached is None
        else TierCelebrated(
            reached.tier,
            tier_words(program, reached.tier),
            tier_end(sale, reached.months, reached.days),
        ),
        coupons=tuple(
            CouponWon(coupon.coupon, rule_words(program, coupon.offer) or _by_id(coupon.offer))
            for coupon in given
        ),
    )


def _by_id(offer: str) -> Text:
    return Text(zh=offer, en=offer)
