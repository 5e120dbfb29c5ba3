"""A reward that a member may have once a month, at two tills: kept by head office, part of a grant,
bound offline. Real tills, real server.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from app.domain.grant import PointGrant
from app.domain.program import Program
from app.domain.program_file import decode_program
from app.services.checkout import SaleDone
from app.services.entitlement import AskHeadOffice
from app.services.lines import clear_basket
from app.services.payment import pay_cash
from app.services.reservation import NothingToReserve, ask_reservation, begin_reservation
from app.services.reward import RewardCoupon, RewardRefused, RewardTaken, take_reward
from app.services.tick_way import Asked
from sync.server.publish import publish_program
from tests.real_shop import MILK
from tests.sync.joined.counter import Counter
from tests.sync.joined.made_chain import RULES, Chain, a_chain
from tests.sync.joined.test_coupon_ways import reserve, ring_up

pytestmark = pytest.mark.slow
REWARDS = """
[[rewards]]
id = "bag"
name = { zh = "手提袋", en = "A bag" }
points = 100
gives = { kind = "gift", products = ["towel"] }
count = 1
period = "month"

[[rewards]]
id = "five-off"
name = { zh = "5元券", en = "¥5 coupon" }
points = 100
gives = { kind = "coupon", offer = "points-5" }
count = 1
period = "month"

[[offers]]
id = "points-5"
name = { zh = "积分换5元", en = "¥5 for points" }
trigger = "coupon"
coupon_days = 30
effect = { kind = "amount_off", amount = "5.00" }
"""
TOML = RULES.replace('"2026.2"', '"2026.3"').replace("2025-11-02", "2025-11-03") + REWARDS
BAG = "reward:bag"


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    """Everybody has the rules with the rewards."""
    program = decode_program(TOML)
    assert isinstance(program, Program)
    with a_chain(tmp_path) as made:
        tenant, now_ms = made.office.ready.tenant.tenant, made.story.wall_ms()
        made.office.ready.database.write(
            lambda connection: publish_program(connection, tenant, program, TOML, now_ms)
        )
        for counter in made.both:
            counter.line.sync_now()
            counter.until(partial(_has_rules, counter), "the rewards came")
            counter.do_open()
        yield made


def _has_rules(counter: Counter) -> bool:
    programs = counter.real.store.lane.run(lambda work: work.programs.all_programs())
    return any(stored.toml == TOML for stored in programs)


def have_bag(counter: Counter, chain: Chain) -> Any:
    """He buys milk and wants the bag with it."""
    ring_up(counter, chain.card(), MILK)
    return counter.do(take_reward, reward_id="bag", sku="towel")


def bags(counter: Counter) -> int:
    """How many the open basket has as the reward."""
    quote = counter.real.shop.desk.state.quote
    return sum(change.rule == BAG for line in quote.lines for change in line.adjustments)


def why_not(counter: Counter) -> set[str]:
    quote = counter.real.shop.desk.state.quote
    return {no.reason for no in quote.not_applied if no.rule == BAG}


def test_two_tills_at_once_give_it_once(chain: Chain) -> None:
    for counter in chain.both:
        assert isinstance(have_bag(counter, chain), RewardTaken)
    kept = reserve(chain.first).state
    assert kept.redeem.reservation is not None
    assert bags(chain.first) == 1
    reserve_what_is_left(chain.second)
    assert bags(chain.second) == 0
    assert why_not(chain.second) == {"SET_ASIDE"}
    chain.first.sell()
    for counter in chain.both:
        counter.do(clear_basket)
        counter.until_sent()
    assert chain.cases() == []


def reserve_what_is_left(counter: Counter) -> None:
    """The bag is refused; nothing else of the sale is anybody's."""
    begun = counter.do(begin_reservation)
    assert begun.wanted.entitlements == {BAG: 1}
    settled = reserve(counter)
    assert settled.state.redeem.reservation is None
    assert isinstance(counter.do(begin_reservation), NothingToReserve)


def test_alone_each_till_gives_what_its_limit_allows_and_the_exception_tells(chain: Chain) -> None:
    chain.pull_the_cables()
    for counter in chain.both:
        assert isinstance(have_bag(counter, chain), RewardTaken)
        assert isinstance(counter.do(pay_cash), SaleDone)
        used = counter.real.store.lane.run(lambda work: work.grants.floor_used("boot-1", 0))
        assert used[chain.member()].uses == 1
    chain.put_them_back()
    assert [kind for kind, _ in chain.cases()] == ["entitlement_used_twice"]


def test_beyond_the_limit_it_is_not_given_alone(chain: Chain) -> None:
    counter = chain.first
    chain.pull_the_cables()
    no_uses(counter)
    assert isinstance(have_bag(counter, chain), RewardRefused)
    assert isinstance(counter.do(take_reward, reward_id="five-off"), RewardRefused)


def test_what_is_part_of_a_grant_is_given_beyond_the_limit(chain: Chain) -> None:
    counter = chain.first
    chain.pull_the_cables()
    no_uses(counter)
    ends_ms = chain.story.wall_ms() + 3_600_000
    given = PointGrant("g-1", chain.member(), {}, (), {BAG: 1, "reward:five-off": 1}, ends_ms)
    counter.real.store.lane.run(lambda work: work.grants.put(given))
    assert isinstance(have_bag(counter, chain), RewardTaken)
    assert isinstance(counter.do(pay_cash), SaleDone)
    ring_up(counter, chain.card(), MILK)
    assert isinstance(counter.do(take_reward, reward_id="five-off"), RewardCoupon)
    lane = counter.real.store.lane
    assert lane.run(lambda work: work.grants.uses_of("g-1")) == {BAG: 1, "reward:five-off": 1}
    assert lane.run(lambda work: work.grants.floor_used("boot-1", 0))[chain.member()].uses == 0


def no_uses(counter: Counter) -> None:
    """The owner lets no use through without asking."""
    state = counter.real.shop.desk.state
    none = structs.replace(state.program.offline, floor_uses=0)
    program = structs.replace(state.program, offline=none)
    all_of_it = tuple(program if each == state.program else each for each in state.programs)
    counter.real.shop.desk.adopt(replace(state, program=program, programs=all_of_it))


def test_a_coupon_for_points_is_kept_once_too(chain: Chain) -> None:
    first, second = chain.both
    asked = {}
    for counter in chain.both:
        ring_up(counter, chain.card(), MILK)
        asked[counter] = counter.do(take_reward, reward_id="five-off")
        assert isinstance(asked[counter], AskHeadOffice)
        assert asked[counter].wanted.entitlements == {"reward:five-off": 1}
    told = {
        counter: Asked(
            begun.wanted.reservation_id,
            ask_reservation(shop=counter.real.shop, wanted=begun.wanted),
        )
        for counter, begun in asked.items()
    }
    had = first.do(take_reward, reward_id="five-off", asked=told[first])
    assert isinstance(had, RewardCoupon), had
    refused = second.do(take_reward, reward_id="five-off", asked=told[second])
    assert isinstance(refused, RewardRefused), refused
    assert (refused.reason, refused.missing) == ("SET_ASIDE", 0)
