"""What of a member's points can be used at this till, on his card and in his sheet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.redeem_way import RedeemWay
from app.wording import load
from tests.ui.till.states import with_member
from ui.till.member_view import member_view

ZH = load("zh_CN")


@pytest.mark.parametrize(
    ("way", "note", "because"),
    [
        (
            RedeemWay("online", 1_840, "promised"), "此处可用 1,840 分",
            "此处可用 1,840 分 ⋅ 其余已为别的收银机预留。",
        ),
        (
            RedeemWay("floor", 500, "member_limit"), "离线可用 500 分",
            "离线可用 500 分 ⋅ 离线时每位会员不能用更多。",
        ),
        (RedeemWay("grant", 0, "balance"), "离线可用 0 分", "离线可用 0 分"),
        (RedeemWay("online", 600, reservation="r"), "可抵 ¥23.40", ""),
        (RedeemWay("online"), "可抵 ¥23.40", ""),
        (RedeemWay("floor", 2_340, "balance"), "可抵 ¥23.40", ""),
        (RedeemWay(), "可抵 ¥23.40", ""),
    ],
    ids=["promised", "limit", "nothing", "kept for this sale", "all", "all offline", "own"],
)  # fmt: skip
def test_what_of_the_points_can_be_used_here_and_why_no_more(
    way: RedeemWay, note: str, because: str
) -> None:
    view = member_view(replace(with_member(), redeem=way), ZH)
    assert view.points_note.text == note
    assert view.usable == because
