"""Member look-up view model: what was found, or why nothing was, as texts. Pure: no Qt.

Owns: rows of the result list, the sentence under the field, what Enter does.
Does not own: searching (services/find_member.py), masking (domain/member.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.domain.phone import MOBILE_DIGITS
from app.services.find_member import (
    FindAnswer,
    MemberHit,
    MembersFound,
    NobodyFound,
    PhoneIncomplete,
    TypeMore,
)
from app.services.till_state import TillState
from app.wording import Wording
from ui import formatting, phrases

LAST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class HitView:
    """One person: enough to tell two apart, nothing more."""

    name: str
    detail: str
    visited: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nobody was put on the basket. `of_marked`: the marked person, who would be again."""

    sentence: str
    of_marked: bool


@dataclass(frozen=True, slots=True)
class LookUpView:
    """The dialog."""

    title: str
    member: str
    """Who is on the basket now; empty: nobody."""
    remove_label: str
    hits: tuple[HitView, ...]
    current: int
    sentence: str
    tone: Literal["text_secondary", "danger", "warning"]
    take_label: str
    """What Enter does with the marked person; empty: nobody is marked."""
    can_take: bool
    """False: he was refused, and would be again."""
    join_label: str
    enter: Literal["choose", "join", "nothing"]
    to_begin: str
    """What to do while nothing was looked for yet; it stands where the people will."""


def present(
    answer: FindAnswer | None,
    state: TillState,
    wording: Wording,
    *,
    typed: str,
    current: int,
    today: date,
    was_committed: bool,
    refusal: Refusal | None = None,
) -> LookUpView:
    """`was_committed`: Enter was pressed, so an incomplete number is a mistake by now."""
    t = wording.t
    hits = answer.hits if isinstance(answer, MembersFound) else ()
    sentence, tone = _sentence(answer, typed, wording, was_committed=was_committed)
    member = state.member
    enter: Literal["choose", "join", "nothing"] = "choose" if hits else "nothing"
    if isinstance(answer, NobodyFound):
        enter = "join"
    return LookUpView(
        title=t("Member"),
        member=_on_basket(state, wording) if member is not None else "",
        remove_label=t("Take off this sale") if member is not None else "",
        hits=tuple(_hit(hit, today, wording) for hit in hits),
        current=min(current, len(hits) - 1) if hits else -1,
        sentence=refusal.sentence if refusal is not None else sentence,
        tone="danger" if refusal is not None else tone,
        take_label=t("Use for this sale") if hits else "",
        can_take=refusal is None or not refusal.of_marked,
        join_label=t("Not found? Join") if typed else t("Join"),
        enter=enter,
        to_begin=t("Scan the member code, or look up the phone number.") if not typed else "",
    )


def _on_basket(state: TillState, wording: Wording) -> str:
    member = state.member
    assert member is not None, "asked for the member of a basket that has one"
    tier = phrases.words(member.tier_words, wording)
    known = member.phone_masked or member.card_masked
    return phrases.SEPARATOR.join(part for part in (member.name_masked, tier, known) if part)


def _hit(hit: MemberHit, today: date, wording: Wording) -> HitView:
    detail = phrases.SEPARATOR.join(part for part in (hit.phone_masked, hit.card_masked) if part)
    return HitView(
        name=hit.name_masked or wording.t("No name"),
        detail=detail,
        visited=visited(hit.last_visit, today, wording),
    )


def visited(last: date | None, today: date, wording: Wording) -> str:
    """`18 天前来过`; two people of one name are told apart by it."""
    if last is None:
        return wording.t("Never here yet")
    days = (today - last).days
    if days <= 0:
        return wording.t("Here today")
    if days > 365:
        return wording.t("Last here {day}", day=formatting.day(last))
    return wording.n("Last here {count} day ago", "Last here {count} days ago", days)


def _sentence(
    answer: FindAnswer | None, typed: str, wording: Wording, *, was_committed: bool
) -> tuple[str, Literal["text_secondary", "danger", "warning"]]:
    t = wording.t
    match answer:
        case MembersFound(_, more) if more:
            return t("There are more: type another digit or letter."), "text_secondary"
        case MembersFound():
            return t("↑ ↓ to choose, Enter to take"), "text_secondary"
        case PhoneIncomplete(digits):
            sentence = wording.n(
                "A mobile number has {whole} digits; this one has {count}.",
                "A mobile number has {whole} digits; this one has {count}.",
                digits,
                whole=MOBILE_DIGITS,
            )
            is_wrong = was_committed or digits > MOBILE_DIGITS
            return sentence, "danger" if is_wrong else "text_secondary"
        case NobodyFound(_, phone, only_here=True) if phone is not None:
            return t(
                "Nobody here has this number, and head office cannot be asked. Enter to join."
            ), "warning"
        case NobodyFound(_, phone) if phone is not None:
            return t("No member has this number yet. Press Enter to join."), "warning"
        case NobodyFound():
            return t("Nobody found. Check it, or Enter to join."), "warning"
        case TypeMore() if was_committed and typed:
            return t("Type the last 4 digits, the whole number, or a name."), "danger"
        case _:
            return "", "text_secondary"
