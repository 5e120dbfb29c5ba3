"""Campaigns at head office: put in force for all tills, ended, stopped where the budget is used."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from app.domain.campaign import CampaignPlan, Terms
from app.domain.campaign_fact import CampaignEnded, CampaignPublished
from app.domain.fact_parts import FactAdjustment
from app.domain.facts import SaleRecorded
from app.domain.program import Program
from app.domain.program_file import decode_program
from sync.protocol import ProgramPublished
from sync.protocol.pull import Event
from sync.server.campaign import carry_campaigns
from sync.server.database import ServerDatabase
from sync.server.price_check import check_prices
from sync.server.published import programs
from tests.domain.campaign_samples import SAVE, WIN_BACK, plan
from tests.domain.heart_builders import STORE, a_sale, moment, op
from tests.sync.server.programs import TOML, put_in_force
from tests.sync.server.test_release import let_go
from tests.sync.server.tills import Chain, Till, outcomes

DAY = date(2026, 5, 28)


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A server whose owner has published a program."""
    made = Chain(database, tenant)
    put_in_force(made)
    return made


def common(number: int) -> dict[str, Any]:
    return {"op_id": op(number), "store": STORE, "day": DAY, "clock": moment(), "staff": "wang"}


def published(number: int, what: CampaignPlan) -> CampaignPublished:
    return CampaignPublished(
        **common(number), plan=what, words_zh="满50减10", words_en="¥10 off ¥50"
    )


def told(chain: Chain) -> list[str]:
    """The versions that tills heard of, in their order."""
    events = [msgspec.json.decode(row["event"], type=Event) for row in chain.feed("chain")]
    return [each.version for each in events if isinstance(each, ProgramPublished)]


def offers_of(chain: Chain, version: str) -> list[str]:
    known = chain.database.read(lambda connection: programs(connection, chain.tenant))
    return [offer.id for offer in known["renmin", version].offers]


def test_what_a_till_published_is_told_to_all_and_once(chain: Chain) -> None:
    till = Till("till-02")
    ops = [till.record(published(1, SAVE)), till.record(published(2, WIN_BACK))]
    assert outcomes(chain.push(till)) == ["accepted", "accepted"]
    assert outcomes(chain.push(till, ops)) == ["accepted again"] * 2
    assert told(chain) == ["2026.1+1", "2026.1+2"]
    assert offers_of(chain, "2026.1+2") == ["camp-b2", "camp-a1"]
    till.record(CampaignEnded(**common(3), campaign="b2"))
    chain.push(till, till.ops[2:])
    assert told(chain)[-1] == "2026.1+3"
    assert offers_of(chain, "2026.1+3") == ["camp-a1"]


def test_a_tier_to_try_is_no_rule_of_the_program_and_neither_is_its_end(chain: Chain) -> None:
    till = Till("till-02")
    tried = Terms(kind="tier_trial", tier="gold", days=14)
    till.record(published(1, plan(WIN_BACK, terms=tried)))
    till.record(CampaignEnded(**common(2), campaign="a1"))
    assert outcomes(chain.push(till)) == ["accepted"] * 2
    assert told(chain) == []


def test_what_a_held_till_published_is_in_force_once_it_is_released(chain: Chain) -> None:
    till = Till("till-02")
    till.record(published(1, SAVE))
    chain.push(till, revoked=True)
    assert told(chain) == []
    let_go(chain, till, op(1))
    assert len(told(chain)) == 1


def test_a_channel_and_a_chain_without_rules_put_nothing_in_force(
    chain: Chain, database: ServerDatabase
) -> None:
    shop = Till("web-shop")
    shop.record(published(1, SAVE))
    assert outcomes(chain.push(shop, is_channel=True)) == ["quarantined"]
    assert told(chain) == []


def test_a_campaign_that_no_rules_could_carry_changes_nothing(chain: Chain) -> None:
    till = Till("till-02")
    till.record(published(1, plan(SAVE, threshold="5")))
    assert outcomes(chain.push(till)) == ["accepted"]
    assert told(chain) == []


def test_a_new_version_of_the_owners_has_what_is_running(chain: Chain) -> None:
    later = TOML.replace('"2026.1"', '"2026.2"').replace("2026-02-01", "2026-06-01")
    put_in_force(chain, later)
    till = Till("till-02")
    till.record(published(1, SAVE))
    chain.push(till)
    assert told(chain) == ["2026.1+1", "2026.2+1"]
    newest = decode_program(later.replace('"2026.2"', '"2026.3"'))
    assert isinstance(newest, Program)
    chain.database.write(
        lambda connection: carry_campaigns(connection, chain.tenant, newest, chain.now_ms)
    )
    assert told(chain)[-1] == "2026.3+1"
    assert offers_of(chain, "2026.3+1") == ["camp-b2"]


def with_offer(number: int, off: int) -> SaleRecorded:
    change = FactAdjustment(rule="camp-b2", kind="offer", amount_minor=-off, by_line=(("1", -off),))
    return a_sale(number, DAY, member=None, effects=(), adjustments=(change,))


def test_a_used_up_budget_ends_it_for_all_and_what_was_passed_is_an_exception(
    chain: Chain,
) -> None:
    first, second = Till("till-02"), Till("till-03")
    first.record(published(1, plan(SAVE, budget="20")))
    chain.push(first)
    for number in (10, 11):
        second.record(with_offer(number, 1_000))
    first.record(with_offer(20, 1_000))
    chain.push(first, first.ops[1:])
    check_prices(chain.database, chain.tenant, chain.now_ms)
    assert told(chain) == ["2026.1+1"]
    # The other till was offline, and had a budget of its own to give.
    chain.push(second)
    while check_prices(chain.database, chain.tenant, chain.now_ms):
        pass
    assert told(chain) == ["2026.1+1", "2026.1+2"]
    assert offers_of(chain, "2026.1+2") == []
    [case] = chain.cases("campaign_over_budget")
    assert (case["subject"], case["money_minor"]) == ("camp-b2", 1_000)


def test_coupons_of_a_used_up_budget_stay_good(chain: Chain) -> None:
    till = Till("till-02")
    coupons = plan(WIN_BACK, campaign_id="b2", budget=None, uses=1)
    till.record(published(1, coupons))
    till.record(with_offer(10, 1_000))
    till.record(with_offer(11, 1_000))
    chain.push(till)
    while check_prices(chain.database, chain.tenant, chain.now_ms):
        pass
    assert told(chain) == ["2026.1+1"]
    assert chain.cases("campaign_over_budget") == []
