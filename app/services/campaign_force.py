"""The program with its campaigns, as an authority keeps it: one more version for each change.

Owns: making, checking and keeping that version in a shop that is its own authority, and taking
running campaigns into a new version of the owner's. Does not own: what it looks like
(app/domain/campaign_program.py), who decides (campaign_publish.py). In a chain the server does it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace

from app.domain.campaign import CampaignPlan, OfferWords
from app.domain.campaign_program import (
    base_version,
    campaign_offers,
    carried_over,
    program_toml,
    with_campaign,
    without_campaign,
)
from app.domain.program import Program
from app.domain.program_check import check_program
from app.domain.program_problem import Problem
from app.domain.program_speed import slow_at_worst, worst_case_ms
from app.domain.stored_program import StoredProgram
from app.services.desk import program_in_force, today
from app.services.ports import UnitOfWork
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class NotInForce:
    """The version could not be kept: why."""

    problems: tuple[Problem, ...]


def put_in_force(
    *,
    shop: Shop,
    work: UnitOfWork,
    programs: Sequence[Program],
    plan: CampaignPlan,
    words: OfferWords,
) -> Program | NotInForce:
    """The program in force with this campaign too, kept and in force at once. `programs`: all
    that are stored. Changes: programs."""
    day = today(programs[-1], shop.now())
    made = _with(programs, plan, words, day)
    problems = check_program(made)
    if not problems and (slow := slow_at_worst(worst_case_ms(made, shop.stopwatch))):
        problems = (slow,)
    if problems:
        return NotInForce(problems)
    _keep_all(work, programs, made, day)
    return made


def take_out_of_force(
    *, shop: Shop, work: UnitOfWork, programs: Sequence[Program], offer_id: str
) -> Program | NotInForce:
    """The program in force without it. Changes: programs."""
    day = today(programs[-1], shop.now())
    made = _without(programs, offer_id, day)
    if problems := check_program(made):
        return NotInForce(problems)
    _keep_all(work, programs, made, day)
    return made


def restore_in_force(
    *,
    work: UnitOfWork,
    programs: Sequence[Program],
    plan: CampaignPlan,
    words: OfferWords,
    day: date,
) -> None:
    """As it was done on that day, unless it stands there already. It was checked then."""
    if all(program.offer(plan.offer_id) is None for program in programs):
        _keep_all(work, programs, _with(programs, plan, words, day), day)


def restore_out_of_force(
    *, work: UnitOfWork, programs: Sequence[Program], offer_id: str, day: date
) -> None:
    """The same of its end."""
    offer = program_in_force(programs, day).offer(offer_id)
    if offer is not None and offer.trigger == "automatic":
        _keep_all(work, programs, _without(programs, offer_id, day), day)


def _with(programs: Sequence[Program], plan: CampaignPlan, words: OfferWords, day: date) -> Program:
    current = program_in_force(programs, day)
    return with_campaign(_base(programs, current), current, plan, words, day)


def _without(programs: Sequence[Program], offer_id: str, day: date) -> Program:
    current = program_in_force(programs, day)
    return without_campaign(_base(programs, current), current, offer_id, day)


def _keep_all(work: UnitOfWork, programs: Sequence[Program], made: Program, day: date) -> None:
    """Keep it, and the versions that are to come with the same campaigns."""
    current = program_in_force(programs, day)
    _keep(work, made)
    _carry_to_later(work, programs, made, current)


def carry_campaigns(
    *, work: UnitOfWork, programs: Sequence[Program], new: Program, now: date
) -> None:
    """Take running campaigns into a version the owner has just added. What does not fit its new
    rules is left out there: rules come before campaigns. Changes: programs."""
    others = [each for each in programs if (each.id, each.version) != (new.id, new.version)]
    if others:
        _carry(work, program_in_force(others, now), new)


def _base(programs: Sequence[Program], current: Program) -> Program:
    """What the owner wrote, without campaigns; the version itself where that is not there."""
    wanted = base_version(current.version)
    found = [each for each in programs if (each.id, each.version) == (current.id, wanted)]
    return found[0] if found else current


def _carry_to_later(
    work: UnitOfWork, programs: Sequence[Program], made: Program, current: Program
) -> None:
    """Versions that were announced and are to come have the running campaigns as well."""
    later = {
        (each.id, base_version(each.version)): each
        for each in programs
        if each.effective > current.effective
    }
    for each in later.values():
        had = bool(campaign_offers(each))
        _carry(work, made, _without_campaigns(programs, each), had=had)


def _without_campaigns(programs: Sequence[Program], version: Program) -> Program:
    base = _base(programs, version)
    if base is version:
        return version
    # Its number goes on: each change makes one more.
    return replace(base, version=version.version)


def _carry(work: UnitOfWork, current: Program, new: Program, *, had: bool = False) -> None:
    carried = carried_over(current, new, new.effective, had=had)
    if carried is not None and not check_program(carried):
        _keep(work, carried)


def _keep(work: UnitOfWork, made: Program) -> None:
    work.programs.add(
        StoredProgram(
            made.id, made.version, made.announced, made.effective, program_toml(made)
        )
    )  # fmt: skip
