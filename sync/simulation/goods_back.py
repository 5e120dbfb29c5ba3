"""Goods that come back in a world: at the till that sold them, at the next one, in another store.

Owns: who brings what back where, made into refund facts. Does not own: writing them (till.py), what
pieces are worth (app.domain), which of two refunds of one piece counts (sync/server).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from random import Random
from typing import Protocol

from app.domain.business_day import ShopTime, business_day
from app.domain.fact_parts import FactTender, ProgramRef, RefundedPieces
from app.domain.facts import RefundRecorded, ReturnedGoods, ReturnRecorded, SaleRecorded
from app.domain.pieces import Interval, TooMany, free_pieces, intervals_of, undone, worth
from app.domain.receipt import ReceiptStore, ReceiptTender
from app.domain.refund_receipt import RefundReceipt, RefundReceiptLine
from sync import protocol as p
from sync.errors import SyncError
from sync.simulation.errand import read
from sync.simulation.network import Heard
from sync.simulation.profile import Profile
from sync.simulation.purse import known_as
from sync.simulation.till import Till
from sync.simulation.world import MINUTE_MS, World

TWICE = 0.3
"""The same receipt at the next till of the shop, before it can have heard."""
KEPT_S = 900


class Desk(Protocol):
    """The shops, as far as whoever takes goods back needs them."""

    members: list[str]

    def serves(self, till: Till) -> bool:
        """Open, and the till works."""

    def record(self, till: Till, fact: RefundRecorded | ReturnRecorded) -> bool:
        """Write it down; whether it was written."""

    def op_id(self, wall_ms: int | None = None) -> str: ...

    def receipt_code(self, till: Till) -> str: ...


@dataclass(slots=True)
class Sold:
    """What customers have receipts of."""

    sales: dict[str, list[SaleRecorded]] = field(default_factory=dict)
    """By store."""
    refunds: dict[str, list[RefundRecorded]] = field(default_factory=dict)
    """By sale."""

    def of_other_stores(self, store: str) -> list[SaleRecorded]:
        """In the order of the stores' names."""
        return [each for name in sorted(self.sales) if name != store for each in self.sales[name]]

    def sale(self, op_id: str) -> SaleRecorded | None:
        """By its id."""
        every = (each for all_ in self.sales.values() for each in all_)
        return next((each for each in every if each.op_id == op_id), None)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What of a sale comes back; `already`: what its till knows of as taken back."""

    sale: SaleRecorded
    pieces: tuple[Interval, ...]
    already: tuple[Interval, ...]
    reservation: str | None = None


class GoodsBack:
    """Of all shops of a world."""

    def __init__(self, world: World, profile: Profile, chances: tuple[Random, Random]) -> None:
        self._world, self._profile = world, profile
        self._chance, self._far = chances
        self.sold = Sold()
        self.tills: list[Till] = []
        """Where a customer may go with his receipt."""

    def come(self, desk: Desk, till: Till) -> None:
        """Somebody brings something back to this till, sold in its store or in another."""
        elsewhere = self._profile.goods_elsewhere
        others = self.sold.of_other_stores(till.place.store) if elsewhere else []
        if others and self._far.random() < elsewhere:
            sale = self._far.choice(others)
            self._from_elsewhere(desk, till, sale)
            if self._far.random() < TWICE:
                self._also_elsewhere(desk, till, sale)
        else:
            sale = self._chance.choice(self.sold.sales[till.place.store])
            self._refund(desk, till, sale)

    # ------------------------------------------------------------------ at home

    def _refund(
        self, desk: Desk, till: Till, sale: SaleRecorded, *, once_more: bool = True
    ) -> None:
        chosen = self._chosen(till, sale, self._chance)
        if chosen is None:
            return
        self._record(desk, till, _refund_of(desk, till, chosen))
        if once_more and self._chance.random() < TWICE:
            self._to_the_next(desk, till, sale)

    def _to_the_next(self, desk: Desk, till: Till, sale: SaleRecorded) -> None:
        others = [each for each in self.tills if each.place.store == till.place.store]
        other = self._chance.choice(others)

        def come() -> None:
            if desk.serves(other):
                self._refund(desk, other, sale, once_more=False)

        self._world.after(self._chance.randint(1, 30) * 100, "the same receipt", come)

    def _chosen(self, till: Till, sale: SaleRecorded, chance: Random) -> _Chosen | None:
        """Pieces that are left as far as this till knows, and what it knows of as taken."""
        before = self.sold.refunds.get(sale.op_id, [])
        known = till.file.known([sale.op_id, *(each.op_id for each in before)])
        if sale.op_id not in known:
            return None
        # What another till took back a moment ago is not known here, and taken back once more.
        seen = [refund for refund in before if refund.op_id in known]
        already = [each for refund in seen for each in intervals_of(refund.pieces)]
        line = sale.lines[0] if already == [] else chance.choice(sale.lines)
        pieces = free_pieces(line, already, chance.randint(1, line.pieces))
        if isinstance(pieces, TooMany) or not pieces:
            return None
        return _Chosen(sale, pieces, tuple(already))

    def _record(self, desk: Desk, till: Till, refund: RefundRecorded) -> None:
        if desk.record(till, refund) or refund.op_id in till.own:
            self.sold.refunds.setdefault(refund.sale, []).append(refund)

    # ------------------------------------------------------------------ in another store

    def _from_elsewhere(self, desk: Desk, till: Till, sale: SaleRecorded) -> None:
        """The till asks what was sold, has the pieces kept, and takes them back; where nobody
        answers, it takes the goods without their sale.
        """
        caller, data = till.caller(), p.encoded(p.LookUp(receipt=sale.code))

        def hear(answer: Heard) -> None:
            found = read(answer, p.LookUpAnswer)
            if not desk.serves(till):
                return
            if isinstance(found, SyncError) or not found.facts:
                self._without_sale(desk, till, sale)
            elif _learns(till, found):
                self._ask_to_keep(desk, till, sale)

        till.errands.ask("look up", lambda reply: reply(till.server.look_up(caller, data)), hear)

    def _also_elsewhere(self, desk: Desk, till: Till, sale: SaleRecorded) -> None:
        """The same goods, the same moment: somebody goes to another till with a copy of it."""
        there = [each for each in self.tills if each is not till]
        other = self._far.choice(
            [each for each in there if each.place.store != sale.store] or there
        )

        def come() -> None:
            if desk.serves(other):
                self._from_elsewhere(desk, other, sale)

        self._world.after(self._far.randint(1, 300) * 100, "a copy of the receipt", come)

    def _ask_to_keep(self, desk: Desk, till: Till, sale: SaleRecorded) -> None:
        chosen = self._chosen(till, sale, self._far)
        if chosen is None:
            return
        wanted = tuple(
            p.PiecesWanted(line=each.line, start=each.start, end=each.end) for each in chosen.pieces
        )
        asked = p.Reserve(reservation=desk.op_id(), sale=sale.op_id, pieces=wanted, seconds=KEPT_S)
        caller, data = till.caller(), p.encoded(asked)

        def hear(answer: Heard) -> None:
            found = read(answer, p.Reserved)
            if not desk.serves(till):
                return
            if isinstance(found, SyncError):
                self._without_sale(desk, till, sale)
            elif found.refusal is None:
                kept = replace(chosen, reservation=asked.reservation)
                wait_ms = self._far.randint(1, 2 * KEPT_S // 60) * MINUTE_MS
                self._world.after(wait_ms, "money back", partial(self._pay, desk, till, kept))

        till.errands.ask("keep", lambda reply: reply(till.server.reserve(caller, data)), hear)

    def _pay(self, desk: Desk, till: Till, kept: _Chosen) -> None:
        """The customer took his time; sometimes so long that the pieces are not kept any more."""
        if desk.serves(till):
            self._record(desk, till, _refund_of(desk, till, kept))

    def _without_sale(self, desk: Desk, till: Till, sale: SaleRecorded) -> None:
        line = self._far.choice(sale.lines)
        count = self._far.randint(1, line.pieces)
        desk.record(till, _return_of(desk, till, sale, (line.sku, count, line.unit_price_minor)))


def _learns(till: Till, found: p.LookUpAnswer) -> bool:
    """What a look-up told is kept; whether it was."""
    epoch = till.inbox_epoch()
    if epoch is None or not till.guarded(lambda: till.inbox.learn(found, server_epoch=epoch)):
        return False
    till.watcher.looked_at(till, "looked up")
    return True


def _refund_of(desk: Desk, till: Till, chosen: _Chosen) -> RefundRecorded:
    now, sale, pieces = till.moment(), chosen.sale, chosen.pieces
    day = business_day(now, ShopTime())
    money = worth(sale, pieces).money_minor
    effect = undone(sale, pieces, chosen.already)
    named = tuple(
        RefundedPieces(
            line=each.line, start=each.start, end=each.end,
            amount_minor=worth(sale, [each]).money_minor,
        )
        for each in pieces
    )  # fmt: skip
    return RefundRecorded(
        op_id=desk.op_id(now.wall_ms), store=till.place.store, day=day, clock=now,
        staff="staff-li", member=known_as(till, sale.member, desk.members),
        effects=(effect,) if sale.member is not None else (),
        code=desk.receipt_code(till), sale=sale.op_id, sale_code=sale.code, pieces=named,
        last_piece=bool(effect.visits), settled_minor=money,
        tenders=(FactTender(kind="cash", amount_minor=money),) if money else (),
        points_earned=sum(part.points for part in effect.earned),
        points_spent=sum(part.points for part in effect.spent),
        coupons=sale.coupons_used, reservation=chosen.reservation,
    )  # fmt: skip


def _return_of(
    desk: Desk, till: Till, sale: SaleRecorded, goods: tuple[str, int, int]
) -> ReturnRecorded:
    """Money for goods whose sale this till does not hold: approved, without points, with its
    number."""
    sku, count, price = goods
    now, money, code = till.moment(), price * count, desk.receipt_code(till)
    line = RefundReceiptLine(name=sku, quantity=str(count), amount_minor=money)
    return ReturnRecorded(
        op_id=desk.op_id(now.wall_ms), store=till.place.store, day=business_day(now, ShopTime()),
        clock=now, staff="staff-li", code=code, program=ProgramRef("tea", "2026.1"),
        goods=(
            ReturnedGoods(
                sku=sku, name=sku, quantity_thousandths=count * 1000, amount_minor=money
            ),
        ),
        sale_code=sale.code, tenders=(FactTender(kind="cash", amount_minor=money),),
        approved_by=("staff-wang",),
        receipt=RefundReceipt(
            store=ReceiptStore(name=till.place.store), till=till.place.name, cashier="李*",
            code=code, sale_code=sale.code, refunded_at="2026-11-23 10:02", zone="Asia/Shanghai",
            currency="CNY", languages=("zh_CN",), lines=(line,), worth_minor=money,
            paid_minor=money, tenders=(ReceiptTender(kind="cash", amount_minor=money),),
        ),
    )  # fmt: skip
