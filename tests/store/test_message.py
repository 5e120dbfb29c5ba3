"""How a member wants to hear of the shop, what he was sent: kept, told in bulk, and forgotten."""

from __future__ import annotations

from dataclasses import replace

from app.domain.account import account_bytes, fold
from app.domain.confirmed import ConfirmedMember
from app.domain.member import Member, PersonalData
from app.domain.message import MessageChoice
from app.domain.message_record import MessageRecord
from app.store.opening import OpenStore
from app.store.unit_of_work import UnitOfWork
from tests.store.builders import IDENTITY, a_member
from tests.store.pages import decrypted_bytes

EMAIL = "wang.xiaohong@mail.example"
CHOICE = MessageChoice(channels=("email",), most=2, language="en")
RECORD = MessageRecord("birthday", "sent", 1_795_320_000_000, channel="email")


def a_reader() -> Member:
    person = PersonalData(phone="+8613800138000", email=EMAIL, messages=CHOICE)
    return replace(a_member(1), person=person)


def told(store: OpenStore, member: Member) -> None:
    def work(unit: UnitOfWork) -> None:
        unit.device.write(IDENTITY)
        unit.members.add(member)
        unit.messages.put(member.member_id, [RECORD], 7)

    store.lane.run(work)


def test_choice_and_records_are_kept(store: OpenStore) -> None:
    member = a_reader()
    told(store, member)
    kept, records = store.lane.run(
        lambda unit: (unit.members.get(member.member_id), unit.messages.of(member.member_id))
    )
    assert kept is not None
    assert (kept.person.email, kept.person.messages) == (EMAIL, CHOICE)
    assert records == ((RECORD,), 7)
    assert store.lane.run(lambda unit: unit.messages.of("nobody")) is None


def test_nothing_of_it_is_left_of_who_was_erased(store: OpenStore) -> None:
    member = a_reader()
    told(store, member)
    assert EMAIL.encode() in decrypted_bytes(store)
    bare = replace(member, person=PersonalData(), status="erased")
    store.lane.run(lambda unit: unit.members.update(bare))
    assert EMAIL.encode() not in decrypted_bytes(store)
    assert store.lane.run(lambda unit: unit.messages.of(member.member_id)) is None


def test_an_answer_that_comes_after_he_was_forgotten_is_not_kept(store: OpenStore) -> None:
    """Head office was asked before, and told of him afterwards, also under his other id."""
    member = a_reader()
    told(store, member)
    gone = [member.member_id, "another-id-of-his"]
    store.lane.run(lambda unit: unit.erasures.wipe(gone))
    for each in gone:
        store.lane.run(lambda unit, to=each: unit.messages.put(to, [RECORD], 9))  # type: ignore[misc]  # bound now
        assert store.lane.run(lambda unit, to=each: unit.messages.of(to)) is None  # type: ignore[misc]  # bound now
    assert store.lane.run(lambda unit: unit.erasures.ids_after("", 9)) == sorted(gone)


def test_who_comes_by_the_hundred_thousand_brings_his_choice(store: OpenStore) -> None:
    member = a_reader()
    new = ConfirmedMember(
        member.member_id, 1, account_bytes(fold([])), person=member.person, cards=("M1",),
        referrer="who-sent-him",
    )  # fmt: skip

    def work(unit: UnitOfWork) -> Member | None:
        unit.device.write(IDENTITY)
        unit.arrivals.put(unit.arrivals.prepared([new]), 1)
        return unit.members.get(member.member_id)

    kept = store.lane.run(work)
    assert kept is not None
    assert (kept.person.email, kept.person.messages) == (EMAIL, CHOICE)
    assert kept.referrer_id == "who-sent-him"
    [sent] = store.lane.run(lambda unit: unit.members.sent_by(["who-sent-him"], 5))
    assert sent.member_id == member.member_id
