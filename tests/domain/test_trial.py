"""Who may try a tier: once, upwards, for as long as the rules say; what joining gives.

Owns: those cases. Does not own: which of two trials counts (test_pack.py), rights and trail
(tests/services/test_trial.py).
"""

from __future__ import annotations

from datetime import date

import pytest

from app.domain import program as pg
from app.domain.trial import NoTrial, TrialStart, start_trial, trial_fact, welcome_trial
from app.domain.view import AccountView
from tests.domain.heart_builders import MEMBER, STORE, a_program, moment, op
from tests.domain.pack_samples import BOUGHT_ON, PACKS, TASTE, a_trial


def a_member(tier: str = "regular", *occasions: str) -> AccountView:
    had = frozenset(occasions)
    return AccountView(member_id=MEMBER, tier=tier, joined=BOUGHT_ON, occasions=had)


@pytest.mark.parametrize(
    ("trial", "member", "answer"),
    [
        ("gold-taste", a_member(), TrialStart(TASTE, date(2026, 12, 20), "regular")),
        ("gold-taste", a_member("silver"), TrialStart(TASTE, date(2026, 12, 20), "silver")),
        ("gold-taste", a_member("gold"), NoTrial("not_above")),
        ("gold-taste", a_member("regular", "trial:gold"), NoTrial("had_it")),
        ("gold-taste", a_member("regular", "trial:silver"), TrialStart(
            TASTE, date(2026, 12, 20), "regular")),
        ("silver-taste", a_member(), NoTrial("unknown")),
    ],
)  # fmt: skip
def test_who_may_try_a_tier(trial: str, member: AccountView, answer: TrialStart | NoTrial) -> None:
    assert start_trial(PACKS, trial, member, BOUGHT_ON) == answer


def test_joining_gives_the_trial_of_the_rules_if_they_have_one() -> None:
    assert welcome_trial(PACKS, MEMBER, BOUGHT_ON) is None
    rules = a_program(trials=(TASTE,), welcome=pg.Welcome(trial="gold-taste"))
    start = welcome_trial(rules, MEMBER, BOUGHT_ON)
    assert start is not None
    said = {
        "op_id": op(32), "store": STORE, "day": BOUGHT_ON, "clock": moment(),
        "staff": "staff-li", "member": MEMBER,
    }  # fmt: skip
    assert trial_fact(start, rules, said, "welcome") == a_trial()
    entry = a_program(trials=(TASTE,), welcome=pg.Welcome(trial="none"))
    assert welcome_trial(entry, MEMBER, BOUGHT_ON) is None
