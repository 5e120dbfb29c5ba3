"""The practice till: like the shop, with nobody real in it, and nothing of it in the shop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import main
from app.commands.demo.making import DemoFiles
from app.commands.demo.people import STORY_PHONE
from app.commands.joined_till import Till
from app.commands.shops import made_setting
from app.commands.training import MARK, Practice, model_of, practice_pins
from app.domain.money import Money
from app.domain.product import Product
from app.domain.rights import DEFAULT_RIGHTS, Limit, RoleRights
from app.services.answers import SignInFirst
from app.services.approval import ActForbidden
from app.services.checkout import SaleDone
from app.services.opening import open_till
from app.services.payment import pay_cash
from app.services.scan import scan_code
from app.services.shift import open_shift
from app.services.staff import SignedIn, sign_in_with_pin, sign_out, staff_tiles
from app.services.training import MayPractise, begin_training, training_progress
from app.store.opening import open_store
from app.store.waiting_lane import WaitingLane
from tests.real_shop import GOLD_PHONE, MILK, RealShop, copy_shop

RESOURCES = Path(main.__file__).resolve().parent / "resources"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[RealShop]:
    made = copy_shop(tmp_path)
    yield made
    made.close()


@pytest.fixture
def practice(shop: RealShop, tmp_path: Path) -> Practice:
    lane = WaitingLane(shop.store.lane)
    return Practice(
        tmp_path / "training",
        DemoFiles(RESOURCES / "demo"),
        main.new_shop,
        read_model=lambda: model_of(shop=shop.shop, lane=lane),
    )


def make(practice: Practice) -> list[tuple[int, int]]:
    told: list[tuple[int, int]] = []
    assert practice.make(lambda done, of: told.append((done, of)), lambda: False)
    return told


@dataclass(frozen=True, slots=True)
class AtPractice:
    """The practice till, opened as main.py opens it."""

    till: Till

    def do(self, service: Callable[..., Any], **wanted: Any) -> Any:
        lane = WaitingLane(self.till.store.lane)
        return lane.run(lambda work: service(shop=self.till.shop, work=work, **wanted))

    def read(self, look: Callable[[Any], Any]) -> Any:
        return WaitingLane(self.till.store.lane).run(look)


@contextmanager
def at_practice(practice: Practice) -> Iterator[AtPractice]:
    store = open_store(made_setting(practice.folder), now=datetime.now(UTC))
    till = main.build(store)
    try:
        here = AtPractice(till)
        here.do(open_till)
        yield here
    finally:
        till.close()


def facts_of(shop: RealShop) -> list[str]:
    stored = shop.store.lane.read(lambda work: work.facts.all_facts()).result()
    return [each.op_id for each in stored]


def sign_in(here: AtPractice) -> None:
    (tile, *_) = [each for each in here.do(staff_tiles) if each.name == "李明"]
    pin = practice_pins()["李明"]
    assert isinstance(here.do(sign_in_with_pin, staff_id=tile.staff_id, pin=pin), SignedIn)


def test_it_has_the_goods_and_rules_of_the_shop_and_nobody_real(
    shop: RealShop, practice: Practice
) -> None:
    told = make(practice)
    assert told == sorted(told)
    with at_practice(practice) as here:
        assert here.read(lambda work: work.products.get("milk")).unit_price == Money(5900)
        program = shop.shop.desk.state.program
        assert here.till.shop.desk.state.program == program
        assert here.till.shop.desk.state.settings.is_training
        assert not shop.shop.desk.state.settings.is_training
        (member,) = here.read(lambda work: work.members.by_phone(f"+86{STORY_PHONE}"))
        assert member.member_id not in shop.members.values()
        assert GOLD_PHONE == STORY_PHONE, "the same phone, somebody else: nothing was copied"
        account = here.read(lambda work: work.accounts.get(member.member_id))
        assert account is not None


def test_it_is_made_once_and_anew_when_the_shop_has_changed(
    shop: RealShop, practice: Practice
) -> None:
    assert make(practice)
    assert make(practice) == [], "it is there"
    tea = Product("tea", "龙井 250g", "tea", Money(12800), ("6901028000048",))
    shop.store.lane.submit(lambda work: work.products.put(tea)).result()
    assert make(practice), "there are new goods to practise with"
    with at_practice(practice) as here:
        assert here.read(lambda work: work.products.get("tea")) == tea
    practice.throw_away()
    assert make(practice), "with everything undone"


def test_a_making_that_is_cancelled_leaves_nothing(practice: Practice) -> None:
    told: list[int] = []
    assert not practice.make(lambda done, of: told.append(done), lambda: len(told) >= 3)
    assert list(practice.folder.parent.glob("training*")) == []


def test_what_is_practised_ticks_its_tasks_and_says_on_paper_that_it_is_none(
    shop: RealShop, practice: Practice
) -> None:
    before = facts_of(shop)
    make(practice)
    with at_practice(practice) as here:
        assert here.do(training_progress).done == frozenset(), "the story is nobody's practice"
        sign_in(here)
        here.do(open_shift, typed={"100": "2"})
        here.do(scan_code, text=MILK)
        done = here.do(pay_cash, received=Money(10000))
        assert isinstance(done, SaleDone)
        assert done.receipt.training
        assert done.receipt.code.startswith("RZZZ"), "no receipt of a real store begins so"
        assert here.do(training_progress).done == {"open_shift", "sale", "change"}
    assert facts_of(shop) == before, "nothing of it reaches the shop"
    assert (practice.folder / MARK).exists()


def test_going_over_leaves_a_trace_and_takes_a_right(shop: RealShop) -> None:
    shop.sign_in()
    assert isinstance(shop.do(begin_training), MayPractise)
    assert shop.do(training_progress).done == frozenset(), "a real till has no tasks"
    acts = shop.store.lane.read(lambda work: work.audit.entries()).result()
    assert acts[-1].entry.action == "training_begun"
    shop.do(sign_out)
    assert isinstance(shop.do(begin_training), SignInFirst)


def test_a_role_may_be_kept_from_it(shop: RealShop) -> None:
    cashier = DEFAULT_RIGHTS.role("cashier")
    assert cashier is not None
    kept = RoleRights(
        role_id="cashier",
        limits={**cashier.limits, "training_mode": Limit(verdict="not_allowed")},
    )
    others = [role for role in DEFAULT_RIGHTS.roles if role.role_id != "cashier"]
    rights = type(DEFAULT_RIGHTS)(roles=(kept, *others), reasons=DEFAULT_RIGHTS.reasons)
    shop.store.lane.submit(lambda work: work.rights.write(rights)).result()
    shop.open()
    shop.sign_in("李明")
    assert shop.do(begin_training) == ActForbidden("training_mode")
