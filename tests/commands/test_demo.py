"""The demo: rules that pass the check, people whose phones are right, a year that verifies."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import main
from app.commands.demo.history import HistoryClock, events
from app.commands.demo.making import (
    FLOAT_LEFT,
    ZONE,
    DemoFiles,
    demo_settings,
    hand_over,
    prepare,
    tell_the_year,
)
from app.commands.demo.people import PEOPLE_COUNT, STORY_PHONE, people
from app.domain.phone import Phone
from app.domain.program import Program
from app.domain.program_check import check_program
from app.domain.program_file import decode_program
from app.domain.settings import Language
from app.services.import_products import ProductsFile, read_products
from app.services.phone import read_phone
from app.services.shift import DrawerFree, look_at_drawer
from app.services.verify import VerifyReport, verify_store

FILES = DemoFiles(Path(__file__).parents[2] / "resources" / "demo")
TODAY = date(2026, 11, 21)


def test_the_rules_of_the_demo_make_sense_and_name_goods_of_its_shelf() -> None:
    program = decode_program(FILES.rules())
    assert isinstance(program, Program)
    assert check_program(program) == ()
    shelf = read_products(FILES.shelf("zh_CN"), decimals=2)
    assert isinstance(shelf, ProductsFile)
    skus = {product.sku for product in shelf.products}
    named = {sku for offer in program.offers for sku in offer.scope.products}
    named |= {sku for rule in program.exclusive for sku in rule.products}
    assert named <= skus


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_five_hundred_people_whose_phones_are_right_and_their_own(language: Language) -> None:
    everybody = people(language, TODAY, FILES.names())
    assert len(everybody) == PEOPLE_COUNT
    phones = Counter(person.phone for person in everybody if person.phone)
    assert max(phones.values()) == 1
    assert STORY_PHONE in phones
    assert all(isinstance(read_phone(phone), Phone) for phone in phones)
    assert {person.habit for person in everybody} == {
        "gold", "silver", "regular", "new", "dormant", "anonymous", "falling",
    }  # fmt: skip


def test_the_year_is_in_order_and_nobody_buys_before_joining() -> None:
    everybody = people("en", TODAY, FILES.names())
    until = datetime(2026, 11, 21, 18, 0, tzinfo=ZONE)
    planned = events(everybody, TODAY, until, ZONE)
    assert list(planned) == sorted(planned)
    assert planned[-1].at < until
    joined: set[int] = set()
    for event in planned:
        if event.kind == "join":
            joined.add(event.person)
        elif event.kind == "visit":
            assert event.person in joined


def test_the_first_weeks_of_the_year_come_out_sound(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    clock = HistoryClock(now - timedelta(days=365))
    with main.new_shop(tmp_path / "demo", demo_settings("en"), clock) as opened:
        shop, lane = opened.shop, opened.lane
        badges = prepare(shop=shop, lane=lane, files=FILES, language="en")
        steps = tell_the_year(
            shop=shop, lane=lane, clock=clock, badges=badges, files=FILES, language="en", now=now
        )
        for step in steps:
            if step.done == 120:
                break
        hand_over(shop=shop, lane=lane, badge=badges.cashier)
        found = lane.run(lambda work: look_at_drawer(shop=shop, work=work))
        assert isinstance(found, DrawerFree)
        assert found.left == FLOAT_LEFT, "the first cashier opens with one key"
        assert lane.run(lambda work: work.settings.read()).shifts_required
        report = VerifyReport()
        for _ in verify_store(lane=lane, identity=shop.identity, report=report):
            pass
        assert opened.quick_check() is None
    assert report.faults == []
    assert report.by_kind["sale_recorded.1"] > 10
    assert report.by_kind["member_joined.1"] > 50
