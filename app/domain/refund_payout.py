"""Payout: by which tenders the money of a refund goes back.

Owns: how much of what was paid is due for pieces that came back, the order of tenders (those of a
terminal, then credit from an exchange, then cash), the cash step, keeping money back, and setting
a refund off against new goods. Does not own: what pieces are worth (pieces.py).
Pure arithmetic in minor units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.fact_parts import FactTender
from app.domain.facts import SaleRecorded
from app.domain.payment import TenderKind

TERMINAL_KINDS: tuple[TenderKind, ...] = ("card", "mobile")
"""Tenders that go back where they came from, by their terminal."""


@dataclass(frozen=True, slots=True)
class Part:
    """An amount that goes back of one of the sale's tenders (`tender`: its place there)."""

    tender: int
    paid_by: FactTender
    amount_minor: int

    @property
    def by_terminal(self) -> bool:
        return self.paid_by.kind in TERMINAL_KINDS


@dataclass(frozen=True, slots=True)
class Payout:
    """Money to give back. `part`: the tender it refills, None for cash."""

    kind: TenderKind
    amount_minor: int
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Payouts:
    """All that is given back. `instead_minor`: of the cash, what was not paid in cash.

    `rest_minor`: what of that cannot be given in coins.
    """

    each: tuple[Payout, ...]
    instead_minor: int = 0
    rest_minor: int = 0

    @property
    def cash_minor(self) -> int:
        return sum(payout.amount_minor for payout in self.each if payout.kind == "cash")


def _in_order(sale: SaleRecorded) -> list[Part]:
    """The sale's tenders as parts, in the order in which they are refilled."""
    parts = [Part(place, tender, tender.amount_minor) for place, tender in enumerate(sale.tenders)]
    return sorted(parts, key=lambda part: (not part.by_terminal, part.paid_by.kind == "cash"))


def due_back(sale: SaleRecorded, gone: tuple[int, bool], step: int) -> int:
    """What of the paid money is due, all in all, for pieces worth so much (and: are they all?).

    Exact for what was not paid in cash; cash in whole steps, and all of it with the last piece.
    """
    money, whole = gone
    cash = sum(each.amount_minor for each in sale.tenders if each.kind == "cash")
    other = sum(each.amount_minor for each in sale.tenders) - cash
    if whole:
        return other + cash
    beyond = max(0, money - other)
    return min(money, other) + min(beyond - beyond % step, cash)


def parts_between(sale: SaleRecorded, start: int, end: int) -> tuple[Part, ...]:
    """The money at places [start, end) of what was paid, tender by tender."""
    parts, place = [], 0
    for part in _in_order(sale):
        low, high = max(start, place), min(end, place + part.amount_minor)
        place += part.amount_minor
        if low < high:
            parts.append(replace(part, amount_minor=high - low))
    return tuple(parts)


def kept_from(parts: Sequence[Part], keep: int, step: int) -> tuple[tuple[Part, ...], int]:
    """The parts with money kept back, and how much it came to.

    What of it would leave cash beside its step is not kept.
    """
    left, kept = [], 0
    for part in parts:
        taken = min(keep - kept, part.amount_minor)
        amount = part.amount_minor - taken
        if part.paid_by.kind == "cash" and taken:
            amount = _up_to_step(amount, step, part.amount_minor)
        kept += part.amount_minor - amount
        if amount:
            left.append(replace(part, amount_minor=amount))
    return tuple(left), kept


def _up_to_step(amount: int, step: int, most: int) -> int:
    return min(-(-amount // step) * step, most)


def payouts_of(
    parts: Sequence[Part], step: int, *, in_cash: frozenset[int] = frozenset()
) -> Payouts:
    """How parts are given back: by their terminals, the rest in cash.

    `in_cash`: tenders whose terminal cannot give back. What was not paid in cash has no step: of
    it whole steps are given, the rest is named.
    """
    by_terminal = [part for part in parts if part.by_terminal and part.tender not in in_cash]
    cash = sum(part.amount_minor for part in parts if part.paid_by.kind == "cash")
    instead = sum(
        part.amount_minor
        for part in parts
        if part.paid_by.kind != "cash" and part not in by_terminal
    )
    rest = instead % step
    each = [Payout(part.paid_by.kind, part.amount_minor, part) for part in by_terminal]
    if cash + instead - rest:
        each.append(Payout("cash", cash + instead - rest))
    return Payouts(tuple(each), instead - rest, rest)


# ------------------------------------------------------------------ an exchange


@dataclass(frozen=True, slots=True)
class SetOff:
    """A refund set off against new goods: `credit` pays for them, the rest goes either way.

    `round_off_minor`: what the new goods are rounded down by, so that the cash given back comes
    in whole steps; `due_minor`: what the customer still has to pay.
    """

    credit_minor: int
    due_minor: int
    parts: tuple[Part, ...]
    round_off_minor: int = 0


def set_off(parts: Sequence[Part], due: int, step: int) -> SetOff:
    """Pay for goods that cost `due` out of a refund: of its cash first, of its cards last."""
    back = sum(part.amount_minor for part in parts)
    if due >= back:
        return SetOff(back, due - back, ())
    left, missing, round_off = list(parts), due, 0
    while missing:
        last = left.pop()
        amount = max(0, last.amount_minor - missing)
        missing -= last.amount_minor - amount
        if amount and not last.by_terminal:
            whole = _up_to_step(amount, step, min(last.amount_minor, amount + due))
            round_off, amount = whole - amount, whole
        if amount:
            left.append(replace(last, amount_minor=amount))
    return SetOff(due - round_off, 0, tuple(left), round_off)
