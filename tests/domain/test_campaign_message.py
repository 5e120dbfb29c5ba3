"""What members of a campaign are told: what is wrong with it, as a table."""

from __future__ import annotations

import pytest

from app.domain.campaign import CampaignPlan
from app.domain.campaign_message import CampaignMessage, check_message
from tests.domain.campaign_samples import SAVE, WIN_BACK

GOOD = CampaignMessage(("sms",), "好久不见！满50减10。", "We miss you! ¥10 off ¥50.")


@pytest.mark.parametrize(
    ("message", "plan", "can_send", "wrong"),
    [
        pytest.param(None, WIN_BACK, False, [], id="nobody is told"),
        pytest.param(GOOD, WIN_BACK, True, [], id="sound"),
        pytest.param(GOOD, WIN_BACK, False, [("way", "nobody_sends")], id="no head office"),
        pytest.param(GOOD, SAVE, True, [("way", "nobody_sends")], id="no coupon to tell of"),
        pytest.param(
            CampaignMessage(("sms",), " ", "x" * 201), WIN_BACK, True,
            [("text_zh", "text_missing"), ("text_en", "text_long")], id="empty, and long",
        ),
        pytest.param(
            CampaignMessage(("email",), "券" * 201, ""), WIN_BACK, True,
            [("text_en", "text_missing"), ("text_zh", "text_long")], id="long, and empty",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_message(
    message: CampaignMessage | None,
    plan: CampaignPlan,
    can_send: bool,
    wrong: list[tuple[str, str]],
) -> None:
    found = check_message(message, plan, can_send=can_send)
    assert [(each.field, each.code) for each in found] == wrong
