"""Making the program of pass 2 from the data: `python -m app.commands.replay.make_program FILE`.

Owns: how the chain's 27 campaigns become offers. Does not own: who gets their coupons (story.py).
The mapping, so that every number can be found in the data again:
- What a coupon is worth is the median of what redeemed coupons of its campaign took off a line
  (coupon and its match); a campaign without one takes the median of its type.
- Type A (chosen for each household, over the whole assortment) becomes an amount off the order,
  above ten times the amount, one a sale. Type B becomes an amount off the categories its coupons
  were printed for, above twice the amount. Type C becomes a fraction off its categories: the
  median share of the line's list price, between 5 % and 50 % in steps of 5 %, capped at three
  times its worth.
- Dates are those of the campaign; a coupon lives as long as it.
Tiers, points, the bundles, the double day and the price list are ours: they make the search work.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from statistics import median_low

from app.commands.replay.journey import Campaign, Journey, moment_of
from app.commands.replay.source import LATER, SourceMissing, coupon_products, read_journey, redeemed
from app.commands.replay.story import offer_of

CATEGORIES_MAX = 12
HEAD = """\
# The rules of pass 2 of `main.py replay`, made from the Complete Journey data by
# `python -m app.commands.replay.make_program`. Do not edit: make it again.

schema = 1
id = "journey"
version = "2023-1"
announced = 2022-09-01
effective = 2022-10-01
timezone = "UTC"
name = { zh = "一年的购物篮", en = "A year of baskets" }

[[tiers]]
id = "regular"
name = { zh = "普通", en = "Regular" }

[[tiers]]
id = "silver"
name = { zh = "银卡", en = "Silver" }
qualify = { spend = "2000" }
discount = "0.05"
discount_scope = { except_categories = ["COUPON/MISC ITEMS", "FUEL"] }
earn_rate = "1.2"
tier_up_offers = ["silver-gift"]

[[tiers]]
id = "gold"
name = { zh = "金卡", en = "Gold" }
qualify = { spend = "5000" }
discount = "0.08"
discount_scope = { except_categories = ["COUPON/MISC ITEMS", "FUEL"] }
earn_rate = "1.5"
tier_up_offers = ["gold-gift"]

[prices]
currency = "USD"
default_tax_rate = "0.05"
round_off_step = "0.05"

[earning]
hold_above = 100000                   # nothing of this chain is held

[[earning.categories]]
categories = ["COUPON/MISC ITEMS", "FUEL"]
factor = "0"

[[earning.categories]]
categories = ["TROPICAL FRUIT", "SALAD MIX", "VEGETABLES - ALL OTHERS"]
factor = "1.5"

[[price_lists]]
id = "weekend-drinks"
name = { zh = "周末饮料价", en = "Weekend drinks" }
when = { members_only = true, weekdays = [6, 7] }
prices = [{ categories = ["SOFT DRINKS"], rate = "0.15" }]

[[offers]]
id = "tuesday-double"
name = { zh = "周二双倍积分", en = "Double points on Tuesdays" }
effect = { kind = "multiplier", factor = "2" }
when = { members_only = true, weekdays = [2] }

[[offers]]
id = "yogurt-5-1"
name = { zh = "酸奶买五送一", en = "Yogurt: buy 5, get 1" }
effect = { kind = "buy_x_get_y", buy = 5, get = 1 }
scope = { categories = ["YOGURT"] }

[[offers]]
id = "soup-second-half"
name = { zh = "汤品第二件半价", en = "Soup: second at half price" }
effect = { kind = "nth_discount", n = 2, rate = "0.5" }
scope = { categories = ["SOUP"] }

[[offers]]
id = "silver-gift"
name = { zh = "银卡礼满50减5", en = "Silver gift: 5 off 50" }
trigger = "coupon"
why = "tier_up"
coupon_days = 90
effect = { kind = "amount_off", amount = "5" }
threshold = { amount = "50" }

[[offers]]
id = "gold-gift"
name = { zh = "金卡礼全单95折", en = "Gold gift: 5% off the order" }
trigger = "coupon"
why = "tier_up"
coupon_days = 90
effect = { kind = "percent_off", rate = "0.05", cap = "10" }
"""


@dataclass(slots=True)
class Redeemed:
    """What redeemed coupons took off lines: cents, and the same as a share of the list price."""

    worth: list[int] = field(default_factory=list)
    share: list[Fraction] = field(default_factory=list)


def program_text(journey: Journey) -> str:
    """The whole program file."""
    found = _redeemed_by_campaign(journey)
    kinds: dict[str, Redeemed] = {}
    for campaign in journey.campaigns:
        of_kind = kinds.setdefault(campaign.kind, Redeemed())
        of_kind.worth += found[campaign.number].worth
        of_kind.share += found[campaign.number].share
    categories = _categories(journey)
    offers = []
    for campaign in journey.campaigns:
        taken = found[campaign.number]
        known = taken if taken.worth else kinds[campaign.kind]
        offers.append(_offer(campaign, known, categories[campaign.number]))
    return HEAD + "".join(offers)


def _redeemed_by_campaign(journey: Journey) -> dict[int, Redeemed]:
    """Lines with a coupon, of the household and day of a redemption, in the coupon's scope."""
    found = {campaign.number: Redeemed() for campaign in journey.campaigns}
    scope = coupon_products()
    by_visit: dict[tuple[int, date], list[int]] = {}
    columns = journey.columns
    for row in journey.rows(len(journey.order)):
        if columns["coupon"][row] and columns["sales"][row]:
            visit = (columns["household"][row], moment_of(columns["at_ms"][row]).date())
            by_visit.setdefault(visit, []).append(row)
    for household, coupon, campaign, day in redeemed():
        for row in by_visit.get((household, day + LATER), ()):
            if columns["product"][row] in scope[campaign].get(coupon, ()):
                worth = columns["coupon"][row] + columns["match"][row]
                listed = columns["sales"][row] + columns["retail"][row] + columns["match"][row]
                found[campaign].worth.append(worth)
                found[campaign].share.append(Fraction(worth, listed))
    return found


def _categories(journey: Journey) -> Mapping[int, list[str]]:
    """The categories a campaign's coupons were printed for, those with most products first."""
    counts: dict[int, Counter[str]] = {c.number: Counter() for c in journey.campaigns}
    for campaign, coupons in coupon_products().items():
        for product in set().union(*coupons.values()):
            article = journey.articles.get(product)
            if article is not None:
                counts[campaign][article.category] += 1
    return {
        campaign: sorted(sorted(count, key=lambda name: (-count[name], name))[:CATEGORIES_MAX])
        for campaign, count in counts.items()
    }


def _offer(campaign: Campaign, taken: Redeemed, categories: list[str]) -> str:
    worth = max(5, median_low(taken.worth))
    lines = [
        "",
        "[[offers]]",
        f'id = "{offer_of(campaign.number)}"',
        f'name = {{ zh = "活动{campaign.number}券", en = "Campaign {campaign.number}" }}',
        'trigger = "coupon"',
        'why = "claim"',
        f"coupon_days = {(campaign.ends - campaign.starts).days}",
        f"when = {{ starts = {campaign.starts}, ends = {campaign.ends} }}",
        *_effect(campaign.kind, worth, taken, categories),
        "",
    ]
    return "\n".join(lines)


def _effect(kind: str, worth: int, taken: Redeemed, categories: list[str]) -> Iterator[str]:
    scope = f"scope = {{ categories = {json.dumps(categories)} }}"
    if kind == "Type A":
        yield f'effect = {{ kind = "amount_off", amount = "{_amount(worth)}" }}'
        yield f'threshold = {{ amount = "{_amount(10 * worth)}" }}'
        yield 'group = "type-a"'
    elif kind == "Type B":
        yield f'effect = {{ kind = "amount_off", amount = "{_amount(worth)}" }}'
        yield f'threshold = {{ amount = "{_amount(2 * worth)}" }}'
        yield scope
    else:
        fives = min(10, max(1, round(median_low(taken.share) * 20)))
        rate = f"0.{fives * 5:02d}"
        yield f'effect = {{ kind = "percent_off", rate = "{rate}", cap = "{_amount(3 * worth)}" }}'
        yield scope


def _amount(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def main(file: Path) -> int:
    """Write the file; 3 where the data is not installed."""
    journey = read_journey()
    if isinstance(journey, SourceMissing):
        print(f"{journey.package} is not installed: .ci/requirements/replay.txt", file=sys.stderr)
        return 3
    file.write_text(program_text(journey), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
