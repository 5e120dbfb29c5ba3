"""What head office takes of the requests to forget somebody: it knows of visits and complaints at
stores that the till which asks never heard of. On every database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from app.domain import complaint_fact as cf
from app.domain.erasure_fact import (
    CaseErasureRequested,
    ErasureDone,
    ErasureRequested,
    KeepingEnded,
    PersonErased,
)
from app.domain.facts import read_fact
from sync.protocol import MemberKey, PushAnswer
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.erase import AlreadyErased, CaseOpen, Erased, erase_asked
from sync.server.head_office import Office, Said
from sync.server.rebuild import verify
from sync.server.release import Released, release
from sync.server.sender import Sender
from tests.domain.heart_builders import MEMBER, STORE, a_sale, moment, op
from tests.sync.server.asking import TODAY
from tests.sync.server.members import KEY
from tests.sync.server.test_complaint import opened
from tests.sync.server.test_erase import joined, readable
from tests.sync.server.test_release import of_yesterday
from tests.sync.server.tills import Chain, Till, outcomes

OTHER = "xidan"
WANG = Said(by="店长王", reason="本人要求")


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """She joined at one store, and was at another one today."""
    made = Chain(database, tenant)
    here, there = Till("till-02"), Till("till-07", OTHER)
    here.record(joined(1, MEMBER))
    there.record(a_sale(2, TODAY, store=OTHER))
    made.push(here, keys=(KEY,))
    made.push(there)
    return made


def head(number: int, **more: Any) -> dict[str, Any]:
    return {"op_id": op(number), "store": STORE, "day": TODAY, "clock": moment(), **more}


def said(chain: Chain, *facts: Any, device: str = "till-03") -> PushAnswer:
    till = Till(device)
    for fact in facts:
        till.record(fact)
    return chain.push(till)


def settled(number: int, case: cf.ComplaintOpened) -> cf.ComplaintStepped:
    return cf.ComplaintStepped(
        **head(number, member=case.member), case=case.op_id, home=case.store, after=case.op_id,
        step=cf.Resolved(cause="scale", told="phone"),
    )  # fmt: skip


def codes(answer: PushAnswer) -> list[str]:
    return [each.refusal.code if each.refusal else each.outcome for each in answer.answers]


@pytest.mark.parametrize("kept_as", ["held", "unread"])
def test_a_request_that_waited_is_judged_when_it_is_released(
    chain: Chain, kept_as: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Weeks later he may have come again, or have a complaint: nobody is forgotten for that."""
    till = Till("till-03")
    till.record(KeepingEnded(**head(3, member=MEMBER), unseen_since=TODAY))
    with monkeypatch.context() as yesterday:
        if kept_as == "unread":
            yesterday.setattr("sync.server.hearing.read_fact", of_yesterday)
        chain.push(till, revoked=kept_as == "held")
    sender = Sender(chain.tenant, till.device, till.store)
    done = chain.database.write(
        lambda connection: release(connection, sender, [op(3)], chain.now_ms, chain.house)
    )
    assert done == Released((), (op(3),))
    [row] = chain.rows(t.op, op_id=op(3))
    assert row["state"] == kept_as
    assert [row["status"] for row in chain.rows(t.member, member=MEMBER)] == ["active"]
    assert chain.database.read(lambda connection: verify(connection, chain.tenant)).is_sound


def test_who_was_elsewhere_meanwhile_is_kept(chain: Chain) -> None:
    """Also where a till of before asks, which says no day: nobody is kept for less than a month."""
    late = KeepingEnded(**head(3, member=MEMBER), unseen_since=TODAY)
    before = ErasureRequested(**head(4, member=MEMBER), reason="retention")
    answer = said(chain, late, before)
    assert codes(answer) == ["was_here", "was_here"]
    assert answer.answers[0].refusal is not None
    assert answer.answers[0].refusal.fields == {"last": TODAY.isoformat()}
    assert readable(chain, MEMBER) == [MEMBER]
    due = KeepingEnded(**head(5, member=MEMBER), unseen_since=TODAY + timedelta(days=1))
    assert codes(said(chain, due, device="till-04")) == ["accepted"]
    assert readable(chain, MEMBER) == []


def test_a_complaint_that_is_open_anywhere_is_settled_first(chain: Chain) -> None:
    case = opened(10)
    assert outcomes(said(chain, replace(case, store=OTHER), device="till-08")) == ["accepted"]
    asked = ErasureRequested(**head(11, member=MEMBER), staff="wang", reason="本人要求")
    assert codes(said(chain, asked)) == ["open_case"]
    assert forgotten(chain, MEMBER) == CaseOpen(case.number)
    assert readable(chain, MEMBER) == [MEMBER]
    again = replace(asked, op_id=op(13))
    both = said(chain, settled(12, case), again, device="till-09")
    assert codes(both) == ["accepted", "accepted"], "it was settled in the same push"
    assert readable(chain, MEMBER) == []


def forgotten(chain: Chain, who: str) -> object:
    return chain.database.write(
        lambda c: erase_asked(Office(c, chain.tenant, chain.now_ms, chain.house), who, WANG)
    )


def test_whoever_complained_and_is_no_member_is_forgotten_by_his_case(chain: Chain) -> None:
    case = opened(20, member=None)
    key = MemberKey(member=case.op_id, key_id="key-1", secret=bytes(range(32)))
    here = Till("till-11")
    here.record(case)
    assert outcomes(chain.push(here, keys=(key,))) == ["accepted"]
    assert readable(chain, case.op_id) == [case.op_id]
    asked = CaseErasureRequested(**head(21), staff="wang", case=case.op_id, reason="本人要求")
    other = CaseErasureRequested(**head(22), case=op(99))
    assert codes(said(chain, asked, other)) == ["open_case", "unknown_case"]
    assert forgotten(chain, case.op_id) == CaseOpen(case.number)
    again = replace(asked, op_id=op(24))
    assert codes(said(chain, settled(23, case), again, device="till-04")) == ["accepted"] * 2
    assert readable(chain, case.op_id) == []
    [fact] = [read_fact(row["data"]) for row in chain.rows(t.op, kind="member_erased.2")]
    assert isinstance(fact, PersonErased)
    assert (fact.member, fact.ids, fact.request) == (None, (case.op_id,), op(24))
    # A till that pushes its key late, or reports what a restored server forgot, changes nothing.
    chain.push(here, keys=(replace(key, key_id="key-2"),))
    assert readable(chain, case.op_id) == []
    done = ErasureDone(**head(25), erasure=op(98), ids=(case.op_id,))
    assert codes(said(chain, done, device="till-05")) == ["accepted"]
    assert forgotten(chain, case.op_id) == AlreadyErased(case.op_id)


def test_a_complaint_of_a_member_goes_with_him(chain: Chain) -> None:
    case = opened(30)
    asked = CaseErasureRequested(**head(32), case=case.op_id)
    answer = said(chain, case, settled(31, case), asked)
    assert codes(answer) == ["accepted", "accepted", "of_member"]
    assert forgotten(chain, MEMBER) == Erased((MEMBER,))
    noted = cf.ComplaintStepped(
        **head(33, member=MEMBER), case=case.op_id, home=STORE, after=op(31), step=cf.Noted(),
        words=case.words,
    )  # fmt: skip
    till = Till("till-06")
    till.record(noted)
    assert codes(chain.push(till, keys=(KEY,))) == ["accepted"]
    assert readable(chain, MEMBER) == [], "what comes late stays sealed, and nobody has the key"
