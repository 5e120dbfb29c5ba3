"""After a breach: the members to tell, and what can be told of each.

Owns: whose data lay on this till, or was touched here in a time, as rows for a file, with a trace
that it was made. Does not own: writing the file (ui), telling anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Literal

from app.domain.member import Member, PersonalData, masked_name, masked_phone
from app.services.answers import Refusal
from app.services.audit_trail import record
from app.services.desk import allowed
from app.services.ports import Lane, UnitOfWork
from app.services.seating import survivor
from app.services.shop import Shop

Whose = Literal["on_this_till", "in_period"]
"""on_this_till: everybody whose data lies in this till's file. in_period: who joined or was here
in those days."""
MEMBERS_A_UNIT = 500
_FIELDS = ("phone", "email", "name", "birthday", "note", "salutation", "tags")


@dataclass(frozen=True, slots=True)
class BreachAsked:
    """What to list. `since`, `until`: both days included, for in_period. `in_full`: with whole
    numbers and names, for whoever has to call them."""

    whose: Whose
    since: date | None = None
    until: date | None = None
    in_full: bool = False


@dataclass(frozen=True, slots=True)
class BreachRow:
    """One member to tell. `had`: what of him lay here, by field."""

    member_id: str
    name: str
    phone: str
    joined: date
    last_visit: date | None
    had: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BreachList:
    """Those to tell; `unreachable`: members among them of whom no number is known."""

    asked: BreachAsked
    rows: tuple[BreachRow, ...]
    unreachable: int


@dataclass(frozen=True, slots=True)
class PeriodWrong:
    """A period ends before it begins, or one of its days is missing."""


def list_breach(
    *, shop: Shop, lane: Lane, asked: BreachAsked
) -> BreachList | PeriodWrong | Refusal:
    """Who has to be told. Needs the right. Off the lane thread. Changes: audit."""
    if asked.whose == "in_period" and (
        asked.since is None or asked.until is None or asked.until < asked.since
    ):
        return PeriodWrong()
    refusal = lane.run(lambda work: _begin(shop, work, asked))
    if refusal:
        return refusal
    rows: list[BreachRow] = []
    merged: dict[str, set[str]] = {}
    after = ""
    while True:
        page, into = lane.run(partial(_page, after))
        rows += (_row(each, asked) for each in _concerned(page, asked))
        for survivor_id, person in into:
            merged.setdefault(survivor_id, set()).update(_had(person))
        if len(page) < MEMBERS_A_UNIT:
            break
        after = page[-1].member_id
    rows = [_with_merged(row, merged.get(row.member_id, set())) for row in rows]
    return BreachList(asked, tuple(rows), sum(not row.phone for row in rows))


def _page(after: str, work: UnitOfWork) -> tuple[Sequence[Member], list[tuple[str, PersonalData]]]:
    """The next members; and who of them was merged into whom: what the shop wrote is his own."""
    page = work.members.page(after, MEMBERS_A_UNIT)
    merged = ((survivor(work, each), each.person) for each in page if each.status == "merged")
    return page, [(one.member_id, person) for one, person in merged if one is not None]


def _with_merged(row: BreachRow, more: set[str]) -> BreachRow:
    had = tuple(name for name in _FIELDS if name in more or name in row.had)
    return replace(row, had=had)


def _begin(shop: Shop, work: UnitOfWork, asked: BreachAsked) -> Refusal | None:
    """The trace comes first: nobody carries the list away without it."""
    refusal = allowed(shop, "manage_settings")
    if refusal:
        return refusal
    details = {"whose": asked.whose, "in_full": str(asked.in_full)}
    if asked.whose == "in_period":
        details |= {"since": str(asked.since), "until": str(asked.until)}
    record(shop=shop, work=work, now=shop.now(), act="breach_listed", details=details)
    return None


def _concerned(page: Iterable[Member], asked: BreachAsked) -> Iterable[Member]:
    for member in page:
        if member.status in ("erased", "merged"):
            continue
        if asked.whose == "on_this_till" or _was_here(member, asked):
            yield member


def _was_here(member: Member, asked: BreachAsked) -> bool:
    """By the days there are: an earlier visit than the last one stands in facts alone."""
    assert asked.since is not None
    assert asked.until is not None
    last = member.last_visit or member.joined
    return member.joined <= asked.until and last >= asked.since


def _row(member: Member, asked: BreachAsked) -> BreachRow:
    person = member.person
    phone = person.phone or ""
    return BreachRow(
        member.member_id,
        person.name if asked.in_full else masked_name(person.name),
        phone if asked.in_full or not phone else masked_phone(phone),
        member.joined,
        member.last_visit,
        _had(person),
    )


def _had(person: PersonalData) -> tuple[str, ...]:
    return tuple(name for name in _FIELDS if getattr(person, name))
