"""Who a campaign goes to: one member at a time, by what his account and his profile say.

Owns: whether a member is meant, and whether he may be reached at all. Does not own: walking through
all members (services), the draw (control_group.py), segments by figures (they name their members).

Only who agreed to marketing is reached. Who is picked by what he bought, or did not, must not have
taken his consent to that back.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from app.domain.account import MemberAccount
from app.domain.birthday import birthday_this_month
from app.domain.campaign import Audience, CampaignPlan
from app.domain.member import Member
from app.domain.program import Program
from app.domain.tiers import rank_of
from app.domain.view import AccountView

Reach = Literal["meant", "not_meant", "no_consent"]
_BY_PURCHASES = ("dormant", "chosen")


def may_be_reached(account: MemberAccount, audience: Audience) -> bool:
    """Whether his consents allow it: marketing given, personalisation not taken back."""
    standing: set[str] = set()
    ended: set[str] = set()
    for consent_id, consent in account.consents.items():
        (ended if consent_id in account.withdrawn else standing).add(consent.purpose)
    refused = "profiling" in ended - standing and audience.who in _BY_PURCHASES
    return "marketing" in standing and not refused


def is_dormant(member: Member, audience: Audience, today: date) -> bool:
    """No purchase for so many days; who never bought counts from the day he joined."""
    return (today - (member.last_visit or member.joined)).days >= audience.days


def is_meant(
    member: Member, view: AccountView, plan: CampaignPlan, program: Program, today: date
) -> bool:
    """Whether an active member belongs to the audience; `chosen` ones are named by others."""
    audience = plan.audience
    match audience.who:
        case "dormant":
            return is_dormant(member, audience, today)
        case "birthday":
            born = member.person.birthday
            return born is not None and birthday_this_month(born, plan.starts) is not None
        case "expiring":
            return sum(bucket.points.count for bucket in view.expiring) >= plan.points
        case "tier":
            wanted = 0 if audience.tier is None else rank_of(program, audience.tier)
            return rank_of(program, view.tier) >= wanted
        case _:
            return True
