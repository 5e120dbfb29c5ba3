"""Benefits used more often than a tier has them: two tills, each with the last one.

Owns: that finding. Does not own: counting uses (app.domain.view), programs (published.py). Where
no program was published nothing can be said, and nothing is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy import Connection

from app.domain import effects as do
from app.domain.account import FoldItem, MemberAccount
from app.domain.program import Program
from app.domain.tiers import standing
from app.domain.view import REWARD, uses_in_period
from sync.server.exception_case import Finding
from sync.server.folding import Accounts, LockedAccount
from sync.server.published import in_force, programs


def over_the_count(connection: Connection, accounts: Accounts) -> Iterator[Finding]:
    """Of what was folded in this transaction, each use beyond what its program allows."""
    ticked = [
        (accounts.locked[member], item, effect)
        for member in accounts.changed()
        for item in accounts.locked[member].items
        for effect in item.effects
        if isinstance(effect, do.EntitlementTicked)
    ]
    if not ticked:
        return
    known = programs(connection, accounts.tenant)
    for account, item, effect in ticked:
        yield from _over(account, item, effect, known)


def _over(
    account: LockedAccount,
    item: FoldItem,
    effect: do.EntitlementTicked,
    known: Mapping[tuple[str, str], Program],
) -> Iterator[Finding]:
    program = in_force(known.values(), item.day)
    if program is None:
        return
    bound = bound_of(account.after, effect.entitlement, program, item.day)
    if bound is None:
        return
    count, period = bound
    used = uses_in_period(account.after, effect.entitlement, period, item.day)
    if used > count:
        text = (
            ("entitlement", effect.entitlement),
            ("used", str(used)),
            ("allowed", str(count)),
        )
        yield Finding(
            "entitlement_used_twice",
            account.member,
            item.op_id,
            item.day,
            about=f"{effect.entitlement}:{item.op_id}",
            text=text,
        )


def bound_of(
    account: MemberAccount, entitlement: str, program: Program, day: date
) -> tuple[int, str] | None:
    """How often, and in which period; None where it is not limited, or the tier here has it not.

    (A tier may be higher than is known here yet: nobody is accused for what is still on its way.)
    """
    if entitlement.startswith(REWARD):
        reward = program.reward(entitlement.removeprefix(REWARD))
        if reward is None or reward.period is None or reward.count is None:
            return None
        return reward.count, reward.period
    tier = program.tier(standing(account, program, day).tier)
    bounds = {each.id: (each.count, each.period) for each in tier.entitlements}
    return bounds.get(entitlement)
