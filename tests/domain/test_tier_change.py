"""Tiers by hand: what may be wished for, what a grant does, which decision counts, the history."""

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from app.domain import effects as do
from app.domain.account import fold, merge
from app.domain.tier_change import (
    GRANT_DAYS_MAX,
    START_DAYS_MAX,
    Words,
    check_wish,
    effect_of,
    grant_of,
    history,
    is_undone,
    judge_decision,
    state_of_request,
    steps_up,
    yearly_cost,
)
from app.domain.tiers import Standing, standing
from tests.domain.heart_builders import FRIEND, MEMBER, a_program, an_account, item, moment, on, op
from tests.domain.tier_builders import (
    LAST,
    SEALED,
    TODAY,
    a_decision,
    a_grant,
    a_request,
    a_wish,
)

PROGRAM = a_program()
REGULAR = Standing("regular", 0, None, "entry")
SILVER = Standing("silver", 1, LAST, "reached")
GOLD = Standing("gold", 2, LAST, "grant")
DAY_BEFORE = TODAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("changes", "now", "faults"),
    [
        pytest.param({}, REGULAR, [], id="nothing-wrong"),
        pytest.param({"tier": "diamond"}, REGULAR, [("tier", "unknown_tier")], id="no-such-tier"),
        pytest.param({"tier": "regular"}, REGULAR, [("tier", "not_above")], id="entry-tier"),
        pytest.param({}, GOLD, [("tier", "not_above")], id="never-downwards"),
        pytest.param({}, SILVER, [("last_day", "not_longer")], id="has-it-as-long"),
        pytest.param({"last_day": LAST + timedelta(days=1)}, SILVER, [], id="longer"),
        pytest.param({"tier": "gold"}, SILVER, [], id="higher"),
        pytest.param(
            {}, Standing("silver", 1, None, "reached"), [], id="waits-for-its-review"
        ),
        pytest.param(
            {"from_day": DAY_BEFORE}, REGULAR, [("from_day", "starts_in_past")], id="yesterday"
        ),
        pytest.param(
            {"from_day": TODAY + timedelta(days=START_DAYS_MAX + 1), "last_day": date(2028, 9, 1)},
            REGULAR, [("from_day", "starts_too_late")], id="too-far-ahead",
        ),
        pytest.param(
            {"last_day": DAY_BEFORE}, REGULAR, [("last_day", "ends_before_start")], id="backwards"
        ),
        pytest.param(
            {"last_day": TODAY + timedelta(days=GRANT_DAYS_MAX + 1)}, REGULAR,
            [("last_day", "ends_too_late")], id="too-long",
        ),
        pytest.param(
            {"reason_type": "friend"}, REGULAR, [("reason_type", "unknown_reason")], id="reason"
        ),
        pytest.param(
            {"reason_type": "other", "reason": ""}, REGULAR, [("reason", "words_missing")],
            id="other-wants-words",
        ),
        pytest.param({"evidence": ()}, REGULAR, [("evidence", "evidence_missing")], id="evidence"),
        pytest.param({"reason_type": "regular", "evidence": ()}, REGULAR, [], id="none-needed"),
    ],
)  # fmt: skip
def test_a_wish_is_checked_field_by_field(
    changes: dict[str, Any], now: Standing, faults: list[tuple[str, str]]
) -> None:
    found = check_wish(a_wish(**changes), PROGRAM, now, TODAY)
    assert [(each.field, each.fault) for each in found] == faults


@pytest.mark.parametrize(
    ("wish", "day", "effect"),
    [
        (a_wish(locked=True), TODAY, do.TierGivenFrom(tier="silver", days=191)),
        (
            a_wish(from_day=TODAY + timedelta(days=10)), TODAY,
            do.TierGivenFrom(tier="silver", days=181, starts_in=10, yields=True),
        ),
        (a_request(), LAST, do.TierGivenFrom(tier="silver", days=0, yields=True)),
        (a_request(), LAST + timedelta(days=1), None),
        (a_request(last_day=date(9999, 1, 1)), TODAY, None),
    ],
)  # fmt: skip
def test_a_grant_lasts_from_its_first_day_to_its_last(
    wish: Any, day: date, effect: do.TierGivenFrom | None
) -> None:
    assert effect_of(wish, day) == effect


def granted(number: int, tier: str, **more: Any) -> Any:
    days, day = more.pop("days", 100), more.pop("day", TODAY)
    return item(number, day, do.TierGivenFrom(tier=tier, days=days, **more))


def crossed(number: int, day: str = "2026-03-10") -> Any:
    reached = do.TierReached(
        tier="silver", months=12, measure="spend", line=2_000_000, return_days=7
    )
    return item(number, on(day), do.Visited(spend_minor=2_100_000), reached)


def test_it_begins_on_its_day_and_a_review_ends_it_unless_it_is_locked() -> None:
    later = an_account(granted(1, "gold", starts_in=5))
    assert standing(later, PROGRAM, TODAY).tier == "regular"
    begun = standing(later, PROGRAM, TODAY + timedelta(days=5))
    assert (begun.tier, begun.until) == ("gold", TODAY + timedelta(days=105))
    review = item(9, TODAY + timedelta(days=3),
                  do.Reviewed(tier="regular", before="silver", months=12))  # fmt: skip
    day = TODAY + timedelta(days=4)
    for yields, tier in ((True, "regular"), (False, "gold")):
        account = an_account(granted(1, "gold", yields=yields), review)
        assert standing(account, PROGRAM, day).tier == tier, "locked keeps it"
        before = TODAY + timedelta(days=2)
        assert standing(account, PROGRAM, before).tier == "gold", "not before it is in force"


def test_steps_are_counted_from_what_the_rules_give() -> None:
    earned = an_account(crossed(1), granted(2, "gold"))
    assert steps_up(earned, PROGRAM, "gold", TODAY) == 1
    assert steps_up(earned, PROGRAM, "silver", TODAY) == 1, "for longer"
    assert steps_up(an_account(), PROGRAM, "gold", TODAY) == 2


def test_what_it_costs_a_year_is_the_discount_on_as_much_as_he_buys() -> None:
    tiers = [*PROGRAM.tiers]
    tiers[1], tiers[2] = replace(tiers[1], discount="0.10"), replace(tiers[2], discount="0.12")
    program = a_program(tiers=tuple(tiers))
    account = an_account(item(1, TODAY, do.Visited(spend_minor=1_234_5)))
    assert yearly_cost(account, program, REGULAR, "silver", TODAY) == 1_235, "half up"
    assert yearly_cost(account, program, SILVER, "gold", TODAY) == 247
    assert yearly_cost(account, program, GOLD, "silver", TODAY) == 0


@pytest.mark.parametrize(
    ("changes", "request_known", "earlier", "day", "fault"),
    [
        pytest.param({}, True, [], TODAY, None, id="taken"),
        pytest.param({}, False, [], TODAY, "tier_request_unknown", id="unknown"),
        pytest.param({"member": FRIEND}, True, [], TODAY, "tier_request_unknown", id="of-another"),
        pytest.param(
            {}, True, [a_decision(80, verdict="refused")], TODAY, "tier_request_decided",
            id="the-first-counts",
        ),
        pytest.param({}, True, [a_decision(80, request=op(99))], TODAY, None, id="another-one"),
        pytest.param(
            {}, True, [], LAST + timedelta(days=1), "tier_request_lapsed", id="its-time-is-over"
        ),
        pytest.param(
            {"verdict": "refused"}, True, [], LAST + timedelta(days=1), None, id="no-is-always-one"
        ),
    ],
)  # fmt: skip
def test_of_two_decisions_the_authority_takes_one(
    changes: dict[str, Any], request_known: bool, earlier: list[Any], day: date, fault: str | None
) -> None:
    asked = a_request() if request_known else None
    assert judge_decision(a_decision(**changes), asked, earlier, day) == fault


@pytest.mark.parametrize(
    ("decision", "day", "rejected", "state"),
    [
        (None, TODAY, False, "waiting"),
        (None, TODAY, True, "rejected"),
        (None, LAST + timedelta(days=1), False, "lapsed"),
        (a_decision(verdict="withdrawn"), TODAY, False, "withdrawn"),
    ],
)
def test_where_a_request_stands(decision: Any, day: date, rejected: bool, state: str) -> None:
    assert state_of_request(a_request(), decision, day, rejected=rejected) == state


def test_the_authority_grants_what_was_asked_from_its_own_day_on() -> None:
    day = TODAY + timedelta(days=3)
    said = {"op_id": op(90), "store": "s", "day": day, "clock": moment(), "member": MEMBER}
    fact = grant_of(a_request(), a_decision(staff=None), said, "regular")
    assert fact is not None
    assert fact.effects == (do.TierGivenFrom(tier="silver", days=188, yields=True),)
    assert (fact.request, fact.words, fact.approved_by) == (op(70), SEALED, ())
    assert grant_of(a_request(), a_decision(), said | {"day": LAST + timedelta(days=1)}, "") is None
    with_yes = grant_of(a_request(), a_decision(), said, "regular")
    assert with_yes is not None
    assert with_yes.approved_by == ("staff-wang",)


def test_the_history_of_a_member_others_were_merged_into_is_whole() -> None:
    kept = an_account(
        crossed(1), granted(72, "silver"),
        item(74, TODAY, do.TierTaken(grant=op(72))),
    )  # fmt: skip
    other = fold([
        crossed(2, "2026-04-02"),
        item(3, on("2026-04-03"), do.Undone(
            sale=op(2), spend_minor=2_000_000, visits=0, earned=(), spent=())),
        item(4, on("2026-05-03"), do.Reviewed(tier="regular", before="silver", months=12)),
        item(5, TODAY, do.TierGivenFrom(tier="gold", days=9), member=FRIEND),
    ], days={op(2): on("2026-04-02")})  # fmt: skip
    both = merge(kept, other)
    events = history(
        both, {op(1): "2025.1", op(70): "2026.1"}, {op(72): "regular"},
        [a_request()], [a_decision(), a_decision(88, request=op(99))],
    )  # fmt: skip
    told = [(each.kind, each.tier, each.version, each.by_hand) for each in events]
    assert told == [
        ("revoked", "silver", "", True),
        ("decision", "silver", "", True),
        ("request", "silver", "2026.1", True),
        ("grant", "gold", "", True),
        ("review", "regular", "", False),
        ("reached", "silver", "", False),
        ("reached", "silver", "2025.1", False),
    ]
    assert events[0].before == "regular"
    assert events[1].verdict == "approved"
    assert is_undone(both, op(72))
    assert is_undone(both, op(98))
    assert not is_undone(both, op(5))
    alone = history(other, {}, {})
    assert [each.kind for each in alone][-1] == "cancelled", "a refund undid it"


def test_words_are_only_what_was_said() -> None:
    assert Words() == Words(reason="", evidence=())
    assert a_grant().reason == "", "words stand sealed, never plain"
