"""A friend's card that the till does not know: kept offline, resolved by head office, told."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.services.joining import Joined, NewMember, join_member
from app.services.referral import MemberReferrals, member_referrals
from app.services.referrer import ReferrerFound, find_referrer
from tests.sync.joined.counter import Counter
from tests.sync.joined.made_chain import a_chain
from tests.sync.joined.test_members_desk import known

pytestmark = pytest.mark.slow


def joins(counter: Counter, phone: str, referrer: str = "") -> Joined:
    new = NewMember(
        phone=phone,
        name="林小雨",
        consents=frozenset({"membership"}),
        referrer_card=referrer,
        put_on_basket=False,
    )
    joined = counter.do(join_member, new=new)
    assert isinstance(joined, Joined), joined
    return joined


def test_a_card_of_another_store_sends_somebody_offline_too(tmp_path: Path) -> None:
    with a_chain(tmp_path) as chain:
        first, second = chain.both
        chain.pull_the_cables()
        sender = joins(first, "13912340076")
        seen = second.do(find_referrer, text=sender.card_code)
        assert isinstance(seen, ReferrerFound)
        assert (seen.said, seen.is_known) == (sender.card_code, False)
        friend = joins(second, "13912340077", sender.card_code).member_id
        assert known(second, friend).referrer_id == sender.card_code
        chain.put_them_back()
        second.until(
            lambda: known(second, friend).referrer_id == sender.member_id,
            "head office says whose card it was",
        )
        second.real.sign_in("王芳")
        page = second.do(member_referrals, member_id=friend)
        assert isinstance(page, MemberReferrals)
        assert page.sent_by is not None
        assert page.sent_by.member_id == sender.member_id
