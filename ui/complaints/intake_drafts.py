"""Intake drafts: forms that were left half filled, each with whom it was about.

Owns: which of them an opening of the form gets back. Does not own: keeping them (drafts.py), the
form (intake.py). One customer's words never come up over another's.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ui.complaints.drafts import Drafts
from ui.complaints.intake_view import Intake

LEFT, LAST = "intake", "intake last"


@dataclass(frozen=True, slots=True)
class About:
    """Whom a case is about, as far as it is known; both empty: nobody was named yet."""

    receipt: str = ""
    member_id: str = ""

    @property
    def is_nobody(self) -> bool:
        return not (self.receipt or self.member_id)

    def is_asked_by(self, opened: About) -> bool:
        """Whether a form opened about `opened` goes on with this. The receipt says more."""
        if opened.receipt:
            return self.receipt == opened.receipt
        return self.member_id == opened.member_id if opened.member_id else self.is_nobody

    def is_same_customer(self, other: About) -> bool:
        """Whether the words about one may stand in the case of the other."""
        if self.member_id and other.member_id:
            return self.member_id == other.member_id
        return self.is_nobody or (bool(self.receipt) and self.receipt == other.receipt)


@dataclass(frozen=True, slots=True)
class LeftIntake:
    """What was typed and whom it was about."""

    filled: Intake
    about: About = field(default_factory=About)


class LeftIntakes:
    """Of one window, by who typed."""

    def __init__(self, drafts: Drafts, staff_id: str) -> None:
        self._drafts, self._staff = drafts, staff_id

    def leave(self, left: LeftIntake) -> None:
        """One of each; it is the last one now."""
        self.forget(left.about)
        self._drafts.keep(self._staff, LEFT, (*self._all(), left))
        self._drafts.keep(self._staff, LAST, left)

    def take(self, opened: About) -> LeftIntake | None:
        """What was left about them; about nobody: what was left last, whomever it was about, until
        somebody empties it. It is taken out."""
        last = self._drafts.take(self._staff, LAST) if opened.is_nobody else None
        kept = self._all()
        found = last if last in kept else None
        for each in kept if found is None else ():
            if each.about.is_asked_by(opened):
                found = each
        if found is not None:
            self.forget(found.about)
        return found

    def forget(self, about: About) -> None:
        """It was taken down."""
        rest = tuple(each for each in self._all() if each.about != about)
        self._drafts.keep(self._staff, LEFT, rest)

    def _all(self) -> tuple[LeftIntake, ...]:
        kept: tuple[LeftIntake, ...] = self._drafts.take(self._staff, LEFT) or ()
        self._drafts.keep(self._staff, LEFT, kept)
        return kept
