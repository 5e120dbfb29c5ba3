"""The message of a campaign: by which ways its members are told of their coupon, in which words.

Owns: those words as they were planned, and what is wrong with them. Does not own: whether somebody
gets one (message.py decides when it goes), sending (the server's), the words a template begins with
(ui/campaigns).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta, Struct

from app.domain.bound import NAME_LENGTH_MAX
from app.domain.campaign import CampaignPlan
from app.domain.campaign_check import PlanProblem
from app.domain.message import Channel

PERSONAL = ("dormant", "chosen")
"""Who is picked by what he bought, or did not: his refusal of that is heard when a message goes."""


class CampaignMessage(Struct, frozen=True, omit_defaults=True):
    """What members of a campaign are told, once, in the language each of them reads."""

    channels: Annotated[tuple[Channel, ...], Meta(min_length=1, max_length=2)]
    text_zh: str
    text_en: str


def check_message(
    message: CampaignMessage | None, plan: CampaignPlan, *, can_send: bool
) -> tuple[PlanProblem, ...]:
    """What is wrong with it beside its plan. `can_send`: there is a head office, which sends; it
    alone has pages on which members claim."""
    if message is None:
        claims_nowhere = plan.delivery == "claim" and not can_send
        return (PlanProblem("way", "nobody_hands_out"),) if claims_nowhere else ()
    return tuple(_problems(message, plan, can_send=can_send))


def _problems(
    message: CampaignMessage, plan: CampaignPlan, *, can_send: bool
) -> Iterator[PlanProblem]:
    if not can_send or not plan.is_drawn:
        yield PlanProblem("way", "nobody_sends")
    if not message.text_zh.strip():
        yield PlanProblem("text_zh", "text_missing")
    if not message.text_en.strip():
        yield PlanProblem("text_en", "text_missing")
    most = str(NAME_LENGTH_MAX)
    if len(message.text_zh) > NAME_LENGTH_MAX:
        yield PlanProblem("text_zh", "text_long", str(len(message.text_zh)), most)
    if len(message.text_en) > NAME_LENGTH_MAX:
        yield PlanProblem("text_en", "text_long", str(len(message.text_en)), most)
