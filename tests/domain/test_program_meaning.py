"""What could not be explained to a customer is refused, at the key that says it."""

from __future__ import annotations

import pytest

from tests.domain.program_texts import (
    HEAD,
    NAME,
    OFF,
    PAIR,
    PRICED,
    TIERS,
    offer,
    price_list,
    problems,
    tier,
)

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
        "a pack for a tier that is not there",
        TIERS
        + '[[plans]]\nid = "y"\nname = { zh = "年卡", en = "Year" }\nsku = "S"\ntier = "gem"\n',
        [("plans[0].tier", "unknown_tier")],
    ),
    (
        "packs of one product, for what everybody has, with terms longer than they run",
        TIERS + '[[plans]]\nid = "y"\nname = { zh = "年卡", en = "Year" }\nsku = "S"\n'
        'tier = "regular"\nmonths = 1\nrefund = { full_days = 40 }\n'
        '[[plans]]\nid = "z"\nname = { zh = "年卡", en = "Year" }\nsku = "S"\ntier = "gold"\n',
        [
            ("plans[1].sku", "duplicate"),
            ("plans[0].tier", "sells_entry_tier"),
            ("plans[0].refund.full_days", "terms_too_long"),
        ],
    ),
    (
        "trials that are too long or of no tier, a welcome with none of them",
        TIERS + '[[trials]]\nid = "t"\nname = { zh = "体验", en = "Taste" }\ntier = "gold"\n'
        'days = 93\n[[trials]]\nid = "u"\nname = { zh = "体验", en = "Taste" }\ntier = "gem"\n'
        '[welcome]\ntrial = "v"\n',
        [
            ("trials[0].days", "trial_too_long"),
            ("trials[1].tier", "unknown_tier"),
            ("welcome.trial", "unknown_trial"),
        ],
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
