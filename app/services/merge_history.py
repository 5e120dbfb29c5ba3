"""Who else a member is: merges that stand, and requests head office has not answered or refused.

Owns: that list. Does not own: merging (merge.py), taking it back (parting.py), words (ui).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.domain.facts import MembersMerged
from app.domain.merge_fact import MergeFact, MergeRequested, PartRequested
from app.services.answers import MemberUnknown, Refusal
from app.services.desk import allowed
from app.services.merge_keeping import standing_merges
from app.services.merge_side import MergeSide, as_known
from app.services.ports import UnitOfWork
from app.services.refold import facts_of
from app.services.seating import account_of_member, survivor
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class PastMerge:
    """One other member he was, or may be. `state`: one = it stands; asked_merge, asked_part = head
    office was asked and has not answered; refused = it said no (`why`: its code).
    """

    other: MergeSide | None
    other_id: str
    state: Literal["one", "asked_merge", "asked_part", "refused"]
    day: date | None = None
    by: str = ""
    reason: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class MergesOf:
    """Everybody who is this member now, then what was asked for. `staff`: names by id."""

    rows: tuple[PastMerge, ...]
    staff: dict[str, str]


def merges_of(
    *, shop: Shop, work: UnitOfWork, member_id: str
) -> MergesOf | MemberUnknown | Refusal:
    """Who else he is, and requests about it. Needs the right to write about members."""
    refusal = allowed(shop, "member_note")
    if refusal:
        return refusal
    member = survivor(work, work.members.get(member_id))
    if member is None or member.status == "erased":
        return MemberUnknown(member_id)
    ids = account_of_member(work, member.member_id).includes
    others = sorted(ids - {member.member_id})
    merges = {fact.member: fact for fact in standing_merges(work=work, ids=ids)}
    asked = [_of_request(shop, work, fact, ids) for fact in _requests(work, ids)]
    pending = {each.other_id for each in asked if each is not None and each.state == "asked_part"}
    rows = [_standing(shop, work, each, merges.get(each)) for each in others if each not in pending]
    rows += [each for each in asked if each is not None]
    names = {person.staff_id: person.name for person in work.staff.all_staff()}
    return MergesOf(tuple(rows), names)


def _requests(work: UnitOfWork, ids: Collection[str]) -> list[MergeFact]:
    """The latest request about each other member."""
    latest: dict[str, MergeFact] = {}
    for _, fact in facts_of(work=work, ids=ids):
        if isinstance(fact, MergeRequested | PartRequested):
            latest[fact.other] = fact
    return list(latest.values())


def _of_request(
    shop: Shop, work: UnitOfWork, fact: MergeFact, ids: Collection[str]
) -> PastMerge | None:
    """None: it was done (or is about to be told), so that how they stand says it."""
    sent = work.outbox.get(fact.op_id)
    rejection = None if sent is None else sent.rejection
    is_done = (fact.other in ids) == isinstance(fact, MergeRequested)
    if is_done or sent is None or (rejection is None and sent.state != "pending"):
        return None
    asked: Literal["asked_merge", "asked_part"]
    asked = "asked_merge" if isinstance(fact, MergeRequested) else "asked_part"
    other = as_known(shop=shop, work=work, member_id=fact.other)
    return PastMerge(
        other, fact.other, "refused" if rejection else asked, fact.day, fact.staff or "",
        fact.reason, "" if rejection is None else rejection.code,
    )  # fmt: skip


def _standing(shop: Shop, work: UnitOfWork, other_id: str, fact: MembersMerged | None) -> PastMerge:
    other = as_known(shop=shop, work=work, member_id=other_id)
    if fact is None:
        return PastMerge(other, other_id, "one")
    return PastMerge(other, other_id, "one", fact.day, fact.staff or "", fact.reason)
