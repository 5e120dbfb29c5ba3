"""Consents: the texts customers agree to, and a member's own change of mind.

Owns: reading the texts (one TOML file a purpose, every language in it), giving and withdrawing
at the till. Does not own: what a consent is (app/domain/consent.py), the words themselves
(resources/consents).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, get_args

import msgspec

from app.domain.consent import REQUIRED, ConsentText, Purpose, give, withdraw
from app.domain.effects import ConsentGiven
from app.domain.facts import ConsentChanged
from app.services.answers import Changed, MemberUnknown, Refusal
from app.services.audit_trail import record
from app.services.desk import allowed
from app.services.fact_origin import origin
from app.services.fact_writer import fact_day, write_fact
from app.services.ports import UnitOfWork
from app.services.seating import account_of_member
from app.services.shop import Shop
from app.services.standing import with_account


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"zh": "zh_CN"}):
    version: str
    zh: str
    en: str


class TextsUnreadable(Exception):
    """A text of this installation is missing or damaged: nobody could be asked to agree to it."""

    code: ClassVar[str] = "E-APP-01"

    def __init__(self, path: Path, why: Exception) -> None:
        """`why` is for the log."""
        self.file = path.name
        super().__init__(f"{self.code} {path}: {why}")


def load_consent_texts(folder: Path) -> Mapping[Purpose, ConsentText]:
    """The texts in force, one file a purpose. Raises TextsUnreadable."""
    texts: dict[Purpose, ConsentText] = {}
    for purpose in get_args(Purpose):
        path = folder / f"{purpose}.toml"
        try:
            file = msgspec.toml.decode(path.read_bytes(), type=_File)
        except (OSError, UnicodeDecodeError, msgspec.DecodeError) as error:
            raise TextsUnreadable(path, error) from error
        words = (("en", file.en.strip()), ("zh_CN", file.zh.strip()))
        texts[purpose] = ConsentText(purpose, file.version, words)
    return texts


@dataclass(frozen=True, slots=True)
class ConsentNeeded:
    """Membership cannot be without it: erasing the membership is what ends it."""

    purpose: Purpose


@dataclass(frozen=True, slots=True)
class ConsentAsBefore:
    """Nothing to change: it stands, or stands not, already."""

    purpose: Purpose


def change_consent(
    *, shop: Shop, work: UnitOfWork, member_id: str, purpose: Purpose, given: bool
) -> Changed | ConsentNeeded | ConsentAsBefore | MemberUnknown | Refusal:
    """Record a consent given or withdrawn. Changes: facts, the account, audit."""
    refusal = allowed(shop, "join_member")
    if refusal:
        return refusal
    if purpose in REQUIRED and not given:
        return ConsentNeeded(purpose)
    if work.members.get(member_id) is None:
        return MemberUnknown(member_id)
    now = shop.now()
    account = account_of_member(work, member_id)
    ended = withdraw(account, (purpose,))
    if given == (ended is not None):
        return ConsentAsBefore(purpose)
    effect = give(shop.op_id(now), shop.consent_texts[purpose]) if given else ended
    assert effect is not None, "either given now or standing before"
    state = shop.desk.state
    day, _ = fact_day(work, state.program, now, state.last_moment)
    fact = ConsentChanged(
        **origin(shop=shop, now=now, day=day, member=member_id),
        effects=(effect,),
    )
    folded = write_fact(shop=shop, work=work, fact=fact, account=account)
    if purpose == "profiling" and not given:
        work.habits.forget(account.includes | {member_id})
    version = shop.consent_texts[purpose].version
    details = {"purpose": purpose, "given": str(given), "version": version}
    if isinstance(effect, ConsentGiven):
        details["consent"] = effect.consent
    record(shop=shop, work=work, now=now, act="consent_changed", subject=member_id, details=details)
    return Changed(with_account(shop, work, member_id, folded, now))
