"""Rights at the till: reading what each role may do, and changing it.

Owns: who may change it, that nothing unsound is kept, that somebody can change it again, the
trail. Does not own: the rules (app/domain/rights.py), judging an act (approval.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from app.domain.money import ZERO
from app.domain.rights import (
    Allowed,
    Limit,
    Rights,
    RightsProblem,
    RoleRights,
    WithApproval,
    check_rights,
    judge_act,
    may_approve,
)
from app.domain.staff import StaffMember
from app.services.answers import Changed, Refusal
from app.services.approval import ClearanceRefusal, Cleared, clearance
from app.services.audit_trail import record
from app.services.desk import allowed, keep
from app.services.open_approval import Approval, Wanted
from app.services.ports import UnitOfWork
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class RightsRefused:
    """They stay as they were; every problem names role and act."""

    problems: tuple[RightsProblem, ...]


RightsAnswer = Changed | RightsRefused | Refusal | ClearanceRefusal


def read_rights(*, work: UnitOfWork) -> Rights:
    """What each role may do now."""
    return work.rights.read()


def change_rights(
    *, shop: Shop, work: UnitOfWork, rights: Rights, approval: Approval | None = None
) -> RightsAnswer:
    """Put these rights in force at once. Needs the right, and the role's limit `change_settings`:

    who needs a yes for a setting would else give himself everything here. Changes: rights, audit.
    """
    refusal = allowed(shop, "manage_settings")
    if refusal:
        return refusal
    people = [person for person in work.staff.all_staff() if person.active]
    problems = check_rights(rights, frozenset(person.role.role_id for person in people))
    if not problems and not _stay_changeable(rights, people):
        problems = (RightsProblem("nobody_changes", act="change_settings"),)
    if problems:
        return RightsRefused(problems)
    now, state = shop.now(), shop.desk.state
    changes = _differences(state.rights, rights)
    if changes:
        wanted = _wanted(state.rights, rights, changes)
        again = partial(change_rights, rights=rights)
        cleared = clearance(shop=shop, work=work, wanted=wanted, then=again, approval=approval)
        if not isinstance(cleared, Cleared):
            return cleared
    for role_id, act in changes:
        details = {"before": _text(state.rights, role_id, act), "act": act}
        details["after"] = _text(rights, role_id, act)
        record(
            shop=shop, work=work, now=now, act="rights_changed", subject=role_id, details=details
        )
    if rights != state.rights:
        work.rights.write(rights)
    return Changed(keep(shop, work, replace(state, rights=rights), now))


def _stay_changeable(rights: Rights, people: Sequence[StaffMember]) -> bool:
    """Whether somebody who works here could change these rights again, with a yes or without."""
    return any(
        person.may("manage_settings") and _could_change(rights, person, people) for person in people
    )


def _could_change(rights: Rights, person: StaffMember, people: Sequence[StaffMember]) -> bool:
    match judge_act(rights, person.role.role_id, "change_settings", 0):
        case Allowed():
            return True
        case WithApproval():
            role = rights.role(person.role.role_id)
            may_himself = role is not None and role.self_approval
            return any(
                may_approve(rights, other.role.role_id, "change_settings", 0)
                and (may_himself or other.staff_id != person.staff_id)
                for other in people
            )
        case _:
            return False


def _wanted(before: Rights, after: Rights, changes: Sequence[tuple[str, str]]) -> Wanted:
    """For the trail: every role and act; what it was and becomes where only one changes."""
    subject = ",".join(f"{role_id}.{act}" if role_id else act for role_id, act in changes)
    was, becomes = (_text(each, *changes[0]) for each in (before, after))
    one = len(changes) == 1
    return Wanted(
        "change_settings", 0, ZERO, subject=subject, before=was if one else "",
        after=becomes if one else "",
    )  # fmt: skip


def _differences(before: Rights, after: Rights) -> list[tuple[str, str]]:
    """Role and act of every limit that changes; an empty role for what concerns all of them."""
    found = []
    for role_id in sorted({role.role_id for role in (*before.roles, *after.roles)}):
        was, now = (rights.role(role_id) or _nobody(role_id) for rights in (before, after))
        acts = sorted({*was.limits, *now.limits})
        found += [(role_id, act) for act in acts if was.limits.get(act) != now.limits.get(act)]
        if was.self_approval != now.self_approval:
            found.append((role_id, "self_approval"))
    if before.reasons != after.reasons:
        found.append(("", "reasons"))
    if before.both_above_minor != after.both_above_minor:
        found.append(("", "both_above"))
    return found


def _nobody(role_id: str) -> RoleRights:
    return RoleRights(role_id=role_id, limits={})


def _text(rights: Rights, role_id: str, act: str) -> str:
    """A limit as the trail keeps it."""
    role = rights.role(role_id) or _nobody(role_id)
    limit = role.limits.get(act)
    match act:
        case "self_approval":
            return str(role.self_approval)
        case "reasons":
            return ",".join(one.reason_id for one in rights.reasons)
        case "both_above":
            return str(rights.both_above_minor)
        case _:
            return "" if limit is None else _limit_text(limit)


def _limit_text(limit: Limit) -> str:
    text = f"up_to {limit.up_to}" if limit.verdict == "up_to" else limit.verdict
    if not limit.approves:
        return text
    most = "all" if limit.approves_up_to is None else str(limit.approves_up_to)
    return f"{text}, approves {most}"
