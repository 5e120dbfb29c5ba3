"""Program files: what is refused, at which key, and that every cure can be worded."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from string import Formatter

import pytest

from app.domain.conditions import Context
from app.domain.offer import AmountOff
from app.domain.pricing import price
from app.domain.program import Program
from app.domain.program_check import check_program
from app.domain.program_file import decode_program, program_schema
from app.domain.program_limits import most_levels, offline_worst_case, worst_case
from app.domain.program_problem import CURES, Problem
from tests.domain.program_texts import (
    HEAD,
    OFF,
    PAIR,
    PRICED,
    TIERS,
    offer,
    price_list,
    problems,
)

SHIPPED = sorted((Path(__file__).parents[2] / "resources" / "programs").glob("*.toml"))


def test_a_sound_program_has_no_problems() -> None:
    assert problems(HEAD + TIERS) == []


@pytest.mark.parametrize("path", SHIPPED, ids=[path.stem for path in SHIPPED])
def test_shipped_programs_are_sound_and_price_their_worst_case(path: Path) -> None:
    program = decode_program(path.read_text(encoding="utf-8"))
    assert isinstance(program, Program), program
    assert check_program(program) == ()
    worst = worst_case(program, lines=20)
    quote = price(worst.basket, worst.view, program, worst.at, Context(store=worst.store))
    assert sum(line.net.minor for line in quote.lines) == quote.total.minor
    assert len(worst.basket.lines) == 20


SHOPS = [path for path in SHIPPED if path.stem != "journey"]
"""Programs a shop may start from; the journey measures recorded baskets, all bought by card."""


@pytest.mark.parametrize("path", SHOPS, ids=[path.stem for path in SHOPS])
def test_who_is_known_less_surely_may_use_fewer_coupons_in_every_program_of_a_shop(
    path: Path,
) -> None:
    program = decode_program(path.read_text(encoding="utf-8"))
    assert isinstance(program, Program), program
    limits = program.stacking.per_day
    assert limits.card is not None and limits.phone is not None and limits.name is not None
    card, phone, name = (Decimal(each) for each in (limits.card, limits.phone, limits.name))
    assert card > phone > name == 0
    assert limits.pass_ is None, "a signed pass has no limit, as for points"
    amounts = [
        Decimal(offer.effect.amount)
        for offer in program.offers
        if offer.trigger == "coupon" and isinstance(offer.effect, AmountOff)
    ]
    assert all(amount <= card for amount in amounts), "with a card every coupon can be used"


FORM: list[tuple[str, str, str, str, str]] = [
    ("no TOML", "schema = = 1", "", "not_toml", "line 1"),
    ("unknown key", HEAD + 'colour = "red"' + TIERS, "", "unknown_key", "colour"),
    (
        "unknown key deep down",
        HEAD + TIERS + '\n[prices]\nvat = "0.1"',
        "prices",
        "unknown_key",
        "vat",
    ),
    ("missing key", HEAD.replace('id = "shop"', "") + TIERS, "", "missing_key", "id"),
    (
        "number for money",
        HEAD + TIERS + "\n[earning]\nunit = 1.5",
        "earning.unit",
        "number_unquoted",
        "1.5",
    ),
    (
        "number for a rate",
        HEAD + TIERS + "discount_scope = {}\nearn_rate = 2",
        "tiers[1].earn_rate",
        "number_unquoted",
        "2",
    ),
    (
        "a multiplier below zero",
        HEAD + TIERS + offer('effect = { kind = "multiplier", factor = "-2" }'),
        "offers[0].effect.factor",
        "below_zero",
        "-2",
    ),
    (
        "points below zero",
        HEAD + TIERS + "\n[welcome]\npoints = -5",
        "welcome.points",
        "below_zero",
        "-5",
    ),
    (
        "no rate",
        HEAD + TIERS.replace('"0.12"', '"12 %"'),
        "tiers[1].discount",
        "wrong_form",
        "12 %",
    ),
    ("yes for a number", HEAD + TIERS + "months = true", "tiers[1].months", "wrong_form", "True"),
    (
        "unknown effect",
        HEAD + TIERS + offer('effect = { kind = "magic" }'),
        "offers[0].effect.kind",
        "wrong_form",
        "magic",
    ),
    (
        "five coupons",
        HEAD + TIERS + "\n[stacking]\ncoupons_max = 5",
        "stacking.coupons_max",
        "wrong_form",
        "5",
    ),
]


@pytest.mark.parametrize(
    ("text", "path", "code", "value"), [row[1:] for row in FORM], ids=[row[0] for row in FORM]
)
def test_the_form_is_strict(text: str, path: str, code: str, value: str) -> None:
    problem = decode_program(text)
    assert isinstance(problem, Problem)
    assert (problem.path, problem.code) == (path, code)
    assert value in problem.value
    assert problem.value in problem.cure


@pytest.mark.parametrize(
    ("effective", "code"),
    [("2026-01-31", None), ("2026-01-30", "notice_too_short"), ("2025-12-31", "dates_reversed")],
)
def test_the_notice_between_announcement_and_effect(effective: str, code: str | None) -> None:
    text = HEAD.replace("effective = 2026-02-01", f"effective = {effective}") + TIERS
    assert problems(text) == ([] if code is None else [("effective", code)])


def test_bundles_of_different_goods_do_not_share_units() -> None:
    apart = "".join(
        offer(PAIR + f'scope = {{ categories = ["c{n}"] }}', f"o{n}") for n in range(12)
    )
    assert problems(HEAD + TIERS + apart) == []
    by_product = offer(PAIR + 'scope = { products = ["p"] }', "p")
    assert problems(HEAD + TIERS + apart + by_product) == [("offers", "too_many_bundles")]
    assert problems(HEAD + TIERS + by_product * 1) == []


def test_price_lists_of_different_weeks_are_not_in_force_together() -> None:
    lists = "".join(
        price_list(f"when = {{ starts = 2026-0{n}-01, ends = 2026-0{n}-07 }}\n{PRICED}", f"l{n}")
        for n in range(3, 9)
    )
    weekday = price_list("when = { weekdays = [1] }\n" + PRICED, "mondays")
    program = decode_program(HEAD + TIERS + lists + weekday)
    assert isinstance(program, Program)
    assert most_levels(program) == 1 + 1 + 2  # gold, member price, a week's list on its Monday


def test_the_worst_case_uses_every_coupon_code_and_hour() -> None:
    code = 'trigger = "code"\ncode = "A"\n'
    body = (
        offer(OFF + code + 'when = { stores = ["east"], hours = ["19:30", "22:00"] }', "a")
        + offer(
            OFF + 'trigger = "coupon"\nthreshold = { amount = "80" }\nscope = { products = ["p"] }',
            "b",
        )
        + price_list(
            'when = { starts = 2026-03-02 }\n[[price_lists.prices]]\nproducts = ["q"]\nprice = "3"'
        )
    )
    program = decode_program(HEAD + TIERS + body)
    assert isinstance(program, Program)
    worst = worst_case(program, lines=9)
    assert worst.basket.choices.codes == ("A",)
    assert {line.sku for line in worst.basket.lines} == {"p", "q"}
    assert len(worst.view.coupons) == 2
    assert (worst.store, f"{worst.at:%H:%M}", worst.view.tier) == ("east", "19:30", "gold")


def test_offline_at_worst_is_tills_times_the_floor_limit() -> None:
    program = decode_program(HEAD + TIERS + "\n[offline]\nfloor_till = 700")
    assert isinstance(program, Program)
    worst = offline_worst_case(program, 3)
    assert (worst.points, worst.amount.minor) == (2100, 2100)


def test_every_cure_fills_its_places() -> None:
    for code, sentence in CURES.items():
        names = {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
        assert names <= {"value", "other"}, code
        assert Problem(code, "a.b", "V", "O").cure.endswith(".")


def test_tiers_are_found_by_name() -> None:
    program = decode_program(HEAD + TIERS)
    assert isinstance(program, Program)
    assert (program.rank("gold"), program.tier("gold").discount) == (1, "0.12")
    with pytest.raises(KeyError):
        program.rank("platinum")


def test_the_schema_names_every_effect() -> None:
    schema = str(program_schema())
    for kind in ("amount_off", "percent_off", "gift", "spend_rebate", "n_for_price"):
        assert kind in schema
