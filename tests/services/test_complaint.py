"""Complaints at a till: taken down, answered, settled, asked about, opened again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import Any

import msgspec
import pytest

from app.domain.complaint_fact import CaseFact
from app.domain.photo import PhotoSought
from app.domain.server_answer import NoServer
from app.services.answers import SignInFirst
from app.services.approval import ApprovalNeeded
from app.services.complaint import (
    ContactUnclear,
    NewComplaint,
    NobodyToAnswer,
    NoSuchComplaint,
    NotAChoice,
    ReceiptUnknown,
    TextRefused,
    take_complaint,
)
from app.services.complaint_act import (
    ComplaintChanged,
    DayPassed,
    NoSuchColleague,
    Result,
    StepUnfit,
    answer_complaint,
    assign_complaint,
    close_complaint,
    customer_is_back,
    escalate_complaint,
    follow_up_complaint,
    name_cause,
    note_complaint,
    prioritise_complaint,
    reopen_complaint,
    resolve_complaint,
    wait_for_customer,
)
from app.services.complaint_photo import add_photo, read_photo
from app.services.complaint_view import (
    colleagues_for_complaints,
    complaints_of_member,
    read_complaint,
)
from app.services.complaint_watch import note_overdue
from app.services.photo import bring_photo
from app.services.reveal import NoPhone, PhoneRevealed, reveal_contact
from app.services.scan import scan_code
from app.services.staff import sign_out
from app.services.sync_state import sync_centre
from app.store.complaint import ComplaintRepository
from app.store.waiting_lane import WaitingLane
from tests.real_shop import RealShop
from tests.services.complaints import (
    MINUTE,
    acted,
    approved,
    listed,
    seen,
    sold_to,
    taken,
    with_quick_gold,
)
from tests.services.conftest import trail

HOUR = 60 * MINUTE
DONE = Result(text="复称补差 2.56 元", cause="scale", told="phone")


def test_from_a_receipt_to_the_question_how_it_went(shop: RealShop) -> None:
    sale = sold_to(shop, "王小红")
    code = sale.receipt.code
    case = taken(shop, None, receipt=code, wanted="补差价")
    view = seen(shop, case)
    assert (view.member_id, view.sale_id) == (shop.members["王小红"], sale.sale_id)
    assert (view.line.number, view.line.who) == ("C0702-1", "王*红 139****2233")
    assert (view.text, view.wanted, view.line.tier) == ("苹果少了 200 g", "补差价", "silver")
    shop.clock.go_on(milliseconds=5 * MINUTE)
    acted(shop, answer_complaint, case, text="马上复称")
    acted(shop, wait_for_customer, case, reason="goods", text="请带苹果来")
    shop.clock.go_on(milliseconds=HOUR)
    acted(shop, customer_is_back, case)
    acted(shop, name_cause, case, cause="scale")
    acted(shop, resolve_complaint, case, result=DONE)
    assert listed(shop).counts.store == 0
    shop.clock.go_on(milliseconds=48 * HOUR)
    assert [each.case_id for each in listed(shop, "follow_up").lines] == [case]
    acted(shop, follow_up_complaint, case, score=5, text="满意")
    acted(shop, close_complaint, case)
    view = seen(shop, case)
    assert (view.line.state, view.score, view.cause) == ("closed", 5, "scale")
    assert [entry.act for entry in view.story] == [
        "open", "answer", "wait", "back", "cause", "resolve", "follow_up", "close",
    ]  # fmt: skip
    assert [entry.text for entry in view.story][:3] == ["苹果少了 200 g", "马上复称", "请带苹果来"]
    assert view.story[1].staff == "李明"
    assert [each.case_id for each in listed(shop, "closed").lines] == [case]
    assert trail(shop).count("complaint_stepped") == 7


def test_somebody_who_is_no_member_leaves_a_contact(shop: RealShop) -> None:
    case = taken(shop, None, name="周小姐", contact="13912345678", topic="attitude")
    view = seen(shop, case)
    assert (view.contact, view.name, view.line.tier) == ("13912345678", "周小姐", None)
    assert view.line.who == "周*姐 ****5678"
    assert view.line.priority == "low"


@pytest.mark.parametrize(
    ("told", "refused"),
    [
        ({}, NobodyToAnswer()),
        ({"contact": "  "}, NobodyToAnswer()),
        ({"contact": "1391234567"}, ContactUnclear(10)),
        ({"contact": "139-1234-56789"}, ContactUnclear(12)),
        ({"contact": "wx: li2", "text": " "}, TextRefused("text", "empty")),
        ({"contact": "wx: li2", "text": "长" * 2001}, TextRefused("text", "too_long")),
        ({"contact": "wx: li2", "wanted": "长" * 2001}, TextRefused("wanted", "too_long")),
        ({"contact": "长" * 101}, TextRefused("contact", "too_long", 100)),
        ({"contact": "wx: li2", "name": "长" * 101}, TextRefused("name", "too_long", 100)),
        ({"contact": "wx: li2", "topic": "weather"}, NotAChoice("topic", "weather")),
        ({"receipt": "R123", "lines": ("1",)}, ReceiptUnknown("R123")),
    ],
)
def test_what_nobody_could_work_with_is_refused(
    shop: RealShop, told: dict[str, Any], refused: object
) -> None:
    told = {"topic": "weight", "text": "少了", **told}
    assert shop.do(take_complaint, new=NewComplaint(**told)) == refused
    assert listed(shop).counts.store == 0


def test_a_number_from_abroad_and_a_strange_receipt_are_kept(shop: RealShop) -> None:
    abroad = taken(shop, None, contact="+81 90 1234 5678")
    strange = taken(shop, None, receipt="R0000")
    assert seen(shop, abroad).contact == "+81 90 1234 5678"
    assert (seen(shop, strange).line.receipt, seen(shop, strange).sale_id) == ("R0000", None)


def test_gold_goes_to_a_senior_and_a_cashier_needs_a_yes(shop: RealShop) -> None:
    with_quick_gold(shop)
    case = taken(shop, "张三丰")
    view = seen(shop, case)
    assert (view.line.level, view.needs, view.line.priority) == (1, "complaint_lead", "high")
    assert view.line.due is not None and view.line.due.left_ms <= 30 * MINUTE
    needed = shop.do(answer_complaint, case_id=case, text="马上处理")
    assert isinstance(needed, ApprovalNeeded)
    assert needed.about == "C0702-1"
    assert isinstance(approved(shop, needed), ComplaintChanged)
    assert seen(shop, case).line.state == "in_hand"
    # Words for colleagues and a call for somebody above take nobody's yes.
    acted(shop, note_complaint, case, text="很着急")
    acted(shop, escalate_complaint, case)
    assert seen(shop, case).line.level == 2


def test_whoever_has_a_case_acts_on_it(shop: RealShop) -> None:
    case = taken(shop, "张三丰")
    shop.sign_in("王芳")
    acted(shop, assign_complaint, case, staff_id=shop.staff["李明"])
    assert shop.do(assign_complaint, case_id=case, staff_id="nobody") == NoSuchColleague("nobody")
    shop.sign_in("李明")
    assert [each.assigned for each in listed(shop, "mine").lines] == ["李明"]
    acted(shop, answer_complaint, case, text="您好")
    needed = shop.do(assign_complaint, case_id=case, staff_id=shop.staff["张敏"])
    assert isinstance(needed, ApprovalNeeded)


def test_steps_that_do_not_fit_say_so(shop: RealShop) -> None:
    case = taken(shop)
    waits = shop.do(wait_for_customer, case_id=case, reason="goods")
    assert waits == StepUnfit("new", unanswered=True)
    assert shop.do(close_complaint, case_id=case) == StepUnfit("new")
    assert shop.do(prioritise_complaint, case_id=case, priority="low") == StepUnfit("new")
    acted(shop, prioritise_complaint, case, priority="high")
    passed = Result(text="好了", cause="scale", told="phone", follow_up=date(2026, 11, 20))
    refused = shop.do(resolve_complaint, case_id=case, result=passed)
    assert refused == DayPassed(date(2026, 11, 20))
    odd = Result(text="好了", cause="moon", told="phone")
    assert shop.do(resolve_complaint, case_id=case, result=odd) == NotAChoice("cause", "moon")
    acted(shop, resolve_complaint, case, result=DONE)
    acted(shop, close_complaint, case)
    shop.clock.go_on(milliseconds=31 * 24 * HOUR)
    refused = shop.do(reopen_complaint, case_id=case, text="又坏了")
    assert refused == StepUnfit("closed", too_old=True)
    assert shop.do(answer_complaint, case_id="none", text="?") == NoSuchComplaint("none")
    assert shop.do(answer_complaint, case_id=case, text="") == TextRefused("text", "empty")


def test_lists_begin_with_what_is_due_first(shop: RealShop) -> None:
    with_quick_gold(shop)
    slow = taken(shop, "陈静")
    quick = taken(shop, "张三丰")
    waits = taken(shop, "王小红")
    acted(shop, answer_complaint, waits, text="好的")
    acted(shop, wait_for_customer, waits, reason="goods")
    assert [each.case_id for each in listed(shop).lines] == [quick, slow, waits]
    shop.clock.go_on(milliseconds=31 * MINUTE)
    found = listed(shop, "overdue")
    assert [(each.case_id, each.mood, each.level) for each in found.lines] == [
        (quick, "breached", 2)
    ]
    assert (found.counts.store, found.counts.overdue, found.counts.mine) == (3, 1, 0)


def test_what_other_stores_have_to_do_is_not_read_for_a_list(
    shop: RealShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Members bring the cases of every store along; only those of this desk are folded."""
    here = taken(shop, "张三丰")
    fact = shop.store.lane.run(lambda work: work.complaints.facts(here)[0])
    for number in range(5):
        op_id = shop.shop.op_id(shop.shop.now())
        elsewhere = msgspec.structs.replace(
            fact, op_id=op_id, store="xidan", number=f"C08-{number}"
        )
        shop.store.lane.run(lambda work, of=elsewhere: work.complaints.take(of))  # type: ignore[misc]  # bound now
    folded: list[str] = []
    facts = ComplaintRepository.facts

    def counted(self: ComplaintRepository, case_id: str) -> Sequence[CaseFact]:
        folded.append(case_id)
        return facts(self, case_id)

    monkeypatch.setattr(ComplaintRepository, "facts", counted)
    assert [each.case_id for each in listed(shop).lines] == [here]
    assert folded == [here]


def test_a_missed_limit_is_an_exception_once(shop: RealShop) -> None:
    with_quick_gold(shop)
    case = taken(shop, "张三丰")
    assert note_overdue(shop=shop.shop, lane=WaitingLane(shop.store.lane)) == 0
    shop.clock.go_on(milliseconds=31 * MINUTE)
    assert note_overdue(shop=shop.shop, lane=WaitingLane(shop.store.lane)) == 1
    assert note_overdue(shop=shop.shop, lane=WaitingLane(shop.store.lane)) == 0
    raised = shop.store.lane.run(lambda work: list(work.exceptions.open_cases()))
    assert [each.kind for each in raised] == ["complaint_overdue"]
    assert dict(raised[0].story) == {"clock": "first", "complaint": "C0702-1"}
    assert raised[0].subject == case


def test_the_till_shows_an_open_case_when_the_member_is_scanned(shop: RealShop) -> None:
    taken(shop, "王小红")
    state = shop.do(scan_code, text=shop.cards["王小红"]).state
    assert state.member.complaint is not None
    assert (state.member.complaint.count, state.member.complaint.number) == (1, "C0702-1")
    lines = shop.do(complaints_of_member, member_ids=[shop.members["王小红"]])
    assert [each.number for each in lines] == ["C0702-1"]


def test_pictures_are_kept_beside_the_facts(shop: RealShop) -> None:
    case = taken(shop)
    picture = b"\xff\xd8\xff" + bytes(2000)
    acted(shop, add_photo, case, data=picture)
    (photo,) = seen(shop, case).photos
    assert shop.do(read_photo, case_id=case, photo_id=photo) == picture
    for wrong in ({"case_id": case, "photo_id": "none"}, {"case_id": "none", "photo_id": photo}):
        assert isinstance(shop.do(read_photo, **wrong), NoSuchComplaint)
    waiting = shop.store.lane.run(lambda work: list(work.photos.waiting()))
    assert waiting == [photo]
    assert shop.do(sync_centre, link=None, now=shop.shop.now()).photos == 1
    shop.store.lane.run(lambda work: work.photos.forget(shop.members["王小红"]))
    sought = shop.do(read_photo, case_id=case, photo_id=photo)
    assert sought == PhotoSought(photo, case, shop.members["王小红"], sha256(picture).hexdigest())
    assert bring_photo(shop=shop.shop, sought=sought) == NoServer()
    shop.do(sign_out)
    assert isinstance(bring_photo(shop=shop.shop, sought=sought), SignInFirst)


def test_words_of_an_erased_member_are_gone_and_the_case_stays(shop: RealShop) -> None:
    case = taken(shop)
    acted(shop, answer_complaint, case, text="您好")
    member = shop.members["王小红"]
    shop.store.lane.run(lambda work: work.member_keys.destroy(member))
    view = seen(shop, case)
    assert (view.erased, view.text, view.contact, view.line.begins) == (True, None, "", "")
    assert [entry.text for entry in view.story] == [None, None]


def test_nobody_reads_complaints_at_a_locked_till(shop: RealShop) -> None:
    case = taken(shop)
    shop.do(sign_out)
    assert type(shop.do(read_complaint, case_id=case)).__name__ == "SignInFirst"
    assert type(note_overdue(shop=shop.shop, lane=WaitingLane(shop.store.lane))) is int


def test_a_contact_is_shown_to_whoever_says_why_and_that_is_recorded(shop: RealShop) -> None:
    of_nobody = taken(shop, None, contact="13712342468")
    of_member = taken(shop)
    by_receipt = taken(shop, None, receipt="no-such")
    shown = shop.do(reveal_contact, case_id=of_nobody, reason="contact_member")
    assert shown == PhoneRevealed("13712342468")
    shown = shop.do(reveal_contact, case_id=of_member, reason="contact_member")
    assert shown == PhoneRevealed("+8613911222233")
    assert shop.do(reveal_contact, case_id=by_receipt, reason="contact_member") == NoPhone()
    gone = shop.do(reveal_contact, case_id="none", reason="contact_member")
    assert gone == NoSuchComplaint("none")
    entries = shop.store.lane.submit(lambda work: work.audit.entries()).result()
    seen_by = [one.entry.subject for one in entries if one.entry.action == "phone_revealed"]
    assert seen_by == [of_nobody, shop.members["王小红"]]
    people = shop.do(colleagues_for_complaints)
    assert people[0].name == "李明"
    assert {each.name for each in people} == set(shop.staff)
    acted(shop, assign_complaint, of_nobody, staff_id=shop.staff["李明"])
    assert seen(shop, of_nobody).story[-1].to == "李明"
    shop.do(sign_out)
    assert isinstance(shop.do(colleagues_for_complaints), SignInFirst)
    assert isinstance(
        shop.do(reveal_contact, case_id=of_nobody, reason="correct_data"), SignInFirst
    )
