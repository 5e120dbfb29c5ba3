"""Identities: what every quote must fulfil, whatever it cost.

Owns: naming the ones a quote breaks. Does not own: why a price is what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from app.domain.quote import Quote


def broken_identities(quote: Quote) -> Iterator[str]:
    """The name of every identity that does not hold."""
    if sum(line.net.minor for line in quote.lines) != quote.total.minor:
        yield "sum of net = total"
    if quote.list_total.minor - quote.total.minor != quote.discount.minor:
        yield "discount = list - total"
    if any(line.net.minor < 0 for line in quote.lines):
        yield "no line below zero"
    yield from _parts(quote)
    yield from _points(quote)
    yield from _tax(quote)


def _parts(quote: Quote) -> Iterator[str]:
    shares = {line.line_id: 0 for line in quote.lines}
    for adjustment in quote.order_adjustments:
        if sum(share.minor for _, share in adjustment.by_line) != adjustment.amount.minor:
            yield f"shares of {adjustment.rule} = its amount"
        for line_id, share in adjustment.by_line:
            shares[line_id] += share.minor
    for line in quote.lines:
        own = sum(adjustment.amount.minor for adjustment in line.adjustments)
        if line.list_amount.minor + own + shares[line.line_id] != line.net.minor:
            yield f"parts of line {line.line_id} = its net"


def _points(quote: Quote) -> Iterator[str]:
    if sum(line.points_earned for line in quote.lines) != quote.points_earned:
        yield "points earned by line = points earned"
    if sum(line.points_spent for line in quote.lines) != quote.points_redeemed:
        yield "points spent by line = points spent"
    off = -sum(each.amount.minor for each in quote.order_adjustments if each.kind == "points")
    if off != quote.points_redeemed_amount.minor:
        yield "worth of points = their adjustment"


def _tax(quote: Quote) -> Iterator[str]:
    nets: dict[Decimal, int] = {}
    taxes: dict[Decimal, int] = {}
    for line in quote.lines:
        nets[line.tax_rate] = nets.get(line.tax_rate, 0) + line.net.minor
        taxes[line.tax_rate] = taxes.get(line.tax_rate, 0) + line.tax.minor
    rows = {row.rate: row for row in quote.tax}
    if {rate: row.net.minor for rate, row in rows.items()} != nets:
        yield "net by tax rate = sum of net at it"
    if {rate: row.tax.minor for rate, row in rows.items()} != taxes:
        yield "tax by rate = sum of tax of lines"
    for rate, row in rows.items():
        # Prices of the replay include their tax.
        exact = row.net.minor * rate / (1 + rate)
        if row.tax.minor != int(exact.quantize(Decimal(1), ROUND_HALF_UP)):
            yield f"tax at {rate}"
