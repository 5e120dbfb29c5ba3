"""Consents: by purpose, with the version and the hash of the text that was agreed to.

Owns: the purposes, what stands for a text, the effects of giving and withdrawing.
Does not own: the texts (resources), asking (services), which consents stand (view.py).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from app.domain.account import MemberAccount
from app.domain.effects import ConsentGiven, ConsentsEnded

Purpose = Literal["membership", "marketing", "profiling"]
"""membership: needed to join. marketing and profiling: separate, never needed, never ticked."""

REQUIRED: tuple[Purpose, ...] = ("membership",)


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version of the words a customer agrees to, in every language they are shown in."""

    purpose: Purpose
    version: str
    texts: tuple[tuple[str, str], ...]
    """(language, words), in the order of the languages."""

    @property
    def hash(self) -> str:
        """SHA-256 over all languages: whichever was read, all of them are fixed by it."""
        digest = sha256()
        for language, words in sorted(self.texts):
            for part in (language, words):
                data = part.encode()
                digest.update(len(data).to_bytes(4, "big") + data)
        return digest.hexdigest()


def give(consent_id: str, text: ConsentText) -> ConsentGiven:
    """The effect of agreeing to a text; the id lets a withdrawal name this consent."""
    return ConsentGiven(
        consent=consent_id,
        purpose=text.purpose,
        text_version=text.version,
        text_hash=text.hash,
    )


def withdraw(account: MemberAccount, purposes: Collection[str]) -> ConsentsEnded | None:
    """End every standing consent of the purposes; None where none stands."""
    ended = sorted(
        consent_id
        for consent_id, consent in account.consents.items()
        if consent.purpose in purposes and consent_id not in account.withdrawn
    )
    return ConsentsEnded(consents=tuple(ended)) if ended else None


def refuses(account: MemberAccount, purpose: Purpose) -> bool:
    """Whether a member said no to a purpose: he withdrew it and has not agreed again.

    Somebody who was never asked has not refused.
    """
    asked = [known for known, given in account.consents.items() if given.purpose == purpose]
    return bool(asked) and all(known in account.withdrawn for known in asked)
