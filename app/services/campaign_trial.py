"""Trying a campaign on this till's own sales of the last weeks.

Owns: which sales, reading them in small units, stopping. Does not own: what a trial adds up
(app/domain/campaign_trial.py). Sales are read on the lane and priced beside it: nobody who sells
waits for a trial.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from app.domain.campaign import CampaignPlan
from app.domain.campaign_record import CampaignRecord, SalePlace, TrialDone
from app.domain.campaign_trial import Trial
from app.domain.facts import SaleRecorded, read_fact
from app.domain.program import Program
from app.services.campaign_audience import Stopped, Tell, untold
from app.services.desk import today
from app.services.ports import Lane, UnitOfWork
from app.services.program import read_programs
from app.services.shop import Shop

DAYS = 28
"""Four of every weekday, and every day of the month but one or two."""
SALES_A_UNIT = 50


def try_campaign(
    *,
    shop: Shop,
    lane: Lane,
    plan: CampaignPlan,
    audience: Collection[str] = frozenset(),
    tell: Tell = untold,
) -> TrialDone | Stopped:
    """Price the sales of the last weeks with and without it; of a tier to try those of as many days
    as it is tried for. `audience`: who would hold a coupon, or try it. Off the lane thread."""
    program = shop.desk.state.program
    last = today(program, shop.now())
    first = last - timedelta(days=DAYS if plan.is_rule else plan.terms.days)
    begins, ends = (_midnight(day, program) for day in (first, last + timedelta(days=1)))
    programs = {(each.id, each.version): each for each in lane.run(_programs)}
    of = lane.run(lambda work: work.campaigns.count_sales(begins, ends))
    trial = Trial(plan, frozenset(audience))
    place: SalePlace | None = SalePlace(begins - 1)
    done = 0
    while place is not None:
        sales, place = lane.run(partial(_sales, place, ends))
        for data in sales:
            fact = read_fact(data)
            if isinstance(fact, SaleRecorded):
                trial.add(fact, programs.get((fact.program.id, fact.program.version)))
        done += len(sales)
        if not tell(done, max(of, done)):
            return Stopped()
    return TrialDone(trial.sums, first, last)


def keep_trial(
    *, shop: Shop, work: UnitOfWork, campaign_id: str, done: TrialDone
) -> CampaignRecord | None:
    """Note beside the draft what its trial said; None where it is no draft any more."""
    record = work.campaigns.get(campaign_id)
    if record is None or record.state != "draft":
        return None
    kept = replace(record, trial=done)
    work.campaigns.put(kept)
    return kept


def _programs(work: UnitOfWork) -> tuple[Program, ...]:
    return read_programs(work=work)


def _sales(
    place: SalePlace, ends: int, work: UnitOfWork
) -> tuple[tuple[bytes, ...], SalePlace | None]:
    facts, more = work.campaigns.sales_behind(place, ends, SALES_A_UNIT)
    return tuple(facts), more


def _midnight(day: date, program: Program) -> int:
    return int(datetime.combine(day, time(), ZoneInfo(program.timezone)).timestamp()) * 1000
