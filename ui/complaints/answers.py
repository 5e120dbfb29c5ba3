"""What came of an act on a complaint, as a sentence, and which field it is about. Pure.

Owns: those sentences. Does not own: the answers (services), the fields (move_dialog.py, intake.py).
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.rights import LimitMissing
from app.services.answers import MemberUnknown, NotAllowed, SignInFirst
from app.services.approval import ActForbidden
from app.services.case_erasure import CaseOfMember
from app.services.complaint import (
    ContactUnclear,
    NobodyToAnswer,
    NoSuchComplaint,
    NotAChoice,
    ReceiptUnknown,
    TextRefused,
)
from app.services.complaint_act import CaseForgotten, DayPassed, NoSuchColleague, StepUnfit
from app.services.erasure import AlreadyAsked, ErasureHindered, ReasonNeeded
from app.wording import N_, Wording
from ui.approval.view_model import forbidden_sentence
from ui.complaint_words import STATE_WORDS

_EMPTY: Mapping[str, str] = {
    "text": N_("Write at least a few words."),
    "note": N_("Write at least a few words."),
    "wanted": N_("Write what the customer wants."),
    "name": N_("Write a name."),
    "contact": N_("Write a phone number or another way to reach the customer."),
}
_OTHERWISE = N_("It was not done. Look at the case again.")


_PLAIN: Mapping[type, str] = {
    NoSuchComplaint: N_("This till does not know the case yet. It comes with the next sync."),
    NoSuchColleague: N_("This colleague does not work here any more. Choose another."),
    NotAllowed: N_("Your role may not do this here."),
    SignInFirst: N_("Sign in first."),
    CaseForgotten: N_("Words and person were erased: nothing more is written down of them."),
    CaseOfMember: N_("The complaint is a member's: erase the member in the privacy room."),
    ErasureHindered: N_("The case is open: settle and close it first."),
    AlreadyAsked: N_("Erasing it was asked for already. The privacy room says how far it is."),
    ReasonNeeded: N_("Write why: it stands in the record."),
}


def refusal_words(answer: object, wording: Wording) -> str:
    """Why it was not done, and what to do."""
    t = wording.t
    match answer:
        case StepUnfit():
            return _unfit(answer, wording)
        case DayPassed(day=day):
            return t("{day} has passed. Name today or a later day.", day=day.isoformat())
        case ActForbidden() | LimitMissing():
            return forbidden_sentence(answer, wording)
        case _ if type(answer) in _PLAIN:
            return t(_PLAIN[type(answer)])
        case _:
            return _of_field(answer, wording) or t(_OTHERWISE)


def _unfit(answer: StepUnfit, wording: Wording) -> str:
    t = wording.t
    if answer.unanswered:
        return t("The customer waits for a first word: answer first.")
    if answer.too_old:
        return t("It was settled too long ago to be opened again. Log a new complaint.")
    state = t(STATE_WORDS[answer.state])
    return t("A colleague was quicker; the case stands at: {state}.", state=state)


def _of_field(answer: object, wording: Wording) -> str:
    t = wording.t
    match answer:
        case TextRefused(field=field, why="empty"):
            return t(_EMPTY[field])
        case TextRefused(most=most):
            return t("Too long: at most {count} characters. Shorten it.", count=most)
        case NotAChoice():
            return t("The rules do not have this choice any more. Choose another.")
        case NobodyToAnswer():
            return t(
                "Nobody could be answered: scan the receipt or the member, or write a phone number."
            )
        case ContactUnclear(digits=digits):
            return wording.n(
                "{count} digit is no phone number: a mobile number has 11.",
                "{count} digits are no phone number: a mobile number has 11.",
                digits,
            )
        case ReceiptUnknown(receipt=receipt):
            return t("No sale here has the receipt {number}. Scan it again.", number=receipt)
        case MemberUnknown():
            return t("This member is not there any more.")
        case _:
            return ""


def field_of(answer: object) -> str:
    """Of a move's form: beside what it is said; empty: beside nothing."""
    match answer:
        case TextRefused() | ReasonNeeded():
            return "text"
        case DayPassed():
            return "day"
        case NotAChoice() | NoSuchColleague():
            return "0"
        case _:
            return ""
