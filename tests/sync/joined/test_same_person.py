"""One person at two tills that do not see each other: joined twice, edited twice. Real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.member import Member, PersonalData
from app.services.answers import Changed
from app.services.find_member import MemberPutOn
from app.services.joining import Joined, NewMember, join_member
from app.services.lines import clear_basket
from app.services.merge import MergeAsked, merge_members
from app.services.merge_history import MergesOf, merges_of
from app.services.parting import part_members
from app.services.profile import ProfileEdit, edit_profile
from app.services.scan import scan_code
from app.services.sync_state import SyncCentre, sync_centre
from tests.real_shop import NEW_PHONE, OIL
from tests.sync.joined.counter import Counter
from tests.sync.joined.made_chain import Chain, _get_to_know, a_chain

pytestmark = pytest.mark.slow


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    with a_chain(tmp_path) as made:
        yield made


def person(counter: Counter, member: str) -> PersonalData:
    found = counter.real.store.lane.run(lambda work: work.members.get(member))
    assert found is not None
    return found.person


def test_of_a_field_edited_at_both_the_later_heard_wins_and_others_stand(chain: Chain) -> None:
    first, second = chain.both
    member = chain.member()
    chain.pull_the_cables()
    edits = (
        (first, ProfileEdit(name="张三峰", note="坐窗边")),
        (second, ProfileEdit(note="常带孩子来", salutation="mr")),
    )
    for counter, edit in edits:
        assert isinstance(counter.do(edit_profile, member_id=member, edit=edit), Changed)
        assert person(counter, member).note == edit.note, "shown at once where it was typed"
    chain.put_them_back()
    for counter in chain.both:
        counter.until(lambda c=counter: person(c, member).note == "常带孩子来", "both agree")  # type: ignore[misc]  # bound now
        counter.until(lambda c=counter: person(c, member).name == "张三峰", "both agree")  # type: ignore[misc]  # bound now
        assert person(counter, member).salutation == "mr"


def join_alone(counter: Counter) -> str:
    """The same person, who has no card with her."""
    for _ in range(2):
        counter.do(scan_code, text=OIL)
    new = NewMember(phone=NEW_PHONE, consents=frozenset({"membership"}))
    joined = counter.do(join_member, new=new)
    assert isinstance(joined, Joined), joined
    assert counter.sell().points_earned > 0
    return joined.member_id


def test_who_joins_at_two_tills_is_two_until_somebody_merges_them(chain: Chain) -> None:
    chain.pull_the_cables()
    first, second = chain.both
    older, younger = join_alone(first), join_alone(second)
    for counter, member, note in ((first, older, "坐窗边"), (second, younger, "坚果过敏")):
        counter.do(edit_profile, member_id=member, edit=ProfileEdit(note=note))
    chain.put_them_back()
    said = centre_of(second)
    (adjusted,) = [each for each in said.adjusted if each.group == "members"]
    assert [each.kind for each in adjusted.differences] == ["phone_taken"]
    assert older != younger
    earned = 0
    for counter, member in ((first, older), (second, younger)):
        account = counter.account(member)
        assert account is not None
        assert sum(account.gained.values()) > 0, "what each earned is there"
        earned += sum(account.gained.values())
    card = cards_of(second, younger)
    asked = {"member_id": older, "other_id": younger, "reason": "同一手机号"}
    second.real.sign_in("王芳")
    _get_to_know(second, cards_of(first, older), older)
    assert second.do(merge_members, **asked) == MergeAsked(older)
    assert kinds_of(second, older).count("profile_edit_requested.1") == 0, "nothing changes here"
    second.until(lambda: younger in account_ids(second, older), "the till heard that they are one")
    second.do(scan_code, text=OIL)
    seen = second.do(scan_code, text=card)
    assert isinstance(seen, MemberPutOn), "the younger card stays good"
    assert seen.state.member is not None
    assert seen.state.member.member_id == older
    assert seen.state.member.note == "坐窗边 / 坚果过敏", "what was written of both is read"
    one = second.account(older)
    assert one is not None
    assert sum(one.gained.values()) == earned, "what was earned at both"
    second.do(clear_basket)
    taken_back_at_the_other_till(chain, asked)


def taken_back_at_the_other_till(chain: Chain, asked: dict[str, str]) -> None:
    """Alone it waits, and is said so; then both hear that they are two."""
    first, _ = chain.both
    older, younger = asked["member_id"], asked["other_id"]
    first.real.sign_in("王芳")
    first.until(lambda: younger in account_ids(first, older), "the other till heard it too")
    chain.pull_the_cables()
    assert first.do(part_members, **asked) == MergeAsked(older)
    past = first.do(merges_of, member_id=older)
    assert isinstance(past, MergesOf)
    assert [(row.other_id, row.state) for row in past.rows] == [(younger, "asked_part")]
    chain.put_them_back()
    for counter in chain.both:
        counter.until(lambda c=counter: account_ids(c, older) == {older}, "they are two")  # type: ignore[misc]  # bound now
        assert account_ids(counter, younger) == {younger}
        row = at(counter, younger)
        assert row is not None and (row.status, row.merged_into) == ("active", None)
        assert person(counter, older).note == "坐窗边"


def at(counter: Counter, member: str) -> Member | None:
    return counter.real.store.lane.run(lambda work: work.members.get(member))


def kinds_of(counter: Counter, member: str) -> list[str]:
    """What this till itself wrote about the member."""
    facts = counter.real.store.lane.run(lambda work: work.facts.of_member(member))
    return [fact.kind for fact in facts]


def cards_of(counter: Counter, member: str) -> str:
    found = counter.real.store.lane.run(lambda work: work.members.get(member))
    assert found is not None
    return found.card_code


def account_ids(counter: Counter, member: str) -> frozenset[str]:
    """Whom the account of this member includes."""
    account = counter.account(member)
    return frozenset() if account is None else frozenset(account.includes)


def centre_of(counter: Counter) -> SyncCentre:
    now = counter.clock.now()
    centre = counter.do(sync_centre, link=counter.link(), now=now)
    assert isinstance(centre, SyncCentre), centre
    return centre
