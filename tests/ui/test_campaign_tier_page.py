"""A tier to try in the words of the campaign pages, in both languages.

Owns: those sentences. Does not own: the pages (tests/journeys/test_campaigns.py).
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.campaign_record import TrialDone
from app.domain.campaign_trial import TrialSums
from app.domain.program import Program
from app.domain.program_file import decode_program
from tests.domain.campaign_samples import TODAY, WIN_BACK
from tests.domain.test_campaign_tier import TRY_GOLD, trying
from tests.real_shop import PROGRAM, words_for
from ui.campaigns.message_page import first_words, way_rows
from ui.campaigns.tier_page import (
    budget_lines,
    end_words,
    gone_words,
    left_line,
    left_out_lines,
    tier_rows,
    tier_trial_words,
)


def _rules() -> Program:
    program = decode_program(PROGRAM)
    assert isinstance(program, Program), program
    return program


RULES = _rules()
TRIED = TrialDone(TrialSums(412, 40, 8, 112_000, 260), TODAY, TODAY)


@pytest.mark.parametrize(
    ("language", "cost", "nothing"),
    [
        pytest.param(
            "zh_CN",
            "按 2026-11-21 以来的 412 单试算：金卡让利 ¥1,120.00，涉及 8 人，人均约 ¥140.00。"
            "多送 260 积分。如果会员因此多买，成本会更高。",
            "2026-11-21 以来的 412 单中，没有这些会员可享金卡优惠的单：过去的销售算不出成本。",
            id="zh",
        ),
        pytest.param(
            "en",
            "On 412 sales since 2026-11-21 Gold would have cost ¥1,120.00, about ¥140.00 for each "
            "of the 8 who bought. It would have given 260 points. If they buy more because of it, "
            "it costs more.",
            "Of 412 sales since 2026-11-21 none was one of theirs that Gold would have made "
            "cheaper: past sales do not tell what it will cost.",
            id="en",
        ),
    ],
)
def test_what_it_would_have_cost_is_said_a_head_or_that_nobody_knows(
    language: str, cost: str, nothing: str
) -> None:
    wording = words_for(language)
    assert tier_trial_words(TRY_GOLD, TRIED, RULES, wording) == cost
    none = replace(TRIED, sums=TrialSums(sales=412))
    assert tier_trial_words(TRY_GOLD, none, RULES, wording) == nothing


def test_who_gets_none_and_for_how_many_it_is_stand_beside_it() -> None:
    en = words_for("en")
    said = [(each.label, each.text) for each in left_out_lines(1, 12, en)]
    assert said == [
        ("Left out", "1 member has the tier, or tried it before"),
        ("Not drawn", "12 more: it is for so many members only"),
    ]
    assert left_out_lines(0, 0, en) == []
    assert [each.text for each in budget_lines(TRY_GOLD, en)] == ["100 members at most"]
    assert budget_lines(WIN_BACK, en) == []
    assert left_line(TRY_GOLD, 3, en).text == "3 still to get it"
    assert left_line(WIN_BACK, 3, en).text == "3 still to issue"


def test_coupons_and_tiers_end_and_are_lost_in_words_of_their_own() -> None:
    en = words_for("en")
    assert "has the tier keeps it" in end_words(TRY_GOLD, en)
    assert "coupons that members hold" in end_words(WIN_BACK, en)
    assert "had the tier before" in gone_words(TRY_GOLD, 2, en)
    assert "before it was issued" in gone_words(WIN_BACK, 2, en)
    said = first_words(TRY_GOLD, RULES, words_for("zh_CN"))
    assert said == "送您金卡体验 14 天，有效期至2026-12-04，结账出示会员码即可。"
    assert way_rows(TRY_GOLD, en)[0][1] == "Members learn of their tier at the till"
    assert way_rows(WIN_BACK, en)[0][1] == "Members learn of their coupon at the till"


def test_the_tier_that_is_chosen_is_marked_and_the_first_where_it_is_gone() -> None:
    rows, current = tier_rows(TRY_GOLD, RULES, words_for("en"))
    assert [name for name, _, _ in rows] == ["Silver", "Gold"]
    assert current == 1
    assert tier_rows(trying(tier="silver"), RULES, words_for("en"))[1] == 0
    assert tier_rows(trying(tier="diamond"), RULES, words_for("en"))[1] == 0
