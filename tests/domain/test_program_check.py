"""Program files: what is refused, at which key, and that every cure can be worded."""

from __future__ import annotations

from pathlib import Path
from string import Formatter

import pytest

from app.domain.conditions import Context
from app.domain.pricing import price
from app.domain.program import Program
from app.domain.program_check import check_program
from app.domain.program_file import decode_program, program_schema
from app.domain.program_limits import most_levels, offline_worst_case, worst_case
from app.domain.program_problem import CURES, Problem

SHIPPED = sorted((Path(__file__).parents[2] / "resources" / "programs").glob("*.toml"))

HEAD = """
schema = 1
id = "shop"
version = "1"
announced = 2026-01-01
effective = 2026-02-01
name = { zh = "会员", en = "Members" }
"""
TIERS = """
[[tiers]]
id = "regular"
name = { zh = "普通", en = "Regular" }

[[tiers]]
id = "gold"
name = { zh = "金卡", en = "Gold" }
qualify = { spend = "5000" }
discount = "0.12"
"""
NAME = 'name = { zh = "优惠", en = "Offer" }\n'


def offer(body: str, offer_id: str = "r") -> str:
    return f'\n[[offers]]\nid = "{offer_id}"\n{NAME}{body}\n'


OFF = 'effect = { kind = "amount_off", amount = "5" }\n'
PAIR = 'effect = { kind = "nth_discount", n = 2, rate = "0.5" }\n'


def price_list(body: str, list_id: str = "week") -> str:
    return f'\n[[price_lists]]\nid = "{list_id}"\n{NAME}{body}\n'


PRICED = '[[price_lists.prices]]\ncategories = ["oil"]\nrate = "0.1"\n'


def tier(body: str, tier_id: str) -> str:
    return f'\n[[tiers]]\nid = "{tier_id}"\n{NAME}{body}\n'


def problems(text: str) -> list[tuple[str, str]]:
    program = decode_program(text)
    if isinstance(program, Problem):
        return [(program.path, program.code)]
    return [(problem.path, problem.code) for problem in check_program(program)]


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


MEANING: list[tuple[str, str, list[tuple[str, str]]]] = [
    (
        "discount above its threshold",
        TIERS + offer(OFF + 'threshold = { amount = "4" }'),
        [("offers[0].effect.amount", "off_above_threshold")],
    ),
    (
        "two tiers with one threshold",
        TIERS + tier('qualify = { spend = "5000.00" }', "gold2"),
        [("tiers[2].qualify.spend", "same_threshold")],
    ),
    (
        "a higher tier that asks less",
        TIERS + tier('qualify = { spend = "400" }', "gem"),
        [("tiers[2].qualify.spend", "threshold_falls")],
    ),
    (
        "a tier for nothing",
        TIERS + tier('qualify = { visits = 1, spend = "0" }', "gem"),
        [("tiers[2].qualify.spend", "must_be_above_zero")],
    ),
    (
        "nobody reaches it",
        TIERS + tier("qualify = { grant = false }", "gem"),
        [("tiers[2].qualify", "no_way_up")],
    ),
    (
        "unknown plan",
        TIERS + tier('qualify = { plan = "x" }', "gem"),
        [("tiers[2].qualify.plan", "unknown_plan")],
    ),
    (
        "the entry has a way up",
        TIERS.replace('id = "regular"', 'id = "regular"\nqualify = { visits = 2 }'),
        [("tiers[0].qualify", "entry_tier_has_ways")],
    ),
    ("no tiers", "tiers = []", [("tiers", "no_tiers")]),
    (
        "dates the wrong way round",
        TIERS + offer(OFF + "when = { starts = 2026-05-02, ends = 2026-05-01 }"),
        [("offers[0].when.ends", "dates_reversed")],
    ),
    (
        "hours the wrong way round",
        TIERS + price_list('when = { hours = ["18:00", "09:00"] }\n' + PRICED),
        [("price_lists[0].when.hours", "not_hours")],
    ),
    (
        "no hours at all",
        TIERS + price_list('when = { hours = ["09:00", "9 pm"] }\n' + PRICED),
        [("price_lists[0].when.hours", "not_hours")],
    ),
    ("unknown time zone", 'timezone = "Asia/Peking"' + TIERS, [("timezone", "not_a_zone")]),
    (
        "a rate above one",
        TIERS + offer('effect = { kind = "percent_off", rate = "12" }'),
        [("offers[0].effect.rate", "above_one")],
    ),
    (
        "too many decimals",
        TIERS + offer('effect = { kind = "amount_off", amount = "5.125" }'),
        [("offers[0].effect.amount", "too_many_decimals")],
    ),
    (
        "nothing off",
        TIERS + offer('effect = { kind = "amount_off", amount = "0" }'),
        [("offers[0].effect.amount", "must_be_above_zero")],
    ),
    (
        "no percentage",
        TIERS + offer('effect = { kind = "percent_off", rate = "0" }'),
        [("offers[0].effect.rate", "must_be_above_zero")],
    ),
    (
        "a cap below the amount",
        TIERS + offer('effect = { kind = "amount_off", amount = "5", cap = "4" }'),
        [("offers[0].effect.cap", "cap_below_amount")],
    ),
    (
        "a threshold of nothing",
        TIERS + offer(OFF + 'threshold = { amount = "0" }'),
        [("offers[0].threshold.amount", "must_be_above_zero")],
    ),
    (
        "an empty threshold",
        TIERS + offer(OFF + "threshold = {}"),
        [("offers[0].threshold", "one_of_two")],
    ),
    (
        "two thresholds",
        TIERS + offer(OFF + 'threshold = { amount = "9", quantity = 2 }'),
        [("offers[0].threshold", "one_of_two")],
    ),
    (
        "once per no threshold",
        TIERS + offer('effect = { kind = "amount_off", amount = "5", per_threshold = true }'),
        [("offers[0].effect.per_threshold", "threshold_needed")],
    ),
    (
        "a threshold on a bundle",
        TIERS + offer(PAIR + "threshold = { quantity = 2 }"),
        [("offers[0].threshold", "threshold_on_bundle")],
    ),
    (
        "a code is needed",
        TIERS + offer(OFF + 'trigger = "code"'),
        [("offers[0].code", "code_needed")],
    ),
    ("a code for nothing", TIERS + offer(OFF + 'code = "X1"'), [("offers[0].code", "code_unused")]),
    (
        "days for nothing",
        TIERS + offer(OFF + "coupon_days = 3"),
        [("offers[0].coupon_days", "days_unused")],
    ),
    (
        "named and excluded",
        TIERS + offer(OFF + 'scope = { products = ["a"], except_products = ["a"] }'),
        [("offers[0].scope", "scope_is_empty")],
    ),
    (
        "a gift of nothing",
        TIERS + offer('effect = { kind = "gift", products = [] }'),
        [("offers[0].effect.products", "names_nothing")],
    ),
    ("two offers of one name", TIERS + offer(OFF) + offer(OFF), [("offers[1].id", "duplicate")]),
    ("an offer named like a tier", TIERS + offer(OFF, "gold"), [("offers[0].id", "duplicate")]),
    (
        "two offers of one code",
        TIERS
        + offer(OFF + 'trigger = "code"\ncode = "A"')
        + offer(OFF + 'trigger = "code"\ncode = "A"', "s"),
        [("offers[1].code", "duplicate")],
    ),
    ("a name of the till's", TIERS + offer(OFF, "points"), [("offers[0].id", "reserved")]),
    (
        "unknown tier",
        TIERS + offer(OFF + 'when = { tier = "platin" }'),
        [("offers[0].when.tier", "unknown_tier")],
    ),
    (
        "unknown coupon",
        TIERS + '\n[welcome]\noffers = ["x"]',
        [("welcome.offers", "unknown_offer")],
    ),
    (
        "a coupon that is none",
        TIERS + '\n[expiring]\noffer = "r"' + offer(OFF),
        [("expiring.offer", "not_a_coupon")],
    ),
    (
        "unknown birthday coupon",
        TIERS + '\n[birthday]\noffers = ["x"]',
        [("birthday.offers", "unknown_offer")],
    ),
    (
        "unknown tier-up coupon",
        TIERS + 'tier_up_offers = ["x"]',
        [("tiers[1].tier_up_offers", "unknown_offer")],
    ),
    (
        "a price and a rate",
        TIERS + price_list(PRICED + 'price = "3"'),
        [("price_lists[0].prices[0]", "one_of_two")],
    ),
    (
        "a price for nothing",
        TIERS + price_list('[[price_lists.prices]]\nprice = "3"'),
        [("price_lists[0].prices[0]", "names_nothing")],
    ),
    (
        "nothing exclusive",
        TIERS + '\n[[exclusive]]\ntier = "gold"',
        [("exclusive[0]", "names_nothing")],
    ),
    (
        "a factor for nothing",
        TIERS + '\n[[earning.categories]]\nfactor = "2"',
        [("earning.categories[0]", "names_nothing")],
    ),
    (
        "points of no money",
        TIERS + '\n[redemption]\namount = "0"',
        [("redemption.amount", "must_be_above_zero")],
    ),
    (
        "a minimum between steps",
        TIERS + "\n[redemption]\nminimum = 150",
        [("redemption.minimum", "minimum_no_step")],
    ),
    (
        "a plan for no tier",
        TIERS + f'\n[[plans]]\nid = "p"\n{NAME}sku = "P"\ntier = "x"',
        [("plans[0].tier", "unknown_tier")],
    ),
    (
        "a fourth group",
        TIERS + "".join(offer(OFF + f'group = "g{n}"', f"o{n}") for n in range(4)),
        [("offers", "too_many_groups")],
    ),
    (
        "a ninth bundle",
        TIERS + "".join(offer(PAIR, f"o{n}") for n in range(9)),
        [("offers", "too_many_bundles")],
    ),
    (
        "a seventh level",
        TIERS + "".join(price_list(PRICED, f"list{n}") for n in range(5)),
        [("price_lists", "too_many_levels")],
    ),
]


@pytest.mark.parametrize(
    ("body", "expected"), [row[1:] for row in MEANING], ids=[row[0] for row in MEANING]
)
def test_what_could_not_be_explained_is_refused(body: str, expected: list[tuple[str, str]]) -> None:
    assert problems(HEAD + body) == expected


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
