"""Merging members: who stays, what is known of the one person, and what a parting leaves to each.

Owns: those rules, pure, for whoever is the authority. Does not own: adding accounts (account.py),
splitting what was spent (parting.py), the facts (member_fact.py), asking (app/services/merge.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol, TypeVar

import msgspec

from app.domain import effects as do
from app.domain.member import MemberStatus, PersonalData
from app.domain.months import Month
from app.domain.parting import Parting

MergeFault = Literal["same", "unknown", "frozen", "erased"]
"""same: both ids are one person already; the others say it of one of both."""


def kept_and_gone(one: str, other: str) -> tuple[str, str]:
    """Who stays is the older one by his id, never who was met first: every till says the same."""
    first, second = sorted((one, other))
    return first, second


def merge_fault(one: str, other: str, states: Mapping[str, MemberStatus]) -> MergeFault | None:
    """Why these two survivors cannot be merged; None = they can. `states`: of those known."""
    if one == other:
        return "same"
    for each in (one, other):
        state = states.get(each)
        if state is None or state == "merged":
            return "unknown"
        if state != "active":
            return state
    return None


_OWN_WORDS = ("note", "tags")
"""What the shop wrote of a member stays his, also while he is one with another: only so does a
parting, or forgetting him, take it from the other again."""


def one_person(persons: Sequence[PersonalData]) -> PersonalData:
    """What is known of one person of several records: of each field the first that has it; of
    what the shop wrote only the first one's own."""
    first, *others = persons
    fields: dict[str, object] = dict(msgspec.to_builtins(first))
    for person in others:
        for name, value in msgspec.to_builtins(person).items():
            if name not in _OWN_WORDS:
                fields.setdefault(name, value)
    return msgspec.convert(fields, PersonalData)


def words_beside(own: PersonalData, others: Iterable[PersonalData]) -> PersonalData:
    """Tags and notes the shop wrote of the others only; each once, and nothing else of them."""
    tags, notes = dict.fromkeys(own.tags), [own.note]
    for other in others:
        tags |= dict.fromkeys(other.tags)
        if other.note and all(other.note not in note for note in notes):
            notes.append(other.note)
    return PersonalData(tags=tuple(tags)[len(set(own.tags)) :], note=_BETWEEN.join(notes[1:]))


def words_together(own: PersonalData, others: Iterable[PersonalData]) -> PersonalData:
    """As it is read, never as it is kept: his own words, then those beside them."""
    beside = words_beside(own, others)
    note = _BETWEEN.join(filter(None, (own.note, beside.note)))
    return msgspec.structs.replace(own, tags=(*own.tags, *beside.tags), note=note)


_BETWEEN = " / "


@dataclass(frozen=True, slots=True)
class Share:
    """What one of both bears of what was spent while they were one. `day`: None = it has no month
    of its own and counts on the day of the parting."""

    member: str
    effects: tuple[do.Effect, ...]
    day: date | None = None


def shares_of(kept: str, gone: str, found: Parting, today: date) -> Iterator[Share]:
    """The facts of a parting: the act itself first (on `gone`), then each month of points."""
    for member, coupons in ((gone, found.used_of_gone), (kept, found.used_of_kept)):
        uses = tuple(do.CouponUsed(coupon=each) for each in coupons)
        if uses or member == gone:
            yield Share(member, uses)
    for member, packs in ((gone, found.packs_of_gone), (kept, found.packs_of_kept)):
        for each in packs:
            yield Share(member, (each.effect,), each.day)
    for month, points in sorted(found.moved.items()):
        day = min(today, Month(month).last_day)
        for member, bears in ((kept, points), (gone, -points)):
            yield Share(member, (do.Taken(points=bears),), day)


# ------------------------------------------------------------------ who is one person with whom


AnyMerge = TypeVar("AnyMerge", bound="Merge")


class Merge(Protocol):
    """A fact that made two one."""

    @property
    def member(self) -> str | None: ...
    @property
    def into(self) -> str: ...


def survivors_by(merges: Iterable[Merge]) -> dict[str, str]:
    """Whose account each merged id leads to: of those who are one the smallest."""
    survivors: dict[str, str] = {}

    def root(member: str) -> str:
        while member in survivors:
            member = survivors[member]
        return member

    for fact in merges:
        kept, *gone = sorted({root(fact.member or ""), root(fact.into)})
        survivors |= dict.fromkeys(gone, kept)
    return {member: root(member) for member in survivors}


def merge_between(merges: Sequence[AnyMerge], one: str, other: str) -> AnyMerge | None:
    """The newest merge without which these are two; None where they are two with all of them."""
    whole = survivors_by(merges)
    if whole.get(one, one) != whole.get(other, other):
        return None
    for each in reversed(merges):
        roots = survivors_by([left for left in merges if left is not each])
        if roots.get(one, one) != roots.get(other, other):
            return each
    return None
