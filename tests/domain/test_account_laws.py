"""Laws of the fold: any order, any split, duplicates kept out, one account.

Owns: what must hold for every history, found by Hypothesis. Does not own: single cases
(test_account_cases.py), the view's tables.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from app.domain import effects as do
from app.domain.account import FoldItem, Mark, MemberAccount, account_bytes, account_of, fold, merge
from app.domain.months import Month
from app.domain.view import view
from tests.domain.heart_builders import MEMBER, a_program, op

START = date(2025, 1, 15)
PROGRAM = a_program()

points = st.integers(-300, 600)
months = st.integers(1, 24)
coupon_names = st.sampled_from(["C-1", "C-2", "C-3"])
op_numbers = st.integers(0, 11)


def _earned() -> st.SearchStrategy[tuple[do.EarnedPart, ...]]:
    part = st.builds(
        do.EarnedPart,
        points=st.integers(1, 200),
        expires_in=months,
        usable_in_days=st.none() | st.integers(1, 10),
    )
    return st.tuples(part) | st.just(())


def _spent() -> st.SearchStrategy[tuple[do.SpentPart, ...]]:
    part = st.builds(
        do.SpentPart, points=st.integers(1, 200), expires_in=st.integers(0, 6),
        prolonged=st.booleans(),
    )  # fmt: skip
    return st.lists(part, max_size=2).map(tuple)


def any_effect() -> st.SearchStrategy[do.Effect]:
    sale = op_numbers.map(op)
    measures: list[do.Measure] = ["spend", "visits", "points"]
    return st.one_of(
        st.builds(do.Gained, points=points, expires_in=months),
        st.builds(do.Taken, points=st.integers(1, 400)),
        st.builds(do.Exchanged, points=st.integers(1, 400)),
        st.builds(do.HeldGain, points=points, expires_in=months, usable_in_days=st.just(8)),
        st.builds(
            do.OccasionGain, occasion=st.sampled_from(["welcome", "birthday:2026"]),
            points=st.integers(1, 100), expires_in=months,
            spend_line=st.sampled_from([0, 10_000]), months_back=st.integers(0, 3),
        ),
        st.builds(do.Visited, spend_minor=st.integers(0, 3_000_000), points_earned=points,
                  points_spent=st.integers(0, 100)),
        st.builds(do.Undone, sale=sale, earned=_earned(), spent=_spent(),
                  spend_minor=st.integers(0, 90_000), visits=st.integers(0, 1),
                  plan=st.booleans()),
        st.builds(do.Redone, sale=sale, refund=op_numbers.map(op), earned=_earned(),
                  spent=_spent(), spend_minor=st.integers(0, 90_000), visits=st.integers(-1, 1)),
        st.builds(do.SaleShare, sale=sale, points=points, expires_in=months,
                  usable_in_days=st.just(8)),
        st.builds(do.CouponGiven, coupon=coupon_names, offer=st.just("welcome"),
                  days=st.none() | st.integers(1, 60),
                  occasion=st.none() | st.just("tier_up:silver:2025")),
        st.builds(do.CouponUsed, coupon=coupon_names),
        st.builds(do.CouponBack, coupon=coupon_names, sale=sale,
                  days=st.none() | st.integers(1, 60)),
        st.builds(do.EntitlementTicked, entitlement=st.just("parking")),
        st.builds(do.EntitlementBack, entitlement=st.just("parking"), of=sale,
                  uses=st.sampled_from([("1/0",), ("1/0", "1/1"), ("",)])),
        st.builds(do.TierReached, tier=st.sampled_from(["silver", "gold"]), months=st.just(12),
                  measure=st.none() | st.sampled_from(measures), line=st.just(2_000_000),
                  return_days=st.just(7), days=st.none() | st.integers(1, 90)),
        st.builds(do.Reviewed, tier=st.just("silver"), before=st.just("gold"),
                  months=st.just(12), ended_back=st.integers(1, 2),
                  notice_days=st.sampled_from([0, 60])),
        st.builds(do.TierGiven, tier=st.just("gold"), days=st.integers(1, 400)),
        st.builds(do.TierTaken, grant=sale),
        st.builds(do.PackBought, plan=st.sampled_from(["year", "half"]),
                  tier=st.sampled_from(["silver", "gold"]), months=st.integers(1, 12)),
        st.builds(do.PackUsed, sale=sale),
        st.builds(do.PackBack, sale=sale, plan=st.sampled_from(["year", "half"])),
        st.builds(do.TierTried, tier=st.just("gold"), days=st.integers(0, 60)),
        st.just(do.CheckIn()),
        st.just(do.Joined()),
        # One id always stands for one consent on one day: a fact of its own gives it.
        st.builds(do.ConsentGiven, consent=st.sampled_from(["k1", "k2"]),
                  purpose=st.just("marketing"), text_version=st.just("3"),
                  text_hash=st.just("ab")),
        st.builds(do.ConsentsEnded, consents=st.sampled_from(["k1", "k2"]).map(lambda k: (k,))),
    )  # fmt: skip


EFFECTS = st.lists(any_effect(), max_size=4).map(tuple)


@st.composite
def histories(draw: st.DrawFn) -> list[FoldItem]:
    """Facts with distinct op_ids, some naming each other, some naming what never comes."""
    numbers = draw(st.lists(op_numbers, unique=True, min_size=1, max_size=9))
    items = []
    for dseq, number in enumerate(numbers, start=1):
        effects = draw(EFFECTS)
        day = START + timedelta(days=draw(st.integers(0, 700)))
        mark = Mark("till-1", 1, dseq) if draw(st.booleans()) else None
        items.append(FoldItem(op(number), MEMBER, day, effects, mark))
    return items


class Folder:
    """A store in small: keeps duplicates out by op_id and knows the days of what it has."""

    def __init__(self) -> None:
        self.account = MemberAccount()
        self.days: dict[str, date] = {}

    def receive(self, items: Iterable[FoldItem]) -> None:
        new: dict[str, FoldItem] = {}
        for each in items:
            if each.op_id not in self.days:
                new.setdefault(each.op_id, each)
        self.account = fold(new.values(), base=self.account, days=self.days)
        self.days |= {each.op_id: each.day for each in new.values()}


@given(histories(), st.randoms(use_true_random=False))
def test_facts_in_any_order_with_duplicates_give_one_account(
    history: list[FoldItem], chance: Random
) -> None:
    expected = fold(history)
    offered = history + chance.choices(history, k=3)
    chance.shuffle(offered)
    folder = Folder()
    while offered:
        size = chance.randint(1, 3)
        folder.receive(offered[:size])
        offered = offered[size:]
    assert folder.account == expected
    assert account_of(account_bytes(expected)) == expected


@given(histories(), st.integers(0, 9))
def test_two_parts_of_a_history_merge_into_the_whole_in_either_order(
    history: list[FoldItem], cut: int
) -> None:
    one, other = fold(history[:cut]), fold(history[cut:])
    days = {each.op_id: each.day for each in history}
    assert fold([], base=merge(one, other), days=days) == fold(history)
    assert fold([], base=merge(other, one), days=days) == fold(history)


@given(histories(), st.integers(0, 800))
def test_every_account_has_a_view_and_the_same_from_any_order(
    history: list[FoldItem], after: int
) -> None:
    as_of = START + timedelta(days=after)
    forward = view(fold(history), PROGRAM, as_of)
    assert forward == view(fold(list(reversed(history))), PROGRAM, as_of)
    assert all(bucket.points.count > 0 for bucket in forward.buckets)
    assert all(bucket.expires >= Month.of(as_of) for bucket in forward.buckets)


# ------------------------------------------------------------------ debts

steps = st.lists(
    st.tuples(
        st.integers(0, 40),  # days later
        st.integers(0, 500),  # points earned
        st.integers(1, 14),  # months they live
        st.integers(0, 100),  # percent of the balance spent
    ),
    max_size=14,
)


@given(steps)
def test_there_is_no_debt_without_an_overdraft(moves: list[tuple[int, int, int, int]]) -> None:
    day, account = START, MemberAccount()
    for number, (later, earned, live, percent) in enumerate(moves):
        day += timedelta(days=later)
        balance = view(account, PROGRAM, day).balance
        spend = balance * percent // 100
        effects: list[do.Effect] = [do.Gained(points=earned, expires_in=live)]
        if spend:
            effects.append(do.Taken(points=spend))
        account = fold([FoldItem(op(number), MEMBER, day, tuple(effects))], base=account)
        seen = view(account, PROGRAM, day)
        assert seen.debts == ()
        assert seen.balance == balance - spend + earned
    assert view(account, PROGRAM, day + timedelta(days=900)).debts == ()


@given(steps, st.integers(1, 500), st.lists(st.integers(1, 400), max_size=6))
def test_a_debt_is_paid_once_by_the_next_earnings_and_never_comes_back(
    moves: list[tuple[int, int, int, int]], overdraft: int, earnings: list[int]
) -> None:
    day, account = START, MemberAccount()
    for number, (later, earned, live, _) in enumerate(moves):
        day += timedelta(days=later)
        gain = do.Gained(points=earned, expires_in=live)
        account = fold([FoldItem(op(number), MEMBER, day, (gain,))], base=account)
    had = view(account, PROGRAM, day).balance
    account = fold(
        [FoldItem(op(90), MEMBER, day, (do.Taken(points=had + overdraft),))], base=account
    )
    owed = overdraft
    assert view(account, PROGRAM, day).debt_points == owed
    for number, earned in enumerate(earnings, start=100):
        day += timedelta(days=35)
        gain = do.Gained(points=earned, expires_in=3)
        account = fold([FoldItem(op(number), MEMBER, day, (gain,))], base=account)
        owed = max(0, owed - earned)
        assert view(account, PROGRAM, day).debt_points == owed
    for later in (40, 200, 900):
        assert view(account, PROGRAM, day + timedelta(days=later)).debt_points == owed


@given(st.integers(1, 500), st.integers(0, 5), st.integers(1, 12), st.integers(1, 400), st.data())
def test_a_sale_delivered_after_the_expiry_of_what_it_spent_leaves_no_debt(
    earned: int, live: int, late_months: int, later_earned: int, data: st.DataObject
) -> None:
    """Two tills: one sells offline before the expiry, the other goes on without knowing."""
    spent = data.draw(st.integers(1, earned))
    gain = FoldItem(op(1), MEMBER, START, (do.Gained(points=earned, expires_in=live),))
    last_alive = Month.of(START).plus(live).last_day
    offline_sale = FoldItem(op(2), MEMBER, last_alive, (do.Taken(points=spent),))
    after = Month.of(last_alive).plus(late_months).first_day
    later = FoldItem(op(3), MEMBER, after, (do.Gained(points=later_earned, expires_in=12),))
    before_delivery = fold([gain, later])
    assert view(before_delivery, PROGRAM, after).balance == later_earned
    delivered = view(fold([offline_sale], base=before_delivery), PROGRAM, after)
    assert delivered.debts == ()
    assert delivered.balance == later_earned
