"""Campaigns out of their facts once more, for a till that is restored.

Owns: the rows of those facts, and the program with the campaign in it where the backup is older
than the campaign. Does not own: other facts (fact_replay.py). Drafts are no facts: they are as the
backup had them.
"""

from __future__ import annotations

from dataclasses import replace

from app.domain.campaign import OfferWords
from app.domain.campaign_fact import (
    CampaignAnnounced,
    CampaignDrawn,
    CampaignEnded,
    CampaignPublished,
)
from app.domain.campaign_message import CampaignMessage
from app.domain.campaign_record import CampaignRecord, DrawnMember
from app.services.authority import is_own_authority
from app.services.campaign_force import restore_in_force, restore_out_of_force
from app.services.ports import UnitOfWork
from app.services.program import read_programs


def campaign_published(*, work: UnitOfWork, fact: CampaignPublished) -> None:
    """It is out; its members come by facts of their own."""
    plan, words = fact.plan, OfferWords(fact.words_zh, fact.words_en)
    is_own = is_own_authority(work=work)
    work.campaigns.put(
        CampaignRecord(
            plan=plan,
            words=words,
            made_ms=fact.clock.wall_ms,
            made_by=fact.staff or "",
            state="waiting" if plan.is_rule and not is_own else "published",
            reached=fact.reached,
            control=fact.control,
            published_ms=fact.clock.wall_ms,
        )
    )
    work.campaigns.forget_draw(plan.campaign_id)
    programs = read_programs(work=work)
    if is_own and plan.is_rule and programs:
        restore_in_force(work=work, programs=programs, plan=plan, words=words, day=fact.day)


def campaign_drawn(*, work: UnitOfWork, fact: CampaignDrawn) -> None:
    """Who belongs to it, by group."""
    if work.campaigns.get(fact.campaign) is None:
        return
    drawn = [DrawnMember(each, False) for each in fact.chosen]
    drawn += [DrawnMember(each, True) for each in fact.control]
    work.campaigns.draw(fact.campaign, drawn)
    work.campaigns.done(fact.campaign, [each.member_id for each in drawn])


def campaign_ended(*, work: UnitOfWork, fact: CampaignEnded) -> None:
    """Nobody gets it any more."""
    out = work.campaigns.get(fact.campaign)
    if out is None:
        return
    work.campaigns.put(replace(out, state="ended", ended_ms=fact.clock.wall_ms))
    programs = read_programs(work=work)
    if out.plan.is_rule and is_own_authority(work=work) and programs:
        restore_out_of_force(
            work=work, programs=programs, offer_id=out.plan.offer_id, day=fact.day
        )  # fmt: skip


def campaign_announced(*, work: UnitOfWork, fact: CampaignAnnounced) -> None:
    """What its members are told."""
    out = work.campaigns.get(fact.campaign)
    if out is not None:
        message = CampaignMessage(fact.channels, fact.text_zh, fact.text_en)
        work.campaigns.put(replace(out, message=message))
