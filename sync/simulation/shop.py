"""What happens in the shops of a world: joining, selling, spending.

Owns: who buys what when, made into the domain's own facts. Does not own: writing them (till.py),
goods that come back (goods_back.py), pricing: prices are made up, sums are right.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from hashlib import sha256
from random import Random

from app.domain import effects as do
from app.domain.account import account_of
from app.domain.business_day import ShopTime, business_day
from app.domain.codes import CodeKind, ReceiptNumber, random_code, receipt_code
from app.domain.fact_parts import Sealed
from app.domain.facts import (
    FactLine,
    FactTender,
    MemberJoined,
    ProfileEditRequested,
    ProgramRef,
    RefundRecorded,
    ReturnRecorded,
    SaleRecorded,
)
from app.domain.grant import OfflineSpend
from app.domain.ids import RANDOM_BITS, uuid7
from app.domain.receipt import Receipt, ReceiptLine, ReceiptStore, ReceiptTender
from app.domain.tiers import crossing
from app.domain.view import view
from sync.simulation.goods_back import GoodsBack
from sync.simulation.profile import Profile
from sync.simulation.program import the_program
from sync.simulation.purse import NOTHING_SPENT, Purses, Spending, known_as
from sync.simulation.till import Record, Till
from sync.simulation.world import HOUR_MS, MINUTE_MS, SECOND_MS, World

OPEN_HOURS = 12
GOODS = (
    ("6901234500017", "龙井 100g", 12_800),
    ("6901234500024", "茉莉花茶 250g", 4_590),
    ("6901234500031", "白瓷盖碗", 8_800),
    ("6901234500048", "凤凰单丛 50g", 19_900),
    ("6901234500055", "绿豆糕", 1_990),
)
REFUND, COUPON, SPEND = 0.15, 0.12, 0.3
EDIT = 0.02
TWICE = 0.3
"""A customer shows the same receipt at a second till."""


class Shops:
    """All shops of a world, and their customers."""

    def __init__(self, world: World, profile: Profile) -> None:
        self._world, self._profile = world, profile
        self._chance = Random(world.chance.getrandbits(64))
        self.members = [self.op_id() for _ in range(profile.members)]
        self.facts = 0
        self.is_open = True
        self._joined: set[str] = set()
        self.twice: dict[str, str] = {}
        """Who joined once more, and as whom."""
        self._program = the_program()
        self._far = Random(f"far {world.seed}")
        """Of what a profile may leave out: without it everything else goes as it went."""
        self._back = GoodsBack(world, profile, (self._chance, self._far))
        self._number = 0
        self._purses = Purses(world, self._chance, self.members)

    def known_to(self, tills: list[Till]) -> None:
        """The tills a customer may go to with his receipt."""
        self._back.tills = tills

    def begin(self, till: Till) -> None:
        """Customers come to this till from now on."""
        self._purses.begin(till)
        self._await(till)

    def _await(self, till: Till) -> None:
        wait_ms = round(self._chance.expovariate(1 / self._profile.sale_every_ms)) + SECOND_MS
        hour = (self._world.now_ms + wait_ms) // HOUR_MS % 24
        if hour >= OPEN_HOURS:
            wait_ms += (24 - hour) * HOUR_MS
        self._world.after(wait_ms, f"{till.place.name}: a customer", lambda: self._serve(till))

    def _serve(self, till: Till) -> None:
        if not self.is_open:
            return
        self._await(till)
        if not self.serves(till):
            return
        by_chance = self._chance.random()
        if by_chance > 1 - EDIT:
            self._ask_for_an_edit(till)
        elif by_chance < REFUND and self._back.sold.sales.get(till.place.store):
            self._back.come(self, till)
        else:
            self._sell(till)
        if self._chance.random() < TWICE:
            # Another till, the same minute, the same customer: what meets in one account.
            again_ms = self._chance.randint(1, 5) * MINUTE_MS
            self._world.after(again_ms, "again", lambda: self._sell(till))

    # ------------------------------------------------------------------ facts

    def record(
        self,
        till: Till,
        fact: SaleRecorded | RefundRecorded | ReturnRecorded | MemberJoined | ProfileEditRequested,
        spent: OfflineSpend | None = None,
    ) -> bool:
        """Write it down; whether it was written."""
        self.facts += 1
        return till.record(Record(fact, self._days(fact), spent))

    def _days(self, fact: object) -> dict[str, date]:
        if not isinstance(fact, RefundRecorded):
            return {}
        sale = self._back.sold.sale(fact.sale)
        return {} if sale is None else {sale.op_id: sale.day}

    def _ask_for_an_edit(self, till: Till) -> None:
        """Of a person whom this till knows: nobody edits whom he cannot look up."""
        member = known_as(till, self._chance.choice(self.members), self.members)
        if member in till.file.shown(self.members):
            self.record(till, _edit(till, self.op_id(), member))

    def serves(self, till: Till) -> bool:
        """Open, and the till works."""
        return self.is_open and till.is_up and bool(till.device)

    def _sell(self, till: Till) -> None:
        if not self.serves(till):
            return
        member = self._chance.choice(self.members) if self._chance.random() < 0.85 else None
        if member is not None and member not in self._joined:
            self._joined.add(member)
            self.record(till, self._join(till, member))
            if not self.serves(till):
                return
        member = known_as(till, member, self.members)
        if member is not None and self._comes_as_new(till, member):
            member = self._joins_again(till, member)
            if not self.serves(till):
                return
        op_id = self.op_id(till.moment().wall_ms)
        if member is not None and self._chance.random() < SPEND:
            self._purses.spend(till, member, op_id, partial(self._pay, till, member, op_id))
        else:
            self._pay(till, member, op_id, NOTHING_SPENT)

    def _comes_as_new(self, till: Till, member: str) -> bool:
        """This till does not know him, and he does not say that he has a card."""
        share = self._profile.joined_twice
        if not share or member in {*self.twice, *self.twice.values()}:
            return False
        return member not in till.file.shown([member]) and self._far.random() < share

    def _joins_again(self, till: Till, member: str) -> str:
        again = self.op_id(till.moment().wall_ms)
        self.twice[member] = again
        self._joined.add(again)
        self.members.append(again)
        self.record(till, self._join(till, again, number_of=member))
        return again

    def _pay(self, till: Till, member: str | None, op_id: str, spending: Spending) -> None:
        if not self.serves(till):
            return
        sale = self._sale(till, member, op_id, spending)
        if self.record(till, sale, spending.spent) or sale.op_id in till.own:
            self._back.sold.sales.setdefault(till.place.store, []).append(sale)

    def _join(self, till: Till, member: str, number_of: str = "") -> MemberJoined:
        now = till.moment()
        number = sha256((number_of or member).encode()).hexdigest()
        return MemberJoined(
            op_id=self.op_id(now.wall_ms), store=till.place.store,
            day=business_day(now, ShopTime()), clock=now, staff="staff-li", member=member,
            effects=(do.Joined(), do.Gained(points=self._chance.randint(50, 99), expires_in=12)),
            card=random_code(CodeKind.MEMBER, self._chance.getrandbits(60)).text,
            claims=(number,) if self._profile.joined_twice else (),
        )  # fmt: skip

    def _sale(self, till: Till, member: str | None, op_id: str, spending: Spending) -> SaleRecorded:
        now = till.moment()
        day = business_day(now, ShopTime())
        spent, coupon = spending.points, self._coupon(till, member)
        lines = self._lines(member, spent)
        total = sum(line.net_minor for line in lines)
        earned = sum(line.points_earned for line in lines)
        effects: list[do.Effect] = []
        if member is not None:
            effects.append(do.Visited(spend_minor=total, points_earned=earned, points_spent=spent))
            effects += [do.Gained(points=earned, expires_in=12)] if earned else []
            effects += [do.Taken(points=spent)] if spent else []
            effects += [do.CouponUsed(coupon=coupon)] if coupon else []
            effects += self._reached(till, member, total, day)
            if self._chance.random() < COUPON:
                code = random_code(CodeKind.COUPON, self._chance.getrandbits(60)).text
                effects.append(do.CouponGiven(coupon=code, offer="tea-5", days=30))
        code = self.receipt_code(till)
        return SaleRecorded(
            op_id=op_id, store=till.place.store, day=day, clock=now,
            staff="staff-li", member=member, effects=tuple(effects), code=code,
            reservation=spending.reservation, grant=spending.grant,
            program=ProgramRef("tea", "2026.1"), lines=lines,
            tenders=(FactTender(kind="cash", amount_minor=total),), total_minor=total,
            list_total_minor=sum(line.list_minor for line in lines), points_earned=earned,
            points_spent=spent, earned_expires_in=12,
            coupons_used=(coupon,) if coupon else (),
            identified_by=None if member is None else "card",
            receipt=_receipt(till, lines, code),
        )  # fmt: skip

    def _reached(self, till: Till, member: str, total: int, day: date) -> list[do.Effect]:
        """A tier line that this sale crosses, as the checkout sees it."""
        shown = till.file.shown([member]).get(member)
        if shown is None or not self._profile.reviews:
            return []
        seen = view(account_of(shown.data), self._program, day)
        reached = crossing(
            self._program,
            seen.tier,
            {"spend": seen.spend_in_window.minor + total, "visits": 0, "points": 0},
        )
        return [] if reached is None else [reached]

    def _lines(self, member: str | None, spent: int) -> tuple[FactLine, ...]:
        lines = []
        for number in range(1, self._chance.randint(1, 3) + 1):
            sku, _, price = self._chance.choice(GOODS)
            count = self._chance.randint(1, 3)
            net = price * count
            here = spent if number == 1 else 0
            lines.append(
                FactLine(
                    line_id=str(number), sku=sku, quantity_thousandths=count * 1000,
                    unit_price_minor=price, list_minor=net, net_minor=net, tax_rate="0.13",
                    points_earned=0 if member is None else net // 100,
                    points_spent=here,
                    spent_from=(do.SpentPart(points=here, expires_in=12),) if here else (),
                )
            )  # fmt: skip
        return tuple(lines)

    def _coupon(self, till: Till, member: str | None) -> str | None:
        shown = None if member is None else till.file.shown([member]).get(member)
        if shown is None:
            return None
        account = account_of(shown.data)
        free = [
            each
            for each in sorted(account.coupons)
            if account.coupon_uses.get(each, set()) <= account.coupon_returns.get(each, set())
        ]
        return self._chance.choice(free) if free and self._chance.random() < 0.5 else None

    # ------------------------------------------------------------------ parts

    def op_id(self, wall_ms: int | None = None) -> str:
        """A new one, as a till's clock shows the time; without it, by the right one."""
        at_ms = self._world.true_wall_ms if wall_ms is None else wall_ms
        return uuid7(at_ms, self._chance.getrandbits(RANDOM_BITS))

    def receipt_code(self, till: Till) -> str:
        """Of the next receipt."""
        self._number += 1
        place, day = till.place, business_day(till.moment(), ShopTime())
        number = ReceiptNumber(place.store_number, place.number, 1, day, self._number)
        return receipt_code(number).text


def _edit(till: Till, op_id: str, member: str | None) -> ProfileEditRequested:
    """New notes under a key that nobody has any more: head office has to refuse them."""
    now = till.moment()
    return ProfileEditRequested(
        op_id=op_id, store=till.place.store, day=business_day(now, ShopTime()), clock=now,
        staff="staff-li", member=member, fields=("notes",),
        values=Sealed("gone", bytes(12), bytes(32)),
    )  # fmt: skip


def _receipt(till: Till, lines: tuple[FactLine, ...], code: str) -> Receipt:
    total = sum(line.net_minor for line in lines)
    return Receipt(
        store=ReceiptStore(name=till.place.store),
        till=till.place.name, cashier="李*", code=code, sold_at="2026-11-23 10:02",
        zone="Asia/Shanghai", currency="CNY", languages=("zh_CN",),
        lines=tuple(
            ReceiptLine(
                name=line.sku, quantity=str(line.quantity_thousandths // 1000),
                unit_price_minor=line.unit_price_minor, list_minor=line.list_minor,
                net_minor=line.net_minor,
            )
            for line in lines
        ),
        list_total_minor=total, saved_minor=0, total_minor=total, due_minor=total,
        tenders=(ReceiptTender(kind="cash", amount_minor=total),),
    )  # fmt: skip
