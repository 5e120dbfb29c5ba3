"""The members' desk at two tills of a chain: what each writes while out, both show later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.member import Member
from app.services.adjustment import PointsChanged, adjust_points, undo_adjustment
from app.services.answers import Changed
from app.services.member_page import MemberLedger, member_ledger
from app.services.profile import ProfileEdit, edit_profile
from tests.sync.joined.counter import Counter
from tests.sync.joined.made_chain import Chain, a_chain

pytestmark = pytest.mark.slow


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    with a_chain(tmp_path) as made:
        yield made


def known(counter: Counter, member: str) -> Member:
    found = counter.real.store.lane.run(lambda work: work.members.get(member))
    assert found is not None
    return found


def ledger(counter: Counter, member: str) -> MemberLedger:
    found = counter.do(member_ledger, member_id=member)
    assert isinstance(found, MemberLedger), found
    return found


def test_tags_and_points_of_both_tills_meet_and_an_undo_counts_once(chain: Chain) -> None:
    first, second = chain.both
    member = chain.member()
    for counter in chain.both:
        counter.real.sign_in("王芳")
    before = ledger(first, member).ledger.balance
    chain.pull_the_cables()
    tags, likes = ProfileEdit(tags=("茶友", "VIP")), ProfileEdit(account_manager="王芳")
    assert isinstance(first.do(edit_profile, member_id=member, edit=tags), Changed)
    assert isinstance(second.do(edit_profile, member_id=member, edit=likes), Changed)
    given = first.do(adjust_points, member_id=member, points=300, reason="points_wrong")
    assert isinstance(given, PointsChanged), given
    taken = second.do(adjust_points, member_id=member, points=-50, reason="points_wrong")
    assert isinstance(taken, PointsChanged), taken
    assert isinstance(first.do(undo_adjustment, member_id=member, op_id=given.op_id), PointsChanged)
    chain.put_them_back()
    for counter in chain.both:
        counter.until(
            lambda c=counter: ledger(c, member).ledger.balance == before - 50,  # type: ignore[misc]  # bound now
            "both count what both did, once",
        )
        counter.until(
            lambda c=counter: known(c, member).tags == ("茶友", "VIP"),  # type: ignore[misc]  # bound now
            "a field of one",
        )
        assert known(counter, member).account_manager == "王芳", "and a field of the other"
    seen = ledger(second, member).ledger
    here = sum(entry.points for entry in seen.entries)
    assert here + seen.elsewhere - seen.lapsed - seen.held == seen.balance
