"""Refund: what pieces of a sale bring back - money by tender, points, and what is kept back.

Owns: the quote of a refund, pure: the pieces (lowest free numbers), what of the paid money they
settle, tenders of a terminal before cash, cash in whole steps, points spent already. Does not
own: what a piece is worth (pieces.py), how the money goes out (refund_payout.py), who may
(refund_approval.py), pieces named twice (settlement.py).

Whatever partial refunds come in whatever order: with the last piece the money of every tender is
back, less what was kept back for points, and never was more given back than was paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace as replace_struct

from app.domain import effects as do
from app.domain.account import BoughtPack, FoldItem, MemberAccount, fold
from app.domain.fact_parts import FactLine, FactPack, RefundedPieces
from app.domain.facts import PackSaleRecorded, SaleRecorded
from app.domain.ids import OpId
from app.domain.money import Money, parse_amount
from app.domain.pack import alone, pack_worth, period_of, was_used
from app.domain.pieces import (
    Interval,
    TooMany,
    Worth,
    free_pieces,
    intervals_of,
    nothing_left,
    subtract,
    undone,
    uses_back,
    worth,
)
from app.domain.program import PackRefund, Program
from app.domain.refund_fact import AnyRefund, PackKept, packs_of
from app.domain.refund_payout import Part, due_back, kept_from, parts_between
from app.domain.settlement import named_pieces
from app.domain.tiers import standing, without_lent
from app.domain.view import AccountView, view


@dataclass(frozen=True, slots=True)
class Chosen:
    """So many pieces of a line (of a weight: thousandths) come back, for a reason (a code)."""

    line: str
    count: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RefundCase:
    """All that a refund of one sale is judged by."""

    sale: SaleRecorded
    sold_on: date
    """The sale's business date as confirmed."""
    past: tuple[AnyRefund, ...]
    """Refunds of it that are known here, by op_id."""
    program: Program
    """The version in force now: cash step, worth of points, limit of a debt."""
    day: date
    account: MemberAccount | None = None
    """The member's; None for a walk-in or an erased member: money only."""
    named: bool = False
    """A member with a name or a phone may owe points; an anonymous card may not."""
    packs: tuple[PackKept, ...] | None = None
    """What stays of packs among the pieces, once money has begun to move; None: by `day`."""


@dataclass(frozen=True, slots=True)
class NotOnReceipt:
    """The sale has no such line."""

    line: str


@dataclass(frozen=True, slots=True)
class PointsMoved:
    """What a refund does to the member's points, and where they stand before and after."""

    taken: int = 0
    """Earned on the pieces."""
    returned: int = 0
    """Spent on the pieces."""
    kept: int = 0
    """Of those taken, the ones that were spent already and are paid for with `kept_back`."""
    balance_before: int = 0
    balance_after: int = 0
    owed_before: int = 0
    owed_after: int = 0


@dataclass(frozen=True, slots=True)
class RefundQuote:
    """What a refund of chosen pieces comes to; worth = settled + round-off. Minor units."""

    pieces: tuple[RefundedPieces, ...]
    worth: Worth
    settled_minor: int
    round_off_minor: int
    """Left to later pieces by the cash step; negative: brought from earlier ones."""
    overpaid_minor: int
    """Paid out before for pieces that another refund counts; it is set off here."""
    kept_back_minor: int
    parts: tuple[Part, ...]
    """What goes back, by the tender it was paid with."""
    points: PointsMoved
    effects: tuple[do.Effect, ...]
    last_piece: bool
    coupons: tuple[str, ...]
    """Coupons of the sale that come back with its last piece."""
    packs: tuple[PackKept, ...] = ()
    """Paid packs among the pieces; what is kept of them is part of `kept_back_minor`."""

    @property
    def kept_of_packs_minor(self) -> int:
        return sum(pack.kept_minor for pack in self.packs)

    @property
    def back_minor(self) -> int:
        """What the customer is owed."""
        return self.settled_minor - self.kept_back_minor


def cash_step(program: Program) -> int:
    """The step of cash in minor units; 1 where cash is not rounded."""
    text = program.prices.round_off_step
    step = parse_amount(text, program.prices.decimals) if text is not None else None
    return max(1, step.minor) if isinstance(step, Money) else 1


def refunded(past: Sequence[AnyRefund]) -> tuple[Interval, ...]:
    """All pieces that refunds name, as they name them."""
    return tuple(interval for refund in past for interval in intervals_of(refund.pieces))


def pieces_left(line: FactLine, past: Sequence[AnyRefund]) -> int:
    """How many pieces of a line can still come back."""
    return sum(interval.count for interval in _free(line, refunded(past)))


def _free(line: FactLine, gone: Sequence[Interval]) -> list[Interval]:
    return subtract(Interval(line.line_id, 0, line.pieces), gone)


def quote_refund(
    case: RefundCase, chosen: Sequence[Chosen], *, op_id: OpId, keep: int | None = None
) -> RefundQuote | TooMany | NotOnReceipt:
    """What comes back for the chosen pieces. `op_id`: the one the refund will have.

    `keep`: so many points are paid for, whatever happened to the account since money began to
    move; None = as many as have to be.
    """
    named = _name_pieces(case, chosen)
    if isinstance(named, TooMany | NotOnReceipt):
        return named
    gone = refunded(case.past)
    new = intervals_of(named)
    value = worth(case.sale, new)
    step = cash_step(case.program)
    before = due_back(case.sale, _counted(case.sale, gone), step)
    after = due_back(case.sale, _counted(case.sale, [*gone, *new]), step)
    paid_before = sum(refund.settled_minor for refund in case.past)
    settled = max(0, after - paid_before)
    packs = packs_back(case, new)
    of_packs = min(settled, sum(pack.kept_minor for pack in packs))
    effect, points, kept_back = _points(case, (new, gone), op_id, settled - of_packs, keep)
    parts = parts_between(case.sale, after - settled, after)
    parts, kept_back = kept_from(parts, of_packs + kept_back, step)
    last = nothing_left(case.sale, [*gone, *new])
    return RefundQuote(
        pieces=named,
        worth=value,
        settled_minor=settled,
        round_off_minor=value.money_minor - settled,
        overpaid_minor=max(0, paid_before - before),
        kept_back_minor=kept_back,
        parts=parts,
        points=points,
        effects=effect,
        last_piece=last,
        coupons=case.sale.coupons_used if last else (),
        packs=_as_kept(packs, kept_back),
    )


def packs_back(case: RefundCase, pieces: Sequence[Interval]) -> tuple[PackKept, ...]:
    """The paid packs among pieces, and what stays with the shop of each by its terms."""
    if not isinstance(case.sale, PackSaleRecorded):
        return ()
    if case.packs is not None:
        return case.packs
    found = []
    for sold in case.sale.packs:
        own = [each for each in pieces if each.line == sold.line]
        if own:
            paid = worth(case.sale, own).money_minor
            found.append(_pack_kept(case, sold, paid))
    return tuple(found)


def _pack_kept(case: RefundCase, sold: FactPack, paid: int) -> PackKept:
    """By the terms it was sold under. Of somebody erased only the day is known: it may be used."""
    sale, day = case.sale.op_id, case.day.toordinal()
    bought = BoughtPack(sold.plan, sold.tier, sold.months, case.sold_on.toordinal())
    account = case.account or MemberAccount()
    period = period_of(account, sale, sold.plan) or alone(sale, bought)
    own = standing(without_lent(account), case.program, case.day).tier
    used = case.account is None or was_used(account, case.program, period, day, own=own)
    terms = PackRefund(full_days=sold.full_days, rest=sold.rest)
    value = pack_worth(period, terms, paid, day, used=used)
    return PackKept(
        line=sold.line,
        plan=sold.plan,
        why=value.why,
        months_left=value.months_left,
        months=value.months,
        kept_minor=value.kept_minor,
    )


def _as_kept(packs: tuple[PackKept, ...], most: int) -> tuple[PackKept, ...]:
    """The packs with what was kept of each in the end: cash goes back in whole steps."""
    found = []
    for pack in packs:
        kept = min(pack.kept_minor, most)
        most -= kept
        found.append(replace_struct(pack, kept_minor=kept))
    return tuple(found)


def _name_pieces(
    case: RefundCase, chosen: Sequence[Chosen]
) -> tuple[RefundedPieces, ...] | TooMany | NotOnReceipt:
    lines = {line.line_id: line for line in case.sale.lines}
    taken = list(refunded(case.past))
    named: list[RefundedPieces] = []
    for each in chosen:
        if each.line not in lines:
            return NotOnReceipt(each.line)
        free = free_pieces(lines[each.line], taken, each.count)
        if isinstance(free, TooMany):
            return free
        taken += free
        named += named_pieces(case.sale, free, each.reason)
    return tuple(named)


def _counted(sale: SaleRecorded, gone: Sequence[Interval]) -> tuple[int, bool]:
    """What the pieces gone are worth together, each counted once; and whether all are gone."""
    left = [piece for line in sale.lines for piece in _free(line, gone)]
    all_pieces = [Interval(line.line_id, 0, line.pieces) for line in sale.lines]
    money = worth(sale, all_pieces).money_minor - worth(sale, left).money_minor
    return money, not left


# ------------------------------------------------------------------ points


def _points(
    case: RefundCase,
    pieces: tuple[Sequence[Interval], Sequence[Interval]],
    op_id: OpId,
    settled: int,
    keep: int | None,
) -> tuple[tuple[do.Effect, ...], PointsMoved, int]:
    """The effects on the account, what they mean, and the value of points to keep back."""
    account, sale = case.account, case.sale
    if account is None:
        return (), PointsMoved(), 0
    of_packs = isinstance(sale, PackSaleRecorded)
    # Before packs had terms a plan was known by its goods alone.
    plan_skus = frozenset(() if of_packs else (plan.sku for plan in case.program.plans))
    before = [pack for each in case.past for pack in packs_of(each)]
    effect = undone(sale, *pieces, plan_skus, packs_back(case, pieces[0]), before)
    effects: tuple[do.Effect, ...] = (
        effect,
        *uses_back(sale, *pieces),
        *_tiers_end(case, pieces[0]),
    )
    seen = view(account, case.program, case.day)
    after = _after(case, op_id, effects)
    kept = _points_to_keep(case, seen, after, settled) if keep is None else keep
    if kept:
        # Bought back: they pair with what was taken, in whichever month, and leave no debt.
        effects = (*effects, do.Gained(points=kept, expires_in=0))
        after = _after(case, op_id, effects)
    moved = PointsMoved(
        taken=sum(part.points for part in effect.earned),
        returned=sum(part.points for part in effect.spent),
        kept=kept,
        balance_before=seen.balance,
        balance_after=after.balance,
        owed_before=seen.debt_points,
        owed_after=after.debt_points,
    )
    return effects, moved, _value(case.program, kept)


def _tiers_end(case: RefundCase, pieces: Sequence[Interval]) -> tuple[do.PackBack, ...]:
    packs = packs_back(case, pieces)
    return tuple(do.PackBack(sale=case.sale.op_id, plan=pack.plan) for pack in packs)


def _after(case: RefundCase, op_id: OpId, effects: tuple[do.Effect, ...]) -> AccountView:
    """The member as he will be."""
    return view(account_after(case, op_id, effects), case.program, case.day)


def account_after(case: RefundCase, op_id: OpId, effects: tuple[do.Effect, ...]) -> MemberAccount:
    """The account with the refund folded in: what an exchange prices the new goods by."""
    member = case.sale.member
    assert case.account is not None, "a walk-in has no account"
    assert member is not None, "a walk-in has no account"
    item = FoldItem(op_id, member, case.day, effects)
    return fold((item,), base=case.account, days={case.sale.op_id: case.sold_on})


def _points_to_keep(case: RefundCase, before: AccountView, after: AccountView, settled: int) -> int:
    """How many points are paid for with money: the new debt above what may be owed."""
    limit = case.program.debt.named_limit if case.named else 0
    too_many = min(after.debt_points - before.debt_points, after.debt_points - limit)
    rate, most = case.program.redemption, settled
    amount = _rate_minor(case.program)
    affordable = most * rate.points // amount if amount else too_many
    return max(0, min(too_many, affordable))


def _value(program: Program, points: int) -> int:
    """What points are worth against a bill, in minor units, rounded down."""
    return points * _rate_minor(program) // program.redemption.points


def _rate_minor(program: Program) -> int:
    amount = parse_amount(program.redemption.amount, program.prices.decimals)
    assert isinstance(amount, Money), "program check refuses such an amount"
    return amount.minor
