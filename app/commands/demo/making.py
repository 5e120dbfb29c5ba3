"""Making the demo shop in an empty store: settings, rules, staff, shelf, and the year.

Owns: what is put in before the story begins, and what members hold at its end.
Does not own: the story (history.py), the files (resources/demo).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from app.commands.demo.history import DAYS, HistoryClock, Storyteller, events
from app.commands.demo.people import SEED, Names, people
from app.domain.effects import CouponGiven
from app.domain.facts import CouponIssued
from app.domain.settings import Language, Settings
from app.services.fact_writer import fact_day, fresh_coupons, write_fact
from app.services.import_products import ProductsFile, import_products, read_products
from app.services.opening import TillOpened, open_till
from app.services.ports import Lane, UnitOfWork
from app.services.program import ProgramAdded, put_program
from app.services.shop import Shop
from app.services.staff import NewStaff, StaffSaved, put_new_staff, sign_out

ZONE = ZoneInfo("Asia/Shanghai")
STAFF: dict[Language, tuple[tuple[str, str, str], ...]] = {
    "zh_CN": (
        ("李明", "cashier", "2580"), ("张敏", "cashier", "3691"), ("赵磊", "supervisor", "1470"),
        ("王芳", "manager", "9513"),
    ),
    "en": (
        ("Li Ming", "cashier", "2580"), ("Zhang Min", "cashier", "3691"),
        ("Zhao Lei", "supervisor", "1470"), ("Wang Fang", "manager", "9513"),
    ),
}  # fmt: skip
"""Name, role, PIN: shown on the sign-in screen of the demo."""
STORE: dict[Language, tuple[str, str]] = {
    "zh_CN": ("人民路店", "人民路 118 号"),
    "en": ("Renmin Road", "118 Renmin Road"),
}
GIFTS = {
    "gold": ("coupon-150-15", "coupon-100-8"), "silver": ("coupon-100-8",),
    "dormant": ("win-back-10",),
}  # fmt: skip
FROZEN_COUNT = 3


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """The resources the demo is made of."""

    folder: Path

    def shelf(self, language: Language) -> bytes:
        return (self.folder / f"products.{'zh' if language == 'zh_CN' else 'en'}.csv").read_bytes()

    def rules(self) -> str:
        return (self.folder / "program.toml").read_text("utf-8")

    def names(self) -> Names:
        return msgspec.toml.decode((self.folder / "names.toml").read_bytes(), type=Names)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the making is."""

    done: int
    of: int


def demo_settings(language: Language) -> Settings:
    """The settings of the demo's till: simulated terminals, receipts into no printer."""
    name, address = STORE[language]
    return Settings(
        store_name=name,
        store_address=address,
        store_phone="021-62180000",
        language=language,
        receipt_languages=(language,),
        mobile_terminal="simulated",
        card_terminal="simulated",
    )


def prepare(*, shop: Shop, lane: Lane, files: DemoFiles, language: Language) -> str:
    """Rules, staff and shelf; the badge of the first cashier, who rings up the year."""

    def put(work: UnitOfWork) -> str:
        added = put_program(shop=shop, work=work, toml=files.rules())
        if not isinstance(added, ProgramAdded):
            raise TypeError(f"the demo's own rules were refused: {added!r}")
        saved = [
            put_new_staff(shop=shop, work=work, person=NewStaff(name, role, pin, with_badge=True))
            for name, role, pin in STAFF[language]
        ]
        badges = [s.badge_code for s in saved if isinstance(s, StaffSaved) and s.badge_code]
        work.settings.put_setup_step("done")
        return badges[0]

    badge = lane.run(put)
    shelf = read_products(files.shelf(language), decimals=2)
    if not isinstance(shelf, ProductsFile) or shelf.errors:
        raise TypeError(f"the demo's own shelf was refused: {shelf!r}")
    for _ in import_products(lane=lane, products=shelf.products):
        pass
    opened = lane.run(lambda work: open_till(shop=shop, work=work))
    if not isinstance(opened, TillOpened):
        raise TypeError(f"the demo's till did not open: {opened!r}")
    return badge


def tell_the_year(
    *,
    shop: Shop,
    lane: Lane,
    clock: HistoryClock,
    badge: str,
    files: DemoFiles,
    language: Language,
    now: datetime,
) -> Iterator[Progress]:
    """Play the year up to `now`; yields after each event. Stopping keeps what was played."""
    today = now.astimezone(ZONE).date()
    neighbours = people(language, today, files.names())
    planned = events(neighbours, today, now - timedelta(minutes=5), ZONE)
    shelf = read_products(files.shelf(language), decimals=2)
    assert isinstance(shelf, ProductsFile), "read by prepare() a moment ago"
    goods = [p for p in shelf.products if p.category not in {"gift", "giftcard", "membership"}]
    teller = Storyteller(shop, lane, clock, neighbours, goods, badge, Random(SEED + 2), cards={})
    for done, _ in enumerate(teller.play(planned), start=1):
        yield Progress(done, len(planned))
    clock.go_to(now - timedelta(minutes=4))
    _hand_out_coupons(shop, lane, teller)
    _freeze(lane, teller)
    lane.run(lambda work: sign_out(shop=shop, work=work))


def start_of_year(now: datetime) -> datetime:
    """Where the story's clock begins."""
    return now - timedelta(days=DAYS + 1)


def _hand_out_coupons(shop: Shop, lane: Lane, teller: Storyteller) -> None:
    """Coupons that run today, by how people shop (birthday coupons came by night)."""
    given = [
        (teller.cards[place], GIFTS[person.habit])
        for place, person in enumerate(teller.people)
        if person.habit in GIFTS and place in teller.cards
    ]

    def give(work: UnitOfWork) -> None:
        for card, offers in given:
            holder = work.members.by_card(card)
            if holder is not None:
                _issue(shop, work, holder.member_id, offers)

    lane.run(give)


def _issue(shop: Shop, work: UnitOfWork, member_id: str, offers: tuple[str, ...]) -> None:
    state, now = shop.desk.state, shop.now()
    day, _ = fact_day(work, state.program, now, state.last_moment)
    codes = fresh_coupons(shop)
    effects: list[Any] = []
    for offer_id in offers:
        offer = state.program.offer(offer_id)
        days = offer.coupon_days if offer is not None else None
        effects.append(CouponGiven(coupon=next(codes), offer=offer_id, days=days))
    fact = CouponIssued(
        op_id=shop.op_id(now),
        store=shop.identity.store_id,
        day=day,
        clock=now,
        member=member_id,
        effects=tuple(effects),
        why="campaign",
    )
    write_fact(shop=shop, work=work, fact=fact)


def _freeze(lane: Lane, teller: Storyteller) -> None:
    """A few members in a state that a till must explain."""
    dormant = [
        card for place, card in teller.cards.items() if teller.people[place].habit == "dormant"
    ]

    def freeze(work: UnitOfWork) -> None:
        for card in dormant[:FROZEN_COUNT]:
            holder = work.members.by_card(card)
            member = work.members.get(holder.member_id) if holder is not None else None
            if member is not None:
                work.members.update(replace(member, status="frozen"))

    lane.run(freeze)
