"""Rewards in a program file: what is refused, at which key, with which cure."""

from __future__ import annotations

import pytest

from app.domain.program import Program
from app.domain.program_check import check_program
from app.domain.program_file import decode_program, program_schema
from app.domain.program_problem import Problem
from tests.domain.program_texts import HEAD, NAME, TIERS, offer, problems


def coupon(offer_id: str, amount: str, more: str = "") -> str:
    effect = f'effect = {{ kind = "amount_off", amount = "{amount}"{more} }}'
    return offer(f'trigger = "coupon"\n{effect}\n', offer_id)


def reward(body: str, reward_id: str = "mug", points: int = 500) -> str:
    return f'\n[[rewards]]\nid = "{reward_id}"\n{NAME}points = {points}\n{body}\n'


GIFT = 'gives = { kind = "gift", products = ["6901028000017"] }\n'
SHOP = HEAD + TIERS


def for_coupon(offer_id: str) -> str:
    return f'gives = {{ kind = "coupon", offer = "{offer_id}" }}\n'


def test_rewards_of_every_kind_are_read() -> None:
    text = (
        SHOP
        + coupon("five", "5")
        + coupon("twelve", "12")
        + reward(GIFT + 'count = 1\nperiod = "month"\n')
        + reward('gives = { kind = "product", product = "P1", price = "9.90" }\n', "cup", 800)
        + reward(for_coupon("five"), "five-off", 500)
        + reward(for_coupon("twelve") + 'when = { tier = "gold" }\n', "twelve-off", 1000)
    )
    program = decode_program(text)
    assert isinstance(program, Program), program
    assert check_program(program) == ()
    assert [each.points for each in program.rewards] == [500, 800, 500, 1000]
    assert "Reward" in program_schema()["$defs"]  # type: ignore[operator]  # a schema is any JSON


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (reward(GIFT) + reward(GIFT), ("rewards[1].id", "duplicate")),
        (reward('gives = { kind = "gift", products = [] }\n'),
         ("rewards[0].gives.products", "names_nothing")),
        (reward(for_coupon("none")), ("rewards[0].gives.offer", "unknown_offer")),
        (offer('effect = { kind = "amount_off", amount = "5" }') + reward(for_coupon("r")),
         ("rewards[0].gives.offer", "not_a_coupon")),
        (reward(GIFT + "count = 2\n"), ("rewards[0].count", "period_needed")),
        (reward(GIFT + 'period = "day"\n'), ("rewards[0].period", "count_needed")),
        (reward(GIFT + 'when = { tier = "steel" }\n'), ("rewards[0].when.tier", "unknown_tier")),
        (reward(GIFT + "when = { starts = 2026-05-02, ends = 2026-05-01 }\n"),
         ("rewards[0].when.ends", "dates_reversed")),
        (reward('gives = { kind = "product", product = "P1", price = "1.234" }\n'),
         ("rewards[0].gives.price", "too_many_decimals")),
        (reward(GIFT, points=0), ("rewards[0].points", "wrong_form")),
        (reward(GIFT + "stock = 3\n"), ("rewards[0]", "unknown_key")),
        (reward('gives = { kind = "lottery" }\n'), ("rewards[0].gives.kind", "wrong_form")),
    ],
    ids=["twice", "no goods", "no offer", "no coupon", "no period", "no count", "tier", "dates",
         "decimals", "no points", "stock", "kind"],
)  # fmt: skip
def test_what_is_refused(body: str, expected: tuple[str, str]) -> None:
    assert problems(SHOP + body) == [expected]


def test_the_dearer_coupon_must_not_give_less_for_a_point() -> None:
    two = coupon("five", "5") + coupon("eight", "8")
    worse = SHOP + two + reward(for_coupon("eight"), "b", 1000) + reward(for_coupon("five"), "a")
    program = decode_program(worse)
    assert isinstance(program, Program), program
    (problem,) = check_program(program)
    assert problem == Problem("reward_worse", "rewards[0].points", "b", "a")
    assert problem.cure.startswith("b gives less for each point than the cheaper a.")
    same = coupon("five", "5") + coupon("ten", "10")
    fair = reward(for_coupon("ten"), "b", 1000) + reward(for_coupon("five"), "a")
    assert problems(SHOP + same + fair) == []


def test_coupons_that_say_no_single_amount_are_not_compared() -> None:
    each_time = coupon("each", "1", ", per_threshold = true").replace(
        "\neffect", '\nthreshold = { amount = "50" }\neffect'
    )
    text = SHOP + coupon("five", "5") + each_time
    text += reward(for_coupon("each"), "b", 1000) + reward(for_coupon("five"), "a")
    assert problems(text) == []
