"""The trials of a campaign: which of its members may still try the tier, and giving it to them.

Owns: those two, inside a unit of work that somebody else began. Does not own: publishing and
issuing (campaign_publish.py), a trial by hand (trial.py), the rules (app/domain/campaign_tier.py).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from app.domain.account import MemberAccount
from app.domain.campaign import CampaignPlan
from app.domain.campaign_record import CampaignRecord
from app.domain.campaign_tier import may_try
from app.domain.tier_desk import place_of
from app.domain.trial import TrialStart, trial_fact
from app.domain.view import view
from app.services.fact_origin import origin
from app.services.fact_writer import write_fact
from app.services.ports import UnitOfWork
from app.services.shop import DeskState, Shop


def who_may_try(
    out: CampaignRecord, accounts: Mapping[str, MemberAccount], state: DeskState, day: date
) -> Collection[str]:
    """Of these members those who get it on this day; nobody once the campaign's last day is past,
    however much was left to do."""
    if day > out.plan.ends:
        return ()
    return {
        member
        for member, account in accounts.items()
        if isinstance(
            may_try(out.plan, state.program, view(account, state.program, day), day), TrialStart
        )
    }


def give_trials(
    *, shop: Shop, work: UnitOfWork, plan: CampaignPlan, members: Sequence[str], day: date
) -> None:
    """Let each of them try the tier from this day on, by a fact of his own. They may: somebody has
    just looked. Changes: facts, accounts, tiers."""
    program, now = shop.desk.state.program, shop.now()
    accounts = work.accounts.get_many(members)
    for member in members:
        start = may_try(plan, program, view(accounts[member], program, day), day)
        assert isinstance(start, TrialStart), "who may not was left out"
        said = origin(shop=shop, now=now, day=day, member=member)
        fact = trial_fact(start, program, said, "campaign", campaign=plan.campaign_id)
        folded = write_fact(shop=shop, work=work, fact=fact, account=accounts[member])
        assert folded is not None, "the fact is a member's"
        work.tier_desk.put({member: place_of(folded, program, day)})
