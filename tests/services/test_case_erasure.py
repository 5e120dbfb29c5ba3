"""Who complained and is no member is forgotten by his case: on request, and after some years."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.erasure import Erasure
from app.domain.outbox import Answer, Rejection
from app.domain.photo import StoredPhoto
from app.services.answers import NotAllowed
from app.services.case_erasure import CaseOfMember, erase_case
from app.services.complaint_act import (
    Result,
    close_complaint,
    follow_up_complaint,
    note_complaint,
    resolve_complaint,
)
from app.services.complaint_photo import add_photo
from app.services.complaint_step import CaseForgotten
from app.services.erasure import (
    AlreadyAsked,
    ErasureHindered,
    ErasureHolds,
    ReasonNeeded,
    ask_erasure,
    erasures,
)
from app.services.retention import RetentionDue, apply_retention, retention_due
from app.services.verify import VerifyReport, verify_store
from app.store.waiting_lane import WaitingLane
from tests.real_shop import RealShop
from tests.services.complaints import acted, seen, taken
from tests.store.pages import decrypted_bytes

PICTURE = b"\xff\xd8\xff" + b"a jar with a broken lid " * 80
OF_HIM = ("路人甲", "13922223333", "家住长安街 8 号")
DAY_MS = 86_400_000


@pytest.fixture
def manager(shop: RealShop) -> RealShop:
    shop.sign_in("王芳")
    return shop


def stranger(shop: RealShop) -> str:
    name, contact, words = OF_HIM
    return taken(shop, None, text=words, name=name, contact=contact)


def settle(shop: RealShop, case: str) -> None:
    acted(shop, resolve_complaint, case, result=Result(text="道歉", cause="scale", told="phone"))
    acted(shop, follow_up_complaint, case, score=5, text="好")
    acted(shop, close_complaint, case)


def key_of(shop: RealShop, case: str) -> bytes:
    """What his words are sealed under: nowhere do they stand open."""
    asked = "SELECT secret FROM member_key WHERE member_id = ?"
    [(secret,)] = shop.store.lane.run(lambda work: work.driver.execute(asked, (case,)).fetchall())
    key = bytes(secret)
    assert key in decrypted_bytes(shop.store)
    return key


def left(shop: RealShop, key: bytes) -> list[object]:
    there = decrypted_bytes(shop.store)
    return [each for each in (key, *map(str.encode, OF_HIM)) if each in there]


def test_his_words_and_pictures_go_and_the_story_stays(manager: RealShop) -> None:
    case = stranger(manager)
    key = key_of(manager, case)
    acted(manager, add_photo, case, data=PICTURE)
    view = seen(manager, case)
    assert (view.contact, "forget" in view.may) == (OF_HIM[1], False)
    assert PICTURE in decrypted_bytes(manager.store)
    wanted: dict[str, Any] = {"case_id": case, "reason": "本人要求"}
    assert manager.do(erase_case, **wanted) == ErasureHindered(("open_case",))
    settle(manager, case)
    assert "forget" in seen(manager, case).may
    assert manager.do(erase_case, case_id=case, reason=" ") == ReasonNeeded()
    done = manager.do(erase_case, **wanted)
    assert isinstance(done, ErasureHolds), done
    assert done.proof.is_complete
    assert left(manager, key) == []
    assert PICTURE not in decrypted_bytes(manager.store)
    view = seen(manager, case)
    assert (view.erased, view.text, view.line.state, "forget" in view.may) == (
        True, None, "closed", False,
    )  # fmt: skip
    assert manager.do(note_complaint, case_id=case, text="他又来了") == CaseForgotten(case)
    assert manager.do(add_photo, case_id=case, data=PICTURE) == CaseForgotten(case)
    assert isinstance(manager.do(erase_case, **wanted), AlreadyAsked)
    [standing] = manager.do(erasures)
    assert (standing.case, standing.proof.missing) == ("C0702-1", 0)
    assert case in manager.store.lane.run(lambda work: work.erasures.ids_after("", 9))
    report = VerifyReport()
    lane = WaitingLane(manager.store.lane)
    list(verify_store(lane=lane, identity=manager.shop.identity, report=report))
    assert report.sound, report.faults


def test_a_members_complaint_goes_with_the_member_and_then_takes_no_more(
    manager: RealShop,
) -> None:
    case, member = taken(manager, "张三丰"), manager.members["张三丰"]
    acted(manager, resolve_complaint, case, result=Result(text="道歉", cause="scale", told="phone"))
    assert manager.do(erase_case, case_id=case, reason="x") == CaseOfMember(member)
    assert isinstance(manager.do(ask_erasure, member_id=member, reason="本人要求"), ErasureHolds)
    assert manager.do(add_photo, case_id=case, data=PICTURE) == CaseForgotten(case)
    assert manager.do(note_complaint, case_id=case, text="家住长安街") == CaseForgotten(case)
    assert not {"note", "photo", "forget"} & seen(manager, case).may
    late = StoredPhoto("late", case, member, 7, PICTURE, "fetched")
    manager.store.lane.run(lambda work: work.photos.put(late))
    assert PICTURE not in decrypted_bytes(manager.store)
    manager.sign_in("李明")
    refused = manager.do(erase_case, case_id=case, reason="x")
    assert refused == NotAllowed("manage_settings")


def test_the_time_of_keeping_ends_by_itself(manager: RealShop) -> None:
    """Three years after it was closed; one that is still open is kept."""
    closed, lane = stranger(manager), WaitingLane(manager.store.lane)
    key = key_of(manager, closed)
    settle(manager, closed)
    still_open = taken(manager, None, contact="13922224444")
    assert apply_retention(shop=manager.shop, lane=lane).cases == 0
    manager.clock.go_on(milliseconds=(3 * 366 + 31) * DAY_MS)
    recent = taken(manager, None, contact="13922225555")
    settle(manager, recent)
    due = retention_due(shop=manager.shop, lane=lane)
    assert isinstance(due, RetentionDue)
    assert (due.case_months, due.cases) == (36, 1)
    assert apply_retention(shop=manager.shop, lane=lane).cases == 1
    assert left(manager, key) == []
    assert [seen(manager, each).erased for each in (closed, still_open, recent)] == [
        True, False, False,
    ]  # fmt: skip
    assert apply_retention(shop=manager.shop, lane=lane).cases == 0


def refused_by_head_office(shop: RealShop, case: str) -> None:
    """It was asked for tonight, and the case was open again there."""
    now_ms = shop.shop.now().wall_ms
    why = Rejection(code="open_case")
    no = Answer(case, 1, 1, "rejected", rejection=why)

    asked = Erasure(case, "asked", asked_ms=now_ms, request_id=case)
    shop.store.lane.run(lambda work: work.outbox.settle([no], at_ms=now_ms))
    shop.store.lane.run(lambda work: work.erasures.ask(asked))


def test_what_head_office_refused_is_asked_again_after_a_while(manager: RealShop) -> None:
    """Nor does the preview promise every evening what nobody will ask for."""
    case, lane = stranger(manager), WaitingLane(manager.store.lane)
    settle(manager, case)
    manager.clock.go_on(milliseconds=(3 * 366 + 31) * DAY_MS)
    settle(manager, taken(manager, None, contact="13922225555"))  # by which the clock is believed
    refused_by_head_office(manager, case)
    for days, due_then in ((29, 0), (2, 1)):
        manager.clock.go_on(milliseconds=days * DAY_MS)
        due = retention_due(shop=manager.shop, lane=lane)
        assert isinstance(due, RetentionDue)
        assert due.cases == due_then
        assert apply_retention(shop=manager.shop, lane=lane).cases == due_then
    assert seen(manager, case).erased
