"""Making the demo shop in an empty store: settings, rules, staff, shelf, and the year.

Owns: what is put in before the story begins, and what members hold at its end.
Does not own: the story (history.py), the files (resources/demo).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import msgspec

from app.commands.demo.history import DAYS, HistoryClock, Storyteller, events
from app.commands.demo.people import SEED, Names, people
from app.domain.money import Money
from app.domain.settings import Language, Settings
from app.services.campaign import CampaignIssued, issue_campaign
from app.services.import_products import ProductsFile, import_products, read_products
from app.services.opening import TillOpened, open_till
from app.services.ports import Lane, UnitOfWork
from app.services.program import ProgramAdded, put_program
from app.services.scan import scan_code
from app.services.shift import open_shift
from app.services.shift_close import ShiftWasClosed, close_shift, count_cash
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
FLOAT = {"100": "2", "50": "2", "20": "3", "10": "5", "5": "4", "1": "20"}
FLOAT_LEFT = Money(45_000)
"""What lies in the demo's drawer each morning, and its sum."""
CARDS_A_UNIT = 50


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


@dataclass(frozen=True, slots=True)
class Badges:
    """Of the cashier who rings up the year, and of the manager."""

    cashier: str
    manager: str


def prepare(*, shop: Shop, lane: Lane, files: DemoFiles, language: Language) -> Badges:
    """Rules, staff and shelf."""

    def put(work: UnitOfWork) -> Badges:
        added = put_program(shop=shop, work=work, toml=files.rules(), shipped=True)
        if not isinstance(added, ProgramAdded):
            raise TypeError(f"the demo's own rules were refused: {added!r}")
        saved = [
            put_new_staff(shop=shop, work=work, person=NewStaff(name, role, pin, with_badge=True))
            for name, role, pin in STAFF[language]
        ]
        badges = [s.badge_code for s in saved if isinstance(s, StaffSaved) and s.badge_code]
        work.settings.put_setup_step("done")
        return Badges(badges[0], badges[-1])

    badges = lane.run(put)
    shelf = read_products(files.shelf(language), decimals=2)
    if not isinstance(shelf, ProductsFile) or shelf.errors:
        raise TypeError(f"the demo's own shelf was refused: {shelf!r}")
    for _ in import_products(lane=lane, products=shelf.products):
        pass
    opened = lane.run(lambda work: open_till(shop=shop, work=work))
    if not isinstance(opened, TillOpened):
        raise TypeError(f"the demo's till did not open: {opened!r}")
    return badges


def tell_the_year(
    *,
    shop: Shop,
    lane: Lane,
    clock: HistoryClock,
    badges: Badges,
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
    teller = Storyteller(
        shop,
        lane,
        clock,
        neighbours,
        goods,
        badges.cashier,
        badges.manager,
        Random(SEED + 2),
        cards={},
    )
    for done, _ in enumerate(teller.play(planned), start=1):
        yield Progress(done, len(planned))
    clock.go_to(now - timedelta(minutes=4))
    _hand_out_coupons(shop, lane, teller)
    _freeze(lane, teller)
    hand_over(shop=shop, lane=lane, badge=badges.cashier)
    lane.run(lambda work: sign_out(shop=shop, work=work))


def start_of_year(now: datetime) -> datetime:
    """Where the story's clock begins."""
    return now - timedelta(days=DAYS + 1)


def _hand_out_coupons(shop: Shop, lane: Lane, teller: Storyteller) -> None:
    """Coupons that run today, by how people shop (birthday coupons came by night)."""
    lane.run(lambda work: scan_code(shop=shop, work=work, text=teller.manager_badge))
    for habit, offers in GIFTS.items():
        cards = [
            teller.cards[place]
            for place, person in enumerate(teller.people)
            if person.habit == habit
        ]
        for offer_id in offers:
            for start in range(0, len(cards), CARDS_A_UNIT):
                batch = cards[start : start + CARDS_A_UNIT]
                lane.run(partial(_issue, shop, offer_id, batch))


def _issue(shop: Shop, offer_id: str, cards: Sequence[str], work: UnitOfWork) -> None:
    holders = [work.members.by_card(card) for card in cards]
    members = [holder.member_id for holder in holders if holder is not None]
    answer = issue_campaign(shop=shop, work=work, offer_id=offer_id, members=members)
    if not isinstance(answer, CampaignIssued):
        raise TypeError(f"the demo's own coupons were refused: {answer!r}")


def hand_over(*, shop: Shop, lane: Lane, badge: str) -> None:
    """From here on nothing is sold without a shift; the last one has left a float behind."""
    lane.run(lambda work: scan_code(shop=shop, work=work, text=badge))
    lane.run(lambda work: open_shift(shop=shop, work=work, typed=FLOAT))
    lane.run(lambda work: count_cash(shop=shop, work=work, typed=FLOAT))
    answer = lane.run(lambda work: close_shift(shop=shop, work=work, left=FLOAT_LEFT))
    if not isinstance(answer, ShiftWasClosed):
        raise TypeError(f"the demo's own shift was not closed: {answer!r}")

    def require(work: UnitOfWork) -> None:
        work.settings.write(msgspec.structs.replace(work.settings.read(), shifts_required=True))

    lane.run(require)


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
