"""Join view model: what was typed, and the new card, as texts. Pure: no Qt, no service.

Owns: reading a typed birthday, the sentence beside each field, what joining saved.
Does not own: checking and recording (services/joining.py), consent texts (resources/consents).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from app.domain.consent import ConsentText
from app.domain.member import BirthdayOn
from app.domain.money import Money
from app.domain.phone import (
    MOBILE_DIGITS,
    HasLetters,
    NoSuchSegment,
    Overseas,
    Phone,
    WrongLength,
    parse_phone,
)
from app.services.find_member import MemberHit
from app.services.joining import (
    BirthdayRefused,
    ConsentMissing,
    Joined,
    NameTooLong,
    PhoneRefused,
    ReferralNeedsPhone,
)
from app.services.referrer import ReferrerFound, ReferrerPassNotTaken, ReferrerUnknown
from app.services.till_state import TillState
from app.wording import Wording
from ui import formatting, phrases
from ui.phrases import FigureLine

JoinField = Literal["phone", "name", "birthday", "referrer", "consent"]
_MEMBER_KINDS = ("member_price", "tier", "campaign", "coupon", "points_price")
_MONTH_DAY = re.compile(r"\s*(\d{1,2})\D+(\d{1,2})\D*")
_FOUR_DIGITS = re.compile(r"\s*(\d{2})(\d{2})\s*")


@dataclass(frozen=True, slots=True)
class NotADay:
    """The text is no month and day."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong, and beside which field it stands."""

    field: JoinField
    sentence: str


@dataclass(frozen=True, slots=True)
class CardView:
    """The right side once the person is a member."""

    code: str
    spoken: str
    hint: str
    saved_label: str
    saved: str
    rows: tuple[FigureLine, ...]


def read_birthday(text: str, *, lunar: bool) -> BirthdayOn | NotADay | None:
    """`6-18`, `6月18日`, `0618`; None: nothing was typed."""
    if not text.strip():
        return None
    found = _FOUR_DIGITS.fullmatch(text) or _MONTH_DAY.fullmatch(text)
    if found is None:
        return NotADay()
    return BirthdayOn(int(found[1]), int(found[2]), lunar)


def phone_error(text: str, wording: Wording) -> str:
    """What is wrong with a typed number; empty: it may be one, or nothing was typed."""
    if not text.strip():
        return ""
    read = parse_phone(text)
    return "" if isinstance(read, Phone | Overseas) else _phone_sentence(read, wording)


def _phone_sentence(
    why: WrongLength | HasLetters | NoSuchSegment | Overseas, wording: Wording
) -> str:
    match why:
        case WrongLength(digits):
            return wording.n(
                "A mobile number has {whole} digits; this one has {count}.",
                "A mobile number has {whole} digits; this one has {count}.",
                digits,
                whole=MOBILE_DIGITS,
            )
        case HasLetters():
            return wording.t("Only digits; numbers from abroad begin with +.")
        case NoSuchSegment(begins):
            return wording.t("No mobile number begins with {begins}.", begins=begins)
        case Overseas():
            return wording.t("This number is not complete. Numbers from abroad begin with +.")


def error_of(answer: object, wording: Wording) -> FieldError | None:
    """Beside which field an answer belongs; None: it is about no field."""
    t = wording.t
    match answer:
        case PhoneRefused(why):
            return FieldError("phone", _phone_sentence(why, wording))
        case NameTooLong(most):
            return FieldError("name", t("At most {count} characters", count=most))
        case BirthdayRefused(month, day):
            return FieldError(
                "birthday",
                t("There is no day {month}-{day} in that calendar.", month=month, day=day),
            )
        case ReferrerUnknown() | ReferrerPassNotTaken() | ReferralNeedsPhone():
            return FieldError("referrer", _no_referrer(answer, wording))
        case ConsentMissing():
            return FieldError("consent", t("Ask the customer first, then tick it."))
        case _:
            return None


def _no_referrer(
    why: ReferrerUnknown | ReferrerPassNotTaken | ReferralNeedsPhone, wording: Wording
) -> str:
    match why:
        case ReferrerUnknown():
            return wording.t("This code belongs to no active member.")
        case ReferrerPassNotTaken("expired"):
            return wording.t("This code has run out. The friend opens the card again and shows it.")
        case ReferrerPassNotTaken():
            return wording.t("This code cannot be read here. Scan the friend's card instead.")
        case ReferralNeedsPhone():
            return wording.t(
                "A friend counts with a phone number only. Type it, or take this code out."
            )


def referrer_sentence(found: ReferrerFound, wording: Wording) -> str:
    """Who sent the customer, and how far that brings him."""
    t, progress = wording.t, found.progress
    if not found.is_known:
        return t("Not known at this till; head office finds out whose code it is.")
    if progress is None:
        return t("Sent by {name}", name=found.name_masked)
    if progress.is_full:
        return wording.n(
            "Sent by {name}, who had this year's {count} reward already",
            "Sent by {name}, who had all {count} rewards of this year already",
            progress.per_year,
            name=found.name_masked,
        )
    if progress.next_step is None:
        return t("Sent by {name}", name=found.name_masked)
    return wording.n(
        "Sent by {name}: {count} more friend for the next gift",
        "Sent by {name}: {count} more friends for the next gift",
        progress.missing,
        name=found.name_masked,
    )


def known_sentence(hit: MemberHit, wording: Wording) -> str:
    """Whose number it is already; the key that uses it."""
    who = hit.name_masked or hit.card_masked
    return wording.t("Already a member: {who}. Enter uses it.", who=who)


def consent_note(text: ConsentText | None, wording: Wording, given_at: str = "") -> str:
    """`第 3 版 · 18:02 当面同意`."""
    if text is None:
        return ""
    version = wording.t("Version {version}", version=text.version)
    if not given_at:
        return version
    agreed = wording.t("agreed at the counter at {time}", time=given_at)
    return f"{version}{phrases.SEPARATOR}{agreed}"


def consent_words(text: ConsentText | None, wording: Wording) -> str:
    """The text to be read out, in the language of the moment."""
    if text is None:
        return ""
    by_language = dict(text.texts)
    return by_language.get(wording.language, by_language.get("en", ""))


def card_view(joined: Joined, state: TillState, wording: Wording) -> CardView:
    """The card on the screen, and what it did to this basket at once."""
    t, currency = wording.t, state.program.currency
    rows = [
        FigureLine(
            phrases.adjustment_name(row, state.rules, wording),
            formatting.figure(row.amount, currency=currency),
            is_saving=True,
        )
        for row in state.totals.rows
        if row.kind in _MEMBER_KINDS and row.amount.minor < 0
    ]
    if not rows:
        rows = [
            FigureLine(t("Welcome gift {name}", name=phrases.words(coupon.words, wording)), "")
            for coupon in joined.welcome
        ]
    if joined.welcome_points:
        points = formatting.points(joined.welcome_points, signed=True)
        rows.append(FigureLine(t("Welcome points"), points))
    if state.totals.points_earned:
        points = formatting.points(state.totals.points_earned, signed=True)
        rows.append(FigureLine(t("Points of this sale"), points))
    return CardView(
        code=joined.card_code,
        spoken=formatting.spaced_code(joined.card_code),
        hint=t("The customer photographs it and shows it next time"),
        saved_label=t("Saved on this sale"),
        saved=formatting.figure(Money(-joined.saved.minor), currency=currency)
        if joined.saved.minor
        else "",
        rows=tuple(rows),
    )
