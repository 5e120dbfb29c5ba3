"""A test of the tester: faults planted into the real pricing code must be found by the laws.

Each is the kind of slip a careful person makes, planted by changing the source of one function;
the pattern must still be there, so that a rewrite of pricing moves its fault along. The laws find
each within BASKETS_MAX sales.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from app.domain.quote import Quote
from tests.domain.laws.asking import ask_price, ask_with
from tests.domain.laws.checks import Ask, broken_laws
from tests.domain.laws.generator import Sale, draw
from tests.domain.laws.planting import planted

# The tests by hand reach every branch of the domain (tests/check.py asks them to): counting lines
# once more here would only double the time.
pytestmark = pytest.mark.no_cover

BASKETS_MAX = 400


@dataclass(frozen=True)
class Fault:
    """`old` reads `new` in a module of app.domain."""

    module: str
    old: str
    new: str


FAULTS = {
    "tie-break: the number of rules is forgotten": Fault(
        "combination",
        "return len(expiries), sorted(expiries), len(ids), ids",
        "return len(expiries), sorted(expiries), 0, ids",
    ),
    "tie-break: coupons are spent although it is as cheap without": Fault(
        "combination",
        "return len(expiries), sorted(expiries), len(ids), ids",
        "return -len(expiries), sorted(expiries), len(ids), ids",
    ),
    "allocation: ties go to the later line": Fault(
        "shelf",
        "split_by_weight(amount, [nets[position] for position in positions])",
        "split_by_weight(amount, [nets[position] for position in reversed(positions)])[::-1]",
    ),
    "allocation: by the list price instead of what is left": Fault(
        "order_offers",
        "return take_off(nets, positions, off) if off else []",
        "before = list(nets)\n"
        "    whole = sum(before[position] for position in positions)\n"
        "    shares = [(p, off * before[p] // whole if whole else 0) for p in positions]\n"
        "    shares[-1] = (shares[-1][0], off - sum(part for _, part in shares[:-1]))\n"
        "    for position, part in shares:\n"
        "        nets[position] -= part\n"
        "    return shares",
    ),
    "threshold: on the list price instead of the net": Fault(
        "order_offers",
        "net = sum(after_bundles[position] for position in positions)",
        "net = sum(shelf.list_amounts[position] for position in positions)",
    ),
    "cap: forgotten": Fault(
        "order_offers",
        "if offer.cap is not None and off > offer.cap:",
        "if offer.cap is not None and off > offer.cap and offer.stage != 'percent':",
    ),
    "stacking: two offers of one exclusive group": Fault(
        "order_search",
        "wider = groups if one.group is None or not count else groups | {one.group}",
        "wider = groups",
    ),
    "stacking: an order offer beside a bundle of its group": Fault(
        "order_search",
        "if one.group not in outcome.used.groups",
        "if True",
    ),
    "coupon limit: by the sale instead of the day": Fault(
        "conditions",
        "minor(limit, decimals) - view.coupon_off_today.minor",
        "minor(limit, decimals)",
    ),
    "coupon limit: every coupon by itself": Fault(
        "order_search",
        "self._state(amounts, state.coupon_off + off)",
        "self._state(amounts, off)",
    ),
    "by hand: a better rival takes the place of the chosen coupon": Fault(
        "chosen",
        "one.by_hand or one.offer.group not in groups",
        "True",
    ),
    "by hand: a chosen coupon of no use keeps its group": Fault(
        "chosen",
        "if _groups(chosen) == groups:",
        "if True:",
    ),
    "given by hand: the search does not know of it": Fault(
        "order_search",
        "self.rest -= self.by_hand",
        "self.rest -= 0",
    ),
    "given by hand: reckoned on what is left after the offers": Fault(
        "by_hand",
        "off = line_off(shelf.lines[place], after_bundles[place])",
        "off = line_off(shelf.lines[place], nets[place])",
    ),
    "given by hand: what the line no longer holds is lost": Fault(
        "by_hand",
        "beyond.append((rule, off - own))",
        "beyond.append((rule, 0))",
    ),
    "given by hand: the order's comes before the lines'": Fault(
        "by_hand",
        "off = order_off(whole, sum(nets))",
        "off = min(sum(nets), order_off(whole, sum(after_bundles)))",
    ),
    "given by hand: beyond what was allowed": Fault(
        "by_hand",
        "return off if most is None else min(off, _share(left, most))",
        "return off",
    ),
    "rounding twice: a tenth of a fen on the way": Fault(
        "shelf",
        "return (2 * amount * num + den) // (2 * den)",
        "return ((20 * amount * num + den) // (2 * den) + 5) // 10",
    ),
}


def faulty_ask(fault: Fault) -> Ask:
    """price() with the fault in it."""

    def ask_of(pricing: object) -> Ask:
        pricer = vars(pricing)["price"]

        def ask(sale: Sale) -> Quote:
            return ask_with(pricer, sale)

        return ask

    return planted(fault.module, fault.old, fault.new, ask_of)


def baskets_until_found(ask: Ask) -> int | None:
    """How many baskets it takes; None when none of them breaks a law."""
    return next((seed + 1 for seed in range(BASKETS_MAX) if broken_laws(draw(seed), ask)), None)


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name: str) -> None:
    assert baskets_until_found(faulty_ask(FAULTS[name])) is not None


def test_the_real_pricing_is_untouched_by_planting() -> None:
    fault = FAULTS["threshold: on the list price instead of the net"]
    sales = [draw(seed) for seed in range(40)]
    before = [ask_price(sale) for sale in sales]
    faulty = faulty_ask(fault)
    harmless = faulty_ask(Fault(fault.module, fault.old, fault.old))
    assert [faulty(sale) for sale in sales] != before
    assert [harmless(sale) for sale in sales] == before
    assert [ask_price(sale) for sale in sales] == before


def test_a_fault_that_cannot_be_planted_is_said_so() -> None:
    with pytest.raises(ValueError, match="0 times"):
        faulty_ask(Fault("order_offers", "no such line", ""))
