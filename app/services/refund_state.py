"""What the refund screen shows, as data: one immutable snapshot after every act.

Owns: the snapshot and how it is made. Pure but for the names it reads. Does not own: the acts
(refund.py), words and formats (ui).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from msgspec.structs import replace as replace_struct

from app.domain.facts import FactLine, SaleRecorded
from app.domain.money import Money, divide_half_up, total
from app.domain.open_refund import ChosenBack, OpenRefund, RefundAttempt, RefundReason
from app.domain.payment import OPEN_STATES, TenderKind
from app.domain.pieces import TooMany
from app.domain.program import Text
from app.domain.quantity import THOUSAND, Quantity
from app.domain.refund import (
    Chosen,
    NotOnReceipt,
    PointsMoved,
    RefundQuote,
    cash_step,
    pieces_left,
    quote_refund,
)
from app.domain.refund_approval import RefundAct, RefundFacts, acts_of, beyond
from app.domain.refund_fact import PackKept, PackWhy
from app.domain.refund_payout import Payouts, payouts_of
from app.services.ports import UnitOfWork
from app.services.refund_case import RefundDesk
from app.services.refund_search import DoneRefund, SoldSale, done_refunds, sold_sale
from app.services.shop import DeskState, Shop


@dataclass(frozen=True, slots=True)
class RefundLine:
    """One line of the sale. Quantities in thousandths of its unit; `each`: really paid for one
    (of a weight: for a whole unit); `amount`: what the chosen pieces bring."""

    line_id: str
    number: int
    name: str
    unit: str
    sku: str
    sold: Quantity
    returned: Quantity
    left: Quantity
    chosen: Quantity
    reason: RefundReason | None
    each: Money
    amount: Money
    by_weight: bool
    gift_of: str | None
    lot: str = ""
    """Its batch and its last day, as its label said at the sale."""
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class ShownPayout:
    """Money to give back. `paid_by`: what the paper says of the tender it was paid with."""

    kind: TenderKind
    amount: Money
    paid_by: str = ""


@dataclass(frozen=True, slots=True)
class ShownPack:
    """A paid pack that comes back: what of its price stays with the shop, and why."""

    words: Text
    why: PackWhy
    months_left: int
    months: int
    kept: Money


@dataclass(frozen=True, slots=True)
class RefundSum:
    """What the chosen pieces come to; `back` = worth - round_off - kept_back - rest."""

    worth: Money
    round_off: Money
    kept_back: Money
    overpaid: Money
    rest: Money
    back: Money
    payouts: tuple[ShownPayout, ...]
    points: PointsMoved
    coupons_back: int
    last_piece: bool
    packs: tuple[ShownPack, ...] = ()
    """Paid packs among them; what is kept of their price is part of `kept_back`."""

    @property
    def kept_for_points(self) -> Money:
        return self.kept_back - total(pack.kept for pack in self.packs)


@dataclass(frozen=True, slots=True)
class RefundState:
    """The whole refund screen as it is now. `total` None: nothing is chosen yet."""

    refund_id: str
    sale: SoldSale
    lines: tuple[RefundLine, ...]
    tenders: tuple[ShownPayout, ...]
    """How the sale was paid."""
    earlier: tuple[DoneRefund, ...]
    last_day: date
    is_late: bool
    total: RefundSum | None
    missing_reasons: tuple[str, ...]
    """Ids of chosen lines without a reason, in the order of the receipt."""
    approvals: tuple[RefundAct, ...]
    """What still has to be approved to confirm it."""
    attempts: tuple[RefundAttempt, ...]
    money_moves: bool
    """A terminal was asked: nothing may be chosen otherwise any more."""
    exchange: bool
    has_member: bool
    has_coupons: bool = False
    """Coupons were used on the sale."""


@dataclass(frozen=True, slots=True)
class Judged:
    """An open refund with its case, its quote and how the money goes out."""

    begun: OpenRefund
    desk: RefundDesk
    quote: RefundQuote
    payouts: Payouts
    acts: tuple[RefundAct, ...]
    """The limited acts it is that nobody said yes to yet."""


def caught_up(begun: OpenRefund, desk: RefundDesk) -> tuple[OpenRefund, RefundDesk]:
    """The open refund beside what came back at another till meanwhile: so much less is chosen.

    Once money moves it stands as it was begun, and head office hears of a piece that came twice.
    """
    case = desk.case
    if begun.seen is not None:
        past = tuple(each for each in case.past if each.op_id in begun.seen)
        return begun, replace(desk, case=replace(case, past=past, packs=begun.packs))
    left = {line.line_id: pieces_left(line, case.past) for line in case.sale.lines}
    chosen = tuple(
        replace_struct(each, count=min(each.count, left[each.line]))
        for each in begun.chosen
        if left[each.line]
    )
    return replace_struct(begun, chosen=chosen), desk


def fixed(judged: Judged) -> OpenRefund:
    """The open refund once money moves for it: what is known of its sale now stays, and what of a
    pack is kept: its terms are those of this day, whenever the terminal answers."""
    seen = tuple(each.op_id for each in judged.desk.case.past)
    return replace_struct(judged.begun, seen=seen, packs=judged.quote.packs)


def judge_refund(*, shop: Shop, begun: OpenRefund, desk: RefundDesk) -> Judged | None:
    """The quote of what is chosen; None where nothing is, or is left."""
    begun, desk = caught_up(begun, desk)
    if not begun.chosen:
        return None
    chosen = [Chosen(each.line, each.count, each.reason or "") for each in begun.chosen]
    quote = quote_refund(desk.case, chosen, op_id=begun.refund_id, keep=begun.points_kept)
    assert not isinstance(quote, TooMany | NotOnReceipt), "no more is chosen than is left"
    payouts = payouts_of(
        quote.parts, cash_step(desk.case.program), in_cash=frozenset(begun.in_cash)
    )
    facts = RefundFacts(
        back=Money(quote.back_minor),
        is_late=desk.is_late,
        cash_instead=Money(payouts.instead_minor),
        is_own=_is_own(shop.desk.state, desk),
    )
    acts = tuple(each for each in acts_of(facts) if each.act not in begun.approved)
    return Judged(begun, desk, quote, payouts, acts)


def approvals_left(state: DeskState, judged: Judged) -> tuple[RefundAct, ...]:
    """What whoever is signed in may not do of it by himself."""
    role = state.staff.role.role_id if state.staff is not None else ""
    return beyond(judged.acts, state.rights, role)


def _is_own(state: DeskState, desk: RefundDesk) -> bool:
    own = state.staff.member_ids if state.staff is not None else frozenset()
    member = desk.case.sale.member
    return member is not None and bool(own & {member})


def refund_state(
    *, shop: Shop, work: UnitOfWork, begun: OpenRefund, desk: RefundDesk
) -> RefundState:
    """The snapshot of an open refund."""
    begun, desk = caught_up(begun, desk)
    sale = desk.case.sale
    summary = work.sales.by_receipt(sale.code)
    assert summary is not None, f"a sale's fact without its row: {sale.op_id}"
    judged = judge_refund(shop=shop, begun=begun, desk=desk)
    attempts = tuple(work.refunds.attempts_of(begun.refund_id))
    return RefundState(
        refund_id=begun.refund_id,
        sale=sold_sale(work=work, sale=summary),
        lines=tuple(_line(begun, desk, judged, place) for place in range(len(sale.lines))),
        tenders=tuple(
            ShownPayout(tender.kind, Money(tender.amount_minor), paid_by(sale, place))
            for place, tender in enumerate(sale.tenders)
        ),
        earlier=done_refunds(work=work, sale_id=sale.op_id),
        last_day=desk.last_day,
        is_late=desk.is_late,
        total=_total(judged, sale) if judged is not None else None,
        missing_reasons=missing_reasons(begun, sale),
        approvals=approvals_left(shop.desk.state, judged) if judged is not None else (),
        attempts=attempts,
        money_moves=any(is_binding(attempt) for attempt in attempts),
        exchange=begun.exchange,
        has_member=desk.member is not None,
        has_coupons=bool(sale.coupons_used),
    )


def is_binding(attempt: RefundAttempt) -> bool:
    """Whether money went back by it, or may have."""
    return attempt.state == "approved" or (
        attempt.state in OPEN_STATES and not attempt.is_set_aside
    )


def missing_reasons(begun: OpenRefund, sale: SaleRecorded) -> tuple[str, ...]:
    """Chosen lines that say no reason yet, in the order of the receipt."""
    bare = {each.line for each in begun.chosen if each.reason is None}
    return tuple(line.line_id for line in sale.lines if line.line_id in bare)


def paid_by(sale: SaleRecorded, place: int) -> str:
    """What the sale's paper says beside a tender: a wallet's name, the end of a card."""
    printed = sale.receipt.tenders
    return printed[place].detail if place < len(printed) else ""


def quantity_of(line: FactLine, count: int) -> Quantity:
    """So many pieces of a line as a quantity."""
    return Quantity(count * THOUSAND if is_counted(line) else count)


def is_counted(line: FactLine) -> bool:
    """Whether its pieces are whole pieces; a weight is cut into thousandths."""
    return line.pieces * THOUSAND == line.quantity_thousandths


def _line(begun: OpenRefund, desk: RefundDesk, judged: Judged | None, place: int) -> RefundLine:
    sale = desk.case.sale
    line, printed = sale.lines[place], sale.receipt.lines[place]
    left = pieces_left(line, desk.case.past)
    chosen = begun.of_line(line.line_id) or ChosenBack(line.line_id, 0)
    pieces = judged.quote.pieces if judged is not None else ()
    return RefundLine(
        line_id=line.line_id,
        number=place + 1,
        name=printed.name,
        unit=printed.unit,
        sku=line.sku,
        sold=quantity_of(line, line.pieces),
        returned=quantity_of(line, line.pieces - left),
        left=quantity_of(line, left),
        chosen=quantity_of(line, chosen.count),
        reason=chosen.reason,
        each=_each(sale, line),
        amount=total(Money(each.amount_minor) for each in pieces if each.line == line.line_id),
        by_weight=not is_counted(line),
        gift_of=line.gift_of,
        lot=line.lot,
        expires=line.expires,
    )


def _paid_for(sale: SaleRecorded, line: FactLine) -> int:
    return line.net_minor + (0 if sale.tax_inclusive else line.tax_minor)


def _each(sale: SaleRecorded, line: FactLine) -> Money:
    per_unit = divide_half_up(_paid_for(sale, line) * THOUSAND, line.quantity_thousandths)
    return Money(per_unit)


def _total(judged: Judged, sale: SaleRecorded) -> RefundSum:
    quote, payouts = judged.quote, judged.payouts
    return RefundSum(
        worth=Money(quote.worth.money_minor),
        round_off=Money(quote.round_off_minor),
        kept_back=Money(quote.kept_back_minor),
        overpaid=Money(quote.overpaid_minor),
        rest=Money(payouts.rest_minor),
        back=Money(quote.back_minor - payouts.rest_minor),
        payouts=tuple(
            ShownPayout(
                each.kind,
                Money(each.amount_minor),
                paid_by(sale, each.part.tender) if each.part is not None else "",
            )
            for each in payouts.each
        ),
        points=quote.points,
        coupons_back=len(quote.coupons),
        last_piece=quote.last_piece,
        packs=tuple(_pack(judged, pack) for pack in quote.packs),
    )


def _pack(judged: Judged, pack: PackKept) -> ShownPack:
    plans = judged.desk.case.program.plans
    words = next((plan.name for plan in plans if plan.id == pack.plan), None)
    return ShownPack(
        words or Text(zh=pack.plan, en=pack.plan),
        pack.why,
        pack.months_left,
        pack.months,
        Money(pack.kept_minor),
    )
