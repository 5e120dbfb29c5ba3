"""Joining on the customer's own phone: what he typed, what is wrong with it, what is recorded.

Owns: reading the form, its mistakes by field, the facts of a joining that the server writes.
Does not own: the effects (app.domain.joining), phone, birthday and consents (app.domain), the
page (join_page.py). A till does the same in app/services/joining.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.domain.birthday import NoSuchDay, check_birthday
from app.domain.business_day import business_day
from app.domain.codes import RANDOM_BITS, CodeKind, random_code
from app.domain.consent import REQUIRED, Purpose, give
from app.domain.fact_parts import Sealed
from app.domain.facts import ConsentChanged, Fact, MemberJoined
from app.domain.joining import join_effects
from app.domain.keyed_hash import phone_claim
from app.domain.member import MEMBER_NAME_LENGTH_MAX, BirthdayOn, PersonalData
from app.domain.moment import Moment
from app.domain.phone import (
    MOBILE_DIGITS,
    HasLetters,
    NoSuchSegment,
    Overseas,
    Phone,
    WrongLength,
    parse_phone,
)
from app.domain.program import Program
from app.domain.trial import trial_fact, welcome_trial
from app.wording import Wording
from sync.protocol import MemberKey
from sync.server.pages.ports import Pages
from sync.server.tenant import new_id

PURPOSES: tuple[Purpose, ...] = ("membership", "marketing", "profiling")
FIELD_LENGTH_MAX = 200
"""Longer texts come from no form of ours; what is kept and shown again ends here."""
NONCE_BYTES = 12
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class JoinForm:
    """What was typed and ticked, as it came. Shown again where something is wrong."""

    phone: str = ""
    name: str = ""
    salutation: str = ""
    calendar: str = "solar"
    month: str = ""
    day: str = ""
    leap_month: bool = False
    agreed: frozenset[Purpose] = frozenset()
    texts: Mapping[Purpose, str] = field(default_factory=dict)
    """By purpose, the hash of the text that stood on the page."""
    submission: str = ""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What was typed, read and found good."""

    person: PersonalData
    phone: str
    agreed: frozenset[Purpose]


def form_of(fields: Mapping[str, str]) -> JoinForm:
    """The form out of its fields; unknown ones are passed over."""
    short = {name: value[:FIELD_LENGTH_MAX] for name, value in fields.items()}
    return JoinForm(
        phone=short.get("phone", "").strip(),
        name=" ".join("".join(c for c in short.get("name", "") if c.isprintable()).split()),
        salutation=_one_of(short.get("salutation"), ("", "mr", "ms")),
        calendar=_one_of(short.get("calendar"), ("solar", "lunar")),
        month=short.get("month", ""),
        day=short.get("day", ""),
        leap_month="leap_month" in short,
        agreed=frozenset(each for each in PURPOSES if each in short),
        texts={each: short.get(f"text_{each}", "") for each in PURPOSES},
        submission=short.get("submission", ""),
    )


def _one_of(said: str | None, known: tuple[str, ...]) -> str:
    """What was chosen; the first where it is nothing one could choose."""
    return said if said in known else known[0]


def unread_texts(form: JoinForm, pages: Pages) -> frozenset[Purpose]:
    """Purposes that were ticked under another text than the one in force."""
    texts = pages.consent_texts
    return frozenset(each for each in form.agreed if form.texts.get(each) != texts[each].hash)


def check_form(form: JoinForm, pages: Pages, words: Wording) -> NewPerson | dict[str, str]:
    """A new person, or a sentence for each field that has to be mended."""
    phone = parse_phone(form.phone)
    birthday, birthday_wrong = _birthday(form, words)
    wrong: dict[str, str] = {}
    if not isinstance(phone, Phone):
        wrong["phone"] = phone_words(form.phone, phone, words)
    if len(form.name) > MEMBER_NAME_LENGTH_MAX:
        wrong["name"] = words.t(
            "A name has at most {most} characters here; please shorten it.",
            most=MEMBER_NAME_LENGTH_MAX,
        )
    if birthday_wrong:
        wrong["birthday"] = birthday_wrong
    wrong |= dict.fromkeys(
        unread_texts(form, pages),
        words.t("This text was changed a moment ago. Please read it again, then tick it."),
    )
    for purpose in REQUIRED:
        if purpose not in form.agreed:
            wrong[purpose] = words.t("Membership needs this consent. Please read it, then tick it.")
    if wrong or not isinstance(phone, Phone):
        return wrong
    person = PersonalData(phone=phone.e164, name=form.name, birthday=birthday)
    if form.salutation in ("mr", "ms"):
        person = msgspec.structs.replace(person, salutation=form.salutation)
    return NewPerson(person, phone.e164, form.agreed)


def phone_words(
    typed: str, why: WrongLength | HasLetters | NoSuchSegment | Overseas, words: Wording
) -> str:
    """What is wrong with a number, and what a good one looks like."""
    if not typed:
        return words.t("Please type your mobile number.")
    match why:
        case WrongLength(digits):
            return words.n(
                "A mobile number has {whole} digits; this one has {count}.",
                "A mobile number has {whole} digits; this one has {count}.",
                digits,
                whole=MOBILE_DIGITS,
            )
        case HasLetters(ignored):
            return words.t("A phone number has only digits; please take out {signs}", signs=ignored)
        case NoSuchSegment(begins):
            return words.t(
                "No mobile number begins with {begins}. Please check the first digits.",
                begins=begins,
            )
        case Overseas():
            return words.t("A number from abroad can be entered at the till. Please ask there.")


def _birthday(form: JoinForm, words: Wording) -> tuple[BirthdayOn | None, str]:
    """A birthday or none, and what is wrong with it."""
    if not form.month and not form.day:
        return None, ""
    if not (form.month.isascii() and form.month.isdigit() and form.day.isascii()
            and form.day.isdigit()):  # fmt: skip
        return None, words.t("Please choose month and day, or leave both open.")
    lunar = form.calendar == "lunar"
    on = BirthdayOn(
        month=int(form.month),
        day=int(form.day),
        lunar=lunar,
        leap_month=lunar and form.leap_month,
    )
    if isinstance(check_birthday(on), NoSuchDay):
        return None, words.t("This month has no such day. Please choose another one.")
    return on, ""


# ------------------------------------------------------------------ what is recorded


@dataclass(frozen=True, slots=True)
class JoiningFacts:
    """What the server writes, and the key under which the person stands in it."""

    member: str
    facts: tuple[Fact, ...]
    keys: tuple[MemberKey, ...]


def claim_of(new: NewPerson, pages: Pages) -> str:
    """The claim on the phone: what tells whether somebody is a member already."""
    return phone_claim(pages.claim_secret(), new.phone)


def joining_facts(
    new: NewPerson, pages: Pages, *, store: str, now_ms: int, referrer: str | None = None
) -> JoiningFacts:
    """The facts of a joining: what membership needs in one, what was given freely in another.

    Whoever is asked has looked: nobody holds the phone. The welcome pack is the program's.
    """

    def fresh() -> str:
        return new_id(now_ms, pages.chance)

    at = Moment(now_ms, pages.clock.monotonic_ms(), pages.boot_id, 0)
    day, member = business_day(at, pages.shop_time), fresh()
    texts, given = pages.consent_texts, sorted(new.agreed)
    effects = join_effects(
        pages.program(),
        [give(fresh(), texts[each]) for each in given if each in REQUIRED],
        phone_is_new=True,
        fresh_coupons=iter(lambda: code_of(CodeKind.COUPON, pages), ""),
    )
    sealed, key = _sealed(new.person, member, pages)
    facts: list[Fact] = [
        MemberJoined(
            op_id=fresh(), store=store, day=day, clock=at, member=member, effects=effects,
            card=code_of(CodeKind.MEMBER, pages), profile=sealed,
            claims=(claim_of(new, pages),), referrer=referrer, channel="web",
        )
    ]  # fmt: skip
    free = tuple(give(fresh(), texts[each]) for each in given if each not in REQUIRED)
    if free:
        facts.append(
            ConsentChanged(
                op_id=fresh(), store=store, day=day, clock=at, member=member, effects=free,
                channel="web",
            )
        )  # fmt: skip
    origin = {"op_id": fresh(), "store": store, "day": day, "clock": at, "member": member}
    facts += _trial(pages.program(), member, day, origin)
    return JoiningFacts(member, tuple(facts), (key,))


def _trial(program: Program, member: str, day: date, origin: dict[str, Any]) -> Iterator[Fact]:
    """The tier that a new member tries, where the program gives one."""
    trial = welcome_trial(program, member, day)
    if trial is not None:
        yield trial_fact(trial, program, origin, "welcome")


def code_of(kind: CodeKind, pages: Pages) -> str:
    """A fresh code of this kind."""
    bits = int.from_bytes(pages.chance(8), "big") >> (64 - RANDOM_BITS)
    return random_code(kind, bits).text


def _sealed(person: PersonalData, member: str, pages: Pages) -> tuple[Sealed, MemberKey]:
    """Bound to the key's id, as a till seals."""
    key_id, secret, nonce = pages.chance(8).hex(), pages.chance(SECRET_BYTES), pages.chance(12)
    plain = msgspec.json.encode(person)
    sealed = Sealed(key_id, nonce, AESGCM(secret).encrypt(nonce, plain, key_id.encode()))
    return sealed, MemberKey(member=member, key_id=key_id, secret=secret)


def today(pages: Pages) -> date:
    """The business day of the shop now."""
    at = Moment(pages.clock.wall_ms(), pages.clock.monotonic_ms(), pages.boot_id, 0)
    return business_day(at, pages.shop_time)


def without_unread(form: JoinForm, pages: Pages) -> JoinForm:
    """The form as it is shown again: nothing stays ticked that was another text."""
    return replace(form, agreed=form.agreed - unread_texts(form, pages))
