"""After refunds: pieces given back twice, coupons that come back - the authority's own facts.

Owns: looking at each sale a push spoke of with everything known about it, and writing
PiecesSettled and CouponReturned as the server's facts. Does not own: the rules
(app.domain.settlement), accounts (folding.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection

from app.domain.account import FoldItem
from app.domain.bound_return import BoundReturn, bind_returns, packs_in_pieces
from app.domain.business_day import business_day
from app.domain.effects import PackBack, PackBought
from app.domain.facts import (
    SALE_KINDS,
    AnyRefund,
    CouponReturned,
    Fact,
    FirstRefundRecorded,
    PiecesSettled,
    RefundRecorded,
    ReturnRecorded,
    SaleRecorded,
    SaleShared,
    canonical_bytes,
    read_fact,
)
from app.domain.moment import Moment
from app.domain.settlement import (
    Correction,
    gifts_by_member,
    named_pieces,
    return_coupon,
    settle_pieces,
    shares_to_take_back,
)
from sync.protocol import Op
from sync.server import tables as t
from sync.server.exception_case import Finding
from sync.server.folding import Accounts, awaited_by, known_days, lock_accounts
from sync.server.hearing import Heard
from sync.server.rows import find
from sync.server.sale_record import returns_of, sales_with
from sync.server.sender import House, Sender
from sync.server.tables import shard_of

_REFUNDS = (FirstRefundRecorded, RefundRecorded)


@dataclass(frozen=True, slots=True)
class Settled:
    """What the server wrote and what it found."""

    facts: list[Heard] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Settling:
    """What one push settles with."""

    connection: Connection
    sender: Sender
    accounts: Accounts
    house: House
    now_ms: int

    @property
    def clock(self) -> Moment:
        return Moment(self.now_ms, 0, "server", 0)

    @property
    def day(self) -> date:
        return business_day(self.clock, self.sender.shop_time)


def lock_sales(connection: Connection, tenant: str, heard: Iterable[Heard]) -> set[str]:
    """The sales that refunds and returns of a push speak of, as far as they are known; held.

    Of two pushes about one sale the second goes on when the first is done, and sees what it wrote:
    a sale without a member has no account that would make it wait. Before accounts are locked, as
    whoever keeps pieces does it, too.
    """
    facts = [each.fact for each in heard if each.verdict == "fresh" and each.state == "counted"]
    named = {fact.sale for fact in facts if isinstance(fact, _REFUNDS)}
    codes = [f.sale_code for f in facts if isinstance(f, ReturnRecorded) and f.sale_code]
    named |= sales_with(connection, tenant, codes) if codes else set()
    keys = [{"shard_key": shard_of(each), "op_id": each} for each in sorted(named)]
    find(connection, tenant, t.op, keys, columns=(t.op.c.op_id,), lock=True)
    return named


def sales_spoken_of(heard: Iterable[Heard], links: Iterable[dict[str, Any]]) -> set[str]:
    """The sales whose refunds have to be looked at: something new is known of them."""
    fresh = [each for each in heard if each.state == "counted"]
    spoken = {each.fact.sale for each in fresh if isinstance(each.fact, _REFUNDS)}
    # A return knows its sale by its number alone, and may have come before it.
    spoken |= {
        each.op.op_id
        for each in fresh
        if any(isinstance(effect, PackBought) for effect in each.effects)
    }
    sold = {each.op.op_id for each in fresh if each.kind in SALE_KINDS}
    return spoken | (sold & {link["sale"] for link in links})


def settle_sales(at: Settling, heard: Sequence[Heard], sales: set[str]) -> Settled:
    """Settle every sale spoken of. The accounts are folded with what is written."""
    done = Settled()
    if not sales:
        return done
    known = _facts_about(at, heard, sales)
    for sale_id in sorted(sales):
        sale = known.get(sale_id)
        if isinstance(sale, SaleRecorded):
            about = [each for each in known.values() if getattr(each, "sale", None) == sale_id]
            _settle(at, sale, about, done)
            _bind(at, sale, about, heard, done)
    return done


def _facts_about(at: Settling, heard: Sequence[Heard], sales: set[str]) -> dict[str, Fact]:
    """The sales, and every fact that counts and speaks of them, by op_id."""
    tenant = at.sender.tenant
    links = awaited_by(at.connection, tenant, sales)
    wanted = sales | {link["op_id"] for link in links}
    keys = [{"shard_key": shard_of(each), "op_id": each} for each in sorted(wanted)]
    columns = (t.op.c.op_id, t.op.c.state, t.op.c.data)
    known: dict[str, Fact] = {}
    for row in find(at.connection, tenant, t.op, keys, columns=columns):
        fact = read_fact(row["data"]) if row["state"] == "counted" else None
        if isinstance(fact, Fact.__args__):
            known[row["op_id"]] = fact
    for each in heard:
        fact = each.whole if each.state == "counted" and _concerns(each, sales) else None
        if fact is not None:
            known[each.op.op_id] = fact
    return known


def _concerns(heard: Heard, sales: set[str]) -> bool:
    return heard.op.op_id in sales or getattr(heard.fact, "sale", None) in sales


def _settle(at: Settling, sale: SaleRecorded, about: Sequence[Fact], done: Settled) -> None:
    refunds = [each for each in about if isinstance(each, _REFUNDS)]
    settled = [each for each in about if isinstance(each, PiecesSettled)]
    if not refunds:
        return
    _take_shares_back(at, sale, refunds, about, done)
    for correction in settle_pieces(sale, refunds, settled):
        done.findings.extend(refunded_twice(sale, correction, at.sender.device, at.day))
        if sale.member is not None:
            _write(at, _settled_fact(at, sale, correction), done)
    if sale.member is not None:
        lock_accounts(at.connection, at.accounts, [sale.member])
        account = at.accounts.of(sale.member).after
        back = return_coupon(sale, refunds, account, at.day)
        if back:
            fact = CouponReturned(
                op_id=at.house.op_id(at.now_ms), store=sale.store, day=at.day, clock=at.clock,
                member=sale.member, effects=back, sale=sale.op_id,
            )  # fmt: skip
            _write(at, fact, done)


def _bind(
    at: Settling,
    sale: SaleRecorded,
    about: Sequence[Fact],
    heard: Sequence[Heard],
    done: Settled,
) -> None:
    """Returns that know this sale by its number: what they paid for pieces that were gone, and
    packs among the others."""
    refunds = [each for each in about if isinstance(each, _REFUNDS)]
    returns = returns_of(at.connection, at.sender.tenant, sale.code)
    for each in heard:
        fact = each.fact if each.state == "counted" else None
        if isinstance(fact, ReturnRecorded) and fact.sale_code == sale.code:
            returns.append(fact)
    subject = sale.member or at.sender.device
    done.findings.extend(returned_beyond(sale, refunds, returns, subject, at.day))
    if sale.member is not None:
        _end_packs(at, sale, bind_returns(sale, refunds, returns), about, done)


def _end_packs(
    at: Settling,
    sale: SaleRecorded,
    bound: Iterable[BoundReturn],
    about: Iterable[Fact],
    done: Settled,
) -> None:
    """A pack that came back without its sale at hand: the till could not end its tier."""
    ended = {each.refund for each in about if isinstance(each, PiecesSettled)}
    for each in bound:
        packs = packs_in_pieces(sale, each.pieces)
        if packs and each.op_id not in ended:
            lines = {pack.line for pack in packs}
            fact = PiecesSettled(
                op_id=at.house.op_id(at.now_ms), store=sale.store, day=at.day, clock=at.clock,
                member=sale.member, sale=sale.op_id, refund=each.op_id,
                effects=tuple(PackBack(sale=sale.op_id, plan=pack.plan) for pack in packs),
                pieces=named_pieces(sale, [own for own in each.pieces if own.line in lines]),
            )  # fmt: skip
            _write(at, fact, done)


def returned_beyond(
    sale: SaleRecorded,
    refunds: Sequence[AnyRefund],
    returns: Sequence[ReturnRecorded],
    subject: str,
    day: date,
) -> Iterator[Finding]:
    """Money given for goods that had come back already, by a till that could not see it."""
    for bound in bind_returns(sale, refunds, returns):
        if bound.beyond_minor > 0:
            yield Finding(
                "piece_refunded_twice", subject, bound.op_id, day, money_minor=bound.beyond_minor,
                text=(("sale", sale.op_id), ("paid_out", str(bound.beyond_minor))),
            )  # fmt: skip


def _take_shares_back(
    at: Settling,
    sale: SaleRecorded,
    refunds: Sequence[AnyRefund],
    about: Sequence[Fact],
    done: Settled,
) -> None:
    """What referrers were given because of this sale goes back in the share of its pieces."""
    shared = [each for each in about if isinstance(each, SaleShared)]
    for member, gift in gifts_by_member(shared):
        for entry in shares_to_take_back(sale, refunds, gift):
            fact = SaleShared(
                op_id=at.house.op_id(at.now_ms), store=sale.store, day=at.day, clock=at.clock,
                member=member, effects=entry.effects, sale=sale.op_id, refund=entry.refund,
                by_line=entry.by_line,
            )  # fmt: skip
            _write(at, fact, done)


def _settled_fact(at: Settling, sale: SaleRecorded, correction: Correction) -> PiecesSettled:
    return PiecesSettled(
        op_id=at.house.op_id(at.now_ms),
        store=sale.store,
        day=at.day,
        clock=at.clock,
        member=sale.member,
        effects=(correction.effect,),
        sale=sale.op_id,
        refund=correction.refund,
        pieces=correction.pieces,
    )


def refunded_twice(
    sale: SaleRecorded, correction: Correction, device: str, day: date
) -> Iterator[Finding]:
    """Pieces that an earlier refund counts; `device`: whose case it is where there is no member."""
    twice = correction.exception
    if twice is None:
        return
    effect = correction.effect
    points = sum(part.points for part in effect.earned) - sum(p.points for p in effect.spent)
    pieces = " ".join(f"{each.line}:{each.start}-{each.end}" for each in twice.pieces)
    yield Finding(
        "piece_refunded_twice",
        sale.member or device,
        correction.refund,
        day,
        points=points,
        money_minor=twice.paid_out_minor,
        about=f"{correction.refund}:{pieces}",
        text=(("sale", sale.op_id), ("pieces", pieces), ("paid_out", str(twice.paid_out_minor))),
    )


def _write(at: Settling, fact: PiecesSettled | CouponReturned | SaleShared, done: Settled) -> None:
    """A fact of the server's own: folded at once, in nobody's chain."""
    data = canonical_bytes(fact)
    op = Op(op_id=fact.op_id, epoch=0, dseq=0, hash=b"", data=data)
    heard = Heard(
        op, "fresh", fact=fact, kind=str(fact.__struct_config__.tag), store=fact.store,
        member=fact.member, effects=fact.effects, stated=fact.day, clock=fact.clock, day=fact.day,
    )  # fmt: skip
    named = {fact.sale} | ({fact.refund} if isinstance(fact, PiecesSettled) else set())
    member = fact.member or ""
    lock_accounts(at.connection, at.accounts, [member])
    item = FoldItem(fact.op_id, member, fact.day, fact.effects)
    days = known_days(at.connection, at.sender.tenant, named) | at.accounts.days
    at.accounts.fold([item], days)
    done.facts.append(heard)
