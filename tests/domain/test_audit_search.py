"""Every act belongs to one group, and an empty search is one for everything."""

from __future__ import annotations

from typing import get_args

import pytest

from app.domain.audit_search import ACT_GROUPS, ActGroup, AuditCriteria, group_of


def test_no_act_stands_in_two_groups() -> None:
    listed = [act for acts in ACT_GROUPS.values() for act in acts]
    assert len(listed) == len(set(listed))
    assert set(ACT_GROUPS) == set(get_args(ActGroup))


@pytest.mark.parametrize(
    ("act", "group"),
    [
        ("discount_given", "prices"),
        ("refund", "refunds"),
        ("drawer_opened", "drawer"),
        ("phone_revealed", "reveals"),
        ("chain_listed", "reveals"),
        ("an_act_of_a_later_version", "till"),
    ],
)
def test_an_act_has_its_group(act: str, group: ActGroup) -> None:
    assert group_of(act) == group


def test_no_criteria_fit_every_entry() -> None:
    assert AuditCriteria().is_everything
    assert AuditCriteria().acts is None
    assert not AuditCriteria(group="refunds").is_everything
    assert AuditCriteria(group="refunds").acts == ACT_GROUPS["refunds"]
    assert AuditCriteria(group="erasures").acts == ACT_GROUPS["erasures"]
