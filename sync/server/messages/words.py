"""The words of messages: a subject, a text, and in every one the link that ends them.

Owns: those sentences in both languages, the shop's own in their place. Does not own: which language
and what fills the places (sending.py), what may stand in the shop's own (post_settings.py).
No name, number or other mark of a person stands in any: a message passes through others' hands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.message import MessageKind
from app.wording import N_, Wording
from sync.server.message import CHANNELS
from sync.server.messages.post_settings import OwnWords

SUBJECTS: Mapping[MessageKind, str] = {
    "welcome": N_("Welcome to {shop}"),
    "birthday": N_("Happy birthday from {shop}"),
    "expiring_points": N_("Your points at {shop}"),
    "review_ahead": N_("Your tier at {shop}"),
    "win_back": N_("We miss you at {shop}"),
    "receipt_thanks": N_("Thank you from {shop}"),
    "campaign": N_("News from {shop}"),
    "survey": N_("Your purchase at {shop}"),
}
TEXTS: Mapping[MessageKind, str] = {
    "welcome": N_("{shop}: welcome! You are a member now. Show your card when you pay."),
    "birthday": N_("{shop}: happy birthday! Your birthday gift waits for you in the shop."),
    "expiring_points": N_("{shop}: {points} of your points can be used until {day}."),
    "review_ahead": N_(
        "{shop}: your tier {tier} is reviewed after {day}. The shop tells you what keeps it."
    ),
    "win_back": N_("{shop}: it has been a while. We would be glad to see you again."),
    "receipt_thanks": N_("{shop}: thank you for your purchase. Points for it: {points}."),
    "campaign": N_("{shop}: {text}"),
    "survey": N_(
        "{shop}: how was your purchase of {day}? One question, points for your answer: {points}. "
        "{link}"
    ),
}
JUST_ENDS = "just_ends"
"""A variable: no review keeps the tier, it is tried or comes with a membership pack."""
_ENDS = N_("{shop}: you have the tier {tier} until {day}. What you earned yourself stays.")
_ASKS = N_("{shop}: how was your purchase of {day}? One question: {link}")
"""Where an answer brings nothing."""
STOP = N_("Unsubscribe: {link}")


@dataclass(frozen=True, slots=True)
class MessageText:
    """What is sent."""

    subject: str
    body: str
    stop: str
    """Where whoever got it ends them all; stands in the body, too."""


def written(
    kind: MessageKind,
    variables: Mapping[str, str],
    own: OwnWords | None,
    link: str,
    words: Wording,
) -> MessageText:
    """A message in one language. `variables`: `shop`, and what this kind knows."""
    known = _in_language(variables, is_chinese=words.is_chinese)
    own_subject = known.get("subject") if kind == "campaign" else None
    # A campaign's own words stand in place of those of its kind, and of the shop's for that kind.
    is_told_of = kind != "campaign" and CHANNELS in variables
    body = _ENDS if JUST_ENDS in variables else TEXTS["campaign" if is_told_of else kind]
    body = _ASKS if kind == "survey" and variables.get("points") == "0" else body
    own = None if is_told_of else own
    subject = SUBJECTS[kind]
    subject, body = own_subject or words.t(subject, **known), words.t(body, **known)
    if own is not None:
        body = (own.zh if words.is_chinese else own.en).format(**known)
        head = own.subject_zh if words.is_chinese else own.subject_en
        subject = subject if head is None else head.format(**known)
    stop = words.t(STOP, link=link)
    return MessageText(" ".join(subject.split()), f"{body}\n{stop}", link)


def _in_language(variables: Mapping[str, str], *, is_chinese: bool) -> dict[str, str]:
    """What is known, `text` out of `text_zh` and `text_en`: in this language, and in the other
    where there is only that."""
    first, second = ("_zh", "_en") if is_chinese else ("_en", "_zh")
    known = dict(variables)
    for suffix in (second, first):
        said = {name: value for name, value in variables.items() if name.endswith(suffix)}
        known |= {name.removesuffix(suffix): value for name, value in said.items() if value}
    return known
