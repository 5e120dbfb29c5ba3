"""Taking a merge back at the desk: two members again, seen before it is done.

Owns: what each will have, asking head office or (in a shop of its own) deciding. Does not own:
splitting what was spent since (app/domain/parting.py), the rows (merge_keeping.py), words (ui).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from msgspec.structs import replace as replace_struct

from app.domain.account import FoldItem, MemberAccount, fold
from app.domain.facts import MembersMerged, MembersParted
from app.domain.member import Member
from app.domain.merge_fact import PartRequested
from app.domain.merging import Share, merge_between, shares_of, survivors_by
from app.domain.moment import Moment
from app.domain.parting import Side, part
from app.services.answers import MemberUnknown, Refusal
from app.services.audit_trail import record
from app.services.authority import is_own_authority
from app.services.desk import allowed, today
from app.services.fact_writer import write_fact
from app.services.merge import (
    REASON_LENGTH_MAX,
    MergeAsked,
    MergeRefused,
    is_rung_up,
    origin_of,
    said_by,
)
from app.services.merge_keeping import person_without, standing_merges, take_parting
from app.services.merge_side import MergeSide, as_known, side_of
from app.services.ports import UnitOfWork
from app.services.refold import refolded
from app.services.seating import account_of_member, survivor
from app.services.shop import Shop
from app.services.words_beside import with_words_beside


@dataclass(frozen=True, slots=True)
class PartPreview:
    """What each has when the merge is taken back; None: head office reckons it, since this till
    knows only its own part of what was bought. `other`: as he was known here before.
    """

    now: MergeSide
    other: MergeSide | None
    kept: MergeSide | None = None
    gone: MergeSide | None = None

    @property
    def decided_here(self) -> bool:
        return self.kept is not None


@dataclass(frozen=True, slots=True)
class Parted:
    """They are two again."""

    member_id: str
    other_id: str


PartAnswer = Parted | MergeAsked | MergeRefused | MemberUnknown | Refusal


@dataclass(frozen=True, slots=True)
class _Undo:
    """What is taken back, with both sides as they will be; the shop's own."""

    merged: MembersMerged
    kept_ids: tuple[str, ...]
    gone_ids: tuple[str, ...]


def preview_parting(
    *, shop: Shop, work: UnitOfWork, member_id: str, other_id: str
) -> PartPreview | MergeRefused | MemberUnknown | Refusal:
    """What taking the merge back does. Needs the right. Changes nothing."""
    found = _parted_of(shop, work, member_id, other_id)
    if not isinstance(found, tuple):
        return found
    member, other_id = found
    account = account_of_member(work, member.member_id)
    whole = with_words_beside(work=work, member=member, account=account)
    now = side_of(shop=shop, member=whole, account=account)
    other = as_known(shop=shop, work=work, member_id=other_id)
    undo = _undo(work, member, other_id) if is_own_authority(work=work) else None
    if undo is None:
        return PartPreview(now, other)
    return PartPreview(now, other, *_reckoned(shop, work, undo))


def part_members(
    *, shop: Shop, work: UnitOfWork, member_id: str, other_id: str, reason: str
) -> PartAnswer:
    """Take the merge back that made them one: here, or by asking head office. Needs the right.

    What was spent since is shared by what each brought. Changes: members, facts, accounts, audit.
    """
    found = _parted_of(shop, work, member_id, other_id)
    if not isinstance(found, tuple):
        return found
    member, other_id = found
    if not reason.strip():
        return MergeRefused("reason")
    now, why = shop.now(), reason.strip()[:REASON_LENGTH_MAX]
    if not is_own_authority(work=work):
        fact = PartRequested(
            **origin_of(shop=shop, work=work, member=member, now=now), other=other_id, reason=why
        )
        write_fact(shop=shop, work=work, fact=fact)
        record(shop=shop, work=work, now=now, act="parting_asked", subject=member.member_id)
        return MergeAsked(member.member_id)
    undo = _undo(work, member, other_id)
    if undo is None:
        return MergeRefused("not_merged")
    _part(shop, work, undo, why, now)
    details = {"other": undo.gone_ids[0]}
    record(
        shop=shop, work=work, now=now, act="members_parted", subject=undo.kept_ids[0],
        details=details,
    )  # fmt: skip
    return Parted(undo.kept_ids[0], undo.gone_ids[0])


def _parted_of(
    shop: Shop, work: UnitOfWork, member_id: str, other_id: str
) -> tuple[Member, str] | MergeRefused | MemberUnknown | Refusal:
    """Who they are now, and the one of both ids that is not his."""
    refusal = allowed(shop, "manage_settings")
    if refusal:
        return refusal
    member = survivor(work, work.members.get(member_id))
    if member is None or member.status == "erased":
        return MemberUnknown(member_id)
    other = member_id if other_id == member.member_id else other_id
    if other not in account_of_member(work, member.member_id).includes - {member.member_id}:
        return MergeRefused("not_merged")
    return (
        MergeRefused("in_basket")
        if is_rung_up(work=work, members=(member.member_id,))
        else (member, other)
    )


def _undo(work: UnitOfWork, member: Member, other_id: str) -> _Undo | None:
    ids = account_of_member(work, member.member_id).includes
    merges = standing_merges(work=work, ids=ids)
    found = merge_between(merges, member.member_id, other_id)
    if found is None:
        return None
    left = survivors_by([each for each in merges if each is not found])
    gone_root = left.get(found.member or "", found.member or "")
    gone = sorted(each for each in ids if left.get(each, each) == gone_root)
    kept = sorted(set(ids) - set(gone))
    return _Undo(found, tuple(kept), tuple(gone))


def _shares(shop: Shop, work: UnitOfWork, undo: _Undo, now: Moment) -> list[Share]:
    """What each bears of what was spent since."""
    device, at = shop.identity.device, work.facts.get(undo.merged.op_id)
    kept, gone = (
        Side(
            refolded(work=work, device=device, ids=ids, until=at),
            refolded(work=work, device=device, ids=ids),
        )
        for ids in (undo.kept_ids, undo.gone_ids)
    )
    found = part(kept, gone, undo.merged.day)
    day = today(shop.desk.state.program, now)
    return list(shares_of(undo.kept_ids[0], undo.gone_ids[0], found, day))


def _reckoned(shop: Shop, work: UnitOfWork, undo: _Undo) -> list[MergeSide]:
    """Both as they will be, who stayed first."""
    shares = _shares(shop, work, undo, shop.now())
    kept, gone = (work.members.get(ids[0]) for ids in (undo.kept_ids, undo.gone_ids))
    assert kept is not None and gone is not None, "they were found a moment ago"
    apart = replace(kept, person=person_without(work=work, kept=kept, gone=gone, ids=undo.kept_ids))
    sides = []
    for row, ids in ((apart, undo.kept_ids), (gone, undo.gone_ids)):
        account = _account_with(shop, work, ids, shares)
        whole = with_words_beside(work=work, member=row, account=account)
        sides.append(side_of(shop=shop, member=whole, account=account))
    return sides


def _account_with(
    shop: Shop, work: UnitOfWork, ids: Sequence[str], shares: Sequence[Share]
) -> MemberAccount:
    """What the facts under these ids say, and what he will bear."""
    day = today(shop.desk.state.program, shop.now())
    items = [
        FoldItem(str(place), share.member, share.day or day, share.effects)
        for place, share in enumerate(shares)
        if share.member == ids[0]
    ]
    return fold(items, base=refolded(work=work, device=shop.identity.device, ids=ids))


def _part(shop: Shop, work: UnitOfWork, undo: _Undo, reason: str, now: Moment) -> None:
    kept_id = undo.kept_ids[0]
    for share in _shares(shop, work, undo, now):
        member = work.members.get(share.member)
        assert member is not None, "he was found a moment ago"
        fact = MembersParted(
            **origin_of(shop=shop, work=work, member=member, now=now),
            parted_from=kept_id, merge=undo.merged.op_id, approved_by=said_by(shop=shop),
            reason=reason, effects=share.effects,
        )  # fmt: skip
        fact = fact if share.day is None else replace_struct(fact, day=share.day)
        write_fact(shop=shop, work=work, fact=fact)
        take_parting(work=work, device=shop.identity.device, fact=fact)
