"""Merges that tills ask for, and those a shop on its own had done before it was enrolled."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from app.domain import effects as do
from app.domain.facts import MembersMerged, MembersParted, read_fact
from app.domain.merge_fact import MergeRequested, PartRequested
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.rebuild import rebuild, verify
from tests.domain.heart_builders import FRIEND, MEMBER, STORE, moment, op
from tests.sync.server.asking import TODAY, gift, points
from tests.sync.server.test_merge import joined
from tests.sync.server.tills import Chain, Till, outcomes

NOBODY = "0197c2a0-0000-7000-8000-00000000a999"
BEFORE_ENROLLED = moment().wall_ms + 1


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A server that knows nobody yet."""
    return Chain(database, tenant)


def said(number: int, member: str, other: str = "") -> dict[str, Any]:
    about = {"other": other, "reason": "同一手机号"} if other else {}
    return {"op_id": op(number), "store": STORE, "day": TODAY, "clock": moment(),
            "staff": "staff-wang", "member": member, **about}  # fmt: skip


def two_joined() -> Till:
    """MEMBER with 40 points, FRIEND with 300 and a coupon."""
    till = Till("till-02")
    coupon = do.CouponGiven(coupon="C-1", offer="welcome")
    for fact in (
        joined(1, MEMBER), joined(2, FRIEND), points(3, 40), points(4, 300, FRIEND),
        gift(5, coupon, member=FRIEND),
    ):  # fmt: skip
        till.record(fact)
    return till


def balance(chain: Chain, member: str) -> int:
    account = chain.account(member)
    return sum(account.gained.values()) - sum(account.taken.values())


def survivor(chain: Chain, member: str) -> str:
    [row] = chain.rows(t.account, member=member)
    return str(row["survivor"])


def sound(chain: Chain) -> bool:
    if not chain.database.read(lambda c: verify(c, chain.tenant)).is_sound:
        return False
    return chain.database.write(lambda c: rebuild(c, chain.tenant)) == 0


def test_a_till_asks_and_head_office_does_it_with_the_push_that_brings_both(chain: Chain) -> None:
    till = two_joined()
    till.record(MergeRequested(**said(6, MEMBER, FRIEND)))
    assert outcomes(chain.push(till)) == ["accepted"] * 6
    assert (survivor(chain, FRIEND), balance(chain, MEMBER)) == (MEMBER, 340)
    [fact] = [read_fact(row["data"]) for row in chain.rows(t.op, kind="members_merged.1")]
    assert isinstance(fact, MembersMerged)
    assert (fact.approved_by, fact.reason) == (("staff-wang",), "同一手机号")
    till.record(gift(7, do.Taken(points=34)))
    till.record(PartRequested(**said(8, MEMBER, FRIEND)))
    assert outcomes(chain.push(till))[-2:] == ["accepted"] * 2
    assert survivor(chain, FRIEND) == FRIEND
    assert balance(chain, MEMBER) + balance(chain, FRIEND) == 306
    assert list(chain.account(FRIEND).coupons) == ["C-1"]
    assert outcomes(chain.push(till)) == ["accepted again"] * 8, "nothing is done twice"
    assert survivor(chain, FRIEND) == FRIEND
    assert sound(chain)


@pytest.mark.parametrize(
    ("other", "status", "code"),
    [(MEMBER, "active", "merge_same"), (NOBODY, "active", "merge_unknown"),
     (FRIEND, "frozen", "merge_frozen"), (FRIEND, "erased", "merge_erased")],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_the_one_it_is_about(
    chain: Chain, other: str, status: str, code: str
) -> None:
    till = two_joined()
    chain.push(till)
    mine = update(t.member).where(t.member.c.member == FRIEND).values(status=status)
    chain.database.write(lambda c: c.execute(mine))
    till.record(MergeRequested(**said(6, MEMBER, other)))
    answer = chain.push(till).answers[-1]
    assert answer.refusal is not None
    assert (answer.outcome, answer.refusal.code) == ("rejected", code)
    assert answer.refusal.fields == {"member": other}
    assert sound(chain)


def test_what_a_shop_on_its_own_had_done_holds_in_the_chain(chain: Chain) -> None:
    """One merge that stands, one that was taken back with what each bears of it."""
    till = two_joined()
    till.record(MembersMerged(**said(6, FRIEND), into=MEMBER))
    till.record(gift(7, do.Taken(points=34)))
    answer = chain.push(till, enrolled_ms=BEFORE_ENROLLED)
    assert outcomes(answer) == ["accepted"] * 7
    assert (survivor(chain, FRIEND), balance(chain, MEMBER)) == (MEMBER, 306)
    assert sound(chain)
    about: dict[str, Any] = {"parted_from": MEMBER, "merge": op(6)}
    shares = ((8, FRIEND, ()), (9, MEMBER, (do.Taken(points=-30),)),
              (10, FRIEND, (do.Taken(points=30),)))  # fmt: skip
    for number, member, effects in shares:
        till.record(MembersParted(**said(number, member), **about, effects=effects))
    assert outcomes(chain.push(till, enrolled_ms=BEFORE_ENROLLED))[-3:] == ["accepted"] * 3
    assert survivor(chain, FRIEND) == FRIEND
    assert (balance(chain, MEMBER), balance(chain, FRIEND)) == (36, 270)
    assert sound(chain)
