"""Messages at the till: what a member was sent, and how he wants to hear of the shop.

Owns: showing both, changing his choice, asking head office. Does not own: the choice itself
(app/domain/message.py), his consent to messages at all (consent.py), sending (the server's).
A choice is a part of his profile: it works offline, and reaches head office with his other fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.domain.member import masked_phone
from app.domain.message import CAP_MAX, EMAIL_LENGTH_MAX, Channel, MessageChoice
from app.domain.message_record import MessageRecord, MessagesAnswer
from app.domain.view import standing_consents
from app.services.answers import Changed, MemberUnknown, Refusal
from app.services.desk import allowed
from app.services.member_panel import card_masked
from app.services.ports import UnitOfWork
from app.services.profile import ProfileEdit, edit_profile
from app.services.seating import account_of_member
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class MemberMessages:
    """What the till knows of a member's messages; his addresses masked."""

    member_id: str
    card_masked: str
    agrees: bool
    """Without his consent to messages none is ever sent, whatever he chose."""
    phone_masked: str
    email_masked: str
    choice: MessageChoice
    records: tuple[MessageRecord, ...]
    asked_ms: int | None
    """As of when head office told; None = it was never asked."""


def member_messages(
    *, shop: Shop, work: UnitOfWork, member_id: str
) -> MemberMessages | MemberUnknown | Refusal:
    """A member's choice, and what was told of his messages last. Needs the right of his page.
    Changes nothing."""
    refusal = allowed(shop, "member_note")
    if refusal:
        return refusal
    member = work.members.get(member_id)
    if member is None:
        return MemberUnknown(member_id)
    person, told = member.person, work.messages.of(member_id)
    records, asked_ms = told if told is not None else ((), None)
    return MemberMessages(
        member_id=member_id,
        card_masked=card_masked(member),
        agrees="marketing" in standing_consents(account_of_member(work, member_id)),
        phone_masked=masked_phone(person.phone) if person.phone else "",
        email_masked=masked_email(person.email),
        choice=person.messages or MessageChoice(),
        records=records,
        asked_ms=asked_ms,
    )


def ask_messages(*, shop: Shop, member_id: str) -> MessagesAnswer | Refusal:
    """Ask head office; what it tells is in the store then. Needs the right of his page. Slow:
    outside the lane."""
    refusal = allowed(shop, "member_note")
    if refusal:
        return refusal
    return shop.server.messages(member_id)


def masked_email(email: str) -> str:
    """`w***@mail.example`; empty stays empty."""
    name, _, host = email.rpartition("@")
    return f"{name[:1]}***@{host}" if host else ""


@dataclass(frozen=True, slots=True)
class EmailRefused:
    """No mail could go there."""

    email: str


@dataclass(frozen=True, slots=True)
class MostRefused:
    """A number of messages in 30 days that is none."""

    most: int = CAP_MAX


ChoiceAnswer = Changed | EmailRefused | MostRefused | MemberUnknown | Refusal


def choose_messages(
    *,
    shop: Shop,
    work: UnitOfWork,
    member_id: str,
    choice: MessageChoice,
    email: str | None = None,
) -> ChoiceAnswer:
    """Keep how a member wants to hear of the shop; `email`: None = as before, empty = none.

    Changes: members, facts, audit; the seated member.
    """
    refusal = allowed(shop, "join_member")
    if refusal:
        return refusal
    wanted = None if email is None else email.strip()
    if wanted and not is_email(wanted):
        return EmailRefused(wanted)
    if choice.most is not None and not 0 <= choice.most <= CAP_MAX:
        return MostRefused()
    edit = ProfileEdit(email=wanted, messages=choice)
    answer = edit_profile(shop=shop, work=work, member_id=member_id, edit=edit)
    assert isinstance(answer, Changed | MemberUnknown | Refusal), "it was checked"
    return answer


def is_email(text: str) -> bool:
    """Whether it looks like an address at all; only sending shows whether somebody reads there."""
    name, _, host = text.rpartition("@")
    return bool(
        name
        and "." in host.strip(".")
        and text.isascii()
        and text.isprintable()
        and not set(text) & set(' ,;<>()"')
        and "@" not in name
        and len(text) <= EMAIL_LENGTH_MAX
    )


Way = Literal["both", "sms", "email", "none"]
WAYS: dict[Way, tuple[Channel, ...]] = {
    "both": ("sms", "email"), "sms": ("sms",), "email": ("email",), "none": (),
}  # fmt: skip


def way_of(choice: MessageChoice) -> Way:
    """Which of the ways that a till offers it is."""
    has = set(choice.channels)
    if len(has) == 2:
        return "both"
    return next((way for way, channels in WAYS.items() if set(channels) == has), "both")
