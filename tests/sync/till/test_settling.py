"""Settling at the till: what the server counted otherwise stands in the list of exceptions, once.

Owns: cases out of answers over the real store. Does not own: the answers themselves
(test_outbox.py), words of a case (tests/journeys).
"""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from app.domain.effects import Taken
from app.services.exception_case import CaseClosed, close_case, open_cases
from app.services.merge import merge_members
from app.services.sync_state import ReasonMissing
from sync.protocol import (
    Adjustment,
    AnswerChanged,
    OpAnswer,
    Positioned,
    PullAnswer,
    Refusal,
)
from tests.real_shop import MILK
from tests.services.refunds import sold
from tests.sync.till.a_till import SyncedTill
from tests.sync.till.small_server import SmallServer

SAID = {"other_store": "城东店", "other_till": "1", "other_points": "500"}
OVERDRAFT = Adjustment(kind="overdraft", case="overdraft:s", points=-40, text=SAID)
LATE = Adjustment(kind="day_changed", case="day_changed:s")


def answered(till: SyncedTill, *found: Adjustment) -> OpAnswer:
    """What the server says of the newest sale."""
    sold(till.shop, MILK)
    [one] = till.outbox.waiting(999)[-1:]
    return OpAnswer(op_id=one.op_id, epoch=one.epoch, dseq=one.dseq, outcome="accepted_adjusted",
                    adjustments=found)  # fmt: skip


def cases(till: SyncedTill) -> list[object]:
    return list(till.run(lambda work: work.exceptions.open_cases()))


def test_an_overdraft_opens_one_case_with_both_sides(till: SyncedTill) -> None:
    answer = answered(till, OVERDRAFT, LATE)
    till.outbox.settle([answer], server_epoch=1)
    till.outbox.settle([answer], server_epoch=1)
    [case] = till.run(lambda work: work.exceptions.open_cases())
    story = dict(case.story)
    sale = till.run(lambda work: work.sales.get(answer.op_id))
    assert (case.kind, case.subject, case.staff_id) == ("overdraft", answer.op_id, sale.staff_id)
    assert (story["receipt"], story["points"]) == (sale.receipt_code, "-40")
    assert SAID.items() <= story.items()


def test_a_decided_case_stays_decided_when_the_answer_comes_again(till: SyncedTill) -> None:
    answer = answered(till, OVERDRAFT)
    till.outbox.settle([answer], server_epoch=1)
    [case] = till.run(lambda work: work.exceptions.open_cases())
    till.shop.sign_in("王芳")
    till.shop.do(close_case, case_id=case.case_id, choice="accepted")
    till.outbox.settle([answer], server_epoch=1)
    assert till.shop.do(open_cases).cases == ()


def test_a_later_word_of_the_server_opens_a_case_too(till: SyncedTill) -> None:
    answer = answered(till, OVERDRAFT)
    here = till.run(lambda work: work.device.read())
    told = Positioned(at=1, event=AnswerChanged(answer=answer))
    stream = f"device:{here.device}"
    till.inbox.apply(PullAnswer(stream=stream, events=(told,), head=1, server_ms=1, server_epoch=1))
    assert len(cases(till)) == 1


def test_what_the_marks_of_a_copy_hid_is_shown_once_the_fork_is_known(till: SyncedTill) -> None:
    """The copy was faster with our places: its marks looked as if the server had what is ours."""
    member, server = till.shop.members["陈静"], SmallServer()
    before = till.outbox.waiting(999)
    till.outbox.settle(
        server.push(list(till.outbox.load([one.op_id for one in before]))), server_epoch=1
    )
    till.inbox.apply(server.pull(0, 99))
    points = till.shown_points(member)
    till.adjust(member, Taken(points=30))
    till.gain(member, 7)
    mine = till.outbox.waiting(999)
    for number in (1, 2):
        server.clone_pushed(f"01a1fd8e-3dc0-7502-8a5d-1d6a31c0a0{number:02}", member, 100, 1)
    till.inbox.apply(server.pull(len(server.stream) - 2, 99))
    assert till.shown_points(member) == points + 200, "nobody knows better yet"
    answers = server.push(list(till.outbox.load([one.op_id for one in mine])))
    assert [one.outcome for one in answers] == ["fork", "fork"]
    till.outbox.settle(answers, server_epoch=1)
    account = till.run(lambda work: work.accounts.get(member))
    assert till.shown_points(member) == points + 207
    assert sum(account.taken.values()) == 30, "what was spent here is not there to be spent again"


def test_a_copy_that_gets_another_number_knows_at_once_what_of_its_places_is_its_own(
    till: SyncedTill,
) -> None:
    """It was never there since it was copied: no fork has told it yet."""
    member, server = till.shop.members["陈静"], SmallServer()
    before = till.outbox.waiting(999)
    answers = server.push(list(till.outbox.load([one.op_id for one in before])))
    till.outbox.settle(answers[:-1], server_epoch=1)  # the last answer was lost
    till.inbox.apply(server.pull(0, 99))
    points = till.shown_points(member)
    till.adjust(member, Taken(points=30))
    till.gain(member, 7)
    for number in (1, 2, 3):
        server.clone_pushed(f"01a1fd8e-3dc0-7502-8a5d-1d6a31c0a0{number:02}", member, 100, 1)
    till.inbox.apply(server.pull(len(server.stream) - 3, 99))
    assert till.shown_points(member) == points + 300, "the marks of the other hide what is its own"
    server.gives_id("till-09")
    till.enrol(server)
    assert till.run(lambda work: work.outbox.forks()) == {1: len(before) + 1}
    account = till.run(lambda work: work.accounts.get(member))
    assert till.shown_points(member) == points + 307
    assert sum(account.taken.values()) == 30, "before anything of it was pushed again"


def test_a_till_whose_answers_were_lost_alone_gives_nothing_up(till: SyncedTill) -> None:
    server = SmallServer()
    till.gain(till.shop.members["陈静"], 7)
    server.push(list(till.outbox.load([one.op_id for one in till.outbox.waiting(999)])))
    till.enrol(server)
    assert till.run(lambda work: work.outbox.forks()) == {}


def test_what_is_no_fact_of_this_till_opens_none(till: SyncedTill) -> None:
    strange = OpAnswer(op_id="of another life", epoch=1, dseq=900, outcome="accepted_adjusted",
                       adjustments=(OVERDRAFT,))  # fmt: skip
    till.outbox.settle([strange], server_epoch=1)
    assert cases(till) == []


@pytest.mark.parametrize("comes_first", ["case", "account"])
def test_an_overdraft_that_later_points_paid_needs_nobody(
    till: SyncedTill, comes_first: str
) -> None:
    member, server = till.shop.members["陈静"], SmallServer()
    op_id = till.adjust(member, Taken(points=10_000))
    rest = till.outbox.waiting(999)
    answers = server.push(list(till.outbox.load([one.op_id for one in rest])))
    version = server.versions[member]
    found = replace(OVERDRAFT, text=SAID | {"version": str(version)})
    answer = replace(next(one for one in answers if one.op_id == op_id), adjustments=(found,))

    def says() -> None:
        till.outbox.settle([replace(answer, outcome="accepted_adjusted")], server_epoch=1)

    def hears() -> None:
        told = Positioned(at=len(server.stream), event=server.stream[-1])
        till.run(lambda work: work.inbox.move("store:renmin-road", told.at - 1, head=1, at_ms=1))
        till.inbox.apply(
            PullAnswer(
                stream="store:renmin-road", events=(told,), head=told.at, server_ms=1,
                server_epoch=1,
            )
        )  # fmt: skip

    if comes_first == "case":
        says()
        hears()
        assert len(cases(till)) == 1, "the account as it was overdrawn"
    server.another_till("01a1fd8e-3dc0-7502-8a5d-1d6a31c0a001", member, 10_000)
    hears()
    says()
    assert cases(till) == []
    [case] = till.run(lambda work: work.exceptions.decided())
    assert (case.kind, case.end.by) == ("overdraft", "")


def test_what_is_missing_still_stays_on_the_list(till: SyncedTill) -> None:
    member, server = till.shop.members["陈静"], SmallServer()
    till.adjust(member, Taken(points=10_000))
    rest = till.outbox.waiting(999)
    answers = server.push(list(till.outbox.load([one.op_id for one in rest])))
    found = replace(OVERDRAFT, text=SAID | {"version": "1"})
    till.outbox.settle([replace(answers[-1], outcome="accepted_adjusted", adjustments=(found,))],
                       server_epoch=1)  # fmt: skip
    till.inbox.apply(server.pull(0, 99))
    assert len(cases(till)) == 1


def test_a_refused_request_waits_for_somebody_who_sends_it_again_or_lets_it_go(
    till: SyncedTill,
) -> None:
    till.shop.sign_in("王芳")
    both = {"member_id": till.shop.members["张三丰"], "other_id": till.shop.members["王小红"]}
    for place, choice in enumerate(("followed_up", "accepted")):
        if not place:
            till.shop.do(merge_members, **both, reason="同一个人")
        [one] = till.outbox.waiting(999)[-1:]
        refused = OpAnswer(op_id=one.op_id, epoch=one.epoch, dseq=one.dseq, outcome="rejected",
                           refusal=Refusal(code="merge_frozen"))  # fmt: skip
        till.outbox.settle([refused], server_epoch=1)
        till.outbox.settle([refused], server_epoch=1)
        [case] = till.shop.do(open_cases).cases
        assert (case.kind, dict(case.story)["code"]) == ("request_rejected", "merge_frozen")
        wanted = {"case_id": case.case_id, "choice": choice}
        if choice == "accepted":
            assert till.shop.do(close_case, **wanted) == ReasonMissing()
        done = till.shop.do(close_case, **wanted, note="店里另有约定")
        assert isinstance(done, CaseClosed), done
        assert till.shop.do(open_cases).cases == ()
        sent = till.run(lambda work, op_id=one.op_id: work.outbox.get(op_id))
        assert sent.state == "given_up", "sent again it is a request of its own"


def test_another_machine_in_the_chain_is_one_case(till: SyncedTill) -> None:
    answer = answered(till)
    fork = replace(answer, outcome="fork", adjustments=())
    for _ in range(2):
        till.outbox.settle([fork], server_epoch=1)
    [case] = till.run(lambda work: work.exceptions.open_cases())
    assert (case.kind, dict(case.story)["number"]) == ("chain_forked", str(answer.dseq))
