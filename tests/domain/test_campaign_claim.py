"""Claiming a campaign's coupon: how many there are, and on which days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.campaign import Audience, CampaignPlan, Terms, offer_of
from app.domain.campaign_check import check_plan
from app.domain.campaign_claim import may_be_claimed, most_claims
from app.domain.campaign_message import check_message
from app.domain.campaign_template import plan_from
from tests.domain.campaign_samples import TODAY, WORDS, plan
from tests.domain.heart_builders import PROGRAM

CLAIM = plan_from("scan_to_claim", "g7", "扫码领券", TODAY)
PERCENT = Terms(kind="percent_off", rate="0.1")


@pytest.mark.parametrize(
    ("changes", "most"),
    [
        pytest.param({}, 500, id="5000 for 10 each"),
        pytest.param({"uses": 20}, 20, id="fewer are said"),
        pytest.param({"budget": "9.99", "uses": None}, 0, id="not even one"),
        pytest.param({"budget": None}, None, id="nobody said"),
        pytest.param(
            {"terms": Terms(kind="amount_off", amount="10", per_threshold=True, cap="50")}, 100,
            id="as often as the threshold, with a cap",
        ),
        pytest.param({"terms": Terms(kind="percent_off", rate="0.1", cap="25")}, 200, id="a cap"),
        pytest.param({"terms": PERCENT, "uses": 7}, 7, id="nothing bounds one, but there are few"),
        pytest.param({"terms": Terms(kind="multiplier", factor="2")}, None, id="points"),
    ],
)  # fmt: skip
def test_no_more_are_claimed_than_the_budget_pays_for(
    changes: dict[str, Any], most: int | None
) -> None:
    assert most_claims(offer_of(plan(CLAIM, **changes), WORDS)) == most


def test_it_is_claimed_from_its_first_day_to_its_last() -> None:
    offer = offer_of(CLAIM, WORDS)
    days = [TODAY - timedelta(days=1), TODAY, CLAIM.ends, CLAIM.ends + timedelta(days=1)]
    assert [may_be_claimed(offer, day) for day in days] == [False, True, True, False]
    assert (offer.trigger, offer.why, CLAIM.delivery) == ("coupon", "campaign", "claim")


def wrong(what: CampaignPlan, day: date = TODAY) -> list[tuple[str, str]]:
    found = (*check_plan(what, PROGRAM, day), *check_message(None, what, can_send=True))
    return [(each.field, each.code) for each in found]


def test_claims_have_an_end_and_a_head_office() -> None:
    assert wrong(CLAIM) == []
    assert wrong(plan(CLAIM, budget=None)) == [("uses", "claims_without_end")]
    assert wrong(plan(CLAIM, terms=PERCENT)) == [("uses", "claims_without_end")]
    assert wrong(plan(CLAIM, terms=PERCENT, uses=9)) == []
    alone = check_message(None, CLAIM, can_send=False)
    assert [(each.field, each.code) for each in alone] == [("way", "nobody_hands_out")]
    assert check_message(None, plan(CLAIM, audience=Audience()), can_send=False) == ()
