"""The message of a campaign as the wizard shows it: by which way, in which words. Pure: no Qt.

Owns: the ways as rows, the words it begins with, the message out of what stands in the fields, what
of it is shown before it is published. Does not own: what is wrong with it
(app/domain/campaign_message.py), the page (wizard_view.py), sending (the server's).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from app.domain.campaign import CampaignPlan
from app.domain.campaign_message import CampaignMessage
from app.domain.message import Channel
from app.domain.program import Program
from app.services.message import WAYS, Way
from app.wording import N_, Wording
from ui import formatting
from ui.audit.story import StoryLine
from ui.campaigns.words import Named, offer_words

FIELDS = ("text_zh", "text_en")
ORDER: tuple[Way, ...] = ("none", "both", "sms", "email")
_ROWS: Mapping[Way, tuple[str, str]] = {
    "none": (N_("Tell nobody"), "user-off"),
    "both": (N_("By text message, else by mail"), "send"),
    "sms": (N_("By text message only"), "phone"),
    "email": (N_("By mail only"), "send"),
}


def may_tell(plan: CampaignPlan, *, can_send: bool) -> bool:
    """Whether there is somebody to tell, and somebody who sends."""
    return can_send and plan.is_drawn


def way_rows(plan: CampaignPlan, wording: Wording) -> tuple[Named, ...]:
    """Whether members are told, and how."""
    t = wording.t
    nobody = t("Members learn of their coupon at the till")
    if not plan.is_rule:
        nobody = t("Members learn of their tier at the till")
    once = t("Once each, from head office, with a link that ends all messages")
    return tuple(
        (t(_ROWS[way][0]), nobody if way == "none" else once, _ROWS[way][1]) for way in ORDER
    )


def way_words(way: Way, wording: Wording) -> str:
    """How members are told."""
    name = _ROWS[way][0]
    return wording.t(name)


def first_words(plan: CampaignPlan, program: Program, wording: Wording) -> str:
    """What the message says unless somebody writes something else, in one language."""
    offer, day = offer_words(plan, program, wording), formatting.day(plan.ends)
    if not plan.is_rule:
        return wording.t(
            "For you: {offer}, until {day}. Show your member card, that is all.",
            offer=offer, day=day,
        )  # fmt: skip
    if plan.audience.who == "birthday":
        return wording.t(
            "Happy birthday! {offer} until {day}: the coupon is on your member card.",
            offer=offer, day=day,
        )  # fmt: skip
    return wording.t(
        "We miss you! {offer} until {day}: the coupon is on your member card.",
        offer=offer, day=day,
    )  # fmt: skip


def both_first_words(
    plan: CampaignPlan, program: Program, words_for: Callable[[str], Wording]
) -> dict[str, str]:
    """The same in both, by field."""
    zh, en = (first_words(plan, program, words_for(each)) for each in ("zh_CN", "en"))
    return {"text_zh": zh, "text_en": en}


def message_of(way: Way, texts: Mapping[str, str]) -> CampaignMessage | None:
    """What stands there; None: nobody is told."""
    if way == "none":
        return None
    zh, en = (" ".join(texts.get(name, "").split()) for name in FIELDS)
    return CampaignMessage(WAYS[way], zh, en)


def reach_of(ways: Sequence[Sequence[Channel]]) -> Mapping[Way, int]:
    """How many of those who get a coupon can be told, by each way. `ways`: of each of them."""
    return {
        way: sum(any(each in WAYS[way] for each in his) for his in ways)
        for way in ORDER if way != "none"
    }  # fmt: skip


def message_lines(
    message: CampaignMessage, way: Way, reached: int | None, wording: Wording
) -> tuple[StoryLine, ...]:
    """What is sent, in both languages, with its end; and to how many."""
    t, said = wording.t, way_words(way, wording)
    if reached is not None:
        said = t("{way}: {count} of them can be told", way=said, count=f"{reached:,}")
    return (
        StoryLine(t("Message"), said),
        StoryLine(t("Chinese"), _with_end(message.text_zh, wording)),
        StoryLine(t("English"), _with_end(message.text_en, wording)),
    )


def _with_end(text: str, wording: Wording) -> str:
    return wording.t("{text} (and a link to unsubscribe)", text=text)
