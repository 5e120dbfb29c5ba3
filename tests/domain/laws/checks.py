"""The laws themselves: what must hold for one sale, whoever prices it.

Owns: the comparison of a quote with the oracle, the identities of a quote, the reasons, and the
laws over two quotes (order of scanning, one more right). Does not own: the sales (generator.py),
counting them (run.py). A broken law is a sentence; no sentence, no fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from random import Random

import msgspec

from app.domain.program import Offer, PriceList
from app.domain.quote import Adjustment, NotApplied, Quote, QuoteLine
from app.domain.view import AccountView
from tests.domain.laws.adapter import by_hand, case_of
from tests.domain.laws.afterwards import Outcome, reckon
from tests.domain.laws.brute_force import coupon_off
from tests.domain.laws.generator import Sale
from tests.domain.laws.reckoning import reached
from tests.domain.laws.shapes import Case, Rule

Ask = Callable[[Sale], Quote]
"""price() of the product, or a faulty one."""


def broken_laws(sale: Sale, ask: Ask) -> list[str]:
    """Every law this sale breaks, as sentences."""
    case, quote = case_of(sale), ask(sale)
    outcome = reckon(case)
    faults = [*identities(quote), *against_oracle(case, quote, outcome)]
    faults += [*reasons(sale, case, quote, outcome), *order_of_scanning(sale, quote, ask)]
    faults += [
        *one_more_right(sale, ask),
        *(f"by hand: {no}" for no in chosen_by_hand(sale, case, ask)),
    ]
    return [f"seed {sale.seed}: {fault}" for fault in faults]


def _differ(what: str, quoted: object, expected: object) -> Iterator[str]:
    if quoted != expected:
        yield f"{what}: quoted {quoted}, expected {expected}"


# ------------------------------------------------------------------ parts and wholes


def shares(adjustments: tuple[Adjustment, ...], line_id: str) -> int:
    """What the adjustments do to one line."""
    return sum(
        amount.minor for adj in adjustments for name, amount in adj.by_line if name == line_id
    )


def all_adjustments(quote: Quote) -> list[Adjustment]:
    """Those of the order and those of every line."""
    own = [adj for line in quote.lines for adj in line.adjustments]
    return [*quote.order_adjustments, *own]


def identities(quote: Quote) -> Iterator[str]:
    """Parts add up to the total exactly, along every way of adding."""
    yield from _differ("sum of net", sum(line.net.minor for line in quote.lines), quote.total.minor)
    yield from _differ("discount", quote.list_total.minor - quote.total.minor, quote.discount.minor)
    for line in quote.lines:
        own = sum(adj.amount.minor for adj in line.adjustments)
        parts = line.list_amount.minor + own + shares(quote.order_adjustments, line.line_id)
        yield from _differ(f"parts of {line.line_id}", parts, line.net.minor)
        if line.net.minor < 0:
            yield f"net of {line.line_id} is below zero: {line.net.minor}"
        for adj in line.adjustments:
            named = [name for name, _ in adj.by_line]
            yield from _differ(f"lines of {adj.rule}", named, [line.line_id])
    for adj in (
        *quote.order_adjustments,
        *(adj for line in quote.lines for adj in line.adjustments),
    ):
        parts = sum(amount.minor for _, amount in adj.by_line)
        yield from _differ(f"parts of {adj.rule}", parts, adj.amount.minor)
        yield from _differ(f"version of {adj.rule}", adj.version, quote.program_version)
    by_points = sum(adj.amount.minor for adj in quote.order_adjustments if adj.kind == "points")
    yield from _differ("points amount", -by_points, quote.points_redeemed_amount.minor)
    yield from _tax_and_points_add_up(quote)


def _tax_and_points_add_up(quote: Quote) -> Iterator[str]:
    for row in quote.tax:
        lines = [line for line in quote.lines if line.tax_rate == row.rate]
        yield from _differ(f"net at {row.rate}", row.net.minor, sum(li.net.minor for li in lines))
        yield from _differ(f"tax at {row.rate}", row.tax.minor, sum(li.tax.minor for li in lines))
    rated = {line.tax_rate for line in quote.lines}
    yield from _differ("rates", [row.rate for row in quote.tax], sorted(rated))
    earned = sum(line.points_earned for line in quote.lines)
    yield from _differ("earned by line", earned, quote.points_earned)
    spent = sum(line.points_spent for line in quote.lines)
    yield from _differ("spent by line", spent, quote.points_redeemed)


# ------------------------------------------------------------------ the oracle


def applied_rules(quote: Quote) -> set[str]:
    """The ids of the levels, bundles, offers and coupons that lowered a price."""
    return {
        adj.rule
        for adj in all_adjustments(quote)
        if adj.kind not in ("points", "gift", "manual", "points_price")
    }


def against_oracle(case: Case, quote: Quote, outcome: Outcome) -> Iterator[str]:
    """The same choice, the same fen on every line, the same points and tax."""
    choice = outcome.combination
    nets = {line.line_id: line.net.minor for line in quote.lines}
    yield from _differ("total", quote.total.minor, outcome.total)
    yield from _differ("nets", nets, outcome.nets)
    yield from _differ("rules", sorted(applied_rules(quote)), choice.rule_ids)
    coupons = sorted(coupon.coupon_id for coupon in choice.coupons)
    yield from _differ("coupons", sorted(quote.coupons_used), coupons)
    yield from _differ("coupons off", quote.coupon_off.minor, coupon_off(case, choice))
    yield from _differ("points redeemable", quote.points_redeemable, outcome.points_most)
    yield from _differ("points redeemed", quote.points_redeemed, outcome.points)
    yield from _differ("points worth", quote.points_redeemed_amount.minor, outcome.points_amount)
    yield from _differ("points earned", quote.points_earned, outcome.earned)
    tax = [(Fraction(row.rate), row.net.minor, row.tax.minor) for row in quote.tax]
    yield from _differ("tax", tax, [(row.rate, row.net, row.tax) for row in outcome.tax])
    yield from _by_line(quote, outcome)


def _by_line(quote: Quote, outcome: Outcome) -> Iterator[str]:
    reads: tuple[tuple[str, Callable[[QuoteLine], int], dict[str, int]], ...] = (
        ("earned", lambda line: line.points_earned, outcome.earned_by_line),
        ("spent", lambda line: line.points_spent, outcome.points_by_line),
        ("tax", lambda line: line.tax.minor, outcome.tax_by_line),
    )
    for what, read, expected in reads:
        by_line = {line.line_id: read(line) for line in quote.lines}
        yield from _differ(f"{what} by line", by_line, expected)


# ------------------------------------------------------------------ reasons


def reasons(sale: Sale, case: Case, quote: Quote, outcome: Outcome) -> Iterator[str]:
    """Whatever was considered is applied or has a reason, never both; the reason is true."""
    used, applied = set(quote.coupons_used), applied_rules(quote)
    applied |= {rule.id for rule in outcome.quiet}
    said = {(no.rule, no.coupon_id): no for no in quote.not_applied}
    for coupon in sale.view.coupons if sale.view else ():
        named = [no for (_, coupon_id), no in said.items() if coupon_id == coupon.coupon_id]
        if (coupon.coupon_id in used) == bool(named):
            yield f"coupon {coupon.coupon_id} is used and refused, or neither"
    for rule in case.rules:
        considered = rule.trigger == "automatic" or rule.code in case.codes
        if considered and (rule.id in applied) == ((rule.id, None) in said):
            yield f"{rule.id} is applied and refused, or neither"
    for code in case.codes - {rule.code for rule in case.rules}:
        if (code, None) not in said or said[code, None].reason != "UNKNOWN_CODE":
            yield f"the unknown code {code} has no reason"
    for no in quote.not_applied:
        yield from _true_reason(no, case, outcome, applied)


def _true_reason(no: NotApplied, case: Case, outcome: Outcome, applied: set[str]) -> Iterator[str]:
    rule = next((rule for rule in case.rules if rule.id == no.rule), None)
    if rule is None:
        return
    after = outcome.combination.after_bundles
    inside = [line for line in case.lines if rule.reach.covers(line)]
    net = sum(after[line.line_id] for line in inside)
    if no.reason == "BELOW_THRESHOLD":
        missing = None if rule.at_least is None else rule.at_least.minor - net
        quoted = None if no.missing_amount is None else no.missing_amount.minor
        if quoted is None or quoted <= 0 or quoted != missing:
            yield f"{no.rule}: missing {quoted}, expected {missing}"
    if no.reason == "NOT_IN_SCOPE" and inside:
        yield f"{no.rule} is said to look at no line, but covers {inside[0].line_id}"
    if no.reason == "EXCLUSIVE_WITH":
        yield from _true_rival(no, rule, case, applied)
    if no.reason == "IDENTIFY_BETTER" and (
        case.shopper is None or case.shopper.coupon_room is None or no.coupon_id is None
    ):
        yield f"{no.rule} asks for a better identification, but nothing is limited by it"
    if no.reason == "NOT_CHEAPEST" and not reached(case, rule, after):
        yield f"{no.rule} is said not to be the cheapest, but its threshold is not reached"
    if no.reason == "MAX_COUPONS" and len(outcome.combination.coupons) < case.coupons_max:
        yield f"{no.rule} is refused for the maximum of coupons, which is not reached"
    by_hand = case.chosen is not None and no.coupon_id not in (None, *case.chosen)
    refused = by_hand or {no.rule, no.coupon_id} & case.refused
    if no.reason == "REFUSED_BY_CASHIER" and not refused:
        yield f"{no.rule} was refused by no cashier"


def _true_rival(no: NotApplied, rule: Rule, case: Case, applied: set[str]) -> Iterator[str]:
    rival = next((other for other in case.rules if other.id == no.other_rule), None)
    if rival is None or rule.group is None or rival.group != rule.group:
        yield f"{no.rule} is said to exclude {no.other_rule}, which is not in its group"
    elif rival.id not in applied:
        yield f"{no.rule} is said to exclude {no.other_rule}, which did not apply"
    elif no.coupon_id in (case.chosen or ()) and rival.trigger != "coupon":
        yield f"{no.coupon_id} was chosen, yet {no.other_rule} did not stand aside"


# ------------------------------------------------------------------ two quotes


def _in_order(quote: Quote) -> Quote:
    lines = sorted(quote.lines, key=lambda line: line.line_id)
    no = sorted(quote.not_applied, key=lambda no: (no.rule, no.coupon_id or ""))
    adjustments = tuple(
        replace(adj, by_line=tuple(sorted(adj.by_line))) for adj in quote.order_adjustments
    )
    return replace(quote, lines=tuple(lines), not_applied=tuple(no), order_adjustments=adjustments)


def order_of_scanning(sale: Sale, quote: Quote, ask: Ask) -> Iterator[str]:
    """Lines scanned and coupons issued in another order: the same quote."""
    rng = Random(f"order {sale.seed}")
    lines, codes = list(sale.basket.lines), list(sale.basket.choices.codes)
    rng.shuffle(lines)
    rng.shuffle(codes)
    choices = replace(sale.basket.choices, codes=tuple(codes))
    view = sale.view
    if view is not None:
        view = replace(view, coupons=tuple(rng.sample(view.coupons, len(view.coupons))))
    basket = replace(sale.basket, lines=tuple(lines), choices=choices)
    again = _in_order(ask(replace(sale, basket=basket, view=view)))
    if again != _in_order(quote):
        yield f"another order of scanning gives {again}, not {_in_order(quote)}"


def chosen_by_hand(sale: Sale, case: Case, ask: Ask) -> Iterator[str]:
    """Coupons the cashier chose come before their rivals, are marked, and never cost money."""
    rng = Random(f"hand {sale.seed}")
    usable = [c.coupon_id for rule in case.rules for c in case.usable_coupons(rule)]
    if not usable:
        return
    chosen = tuple(rng.sample(usable, rng.randint(1, min(3, len(usable)))))
    sale = by_hand(sale, chosen)
    case = case_of(sale)
    outcome, quote = reckon(case), ask(sale)
    yield from _differ(f"total with {chosen}", quote.total.minor, outcome.total)
    nets = {line.line_id: line.net.minor for line in quote.lines}
    yield from _differ(f"nets with {chosen}", nets, outcome.nets)
    coupons = sorted(coupon.coupon_id for coupon in outcome.combination.coupons)
    yield from _differ(f"used of {chosen}", sorted(quote.coupons_used), coupons)
    yield from _no_dearer_than_without(sale, case, ask)
    yield from identities(quote)
    yield from reasons(sale, case, quote, outcome)
    if not set(quote.coupons_used) <= set(chosen):
        yield f"chosen by hand were {chosen}, used were {quote.coupons_used}"
    for adj in all_adjustments(quote):
        if adj.coupon_id is not None and not adj.chosen_by_hand:
            yield f"{adj.coupon_id} was chosen by hand and is not marked"


def _no_dearer_than_without(sale: Sale, case: Case, ask: Ask) -> Iterator[str]:
    """Choosing adds coupons: it costs no more than the basket without the groups of the chosen."""
    sale = _without_points(sale)
    groups = {rule.group for rule in case.rules if rule.group and case.usable_coupons(rule)}
    left = tuple(offer for offer in sale.program.offers if offer.group not in groups)
    without = ask(by_hand(_with_offers(sale, left), ())).total
    total = ask(sale).total
    if total > without:
        yield f"the choice costs {total.minor}, without it {without.minor}"


def _without_points(sale: Sale) -> Sale:
    choices = replace(sale.basket.choices, redeem_points=0)
    return replace(sale, basket=replace(sale.basket, choices=choices))


def one_more_right(sale: Sale, ask: Ask) -> Iterator[str]:
    """A right more never raises the total before points: taking one away never lowers it."""
    sale = _without_points(sale)
    full = ask(sale).total
    for what, poorer in fewer_rights(sale):
        total = ask(poorer).total
        if total < full:
            yield f"without {what} the total is {total.minor}, with it {full.minor}"


def fewer_rights(sale: Sale) -> Iterator[tuple[str, Sale]]:
    """The same sale with one right less: a tier, a coupon, an offer or bundle, a level."""
    rng, program, view = Random(f"rights {sale.seed}"), sale.program, sale.view
    if view is not None:
        rank = program.rank(view.tier)
        if rank:
            lower = replace(sale, view=replace(view, tier=program.tiers[rank - 1].id))
            if _for_points(lower) == _for_points(sale):
                yield f"the tier {view.tier}", lower
        if view.coupons:
            gone = rng.choice(view.coupons)
            yield f"the coupon {gone.coupon_id}", replace(sale, view=_without(view, gone.coupon_id))
    yield from _fewer_hands(sale)
    for offer in rng.sample(program.offers, min(2, len(program.offers))):
        left = tuple(other for other in program.offers if other.id != offer.id)
        yield f"the offer {offer.id}", _with_offers(sale, left)
    for listed in program.price_lists[:1]:
        yield f"the list {listed.id}", _with_lists(sale, program.price_lists[1:])
    if program.prices.member_price:
        prices = msgspec.structs.replace(program.prices, member_price=False)
        poorer = msgspec.structs.replace(program, prices=prices)
        yield "member prices", replace(sale, program=poorer)


def _for_points(sale: Sale) -> list[str]:
    """The lines had for points. Goods that a tier opens as a reward are taken by a choice: a law
    about rights compares what they do to the same goods."""
    return [line.line_id for line in case_of(sale).lines if line.for_points]


def _fewer_hands(sale: Sale) -> Iterator[tuple[str, Sale]]:
    """Without what was given by hand: on the order, or on one line."""
    if sale.basket.choices.by_hand is not None:
        choices = replace(sale.basket.choices, by_hand=None)
        yield "its discount by hand", replace(sale, basket=replace(sale.basket, choices=choices))
    given = [line for line in sale.basket.lines if line.by_hand is not None]
    for line in given[:1]:
        lines = tuple(
            replace(other, by_hand=None) if other is line else other for other in sale.basket.lines
        )
        basket = replace(sale.basket, lines=lines)
        yield f"the discount by hand of {line.line_id}", replace(sale, basket=basket)


def _without(view: AccountView, coupon_id: str) -> AccountView:
    left = tuple(coupon for coupon in view.coupons if coupon.coupon_id != coupon_id)
    return replace(view, coupons=left)


def _with_offers(sale: Sale, offers: tuple[Offer, ...]) -> Sale:
    return replace(sale, program=msgspec.structs.replace(sale.program, offers=offers))


def _with_lists(sale: Sale, lists: tuple[PriceList, ...]) -> Sale:
    return replace(sale, program=msgspec.structs.replace(sale.program, price_lists=lists))
