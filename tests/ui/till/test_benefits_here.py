"""Benefits on the card: how often here, and why no more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.domain.program import Text
from app.domain.redeem_way import RedeemWay, UsableBenefit
from app.services.till_state import EntitlementOnPanel
from app.wording import load
from tests.ui.till.states import with_member
from ui.till.member_view import member_view

ZH = load("zh_CN")


@pytest.mark.parametrize(
    ("way", "why", "note", "whole"),
    [
        ("online", "promised", "本月余 2/4 次，此处可用 1 次",
         "本月余 2/4 次，此处可用 1 次 ⋅ 其余已为别的收银机预留。"),
        ("floor", "member_limit", "本月余 2/4 次，离线可用 1 次",
         "本月余 2/4 次，离线可用 1 次 ⋅ 离线时每位会员不能用更多。"),
        ("grant", "balance", "本月余 2/4 次，离线可用 1 次", "本月余 2/4 次，离线可用 1 次"),
    ],
)  # fmt: skip
def test_benefits_say_how_often_here_and_why_no_more(
    way: Any, why: Any, note: str, whole: str
) -> None:
    parking = EntitlementOnPanel(
        "p", Text(zh="停车", en="Parking"), 2, 4, "month", UsableBenefit(1, why)
    )
    elsewhere = replace(parking, entitlement_id="q", here=UsableBenefit(0, why))
    state = with_member(entitlements=(elsewhere, parking))
    view = member_view(replace(state, redeem=RedeemWay(way)), ZH)
    assert [each.is_available for each in view.benefits] == [False, True]
    assert (view.benefits[1].note, view.benefits[1].whole_note) == (note, whole)
    assert (view.benefits_line, view.benefit_number) == (f"停车 {note}", 2)
