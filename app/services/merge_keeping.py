"""Merges as a shop of its own keeps them: rows and accounts of two members who are one, or not.

Owns: what the store holds after a merge and after it was taken back, also when facts are replayed.
Does not own: who may (merge.py), the facts (app/domain), a till with a head office (it is told).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import msgspec

from app.domain.account import merge
from app.domain.facts import (
    MemberJoined,
    MembersMerged,
    MembersParted,
    ProfileEditRequested,
    Sealed,
    read_fact,
)
from app.domain.ids import OpId
from app.domain.member import Member, PersonalData
from app.domain.merging import kept_and_gone, one_person
from app.services.ports import UnitOfWork
from app.services.refold import facts_of, refolded
from app.services.seating import account_of_member, survivor


def standing_merges(*, work: UnitOfWork, ids: Iterable[str]) -> list[MembersMerged]:
    """The merges of these ids that nobody took back, in the order of this till."""
    facts = [fact for _, fact in facts_of(work=work, ids=ids)]
    undone = {fact.merge for fact in facts if isinstance(fact, MembersParted)}
    return [fact for fact in facts if isinstance(fact, MembersMerged) and fact.op_id not in undone]


def take_merge(*, work: UnitOfWork, fact: MembersMerged) -> None:
    """One account under the older id; what is known of either is known of the one. What the shop
    wrote stays each one's own."""
    one = survivor(work, work.members.get(fact.member or ""))
    other = survivor(work, work.members.get(fact.into))
    if one is None or other is None or one.member_id == other.member_id:
        return
    people = {each.member_id: each for each in (one, other)}
    kept, gone = (people[each] for each in kept_and_gone(one.member_id, other.member_id))
    accounts = [account_of_member(work, each.member_id) for each in (kept, gone)]
    work.accounts.remove(gone.member_id)
    work.accounts.put(kept.member_id, merge(accounts[0], accounts[1]))
    visits = [day for day in (kept.last_visit, gone.last_visit) if day is not None]
    work.members.update(replace(gone, status="merged", merged_into=kept.member_id))
    work.members.update(
        replace(
            kept,
            person=one_person((kept.person, gone.person)),
            last_visit=max(visits) if visits else None,
        )
    )


def take_parting(*, work: UnitOfWork, device: str, fact: MembersParted) -> None:
    """Two members again, each with what the facts under his ids say; by its first fact only."""
    merged = merge_of(work=work, op_id=fact.merge)
    gone = work.members.get(merged.member or "") if merged is not None else None
    kept = survivor(work, gone)
    if gone is None or kept is None or gone.merged_into is None:
        return
    everybody = account_of_member(work, kept.member_id).includes
    work.members.update(replace(gone, status="active", merged_into=None))
    for member, ids in _sides(work, (kept, gone), everybody).items():
        work.accounts.put(member, refolded(work=work, device=device, ids=ids))
        if member == kept.member_id:
            work.members.update(
                replace(kept, person=person_without(work=work, kept=kept, gone=gone, ids=ids))
            )


def person_without(
    *, work: UnitOfWork, kept: Member, gone: Member, ids: Sequence[str]
) -> PersonalData:
    """What is known of who stayed, without what came from the other by the merge."""
    own = _said_by(work, ids)
    theirs = msgspec.to_builtins(gone.person)
    now = msgspec.to_builtins(kept.person)
    left = {name: value for name, value in now.items() if theirs.get(name) != value}
    return msgspec.convert(left | own, PersonalData)


def _sides(
    work: UnitOfWork, both: Iterable[Member], everybody: Iterable[str]
) -> dict[str, list[str]]:
    """Whose id each of these is now, by who survives."""
    sides: dict[str, list[str]] = {each.member_id: [] for each in both}
    for each in sorted(everybody):
        now = survivor(work, work.members.get(each))
        if now is not None:
            sides[now.member_id].append(each)
    return sides


def merge_of(*, work: UnitOfWork, op_id: OpId) -> MembersMerged | None:
    """The merge by its fact."""
    kept = work.facts.get(op_id)
    fact = None if kept is None else read_fact(kept.data)
    return fact if isinstance(fact, MembersMerged) else None


def _said_by(work: UnitOfWork, ids: Sequence[str]) -> dict[str, object]:
    """What members said of themselves under these ids, of each field the first of them who did."""
    said: dict[str, object] = {}
    for member_id in ids:
        fields: dict[str, object] = {}
        for _, fact in facts_of(work=work, ids=(member_id,)):
            if isinstance(fact, MemberJoined) and fact.profile is not None:
                fields |= _unsealed(work, member_id, fact.profile)
            elif isinstance(fact, ProfileEditRequested):
                fields |= _unsealed(work, member_id, fact.values)
        said = fields | said
    return said


def _unsealed(work: UnitOfWork, member_id: str, sealed: Sealed) -> dict[str, object]:
    plain = work.member_keys.unseal(member_id, sealed)
    known: dict[str, object] = {} if plain is None else msgspec.json.decode(plain)
    return known
