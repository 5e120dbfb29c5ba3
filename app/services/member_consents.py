"""What a member's page tells of consents: how each purpose stands, and how it came to that.

Owns: gathering it, with the right; the time and the hand of what was done at this till. Does not
own: giving and withdrawing (consent.py), by which way and how often (message.py), words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

from app.domain.account_records import Consent
from app.domain.audit import AuditEntry
from app.domain.business_day import ShopTime, business_day
from app.domain.consent import REQUIRED, Purpose
from app.domain.message import MessageChoice
from app.domain.moment import Moment
from app.services.answers import MemberUnknown, Refusal
from app.services.member_page import Looked, look_at
from app.services.ports import UnitOfWork
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class ConsentStanding:
    """One purpose today. `day` None: he was never asked. `now`: the version of today's text."""

    purpose: Purpose
    stands: bool
    day: date | None
    version: str
    now: str
    can_end: bool


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A consent as it was given, or its end. `at_ms` 0 and `by` empty: it was not at this till.

    `stands`: it was given and not withdrawn since.
    """

    purpose: str
    given: bool
    day: date
    version: str
    stands: bool
    at_ms: int = 0
    by: str = ""


@dataclass(frozen=True, slots=True)
class MemberConsents:
    """How he stands now, and what happened, newest first."""

    member_id: str
    standing: tuple[ConsentStanding, ...]
    rows: tuple[ConsentRow, ...]
    choice: MessageChoice


def member_consents(
    *, shop: Shop, work: UnitOfWork, member_id: str
) -> MemberConsents | MemberUnknown | Refusal:
    """Every consent with its day and the version of its text. Needs the right. Changes nothing."""
    found = look_at(shop=shop, work=work, member_id=member_id)
    if not isinstance(found, Looked):
        return found
    acts = ("consent_changed", "member_joined")
    told = [row.entry for each in found.ids for row in work.audit.about(each, acts)]
    names = {person.staff_id: person.name for person in work.staff.all_staff()}
    zone = ShopTime(found.program.timezone)
    rows = [*_ended(told, names, zone), *_given(found, told, names, zone)]
    rows.sort(key=lambda row: (row.day, row.at_ms), reverse=True)
    return MemberConsents(
        found.member.member_id,
        tuple(_standing(shop, found, purpose) for purpose in get_args(Purpose)),
        tuple(rows),
        found.member.person.messages or MessageChoice(),
    )


def _standing(shop: Shop, found: Looked, purpose: Purpose) -> ConsentStanding:
    account = found.account
    ever = [(known, each) for known, each in account.consents.items() if each.purpose == purpose]
    standing = [each for known, each in ever if known not in account.withdrawn]
    latest = max((each for _, each in ever), key=_day_of, default=None)
    shown = max(standing, key=_day_of, default=latest)
    return ConsentStanding(
        purpose,
        stands=bool(standing),
        day=date.fromordinal(shown.day) if shown is not None else None,
        version=shown.text_version if shown is not None else "",
        now=shop.consent_texts[purpose].version,
        can_end=purpose not in REQUIRED,
    )


def _day_of(consent: Consent) -> int:
    return consent.day


def _given(
    found: Looked, told: Sequence[AuditEntry], names: dict[str, str], zone: ShopTime
) -> Iterator[ConsentRow]:
    """Every consent the chain knows of; where this till took it, also when and by whom."""
    for consent_id, consent in found.account.consents.items():
        day = date.fromordinal(consent.day)
        act = next(
            (each for each in told if _took(each, consent_id, consent.purpose, day, zone)), None
        )
        yield ConsentRow(
            consent.purpose,
            given=True,
            day=day,
            version=consent.text_version,
            stands=consent_id not in found.account.withdrawn,
            at_ms=act.at_ms if act is not None else 0,
            by=names.get(act.staff_id, "") if act is not None else "",
        )


def _took(entry: AuditEntry, consent_id: str, purpose: str, day: date, zone: ShopTime) -> bool:
    """Whether this act took this consent; one given with joining is named by its purpose."""
    details = dict(entry.details)
    if details.get("consent"):
        return details["consent"] == consent_id
    joined = purpose in details.get("consents", "").split(",")
    return joined and _day_at(entry.at_ms, zone) == day


def _ended(
    told: Sequence[AuditEntry], names: dict[str, str], zone: ShopTime
) -> Iterator[ConsentRow]:
    """What was withdrawn at this till; elsewhere, only the consents themselves say so."""
    for entry in told:
        details = dict(entry.details)
        if entry.action == "consent_changed" and details.get("given") == "False":
            yield ConsentRow(
                details.get("purpose", ""),
                given=False,
                day=_day_at(entry.at_ms, zone),
                version=details.get("version", ""),
                stands=False,
                at_ms=entry.at_ms,
                by=names.get(entry.staff_id, ""),
            )


def _day_at(at_ms: int, zone: ShopTime) -> date:
    return business_day(Moment(at_ms, 0, ""), zone)
