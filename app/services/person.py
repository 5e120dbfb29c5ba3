"""The person behind an id, as the privacy room needs him: member, account, all his ids, how he is
judged today.

Owns: that, and that it takes the right. Does not own: what is done with it (erasure.py,
data_copy.py), members at the desk (member_page.py) and at the till (seating.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.account import MemberAccount
from app.domain.member import Member
from app.domain.program import Program
from app.domain.view import AccountView
from app.services.answers import MemberUnknown, Refusal
from app.services.desk import allowed, program_in_force, today
from app.services.ports import UnitOfWork
from app.services.price_desk import judge
from app.services.program import read_programs
from app.services.seating import account_of_member, survivor
from app.services.shop import Shop
from app.services.words_beside import with_words_beside


@dataclass(frozen=True, slots=True)
class Person:
    """Whose data it is."""

    member: Member
    account: MemberAccount
    whole: Member
    """With what the shop wrote of others who were merged into him."""

    @property
    def ids(self) -> tuple[str, ...]:
        """All his ids, the survivor first."""
        own = self.member.member_id
        return (own, *sorted(set(self.account.includes) - {own}))


def person_of(*, shop: Shop, work: UnitOfWork, member_id: str) -> Person | MemberUnknown | Refusal:
    """Whoever has this id, also one who was erased. Needs the right. Changes nothing."""
    refusal = allowed(shop, "manage_settings")
    return refusal or person_behind(work=work, member_id=member_id)


def person_behind(*, work: UnitOfWork, member_id: str) -> Person | MemberUnknown:
    """The same, for a calendar that nobody is signed in for."""
    member = survivor(work, work.members.get(member_id))
    if member is None:
        return MemberUnknown(member_id)
    account = account_of_member(work, member.member_id)
    return Person(member, account, with_words_beside(work=work, member=member, account=account))


def judged_today(*, shop: Shop, work: UnitOfWork, person: Person) -> tuple[AccountView, Program]:
    """How he stands, by the program in force."""
    programs = read_programs(work=work)
    day = today(programs[-1], shop.now())
    program = program_in_force(programs, day)
    return judge(person.member, person.account, program, day), program
