"""Opening day: what stands in the shop before the first customer.

Owns: settings, rules, the one who rings up, the shelf. Does not own: making the store (main.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.commands.replay.ringing import ReplayFault
from app.domain.product import Product
from app.domain.settings import Settings
from app.services.import_products import import_products
from app.services.opening import TillOpened, open_till
from app.services.ports import Lane, UnitOfWork
from app.services.program import ProgramAdded, put_program
from app.services.scan import scan_code
from app.services.shop import Shop
from app.services.staff import NewStaff, SignedIn, StaffSaved, put_new_staff

PIN = "739164"
"""Of a store that holds public data and is thrown away."""
SETTINGS = Settings(
    store_name="Complete Journey",
    language="en",
    receipt_languages=("en",),
    merge_lines=False,
    lock_after_s=0,
    card_terminal="simulated",
)
"""Every scan is a line of its own, as it was recorded; the bank is the simulated one."""

RECORDED_PROGRAM = """
schema = 1
id = "recorded"
version = "1"
name = { zh = "按记录的价格", en = "Recorded prices" }
announced = 2022-01-01
effective = 2022-02-01
timezone = "UTC"

[[tiers]]
id = "member"
name = { zh = "会员", en = "Member" }

[prices]
currency = "USD"
default_tax_rate = "0"
round_off_step = "0.01"
member_price = false
"""
"""Pass 1: one point a dollar, nothing off; every price is given."""


def open_shop_of(shop: Shop, lane: Lane, toml: str, products: Sequence[Product]) -> Iterator[int]:
    """Put in rules, staff and shelf, open the till and sign in; yields products done."""
    badge = lane.run(lambda work: _put(shop, work, toml))
    yield from import_products(lane=lane, products=products)
    opened = lane.run(lambda work: open_till(shop=shop, work=work))
    if not isinstance(opened, TillOpened):
        raise ReplayFault(f"the till did not open: {opened!r}")
    signed = lane.run(lambda work: scan_code(shop=shop, work=work, text=badge))
    if not isinstance(signed, SignedIn):
        raise ReplayFault(f"the cashier was not signed in: {signed!r}")


def _put(shop: Shop, work: UnitOfWork, toml: str) -> str:
    added = put_program(shop=shop, work=work, toml=toml)
    if not isinstance(added, ProgramAdded):
        raise ReplayFault(f"the rules were refused: {added!r}")
    person = NewStaff("Replay", "manager", PIN, with_badge=True)
    saved = put_new_staff(shop=shop, work=work, person=person)
    if not isinstance(saved, StaffSaved) or saved.badge_code is None:
        raise ReplayFault(f"nobody can ring up: {saved!r}")
    work.settings.put_setup_step("done")
    return saved.badge_code
