"""Present: the snapshot of the till that a screen draws.

Owns: making a TillState from the desk. Pure. Does not own: the member's part (member_panel.py),
prices, words.
"""

from __future__ import annotations

from datetime import date

from app.domain.business_day import ShopTime, believed, business_day
from app.domain.freshness import Freshness, freshness
from app.domain.moment import Moment
from app.domain.money import ZERO, Money, parse_amount, round_down_to_step, total
from app.domain.open_basket import OpenBasket, OpenLine
from app.domain.program import ExclusiveProducts, Program, Text
from app.domain.quantity import pieces
from app.domain.quote import Adjustment, Quote, QuoteLine
from app.domain.redeem_way import OWN
from app.domain.sale_fact import basket_room, is_too_large
from app.domain.staff import StaffMember
from app.services import basket_moves as moves
from app.services.choice import choices_on_till, points_for_goods
from app.services.member_panel import member_panel
from app.services.remembered import remembered
from app.services.rule_words import POINTS, reason_words, rule_words
from app.services.rules_on_till import (
    earn_factors,
    program_on_till,
    rules_on_till,
)
from app.services.shop import DeskState, MemberSeat
from app.services.till_state import (
    PayBlock,
    ShiftOnTill,
    ShownAdjustment,
    StaffOnTill,
    TillLine,
    TillState,
    Totals,
)


def till_state(state: DeskState, now: Moment) -> TillState:
    """The whole till screen as it is now."""
    basket, staff = state.basket, state.staff
    coming = _coming(state, now)
    return TillState(
        basket_id=basket.basket_id,
        lines=_lines(state),
        selected=basket.selected,
        totals=_totals(state),
        member=member_panel(state, state.seat) if state.seat is not None else None,
        staff=_staff(staff) if staff is not None else None,
        locked=state.locked or staff is None,
        settings=state.settings,
        pay_block=pay_block(state),
        tenders=basket.tenders,
        attempt=state.attempt,
        can_undo=moves.can_undo(basket, now),
        cleared=bool(basket.undo) and basket.undo[-1].cleared_at_ms is not None,
        not_applied=state.quote.not_applied,
        rules=rules_on_till(state),
        program=program_on_till(state.program),
        clock=state.clock,
        coming_program=coming.effective if coming else None,
        announcements=(coming or state.program).announcements,
        last_sale_id=state.last_sale_id,
        holds=state.holds,
        giving_back=basket.giving_back,
        shift=_shift(state, now),
        choices=choices_on_till(state),
        redeem=state.seat.redeem if state.seat is not None else OWN,
    )


def _staff(staff: StaffMember) -> StaffOnTill:
    role = staff.role
    return StaffOnTill(staff.staff_id, staff.name, role.role_id, role.permissions)


def _shift(state: DeskState, now: Moment) -> ShiftOnTill | None:
    shift, staff = state.shift, state.staff
    if shift is None:
        return None
    today = business_day(believed(now, state.last_moment), ShopTime(state.program.timezone))
    return ShiftOnTill(
        shift_id=shift.shift_id,
        name=shift.name,
        business_day=shift.business_day,
        opened_ms=shift.opened_ms,
        is_mine=staff is not None and staff.staff_id == shift.owner_id,
        is_counting=shift.is_counting,
        is_over_midnight=shift.is_over_midnight(today),
    )


def pay_block(state: DeskState) -> PayBlock | None:
    """Why the basket cannot be paid; None = it can."""
    if state.staff is None or state.locked:
        return "nobody"
    if state.attempt is not None or state.basket.giving_back:
        return "payment_open"
    if state.basket.is_empty:
        return "empty"
    if state.basket.unresolved:
        return "unresolved"
    if is_own_membership(state):
        return "own_membership"
    if total(tender.amount for tender in state.basket.tenders) > due_of(state):
        # After a restart it may cost less than was taken: a coupon was given meanwhile.
        return "overpaid"
    packs = _pack_block(state)
    if packs is not None:
        return packs
    return "too_large" if _is_too_large(state) else None


def _pack_block(state: DeskState) -> PayBlock | None:
    """A paid pack gives somebody a tier: it is sold to a member, one of a kind at a time."""
    of_packs = {plan.sku for plan in state.program.plans}
    packs = [line for line in state.quote.lines if line.sku in of_packs and line.gift_of is None]
    if packs and state.seat is None:
        return "pack_needs_member"
    skus = [line.sku for line in packs]
    one = all(line.quantity == pieces(1) for line in packs)
    return None if one and len(skus) == len(set(skus)) else "pack_twice"


def _is_too_large(state: DeskState) -> bool:
    """Whether no sale could be made of it: then no money may be taken either."""
    return _no_fact_holds(state.basket, state.quote, state.program, state.seat)


@remembered
def _no_fact_holds(
    basket: OpenBasket, quote: Quote, program: Program, seat: MemberSeat | None
) -> bool:
    """Asked by the snapshot and again by the payment of the same basket."""
    seen = seat.view if seat is not None else None
    return is_too_large(basket_room(basket.to_price(), quote, program, seen), len(basket.tenders))


def is_own_membership(state: DeskState) -> bool:
    """Whether the member on the basket is the cashier himself (he took over from another one)."""
    seat, staff = state.seat, state.staff
    if seat is None or staff is None:
        return False
    return bool(staff.member_ids & ({seat.member.member_id} | seat.account.includes))


def due_of(state: DeskState) -> Money:
    """What is due by anything but cash: the total, and the tax where prices exclude it."""
    return state.quote.total + tax_on_top(state)


def tax_on_top(state: DeskState) -> Money:
    """The tax that comes on top of the total: zero under inclusive prices."""
    if state.program.prices.tax_inclusive:
        return ZERO
    return total(row.tax for row in state.quote.tax)


def cash_round_off(program: Program, amount: Money) -> Money:
    """What paying this amount in cash takes off: down to the step, positive."""
    step_text = program.prices.round_off_step
    if step_text is None or amount.minor <= 0:
        return ZERO
    step = parse_amount(step_text, program.prices.decimals)
    assert isinstance(step, Money), "program check refuses such a step"
    return amount - round_down_to_step(amount, step) if step.minor > 0 else ZERO


def shown(state: DeskState, change: Adjustment, amount: Money | None = None) -> ShownAdjustment:
    """An adjustment with its words: the program's, or the reason of what was given by hand."""
    return ShownAdjustment(
        rule=change.rule,
        kind=change.kind,
        amount=change.amount if amount is None else amount,
        words=rule_words(state.program, change.rule) or reason_words(state.rights, change.rule),
        coupon_id=change.coupon_id,
        by_hand=change.chosen_by_hand,
    )


def _lines(state: DeskState) -> tuple[TillLine, ...]:
    priced = {line.line_id: line for line in state.quote.lines}
    rows = [
        _line(state, line, priced.get(line.line_id), number)
        for number, line in enumerate(state.basket.lines, start=1)
    ]
    gifts = [line for line in state.quote.lines if _is_added_gift(line, state)]
    for number, gift in enumerate(gifts, start=len(rows) + 1):
        rows.append(_gift(state, gift, number))
    return tuple(rows)


def _is_added_gift(line: QuoteLine, state: DeskState) -> bool:
    return line.gift_of is not None and state.basket.line(line.line_id) is None


def _line(state: DeskState, line: OpenLine, priced: QuoteLine | None, number: int) -> TillLine:
    goods = line.goods
    own = priced.adjustments if priced is not None else ()
    listed = priced.list_amount if priced is not None else ZERO
    return TillLine(
        line_id=line.line_id,
        number=number,
        name=goods.name if goods else "",
        sku=goods.sku if goods else None,
        scanned=line.scanned,
        quantity=line.quantity,
        unit=line.unit,
        weighed=goods.weighed if goods else False,
        unit_price=goods.unit_price if goods else None,
        list_amount=listed,
        amount=listed + total(change.amount for change in own),
        net=priced.net if priced is not None else ZERO,
        adjustments=tuple(shown(state, change) for change in own),
        problem=line.problem,
        needs_tier=_needs_tier(state, line) if line.problem == "members_only" else None,
        quantity_fixed=line.label_price or (goods is not None and bool(goods.serial)),
        lot=goods.lot if goods else "",
        expires=goods.expires if goods else None,
        freshness=_freshness(state, goods.expires) if goods else "fresh",
        order_shares=_order_shares(state, line.line_id),
    )


def _freshness(state: DeskState, expires: date | None) -> Freshness:
    """As of the moment the basket was priced."""
    if expires is None:
        return "fresh"
    day = Moment(state.quoted_ms, 0, "", None).local(state.program.timezone).date()
    return freshness(expires, day, state.settings.expiry_soon_days)


def _order_shares(state: DeskState, line_id: str) -> tuple[ShownAdjustment, ...]:
    """What the adjustments of the whole order take off this line."""
    return tuple(
        shown(state, change, share)
        for change in state.quote.order_adjustments
        for part, share in change.by_line
        if part == line_id and share
    )


def _gift(state: DeskState, line: QuoteLine, number: int) -> TillLine:
    product = state.gifts.get(line.sku)
    own = total(change.amount for change in line.adjustments)
    return TillLine(
        line_id=line.line_id,
        number=number,
        name=product.name if product else line.sku,
        sku=line.sku,
        scanned="",
        quantity=line.quantity,
        unit=product.unit if product else "",
        weighed=False,
        unit_price=product.unit_price if product else None,
        list_amount=line.list_amount,
        amount=line.list_amount + own,
        net=line.net,
        adjustments=tuple(shown(state, change) for change in line.adjustments),
        quantity_fixed=True,
        is_gift=True,
        gift_of=line.gift_of or "",
        order_shares=_order_shares(state, line.line_id),
    )


def _needs_tier(state: DeskState, line: OpenLine) -> Text | None:
    rule = exclusive_rule(state.program, line)
    if rule is None or rule.tier is None:
        return None
    return state.program.tier(rule.tier).name


def exclusive_rule(program: Program, line: OpenLine) -> ExclusiveProducts | None:
    """The rule that keeps this line's goods for members (whether open to all by now or not)."""
    goods = line.goods
    if goods is None:
        return None
    for rule in program.exclusive:
        if goods.sku in rule.products or goods.category in rule.categories:
            return rule
    return None


def _totals(state: DeskState) -> Totals:
    quote = state.quote
    due = due_of(state)
    received = total(tender.amount for tender in state.basket.tenders)
    round_off = cash_round_off(state.program, due - received)
    for_goods = sum(points_for_goods(state).values())
    countable = [line for line in state.basket.lines if line.goods is not None]
    whole = [line for line in countable if not _by_weight(line)]
    return Totals(
        kinds=len(countable),
        pieces=sum(line.quantity.pieces for line in whole) + len(countable) - len(whole),
        list_total=quote.list_total,
        rows=_rows(state),
        saved=quote.saved,
        total=quote.total,
        tax_on_top=tax_on_top(state),
        due=due,
        round_off=round_off,
        due_cash=due - received - round_off,
        received=received,
        points_used=quote.points_redeemed - for_goods,
        points_for_goods=for_goods,
        points_off=quote.points_redeemed_amount,
        points_redeemable=quote.points_redeemable,
        points_earned=quote.points_earned,
        earn_factors=earn_factors(state),
    )


def _by_weight(line: OpenLine) -> bool:
    weighed = line.goods is not None and line.goods.weighed
    return weighed or not line.quantity.is_pieces


def _rows(state: DeskState) -> tuple[ShownAdjustment, ...]:
    """One row per rule over all lines, order offers after line prices, points last."""
    sums: dict[tuple[str, str | None], Money] = {}
    first: dict[tuple[str, str | None], Adjustment] = {}
    own = [change for line in state.quote.lines for change in line.adjustments]
    for change in (*own, *state.quote.order_adjustments):
        key = (change.rule, change.coupon_id)
        sums[key] = sums.get(key, ZERO) + change.amount
        first.setdefault(key, change)
    rows = [shown(state, first[key], amount) for key, amount in sums.items() if amount]
    return tuple(sorted(rows, key=lambda row: row.rule == POINTS))


def _coming(state: DeskState, now: Moment) -> Program | None:
    """The next version, where its announcement has come."""
    today = now.local(state.program.timezone).date()
    later = [p for p in state.programs if p.effective > today >= p.announced]
    return min(later, key=lambda program: program.effective, default=None)
