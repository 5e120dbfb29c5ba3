"""A person is forgotten on every till and at head office: no byte of him is left in any file, every
till says so, and the money and the points add up as before.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.account import MemberAccount
from app.services.answers import Changed
from app.services.case_erasure import erase_case
from app.services.complaint import NewComplaint, take_complaint
from app.services.complaint_act import ComplaintChanged, Result, resolve_complaint
from app.services.complaint_view import read_complaint
from app.services.erasure import (
    AlreadyAsked,
    ErasureAsked,
    ErasureHindered,
    ErasurePreview,
    ErasureStanding,
    ask_erasure,
    erasure_standing,
    preview_erasure,
    report_erasures,
)
from app.services.find_member import MemberPutOn
from app.services.hold import hold_sale
from app.services.joining import Joined, NewMember, join_member
from app.services.lines import clear_basket
from app.services.profile import ProfileEdit, edit_profile
from app.services.scan import scan_code
from app.services.verify import VerifyReport, verify_store
from app.store import server_file
from app.store.backups import BackupReason
from app.store.waiting_lane import WaitingLane
from sync.server import tables as t
from sync.server.erasure_traces import tidy_erasures
from sync.server.member_keys import key_ring
from sync.server.profile import profiles
from sync.server.rebuild import verify
from tests.real_shop import OIL
from tests.store.pages import decrypted_bytes, decrypted_file
from tests.sync.joined.counter import Counter
from tests.sync.joined.made_chain import Chain, _get_to_know, a_chain
from tests.sync.joined.office_here import key_files

pytestmark = pytest.mark.slow
NAME, PHONE, NOTE = "欧阳娜娜", "13812345678", "花生过敏"
KEY_OF = "SELECT secret FROM member_key WHERE member_id = ?"
OF_HER = (PHONE.encode(), NAME.encode(), NOTE.encode(), b"ouyangnana")


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    with a_chain(tmp_path) as made:
        for counter in made.both:
            counter.real.sign_in("王芳")
        yield made


@pytest.fixture
def member(chain: Chain) -> str:
    """She joined at one store, bought something there, and was a customer of the other one."""
    first, second = chain.both
    for code in (OIL, OIL):
        first.do(scan_code, text=code)
    new = NewMember(phone=PHONE, name=NAME, consents=frozenset({"membership", "marketing"}))
    joined = first.do(join_member, new=new)
    assert isinstance(joined, Joined), joined
    edited = first.do(edit_profile, member_id=joined.member_id, edit=ProfileEdit(note=NOTE))
    assert isinstance(edited, Changed), edited
    assert first.sell().points_earned > 0
    first.until_sent()
    _get_to_know(second, joined.card_code, joined.member_id)
    return joined.member_id


def left_of_her(data: bytes) -> list[str]:
    return [each.decode() for each in OF_HER if each in data]


def at(counter: Counter, member: str) -> ErasureStanding | None:
    return counter.real.store.lane.run(lambda work: erasure_standing(work=work, member_id=member))


def is_wiped(counter: Counter, member: str) -> bool:
    found = at(counter, member)
    return found is not None and found.proof.erasure.state != "asked"


def is_proved(counter: Counter, member: str) -> bool:
    found = at(counter, member)
    return found is not None and found.proof.is_complete


def sums(account: MemberAccount | None) -> tuple[object, ...]:
    assert account is not None
    return account.gained, account.taken, account.visits


def known_at_office(chain: Chain, member: str) -> list[bytes]:
    """What head office can read of her, by every key there is."""
    ready = chain.office.ready
    tenant = ready.tenant.tenant
    found = ready.database.read(
        lambda c: profiles(c, tenant, [member], key_ring(c, tenant, [member], ready.house))
    )
    return list(found.values())


def key_at_office(chain: Chain, member: str) -> bytes | None:
    """Her key as it stands in the server's table, under the server's own."""
    asked = select(t.member_key.c.wrapped).where(t.member_key.c.member == member)
    return chain.office.ready.database.read(lambda c: c.execute(asked).scalar())


def file_of_office(chain: Chain) -> bytes:
    """Every page of the server's file, freed ones and its write-ahead log included."""
    with key_files():
        setting = server_file._setting(chain.office._folder)
        _, secrets = server_file._keys(setting)
    return decrypted_file(setting.place.database, secrets.database_key)


def go_on(counter: Counter, member: str) -> None:
    """It holds there, and the till says so."""
    counter.until(partial(is_wiped, counter, member), "it holds there")
    report_erasures(shop=counter.real.shop, lane=WaitingLane(counter.real.store.lane))


def has_hash(counter: Counter) -> bool:
    return counter.real.store.lane.run(lambda work: work.erasures.is_forgotten_by(f"+86{PHONE}"))


def test_no_byte_is_left_on_any_till_and_every_till_says_so(
    chain: Chain, member: str, caplog: pytest.LogCaptureFixture
) -> None:
    first = chain.first
    for counter in chain.both:
        assert left_of_her(decrypted_bytes(counter.real.store)) == [e.decode() for e in OF_HER]
    [profile] = known_at_office(chain, member)
    assert left_of_her(profile) == [PHONE, NAME, NOTE]
    key = key_at_office(chain, member)
    assert key is not None
    assert key in file_of_office(chain)
    before = [sums(counter.account(member)) for counter in chain.both]
    with caplog.at_level(logging.DEBUG):
        asked = first.do(ask_erasure, member_id=member, reason="本人要求")
        assert isinstance(asked, ErasureAsked), asked
        for counter in chain.both:
            go_on(counter, member)
        for counter in chain.both:
            assert has_hash(counter), "the other till may still send what it knows of her"
        for counter in chain.both:
            counter.until(partial(is_proved, counter, member), "every till has said so")
            go_on(counter, member)
            assert not has_hash(counter), "head office has it from now on"
    assert left_of_her(caplog.text.encode()) == []
    for counter in chain.both:
        store = counter.real.store
        assert left_of_her(decrypted_bytes(store)) == []
        backup = store.back_up(BackupReason.HAND, now=datetime(2026, 11, 22, tzinfo=UTC))
        assert left_of_her(decrypted_file(backup, store.secrets.database_key)) == []
        identity = counter.real.shop.identity
        report = VerifyReport()
        list(verify_store(lane=WaitingLane(store.lane), identity=identity, report=report))
        assert report.sound, report.faults
    assert [sums(counter.account(member)) for counter in chain.both] == before
    ready, tenant = chain.office.ready, chain.office.ready.tenant.tenant
    tidy_erasures(ready.database, tenant, chain.story.wall_ms())
    assert (known_at_office(chain, member), key_at_office(chain, member)) == ([], None)
    first.until(lambda: key not in file_of_office(chain), "the pages are clean")
    assert left_of_her(file_of_office(chain)) == []
    assert ready.database.read(lambda c: verify(c, tenant)).is_sound
    found = at(first, member)
    assert found is not None
    assert [line.report is not None for line in found.proof.lines] == [True, True]


def test_it_waits_visibly_behind_what_was_not_sent_and_for_the_till_that_is_away(
    chain: Chain, member: str
) -> None:
    first, second = chain.both
    chain.pull_the_cables()
    assert isinstance(first.do(scan_code, text=card_of(first, member)), MemberPutOn)
    hindered = first.do(ask_erasure, member_id=member, reason="本人要求")
    assert hindered == ErasureHindered(("in_basket",))
    first.sell(OIL)
    seen = first.do(preview_erasure, member_id=member)
    assert isinstance(seen, ErasurePreview), seen
    assert (seen.visits, seen.waiting, seen.decided_here) == (2, 1, False)
    assert {"name", "phone", "note", "consents"} <= set(seen.goes)
    asked = first.do(ask_erasure, member_id=member, reason="本人要求")
    assert isinstance(asked, ErasureAsked), asked
    assert asked.waiting == 1
    again = first.do(ask_erasure, member_id=member, reason="再次要求")
    assert isinstance(again, AlreadyAsked), again
    first.line.switch(on=True)
    first.line.sync_now()
    go_on(first, member)
    first.until_sent()
    first.until(partial(is_reported_by, first, member, 1), "this till has said so")
    found = at(first, member)
    assert found is not None
    assert found.proof.missing == 1, "the other one is away"
    assert left_of_her(decrypted_bytes(second.real.store)) != []
    # Meanwhile she buys at the other store, which knows nothing of it.
    assert isinstance(second.do(scan_code, text=card_of(second, member)), MemberPutOn)
    second.sell(OIL)
    chain.put_them_back()
    go_on(second, member)
    first.until(partial(is_proved, first, member), "now all have")
    assert left_of_her(decrypted_bytes(second.real.store)) == []
    account = second.account(member)
    assert account is not None
    assert account.visits.raised, "what she bought stays, without her"


def card_of(counter: Counter, member: str) -> str:
    found = counter.real.store.lane.run(lambda work: work.members.get(member))
    assert found is not None
    return found.card_code


def is_reported_by(counter: Counter, member: str, tills: int) -> bool:
    found = at(counter, member)
    return found is not None and sum(each.report is not None for each in found.proof.lines) >= tills


def test_who_complained_and_is_no_member_is_forgotten_by_his_case(chain: Chain) -> None:
    """His words lie sealed in the store that took them down; head office has their key, too."""
    first, second = chain.both
    words = NewComplaint(
        topic="weight", text="家住长安街 8 号", name="路人甲", contact="13922223333"
    )
    case = first.do(take_complaint, new=words).case_id
    result = Result(text="道歉", cause="scale", told="phone")
    assert isinstance(first.do(resolve_complaint, case_id=case, result=result), ComplaintChanged)
    first.until_sent()
    assert key_at_office(chain, case) is not None
    [(key,)] = first.real.store.lane.run(
        lambda work: work.driver.execute(KEY_OF, (case,)).fetchall()
    )
    assert key in decrypted_bytes(first.real.store)
    asked = first.do(erase_case, case_id=case, reason="本人要求")
    assert isinstance(asked, ErasureAsked), asked
    for counter in chain.both:
        go_on(counter, case)
    first.until(partial(is_proved, first, case), "every till has said so")
    assert key not in decrypted_bytes(first.real.store)
    assert key_at_office(chain, case) is None
    found, other = at(first, case), at(second, case)
    assert found is not None
    assert other is not None
    assert (found.case, found.proof.erasure.was_known) == ("C0702-1", True)
    assert not other.proof.erasure.was_known
    view = first.do(read_complaint, case_id=case)
    assert (view.erased, view.line.state) == (True, "resolved"), "what was done about it stays"


def test_a_sale_on_hold_is_finished_first(chain: Chain, member: str) -> None:
    first = chain.first
    first.do(scan_code, text=card_of(first, member))
    first.do(scan_code, text=OIL)
    first.do(hold_sale)
    hindered = first.do(ask_erasure, member_id=member, reason="本人要求")
    assert hindered == ErasureHindered(("on_hold",))
    assert first.do(clear_basket) is not None
