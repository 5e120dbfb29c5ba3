"""The result of a campaign over the chain: both groups at all tills, for what is left of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.campaign import Terms
from app.domain.campaign_fact import CampaignDrawn
from app.domain.fact_parts import FactAdjustment
from app.domain.facts import SaleRecorded
from app.domain.pieces import Interval
from sync.protocol import CampaignGroup, CampaignTold, CampaignWanted
from sync.server import alias, campaign_result
from sync.server.campaign_result import tell_campaign
from sync.server.database import ServerDatabase
from sync.server.erase import Erased
from sync.server.merge import Merged
from sync.server.price_check import check_prices
from tests.domain.campaign_samples import SAVE, plan
from tests.domain.heart_builders import FRIEND, MEMBER, STORE, a_refund, a_sale, moment, op
from tests.sync.server.asking import a_device
from tests.sync.server.programs import put_in_force
from tests.sync.server.test_campaign import published, with_offer
from tests.sync.server.test_erase import erased
from tests.sync.server.test_merge import joined, merged
from tests.sync.server.tills import Chain, Till

FIRST = date(2026, 5, 28)
LAST = FIRST + timedelta(days=20)
OTHER = "member-of-nobody"


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


def test_what_a_tier_took_off_for_those_who_tried_it_is_its_cost(chain: Chain) -> None:
    till = Till("till-02")
    till.record(published(1, plan(SAVE, terms=Terms(kind="tier_trial", tier="gold", days=14))))
    till.record(drawn(2, (MEMBER, OTHER), (FRIEND,)))
    off = FactAdjustment(rule="gold", kind="tier", amount_minor=-800, by_line=(("1", -800),))
    own = FactAdjustment(rule="silver", kind="tier", amount_minor=-500, by_line=(("1", -500),))
    for number, member, change in ((10, MEMBER, off), (11, MEMBER, own), (12, FRIEND, off)):
        till.record(a_sale(number, FIRST, member=member, adjustments=(change,)))
    till.record(a_sale(13, LAST + timedelta(days=1), member=MEMBER, adjustments=(off,)))
    chain.push(till)
    heard = told(chain)
    takings = a_sale(10, FIRST).total_minor
    assert (heard.sales, heard.cost_minor, heard.takings_minor) == (1, 800, takings)
    assert (heard.chosen.members, heard.chosen.came, heard.control.came) == (2, 1, 1)


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
