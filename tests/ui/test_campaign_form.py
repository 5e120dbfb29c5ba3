"""What an empty field of a campaign means, held against what the plan then is.

Owns: that. Does not own: the pages (tests/journeys/test_campaigns.py).
"""

from __future__ import annotations

import pytest

from app.domain.campaign import CampaignPlan, Template
from app.domain.campaign_check import check_plan
from app.domain.campaign_template import TEMPLATES, plan_from
from tests.domain.campaign_samples import TODAY
from tests.domain.test_campaign import SHOP
from tests.domain.test_campaign_tier import TRY_GOLD
from ui.campaigns.form import budget_fields, empty_means, read_form, terms_fields


def planned(template: Template) -> CampaignPlan:
    return TRY_GOLD if template == "try_tier" else plan_from(template, "c-1", "活动", TODAY, "milk")


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_is_said_of_an_empty_field_may_be_left_empty(template: Template) -> None:
    plan = planned(template)
    before = check_plan(plan, SHOP, TODAY)
    fields = (*terms_fields(plan), *budget_fields(plan))
    said = {name: "" for name in fields if empty_means(plan, name)}
    read = read_form(plan, said, 2, ("milk",))
    assert read.spoiled == ()
    assert check_plan(read.plan, SHOP, TODAY) == before
    others = {name: "" for name in fields if name not in said}
    read = read_form(plan, others, 2, ("milk",))
    problems = {each.field for each in check_plan(read.plan, SHOP, TODAY)}
    left = {each.field for each in read.spoiled} | problems
    assert left or not others, "silence means that something has to stand there"


def test_goods_are_named_where_pieces_are_counted_and_a_poster_has_an_end() -> None:
    assert empty_means(planned("percent_off"), "category") == "all goods"
    assert empty_means(planned("nth_discount"), "category") == ""
    assert {empty_means(planned("scan_to_claim"), name) for name in ("uses", "budget")} == {""}
    assert empty_means(planned("scan_to_claim"), "each") == "one each"
    assert empty_means(planned("win_back"), "each") == "one each"
    assert empty_means(planned("percent_off"), "each") == "no limit"
