"""A member's referrals at the desk: who sent him, whom he sent, what of it counts.

Owns: gathering that. Does not own: the rules (app/domain/referral.py), writing what is given
(referral_authority.py), joining (joining.py), words (ui).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.domain.account import MemberAccount
from app.domain.codes import Code, masked, parse_code
from app.domain.member import Member, masked_name
from app.domain.referral import (
    FriendMark,
    ReferralProgress,
    counted_friends,
    friend_marks,
    referral_progress,
    waiting_friends,
)
from app.services.answers import MemberUnknown, Refusal
from app.services.member_page import Looked, look_at
from app.services.member_panel import card_masked
from app.services.ports import UnitOfWork
from app.services.referral_authority import person_of
from app.services.seating import survivor
from app.services.shop import Shop

FRIENDS_MAX = 200
FriendState = Literal["joined", "waiting", "counted", "came_back", "no_number", "forgotten"]


@dataclass(frozen=True, slots=True)
class Someone:
    """Another member, masked. `name` empty: he is not known here, or was forgotten."""

    member_id: str
    name: str
    card: str = ""
    is_forgotten: bool = False


@dataclass(frozen=True, slots=True)
class FriendRow:
    """One friend. `state`: joined = no paid order that stands yet; waiting = until `counts_from`
    his first order can still come back; no_number = a card without a phone counts for nobody.
    """

    who: Someone
    joined: date | None
    state: FriendState
    counts_from: date | None = None


@dataclass(frozen=True, slots=True)
class MemberReferrals:
    """`sent_by` None: nobody sent him. `progress` None: the program gives nothing for it."""

    sent_by: Someone | None
    progress: ReferralProgress | None
    rows: tuple[FriendRow, ...]
    more: bool


def member_referrals(
    *, shop: Shop, work: UnitOfWork, member_id: str
) -> MemberReferrals | MemberUnknown | Refusal:
    """Who sent a member and whom he sent. Needs the right to write about members."""
    found = look_at(shop=shop, work=work, member_id=member_id)
    if not isinstance(found, Looked):
        return found
    sent = work.members.sent_by(found.ids, FRIENDS_MAX)
    marks = friend_marks(found.account)
    rows = [_known(each, marks, found.day) for each in sent]
    here = {each.member_id for each in sent}
    rows += [_marked(work, friend, marks[friend], found.day) for friend in marks.keys() - here]
    said = found.member.referrer_id
    return MemberReferrals(
        sent_by=_someone(work, said) if said is not None else None,
        progress=referral_progress(found.account, found.program, found.day, person_of(work=work)),
        rows=tuple(sorted(rows, key=_order, reverse=True)),
        more=len(sent) == FRIENDS_MAX,
    )


def _order(row: FriendRow) -> tuple[date, str]:
    return row.joined or date.min, row.who.member_id


def _known(friend: Member, marks: dict[str, FriendMark], day: date) -> FriendRow:
    mark, who = marks.get(friend.member_id), _named(friend)
    if mark is not None:
        return FriendRow(who, friend.joined, _state(mark, day), mark.counts_from)
    if friend.status == "erased":
        return FriendRow(who, friend.joined, "forgotten")
    return FriendRow(who, friend.joined, "no_number" if friend.is_anonymous else "joined")


def _marked(work: UnitOfWork, friend: str, mark: FriendMark, day: date) -> FriendRow:
    return FriendRow(_someone(work, friend), None, _state(mark, day), mark.counts_from)


def _state(mark: FriendMark, day: date) -> FriendState:
    if mark.came_back:
        return "came_back"
    return "waiting" if mark.counts_from > day else "counted"


def _someone(work: UnitOfWork, said: str) -> Someone:
    member = survivor(work, work.members.get(said))
    if member is not None:
        return _named(member)
    code = parse_code(said)
    return Someone(said, "", masked(code) if isinstance(code, Code) else "")


def _named(member: Member) -> Someone:
    if member.status == "erased":
        return Someone(member.member_id, "", is_forgotten=True)
    return Someone(member.member_id, masked_name(member.person.name), card_masked(member))


@dataclass(frozen=True, slots=True)
class ReferralCopy:
    """What of it belongs into a copy of his own data: numbers, for who the others are is theirs."""

    was_sent: bool
    friends_known: int
    friends_counted: int
    friends_waiting: int


def referral_copy(
    *, work: UnitOfWork, member: Member, account: MemberAccount, day: date
) -> ReferralCopy | None:
    """None: nobody sent him, and he sent nobody."""
    ids = sorted({member.member_id, *account.includes})
    one = person_of(work=work)
    found = ReferralCopy(
        was_sent=member.referrer_id is not None,
        friends_known=len(work.members.sent_by(ids, FRIENDS_MAX)),
        friends_counted=len(counted_friends(account, day, one)),
        friends_waiting=len(waiting_friends(account, day, one)),
    )
    return None if found == ReferralCopy(False, 0, 0, 0) else found
