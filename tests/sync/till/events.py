"""What a server tells a till, in the words of a shop; and questions about what became of it.

Owns: builders that name only what matters. Does not own: any test.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from app.domain.account import FoldItem, Mark, MemberAccount, account_bytes, fold
from app.domain.codes import CodeKind, random_code
from app.domain.effects import Effect, Gained, Joined
from app.domain.ids import uuid7
from app.domain.member import PersonalData
from sync.protocol import (
    Event,
    MemberConfirmed,
    MemberKey,
    Positioned,
    PullAnswer,
)
from tests.sync.till.a_till import SyncedTill
from tests.sync.till.small_server import STORE

STREAM = f"store:{STORE}"
LI_PHONE = "+8613712342468"


def told(till: SyncedTill, *events: Event, stream: str = STREAM, **more: Any) -> Any:
    """The next events of a stream arrive."""
    cursor = till.inbox.cursors().get(stream, 0)
    placed = tuple(
        Positioned(at=at, event=event) for at, event in enumerate(events, start=cursor + 1)
    )
    answer = PullAnswer(
        stream=stream, events=placed, head=cursor + len(placed), server_ms=0, server_epoch=1
    )
    return till.inbox.apply(msgspec.structs.replace(answer, **more))


def a_code(number: int) -> str:
    return random_code(CodeKind.MEMBER, 10**15 + number).text


def an_id(number: int) -> str:
    return uuid7(1_780_000_000_000 + number, number)


def account(*effects: Effect, of: str, mark: Mark | None = None) -> MemberAccount:
    return fold((FoldItem(an_id(77), of, date(2026, 9, 1), effects, mark),))


def a_member(number: int = 1, version: int = 1, **more: Any) -> MemberConfirmed:
    """单雄信 of another store, with 60 points."""
    member = an_id(number)
    person = PersonalData(phone=LI_PHONE, name="单雄信")
    fields: dict[str, Any] = {
        "member": member,
        "version": version,
        "account": account_bytes(account(Joined(), Gained(points=60, expires_in=12), of=member)),
        "cards": (a_code(number),),
        "home_store": "xujiahui",
        "profile": msgspec.json.encode(person),
        "keys": (MemberKey(member=member, key_id=f"key-{number}", secret=bytes(range(32))),),
    }
    return MemberConfirmed(**{**fields, **more})


def points_of(till: SyncedTill, member: str) -> int:
    return till.shown_points(member)


def member_of(till: SyncedTill, member_id: str) -> Any:
    return till.run(lambda work: work.members.get(member_id))


def names_found(till: SyncedTill, typed: str) -> list[str]:
    found = till.run(lambda work: work.members.search(typed, 8))
    return [member.person.name for member in found]


def holder(till: SyncedTill, card: str) -> Any:
    return till.run(lambda work: work.members.by_card(card))


def fact_of(till: SyncedTill, op_id: str) -> Any:
    return till.run(lambda work: work.facts.get(op_id))


def scalar(till: SyncedTill, question: str, *values: object) -> Any:
    return till.run(lambda work: work.connection.exec_driver_sql(question, values).scalar())
