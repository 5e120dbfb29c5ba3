"""Campaigns of the chain: put in force for all tills, ended, and stopped where the budget is used.

Owns: the program with its campaigns as head office publishes it, and what each has given in the
whole chain. Does not own: what such a program looks like (app.domain.campaign_program), who may
decide (the till's rights), coupons (facts of their own).

A till that is offline goes on giving until it hears of the end: by then each till may have given
its whole budget, no more. What it gave stands; the rest is an exception.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeAlias

import msgspec
from sqlalchemy import Connection

from app.domain.campaign import OFFER_PREFIX, CampaignPlan, OfferWords
from app.domain.campaign_fact import CampaignDrawn, CampaignEnded, CampaignPublished
from app.domain.campaign_program import (
    base_version,
    campaign_offers,
    carried_over,
    program_toml,
    with_campaign,
    without_campaign,
)
from app.domain.offer import Offer
from app.domain.plan import minor
from app.domain.program import Program
from app.domain.program_check import check_program
from sync.server import tables as t
from sync.server.campaign_given import Given, add_given
from sync.server.campaign_message import announce_campaigns
from sync.server.campaign_result import enter_drawn, keep_published, keep_tried
from sync.server.exception_case import Finding, open_cases
from sync.server.hearing import Heard
from sync.server.promise import today
from sync.server.publish import publish_program
from sync.server.published import in_force, programs
from sync.server.rows import find, put
from sync.server.sender import House, Sender
from sync.server.tables import shard_of

_TURN = "campaigns"
Make: TypeAlias = Callable[[Program, Program, date], Program]
"""Out of what the owner wrote, what is in force and the day: the next version."""


def decide_campaigns(
    connection: Connection, sender: Sender, heard: Sequence[Heard], now_ms: int, house: House
) -> None:
    """Put in force what a manager published, end what he ended, and tell who was drawn; after the
    push is written."""
    for each in heard:
        if each.state != "counted":
            continue
        if isinstance(each.fact, CampaignPublished):
            keep_published(connection, sender.tenant, each.fact)
        match each.fact:
            case CampaignPublished(plan=plan) as out if plan.is_rule:
                words = OfferWords(out.words_zh, out.words_en)
                _change(connection, sender.tenant, now_ms, _putting_in(plan, words))
            case CampaignPublished(plan=plan):
                keep_tried(connection, sender.tenant, plan.campaign_id, plan.terms.tier or "")
            case CampaignDrawn() as drawn:
                enter_drawn(connection, sender.tenant, drawn)
            case CampaignEnded(campaign=campaign):
                _end(connection, sender.tenant, f"{OFFER_PREFIX}{campaign}", now_ms)
            case _:
                pass
    announce_campaigns(connection, sender, heard, now_ms, house)


def _putting_in(plan: CampaignPlan, words: OfferWords) -> Make:
    def make(base: Program, current: Program, day: date) -> Program:
        return with_campaign(base, current, plan, words, day)

    return make


def _end(connection: Connection, tenant: str, offer_id: str, now_ms: int) -> None:
    def take_out(base: Program, current: Program, day: date) -> Program:
        return without_campaign(base, current, offer_id, day)

    if all(each.offer(offer_id) is None for each in programs(connection, tenant).values()):
        return  # it was never a rule: a tier to try, or one that no rules could carry
    _change(connection, tenant, now_ms, take_out)


def carry_campaigns(connection: Connection, tenant: str, new: Program, now_ms: int) -> None:
    """Running campaigns go along into a version the owner has just published."""
    known = [
        each for each in programs(connection, tenant).values()
        if (each.id, each.version) != (new.id, new.version)
    ]  # fmt: skip
    current = in_force(known, today(now_ms))
    if current is not None:
        _carry(connection, tenant, current, new, now_ms)


def _change(connection: Connection, tenant: str, now_ms: int, make: Make) -> None:
    """The next version of the program in force, and of those that are to come.

    Nothing where it could not be explained to a customer: the till that published had checked it
    beside the rules it knew, and its campaign goes on waiting there.
    """
    _take_turn(connection, tenant)
    known, day = programs(connection, tenant), today(now_ms)
    current = in_force(known.values(), day)
    if current is None:
        return
    made = make(_base(known, current), current, day)
    if check_program(made):
        return
    publish_program(connection, tenant, made, program_toml(made), now_ms)
    newest = {
        (each.id, base_version(each.version)): each
        for each in sorted(known.values(), key=_number)
        if each.effective > current.effective
    }
    for each in newest.values():
        base = _base(known, each)
        numbered = msgspec.structs.replace(base, version=each.version)
        _carry(connection, tenant, made, numbered, now_ms, had=bool(campaign_offers(each)))


def _carry(
    connection: Connection,
    tenant: str,
    current: Program,
    new: Program,
    now_ms: int,
    *,
    had: bool = False,
) -> None:
    carried = carried_over(current, new, new.effective, had=had)
    if carried is not None and not check_program(carried):
        publish_program(connection, tenant, carried, program_toml(carried), now_ms)


def _base(known: Mapping[tuple[str, str], Program], version: Program) -> Program:
    return known.get((version.id, base_version(version.version)), version)


def _number(program: Program) -> int:
    number = program.version.rpartition("+")[2]
    return int(number) if number.isdecimal() and "+" in program.version else 0


def _take_turn(connection: Connection, tenant: str) -> None:
    """One change at a time: two at once would both make the same version."""
    # Nothing can be locked that is not there.
    row = {"shard_key": shard_of(_TURN), "name": _TURN, "value": ""}
    put(connection, tenant, t.server_state, [row], "ignore")
    key = {"shard_key": shard_of(_TURN), "name": _TURN}
    find(connection, tenant, t.server_state, [key], lock=True)


# ------------------------------------------------------------------ budgets


def count_given(
    connection: Connection, tenant: str, given: Mapping[str, Given], now_ms: int
) -> None:
    """Add to what each has given in the chain, and end what has used its budget up."""
    if not given:
        return
    sums = add_given(connection, tenant, given)
    _end_used_up(connection, tenant, sums, now_ms)


def _end_used_up(
    connection: Connection, tenant: str, sums: Mapping[str, Given], now_ms: int
) -> None:
    current = in_force(programs(connection, tenant).values(), today(now_ms))
    if current is None:
        return
    for offer_id, given in sorted(sums.items()):
        uses, amount = given.sales, given.cost_minor
        offer = current.offer(offer_id)
        if offer is None or not _is_used_up(offer, current, uses, amount):
            continue
        if offer.trigger == "automatic":
            _end(connection, tenant, offer_id, now_ms)
        beyond = _beyond(offer, current, amount)
        if beyond > 0:
            open_cases(connection, tenant, [_passed(offer_id, beyond, now_ms)], now_ms)


def _is_used_up(offer: Offer, program: Program, uses: int, amount: int) -> bool:
    budget = offer.budget
    return (budget.uses is not None and uses >= budget.uses) or (
        budget.amount is not None and amount >= minor(budget.amount, program.prices.decimals)
    )


def _beyond(offer: Offer, program: Program, amount: int) -> int:
    budget = offer.budget.amount
    return 0 if budget is None else amount - minor(budget, program.prices.decimals)


def _passed(offer_id: str, beyond: int, now_ms: int) -> Finding:
    return Finding(
        "campaign_over_budget", offer_id, offer_id, today(now_ms), money_minor=beyond,
        about=offer_id, text=(("offer", offer_id), ("beyond", str(beyond))),
    )  # fmt: skip
