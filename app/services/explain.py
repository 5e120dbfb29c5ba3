"""Why this price: every step from the list price to what is paid, and what did not apply.

Owns: the explanation of a line and of the whole basket, as data whose parts add up.
Does not own: the price (pricing.py), the sentences (ui).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.money import Money, total
from app.domain.quote import NotApplied, QuoteLine
from app.services.answers import NoSuchLine
from app.services.present import shown
from app.services.shop import DeskState, Shop
from app.services.till_state import ShownAdjustment


@dataclass(frozen=True, slots=True)
class Step:
    """One change and what the line costs after it."""

    change: ShownAdjustment
    after: Money


@dataclass(frozen=True, slots=True)
class LineExplained:
    """List price, the line's own changes in order, its shares of order changes, and the sum.

    list + own + shares = net, always; `steps` come first, `shares` after them.
    """

    line_id: str
    name: str
    list_amount: Money
    steps: tuple[Step, ...]
    shares: tuple[Step, ...]
    net: Money
    not_applied: tuple[NotApplied, ...]
    program_id: str
    program_version: str
    quoted_ms: int


@dataclass(frozen=True, slots=True)
class BasketExplained:
    """The same for the whole basket: list total, one step per rule, the total."""

    list_total: Money
    steps: tuple[Step, ...]
    total: Money
    not_applied: tuple[NotApplied, ...]
    program_id: str
    program_version: str
    quoted_ms: int


def explain_line(*, shop: Shop, line_id: str) -> LineExplained | NoSuchLine:
    """Why a line costs what it costs. Changes nothing; lane thread, as all that read the desk."""
    state = shop.desk.state
    line = next((line for line in state.quote.lines if line.line_id == line_id), None)
    if line is None:
        return NoSuchLine(line_id)
    steps, after = _steps([shown(state, own) for own in line.adjustments], line.list_amount)
    shares, net = _steps(_shares(state, line), after)
    assert net == line.net, f"line {line_id}: the parts make {net}, the quote says {line.net}"
    return LineExplained(
        line_id=line_id,
        name=_name_of(state, line),
        list_amount=line.list_amount,
        steps=steps,
        shares=shares,
        net=net,
        not_applied=state.quote.not_applied,
        program_id=state.quote.program_id,
        program_version=state.quote.program_version,
        quoted_ms=state.quoted_ms,
    )


def explain_basket(*, shop: Shop) -> BasketExplained:
    """Why the basket costs what it costs. Changes nothing."""
    state = shop.desk.state
    quote = state.quote
    own = [shown(state, change) for line in quote.lines for change in line.adjustments]
    order = [shown(state, change) for change in quote.order_adjustments]
    steps, after = _steps(_by_rule([*own, *order]), quote.list_total)
    assert after == quote.total, f"the parts make {after}, the quote says {quote.total}"
    return BasketExplained(
        list_total=quote.list_total,
        steps=steps,
        total=quote.total,
        not_applied=quote.not_applied,
        program_id=quote.program_id,
        program_version=quote.program_version,
        quoted_ms=state.quoted_ms,
    )


def _steps(changes: list[ShownAdjustment], start: Money) -> tuple[tuple[Step, ...], Money]:
    after, steps = start, []
    for change in changes:
        after = after + change.amount
        steps.append(Step(change, after))
    return tuple(steps), after


def _shares(state: DeskState, line: QuoteLine) -> list[ShownAdjustment]:
    shares = []
    for change in state.quote.order_adjustments:
        mine = total(amount for line_id, amount in change.by_line if line_id == line.line_id)
        if mine:
            shares.append(shown(state, change, mine))
    return shares


def _by_rule(changes: list[ShownAdjustment]) -> list[ShownAdjustment]:
    merged: dict[tuple[str, str | None], list[ShownAdjustment]] = {}
    for change in changes:
        merged.setdefault((change.rule, change.coupon_id), []).append(change)
    return [
        ShownAdjustment(
            same[0].rule,
            same[0].kind,
            total(change.amount for change in same),
            same[0].words,
            same[0].coupon_id,
            same[0].by_hand,
        )
        for same in merged.values()
    ]


def _name_of(state: DeskState, line: QuoteLine) -> str:
    scanned = state.basket.line(line.line_id)
    if scanned is not None and scanned.goods is not None:
        return scanned.goods.name
    product = state.gifts.get(line.sku)
    return product.name if product is not None else line.sku
