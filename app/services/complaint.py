"""Complaints: opening a case, and what every act on one shares.

Owns: taking a case down (who, which receipt, the words, what is wanted), its number, sealing its
words, writing a fact about it. Does not own: the acts (complaint_act.py), giving something
(compensation.py), lists and views (complaint_view.py), what facts mean (app/domain/complaint.py).
Everything works offline; the words of customers leave this file sealed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias

import msgspec

from app.domain.complaint_fact import (
    WORDS_MAX,
    CaseWords,
    Channel,
    ComplaintOpened,
)
from app.domain.complaint_rules import (
    PRIORITIES,
    Priority,
    TierStep,
    level_of,
    priority_of,
    rules_of_case,
)
from app.domain.ids import OpId
from app.domain.member import Member
from app.domain.moment import Moment
from app.domain.phone import Overseas, Phone, parse_phone
from app.domain.program import Program
from app.domain.sale import SaleSummary
from app.services.answers import MemberUnknown
from app.services.approval import ClearanceRefusal, Cleared
from app.services.audit_trail import record
from app.services.complaint_step import NoSuchComplaint as NoSuchComplaint  # noqa: PLC0414 - screens take it from here
from app.services.complaint_step import cleared_for, write_case_fact
from app.services.fact_origin import origin
from app.services.fact_writer import fact_day
from app.services.open_approval import Approval
from app.services.ports import UnitOfWork
from app.services.price_desk import judge
from app.services.seating import account_of_member, survivor
from app.services.shop import Shop

CONTACT_MAX = 100


@dataclass(frozen=True, slots=True)
class NewComplaint:
    """A case as it is taken down. One of `member_id`, `receipt` and `contact` has to be there."""

    topic: str
    text: str
    wanted: str = ""
    member_id: str | None = None
    receipt: str = ""
    """The printed number, as scanned."""
    lines: tuple[str, ...] = ()
    """Of the receipt, the ids of those it is about; none = the whole of it."""
    name: str = ""
    contact: str = ""
    """Of somebody who is no member: a phone number, an address of any messenger."""
    channel: Channel = "counter"
    priority: Priority | None = None
    """None = as his tier asks. A lower one than that is passed over."""


@dataclass(frozen=True, slots=True)
class ComplaintTaken:
    """It is open; when the first word is due stands in its view."""

    case_id: OpId
    number: str


@dataclass(frozen=True, slots=True)
class NobodyToAnswer:
    """No member, no receipt, no contact: there would be nobody to answer. Ask for one of them."""


@dataclass(frozen=True, slots=True)
class TextRefused:
    """A field is empty, or longer than `most` characters; what was typed stays."""

    field: Literal["text", "wanted", "name", "contact", "note"]
    why: Literal["empty", "too_long"]
    most: int = WORDS_MAX


@dataclass(frozen=True, slots=True)
class ContactUnclear:
    """Digits that are no phone number: `digits` of them, a mobile number has eleven."""

    digits: int


@dataclass(frozen=True, slots=True)
class NotAChoice:
    """The program in force has no such topic or cause."""

    field: Literal["topic", "cause"]
    value: str


@dataclass(frozen=True, slots=True)
class ReceiptUnknown:
    """No till of this store sold under that number; the goods' lines cannot be named."""

    receipt: str


IntakeRefused: TypeAlias = (
    NobodyToAnswer | TextRefused | ContactUnclear | NotAChoice | ReceiptUnknown | MemberUnknown
)
IntakeAnswer: TypeAlias = ComplaintTaken | IntakeRefused | ClearanceRefusal


def take_complaint(
    *, shop: Shop, work: UnitOfWork, new: NewComplaint, approval: Approval | None = None
) -> IntakeAnswer:
    """Open a case. Changes: facts, complaints, audit."""
    then = partial(take_complaint, new=new)
    cleared = cleared_for(shop, work, "complaint_handle", "", then, approval)
    if not isinstance(cleared, Cleared):
        return cleared
    sale = work.sales.by_receipt(new.receipt) if new.receipt else None
    member = _member(work, new, sale)
    refused = _refused(shop, new, sale, member)
    if refused is not None:
        return refused
    fact = _opened(shop, work, new, sale, member if isinstance(member, Member) else None)
    write_case_fact(shop, work, fact)
    details = {"topic": new.topic, "receipt": new.receipt, "number": fact.number}
    record(
        shop=shop, work=work, now=fact.clock, act="complaint_taken", subject=fact.op_id,
        details={name: value for name, value in details.items() if value},
    )  # fmt: skip
    return ComplaintTaken(fact.op_id, fact.number)


def _member(
    work: UnitOfWork, new: NewComplaint, sale: SaleSummary | None
) -> Member | MemberUnknown | None:
    """Who was named, else who bought it; under the id he goes by now."""
    wanted = new.member_id or (sale.member_id if sale is not None else None)
    found = survivor(work, work.members.get(wanted)) if wanted else None
    gone = found is None or found.status == "erased"
    if new.member_id and gone:
        return MemberUnknown(new.member_id)
    return None if gone else found


def _refused(
    shop: Shop, new: NewComplaint, sale: SaleSummary | None, member: Member | MemberUnknown | None
) -> IntakeRefused | None:
    if isinstance(member, MemberUnknown):
        return member
    if all(choice.id != new.topic for choice in shop.desk.state.program.complaints.topics):
        return NotAChoice("topic", new.topic)
    if member is None and not new.receipt and not new.contact.strip():
        return NobodyToAnswer()
    if new.receipt and sale is None and new.lines:
        return ReceiptUnknown(new.receipt)
    return (
        text_refused("text", new.text)
        or text_refused("wanted", new.wanted, may_be_empty=True)
        or text_refused("name", new.name, CONTACT_MAX, may_be_empty=True)
        or text_refused("contact", new.contact, CONTACT_MAX, may_be_empty=True)
        or _unclear(new.contact)
    )


TextField = Literal["text", "wanted", "name", "contact", "note"]


def text_refused(
    field: TextField, text: str, most: int = WORDS_MAX, *, may_be_empty: bool = False
) -> TextRefused | None:
    """Why a text cannot be kept; None = it can."""
    if not text.strip() and not may_be_empty:
        return TextRefused(field, "empty", most)
    return TextRefused(field, "too_long", most) if len(text) > most else None


def _unclear(contact: str) -> ContactUnclear | None:
    """Only what looks like a phone number is held to be one."""
    digits = [sign for sign in contact if sign.isdecimal()]
    is_number = bool(digits) and all(sign.isdecimal() or sign in " -()+" for sign in contact)
    if not is_number or isinstance(parse_phone(contact), Phone | Overseas):
        return None
    return ContactUnclear(len(digits))


def _opened(
    shop: Shop, work: UnitOfWork, new: NewComplaint, sale: SaleSummary | None, member: Member | None
) -> ComplaintOpened:
    now, program = shop.now(), shop.desk.state.program
    day, _ = fact_day(work, program, now, shop.desk.state.last_moment)
    tier = _tier_of(work, program, member, now)
    steps = [TierStep(id=each.id, response_minutes=each.response_minutes) for each in program.tiers]
    asked = next((each for each in steps if each.id == tier), steps[0]).response_minutes
    rules = program.complaints
    by_tier = priority_of(rules, asked)
    begun = origin(shop=shop, now=now, day=day, member=member.member_id if member else None)
    plain = CaseWords(
        text=new.text.strip(), wanted=new.wanted.strip(), name=new.name.strip(),
        contact=new.contact.strip(),
    )  # fmt: skip
    return ComplaintOpened(
        **begun,
        number=_number(shop, work),
        topic=new.topic,
        words=work.member_keys.seal(begun["member"] or begun["op_id"], msgspec.json.encode(plain)),
        channel=new.channel,
        sale=None if sale is None else sale.sale_id,
        receipt=new.receipt or None,
        lines=new.lines,
        tier=tier,
        priority=min(new.priority or by_tier, by_tier, key=PRIORITIES.index),
        level=level_of(rules, steps, tier),
        rules=rules_of_case(rules, zone=program.timezone, response_minutes=asked, day=day),
    )


def _tier_of(work: UnitOfWork, program: Program, member: Member | None, now: Moment) -> str | None:
    if member is None:
        return None
    account = account_of_member(work, member.member_id)
    return judge(member, account, program, now.local(program.timezone).date()).tier


def _number(shop: Shop, work: UnitOfWork) -> str:
    """ "C0702-15": store, till, how many it has taken. A restored till counts on its own."""
    here = shop.identity
    life = f"{here.epoch}." if here.epoch > 1 else ""
    prefix = f"C{here.store_number:02}{here.till_number:02}-{life}"
    return f"{prefix}{work.complaints.count_numbered(prefix) + 1}"
