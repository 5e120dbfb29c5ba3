"""Joining: a new member at the till in seconds, his card and welcome pack usable at once.

Owns: what is asked, checked and recorded when somebody joins. Does not own: the look-up
(find_member.py), reading phones (phones.py), who sent him (referrer.py), consent texts
(consents.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

import msgspec

from app.domain import effects as do
from app.domain.birthday import NoSuchDay, check_birthday
from app.domain.codes import CodeKind, random_code
from app.domain.consent import REQUIRED, Purpose, give
from app.domain.facts import MemberJoined
from app.domain.member import (
    MEMBER_NAME_LENGTH_MAX,
    BirthdayOn,
    Member,
    PersonalData,
    masked_phone,
)
from app.domain.moment import Moment
from app.domain.money import ZERO, Money
from app.domain.occasions import WELCOME
from app.domain.phone import HasLetters, NoSuchSegment, Overseas, Phone, WrongLength
from app.domain.program import Program, Text
from app.domain.sale_effects import coupon_of
from app.services.answers import PaymentUnderWay, Refusal
from app.services.audit_trail import record
from app.services.desk import allowed, keep
from app.services.fact_origin import origin
from app.services.fact_writer import fact_day, fresh_coupons, write_fact
from app.services.find_member import MemberHit, MemberPutOn, hit_of, put_new_on
from app.services.phone import read_phone
from app.services.ports import UnitOfWork
from app.services.referrer import (
    ReferrerFound,
    ReferrerPassNotTaken,
    ReferrerUnknown,
    find_referrer,
)
from app.services.rule_words import rule_words
from app.services.shop import Shop
from app.services.till_state import TillState
from app.services.trial import welcome_with_trial

Channel = Literal["cashier", "customer_display", "web", "import"]


@dataclass(frozen=True, slots=True)
class NewMember:
    """What was typed and ticked. `phone` empty = an anonymous card."""

    phone: str = ""
    name: str = ""
    salutation: Literal["", "mr", "ms"] = ""
    birthday: BirthdayOn | None = None
    consents: frozenset[Purpose] = frozenset()
    referrer_card: str = ""
    channel: Channel = "cashier"
    put_on_basket: bool = True
    card: str = ""
    """A card the person has already (an import); empty = a new one."""


@dataclass(frozen=True, slots=True)
class WelcomeCoupon:
    """A coupon of the welcome pack, usable today."""

    coupon_id: str
    words: Text
    expires_days: int | None


@dataclass(frozen=True, slots=True)
class Joined:
    """A member now: show the card. `saved`: what joining took off this basket, positive."""

    state: TillState
    member_id: str
    card_code: str
    phone_masked: str | None
    welcome_points: int
    welcome: tuple[WelcomeCoupon, ...]
    saved: Money


@dataclass(frozen=True, slots=True)
class AlreadyMember:
    """Somebody has this number: use that membership."""

    hit: MemberHit


@dataclass(frozen=True, slots=True)
class PhoneRefused:
    """No mobile number: which mistake."""

    why: WrongLength | HasLetters | NoSuchSegment | Overseas


@dataclass(frozen=True, slots=True)
class BirthdayRefused:
    """There is no such day in that calendar."""

    month: int
    day: int


@dataclass(frozen=True, slots=True)
class ConsentMissing:
    """Nobody joins without having agreed to the membership's terms."""

    purpose: Purpose


@dataclass(frozen=True, slots=True)
class ReferralNeedsPhone:
    """A card without a number is won for nobody: one person could take many."""


@dataclass(frozen=True, slots=True)
class NameTooLong:
    """At most `most` characters."""

    most: int


JoinRefusal = (
    PhoneRefused
    | BirthdayRefused
    | ConsentMissing
    | ReferrerUnknown
    | ReferrerPassNotTaken
    | ReferralNeedsPhone
    | AlreadyMember
    | NameTooLong
)
JoinAnswer = Joined | JoinRefusal | Refusal


def join_member(*, shop: Shop, work: UnitOfWork, new: NewMember) -> JoinAnswer:
    """Make somebody a member and put him on the basket. Needs the right.

    Changes: members, facts, account, coupons, the basket, audit.
    """
    refusal = allowed(shop, "join_member")
    if refusal:
        return refusal
    state = shop.desk.state
    if new.put_on_basket and (state.attempt or state.basket.tenders):
        return PaymentUnderWay()
    checked = check_new_member(shop=shop, work=work, new=new)
    if not isinstance(checked, Checked):
        return checked
    now = shop.now()
    before = state.quote.total
    member, pack = write_member(shop=shop, work=work, new=new, checked=checked, now=now)
    shown: TillState | None = None
    if new.put_on_basket:
        put = put_new_on(shop=shop, work=work, member=member, now=now)
        shown = put.state if isinstance(put, MemberPutOn) else None
    saved = before - shown.totals.total if shown is not None else ZERO
    phone = member.person.phone
    return Joined(
        state=shown or keep(shop, work, state, now),
        member_id=member.member_id,
        card_code=member.card_code,
        phone_masked=masked_phone(phone) if phone else None,
        welcome_points=sum(e.points for e in pack if isinstance(e, do.OccasionGain)),
        welcome=_welcome_of(state.program, pack),
        saved=max(saved, ZERO),
    )


@dataclass(frozen=True, slots=True)
class Checked:
    """What was typed, read and found good."""

    phone: str | None
    referrer: str | None
    """His id, or the card he is known by elsewhere."""


def check_new_member(*, shop: Shop, work: UnitOfWork, new: NewMember) -> Checked | JoinRefusal:
    """Read and check what was typed; nothing is written."""
    phone: str | None = None
    if new.phone.strip():
        read = read_phone(new.phone)
        if not isinstance(read, Phone):
            return PhoneRefused(read)
        phone = read.e164
    if len(new.name.strip()) > MEMBER_NAME_LENGTH_MAX:
        return NameTooLong(MEMBER_NAME_LENGTH_MAX)
    wrong_day = check_birthday(new.birthday) if new.birthday is not None else None
    if isinstance(wrong_day, NoSuchDay):
        return BirthdayRefused(wrong_day.month, wrong_day.day)
    for purpose in REQUIRED:
        if purpose not in new.consents:
            return ConsentMissing(purpose)
    owners = work.members.by_phone(phone) if phone else ()
    if owners:
        return AlreadyMember(hit_of(owners[0], "phone"))
    if not new.referrer_card:
        return Checked(phone, None)
    if phone is None:
        return ReferralNeedsPhone()
    referrer = find_referrer(shop=shop, work=work, text=new.referrer_card)
    return Checked(phone, referrer.said) if isinstance(referrer, ReferrerFound) else referrer


def write_member(
    *, shop: Shop, work: UnitOfWork, new: NewMember, checked: Checked, now: Moment
) -> tuple[Member, tuple[do.Effect, ...]]:
    """Record a checked new member: profile, card, fact, account. Also for ready shops.

    Answers the member and the welcome pack's effects.
    """
    state = shop.desk.state
    day, _ = fact_day(work, state.program, now, state.last_moment)
    member = Member(
        member_id=shop.op_id(now),
        card_code=new.card or random_code(CodeKind.MEMBER, shop.ids.code_bits()).text,
        joined=day,
        person=PersonalData(
            phone=checked.phone,
            name=new.name.strip(),
            birthday=new.birthday,
            salutation=new.salutation,
        ),
        home_store=shop.identity.store_id,
        referrer_id=checked.referrer,
    )
    work.members.add(member)
    # Imported members were welcomed by the system they come from.
    imported = new.channel == "import"
    pack = () if imported else welcome_pack(state.program, member, fresh_coupons(shop))
    consents = [
        give(shop.op_id(now), shop.consent_texts[purpose]) for purpose in sorted(new.consents)
    ]
    fact = _joined_fact(shop, work, member, (do.Joined(), *consents, *pack), day, now, new.channel)
    write_fact(shop=shop, work=work, fact=fact)
    if not imported:
        welcome_with_trial(shop=shop, work=work, member=member, now=now, day=day)
    details = {"consents": ",".join(sorted(new.consents)), "channel": new.channel}
    subject = member.member_id
    record(shop=shop, work=work, now=now, act="member_joined", subject=subject, details=details)
    return member, pack


def _joined_fact(
    shop: Shop,
    work: UnitOfWork,
    member: Member,
    effects: tuple[do.Effect, ...],
    day: date,
    now: Moment,
    channel: Channel,
) -> MemberJoined:
    person = member.person
    claims = (work.member_keys.claim(f"phone:{person.phone}"),) if person.phone else ()
    profile = None
    if person != PersonalData():
        profile = work.member_keys.seal(member.member_id, msgspec.json.encode(person))
    return MemberJoined(
        **origin(shop=shop, now=now, day=day, member=member.member_id),
        effects=effects,
        card=member.card_code,
        profile=profile,
        claims=claims,
        referrer=member.referrer_id,
        channel=channel,
    )


def welcome_pack(program: Program, member: Member, coupons: Iterator[str]) -> tuple[do.Effect, ...]:
    """What a new member gets once. It needs a phone: anonymous cards would farm it."""
    if member.is_anonymous:
        return ()
    welcome, entry = program.welcome, program.tiers[0]
    points = (
        do.OccasionGain(occasion=WELCOME, points=welcome.points, expires_in=entry.points_months),
    )
    offers = [program.offer(offer_id) for offer_id in welcome.offers]
    given = tuple(coupon_of(offer, next(coupons), WELCOME) for offer in offers if offer is not None)
    return (*(points if welcome.points else ()), *given)


def _welcome_of(program: Program, pack: tuple[do.Effect, ...]) -> tuple[WelcomeCoupon, ...]:
    return tuple(
        WelcomeCoupon(
            effect.coupon,
            rule_words(program, effect.offer) or Text(zh=effect.offer, en=effect.offer),
            effect.days,
        )
        for effect in pack
        if isinstance(effect, do.CouponGiven)
    )
