"""The result of a campaign over the chain: both groups at all tills, for what is left of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from app.domain import effects as do
from app.domain.campaign import Terms
from app.domain.campaign_fact import CampaignDrawn
from app.domain.fact_parts import AsSeen, ProgramRef
from app.domain.facts import SaleRecorded
from app.domain.pieces import Interval
from sync.protocol import CampaignGroup, CampaignTold, CampaignWanted
from sync.server import alias, campaign_result
from sync.server.campaign_result import tell_campaign
from sync.server.copied_op import copy_name
from sync.server.database import ServerDatabase
from sync.server.erase import Erased
from sync.server.merge import Merged
from sync.server.price_check import check_prices
from sync.server.release import release
from sync.server.sender import Sender
from tests.domain.campaign_samples import SAVE, plan
from tests.domain.heart_builders import (
    FRIEND,
    MEMBER,
    NOON_MS,
    STORE,
    a_line,
    a_refund,
    a_sale,
    moment,
    op,
)
from tests.sync.server.asking import a_device
from tests.sync.server.programs import TOML, put_in_force
from tests.sync.server.test_campaign import published, with_offer
from tests.sync.server.test_erase import erased
from tests.sync.server.test_merge import joined, merged
from tests.sync.server.tills import Chain, Till

FIRST = date(2026, 5, 28)
LAST = FIRST + timedelta(days=20)
OTHER = "member-of-nobody"
LADDER = """
[[tiers]]
id = "silver"
name = { zh = "银卡", en = "Silver" }
discount = "0.10"
qualify = { spend = "2000" }

[[tiers]]
id = "gold"
name = { zh = "金卡", en = "Gold" }
discount = "0.12"
qualify = { spend = "5000" }
"""


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A server whose owner has published a program."""
    made = Chain(database, tenant)
    put_in_force(made)
    return made


def drawn(number: int, chosen: tuple[str, ...], control: tuple[str, ...]) -> CampaignDrawn:
    fields: dict[str, Any] = {
        "op_id": op(number), "store": STORE, "day": FIRST, "clock": moment(), "staff": "wang"
    }  # fmt: skip
    return CampaignDrawn(**fields, campaign="b2", chosen=chosen, control=control)


def told(chain: Chain) -> CampaignTold:
    wanted = CampaignWanted(campaign="b2", first=FIRST, last=LAST)
    return chain.database.read(
        lambda c: tell_campaign(c, a_device(chain.tenant), wanted, chain.now_ms)
    )


def bought(number: int, day: date, member: str) -> SaleRecorded:
    return a_sale(number, day, member=member)


def seen_at(number: int, day: date, tier: str, reaches: str = "", **more: Any) -> SaleRecorded:
    """A sale of 59.70 to a member seen at a tier; by it he reached one himself."""
    up = do.TierReached(tier=reaches or "gold", months=12, measure="spend", line=1)
    return a_sale(
        number, day, seen=AsSeen(tier=tier), program=ProgramRef("renmin", "2026.9"),
        more_effects=(up,) if reaches else (), **more,
    )  # fmt: skip


def test_what_a_tier_took_off_beyond_his_own_is_its_cost(chain: Chain) -> None:
    put_in_force(chain, TOML.replace("2026.1", "2026.9") + LADDER)
    till = Till("till-02")
    till.record(published(1, plan(SAVE, terms=Terms(kind="tier_trial", tier="gold", days=14))))
    till.record(drawn(2, (MEMBER, OTHER), (FRIEND,)))
    for sale in (
        seen_at(9, FIRST - timedelta(days=1), "regular", "silver"),
        seen_at(10, FIRST, "gold"),
        seen_at(11, FIRST, "gold", "gold"),
        seen_at(12, FIRST, "gold"),
        seen_at(13, LAST, "silver", member=OTHER),
        seen_at(14, LAST, "gold", member=OTHER),
        seen_at(15, FIRST, "gold", member=FRIEND),
        seen_at(16, LAST + timedelta(days=1), "gold", member=OTHER),
        a_sale(17, LAST, seen=AsSeen(tier="gold"), program=ProgramRef("renmin", "lost")),
    ):
        till.record(sale)
    chain.push(till)
    heard = told(chain)
    # Gold is 12 % off, silver 10 %: silver tried gold twice before gold was his own.
    assert (heard.sales, heard.cost_minor) == (3, 2 * (716 - 597) + 716)
    assert heard.takings_minor == 3 * 5_970
    assert (heard.chosen.members, heard.chosen.came, heard.control.came) == (2, 2, 1)


def test_a_copied_sale_that_was_released_counts_beside_the_other(chain: Chain) -> None:
    here, there = Till("till-02"), Till("till-03")
    here.record(published(1, SAVE))
    here.record(drawn(2, (MEMBER,), (FRIEND,)))
    here.record(bought(10, FIRST, MEMBER))
    dearer = a_line(points_earned=159, net_minor=15_970, list_minor=15_970)
    said = there.record(a_sale(10, FIRST, lines=(dearer,)))
    for till in (here, there):
        chain.push(till)
    assert told(chain).chosen.sales == 1
    sender = Sender(chain.tenant, there.device, there.store)
    done = chain.database.write(
        lambda c: release(c, sender, (copy_name(said),), chain.now_ms, chain.house)
    )
    assert len(done.op_ids) == 1
    chosen = told(chain).chosen
    assert (chosen.came, chosen.sales, chosen.takings_minor) == (1, 2, 5_970 + 15_970)


def test_what_was_sold_on_the_first_day_before_it_was_published_counts_for_neither(
    chain: Chain,
) -> None:
    till = Till("till-02")
    early, later = moment(NOON_MS - 1), moment(NOON_MS)
    till.record(published(1, SAVE))
    till.record(drawn(2, (MEMBER,), (FRIEND,)))
    for number, member in ((10, MEMBER), (11, FRIEND)):
        till.record(a_sale(number, FIRST, member=member, clock=early))
    till.record(a_sale(12, FIRST, clock=later))
    till.record(a_sale(13, FIRST + timedelta(days=1), clock=early))
    chain.push(till)
    assert told(chain).control == CampaignGroup(members=1)
    assert told(chain).chosen.sales == 2, "one of the day after, at a till whose clock is slow"


def test_both_groups_are_counted_at_every_till_for_what_is_left(chain: Chain) -> None:
    first, second = Till("till-02"), Till("till-03", store="s-8")
    first.record(published(1, SAVE))
    first.record(drawn(2, (MEMBER, OTHER), (FRIEND,)))
    kept = bought(10, FIRST, MEMBER)
    half, whole = bought(11, LAST, MEMBER), bought(12, FIRST, FRIEND)
    for fact in (kept, half, bought(13, LAST + timedelta(days=1), MEMBER)):
        first.record(fact)
    second.record(whole)
    second.record(a_refund(20, whole, [Interval("1", 0, 3)], LAST + timedelta(days=3)))
    second.record(a_refund(21, half, [Interval("1", 0, 1)], LAST))
    second.record(bought(14, FIRST - timedelta(days=1), FRIEND))
    second.record(drawn(22, (FRIEND,), ()))
    for till in (first, second):
        chain.push(till)
    worth = kept.total_minor
    found = told(chain)
    assert found.chosen == CampaignGroup(
        members=2, came=1, sales=2, takings_minor=worth + worth * 2 // 3
    )
    assert found.control == CampaignGroup(members=1), "what he bought came back"
    assert told(chain) == found
    nobody = CampaignWanted(campaign="unheard", first=FIRST, last=LAST)
    answer = chain.database.read(
        lambda c: tell_campaign(c, a_device(chain.tenant), nobody, chain.now_ms)
    )
    empty = CampaignGroup()
    assert (answer.chosen, answer.control, answer.sales) == (empty, empty, 0)


def test_what_it_gave_is_counted_over_all_tills(chain: Chain) -> None:
    first, second = Till("till-02"), Till("till-03", store="s-8")
    first.record(published(1, SAVE))
    first.record(with_offer(10, 1_000))
    second.record(with_offer(11, 500))
    for till in (first, second):
        chain.push(till)
    while check_prices(chain.database, chain.tenant, chain.now_ms):
        pass
    found = told(chain)
    assert (found.sales, found.cost_minor, found.coupons_used) == (2, 1_500, 0)
    assert found.takings_minor == 2 * with_offer(10, 1_000).total_minor


def test_what_a_held_till_drew_is_in_neither_group(chain: Chain) -> None:
    till = Till("till-02")
    till.record(drawn(2, (MEMBER,), (FRIEND,)))
    chain.push(till, revoked=True)
    assert told(chain).chosen == CampaignGroup()


def test_merged_ids_are_one_person_and_whoever_was_forgotten_is_in_neither_group(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MEMBERS_AT_ONCE", "DRAWN_AT_ONCE"):
        monkeypatch.setattr(campaign_result, name, 1)
    monkeypatch.setattr(alias, "MERGED_AT_ONCE", 1)
    younger, twin, gone = "member-of-nobody", "member-twin", "member-who-left"
    till = Till("till-02")
    for number, member in enumerate((MEMBER, younger, FRIEND, twin, gone), 31):
        till.record(joined(number, member))
    till.record(drawn(2, (younger, FRIEND, gone), (twin,)))
    bought_by_him = [bought(10, FIRST, MEMBER), bought(11, LAST, younger)]
    for fact in (*bought_by_him, bought(12, FIRST, gone), bought(13, FIRST, twin)):
        till.record(fact)
    chain.push(till)
    assert told(chain).chosen.members == 3
    for one, other in ((MEMBER, younger), (FRIEND, twin)):
        assert isinstance(merged(chain, one, other), Merged)
    assert isinstance(erased(chain, gone), Erased)
    found = told(chain)
    assert found.chosen == CampaignGroup(
        members=1, came=1, sales=2, takings_minor=sum(each.total_minor for each in bought_by_him)
    )
    assert found.control == CampaignGroup(), "he had the offer, too"
