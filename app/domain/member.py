"""Members: the person behind the card, as the till keeps him.

Owns: the profile record, cards, what a look-up shows of a member, masking.
Does not own: points, coupons and tier (account.py, view.py), consents (consent.py), what he may be
sent (message.py), searching (a repository). In facts all of this stands only sealed under the
member's key.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import msgspec

from app.domain.message import MessageChoice

MemberStatus = Literal["active", "frozen", "merged", "erased"]
MEMBER_NAME_LENGTH_MAX = 40


class BirthdayOn(msgspec.Struct, frozen=True, omit_defaults=True):
    """A birthday without its year. `lunar`: month and day of the Chinese calendar."""

    month: int
    day: int
    lunar: bool = False
    leap_month: bool = False


class PersonalData(msgspec.Struct, frozen=True, omit_defaults=True):
    """What identifies a person: sealed in facts, in plain columns only inside the till's file."""

    phone: str | None = None
    """E.164: "+8613800138000"."""
    name: str = ""
    birthday: BirthdayOn | None = None
    note: str = ""
    """What helps to serve ("allergic to nuts")."""
    salutation: Literal["", "mr", "ms"] = ""
    email: str = ""
    messages: MessageChoice | None = None
    """How he wants to hear of the shop; None = he chose nothing."""
    tags: tuple[str, ...] = ()
    """Words of the shop's own by which members are found ("tea lover")."""
    account_manager: str = ""
    """Who of the shop looks after him, as the shop calls him."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member as the till keeps him; `card_code` is the card in use (a CodeKind.MEMBER text)."""

    member_id: str
    card_code: str
    joined: date
    person: PersonalData = field(default_factory=PersonalData)
    status: MemberStatus = "active"
    merged_into: str | None = None
    phone_verified: bool = False
    home_store: str = ""
    referrer_id: str | None = None
    """Who sent him: a member's id, or his card where only head office knows whose it is."""
    last_visit: date | None = None

    @property
    def is_anonymous(self) -> bool:
        return self.person.phone is None

    @property
    def tags(self) -> tuple[str, ...]:
        return self.person.tags

    @property
    def account_manager(self) -> str:
        return self.person.account_manager


@dataclass(frozen=True, slots=True)
class CardHolder:
    """Whose card it is; a card that was replaced still finds its member, but no longer serves."""

    member_id: str
    in_use: bool


def masked_phone(phone: str) -> str:
    """A phone as screens show it: "138****8000" in China, else the last four digits."""
    if phone.startswith("+86") and len(phone) == 14:
        return f"{phone[3:6]}****{phone[-4:]}"
    return f"****{phone[-4:]}"


def masked_name(name: str) -> str:
    """A name as screens and paper show it, of members and staff alike; empty stays empty.

    Names with blanks show their first word ("Zhang San" -> "Zhang *"), other Latin names their
    first letter ("Ann" -> "A***"), Han names their first character and the last of three or more.
    """
    text = name.strip()
    if " " in text:
        return f"{text.split()[0]} *"
    if len(text) <= 1:
        return text
    if text.isascii():
        return f"{text[0]}***"
    return f"{text[0]}*" if len(text) == 2 else f"{text[0]}*{text[-1]}"
