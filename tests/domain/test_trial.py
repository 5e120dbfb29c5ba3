"""Who may try a tier: once, upwards, for as long as the rules say; what joining gives.

Owns: those cases. Does not own: which of two trials counts (test_pack.py), rights and trail
(tests/services/test_trial.py).
"""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest

from app.domain import program as pg
from app.domain.account import MemberAccount, fold, merge
from app.domain.pack import trials_that_count
from app.domain.trial import NoTrial, TrialStart, start_trial, trial_fact, welcome_trial
from app.domain.view import AccountView, GivenTwice, view
from tests.domain.heart_builders import FRIEND, MEMBER, STORE, a_program, moment, of_fact, op
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


# ------------------------------------------------------------------ joined twice


def trying(account: MemberAccount, day: str) -> str:
    """His tier on a day, and by what."""
    seen = view(account, PACKS, date.fromisoformat(day))
    return f"{seen.tier} {seen.tier_source}"


def test_who_joins_again_elsewhere_and_is_one_with_himself_tried_it_once() -> None:
    """In November here, and in December at a till that had not heard of him."""
    here = of_fact(a_trial(32))
    again = of_fact(a_trial(40, member=FRIEND), date(2026, 12, 10))
    apart = fold([here]), fold([again])
    assert [trying(each, "2026-12-25") for each in apart] == ["regular entry", "gold trial"]

    one = merge(*apart)
    assert merge(*reversed(apart)) == one
    for order in permutations([here, again]):
        assert fold(order).trials == one.trials
        assert list(trials_that_count(fold(order))) == list(trials_that_count(one))
    assert trying(one, "2026-12-20") == "gold trial", "the first, to its own last day"
    assert trying(one, "2026-12-21") == "regular entry", "the second gave nothing"
    seen = view(one, PACKS, date(2026, 12, 20))
    assert list(seen.exceptions) == [GivenTwice("trial:gold", (op(32), op(40)))]
    assert start_trial(PACKS, "gold-taste", seen, date(2027, 1, 1)) == NoTrial("had_it")


def test_a_trial_that_is_heard_of_last_and_was_first_is_the_one_that_counts() -> None:
    facts = [
        of_fact(a_trial(40, member=FRIEND), date(2026, 12, 10)),
        of_fact(a_trial(31), date(2026, 11, 1)),
        of_fact(a_trial(32), date(2026, 11, 21)),
    ]
    accounts = [
        merge(fold(list(order[:cut])), fold(list(order[cut:])))
        for order in permutations(facts)
        for cut in range(4)
    ]
    assert {tuple(sorted(each.trials)) for each in accounts} == {(op(31), op(32), op(40))}
    for each in accounts:
        assert [op_id for op_id, _ in trials_that_count(each)] == [op(31)]
        assert (trying(each, "2026-11-30"), trying(each, "2026-12-12")) == (
            "gold trial", "regular entry",
        )  # fmt: skip
