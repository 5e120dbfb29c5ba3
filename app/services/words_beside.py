"""What the shop wrote of members who are one: each one's own words, read together.

Owns: finding them. Does not own: how they are put together (app/domain/merging.py), showing them.
Nothing of it is kept: parted, or one of them forgotten, his words are gone from the other at once.
"""

from __future__ import annotations

from dataclasses import replace

from app.domain.account import MemberAccount
from app.domain.member import Member, PersonalData
from app.domain.merging import words_together
from app.services.ports import UnitOfWork


def others_of(
    *, work: UnitOfWork, member: Member, account: MemberAccount
) -> tuple[PersonalData, ...]:
    """Whoever was merged into him, as known by himself."""
    ids = sorted(account.includes - {member.member_id})
    rows = (work.members.get(each) for each in ids)
    return tuple(row.person for row in rows if row is not None and row.status == "merged")


def with_words_beside(*, work: UnitOfWork, member: Member, account: MemberAccount) -> Member:
    """To be read only: what is written back would be his own."""
    others = others_of(work=work, member=member, account=account)
    if not others:
        return member
    return replace(member, person=words_together(member.person, others))
