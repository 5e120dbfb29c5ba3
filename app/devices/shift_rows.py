"""The rows of an X and of a Z report: a shift's figures put into words and order, once.

Owns: what stands on them, in which order, under which words. Does not own: the figures
(app/domain/shift_sums.py), columns and line breaks (receipt_text.py), bytes (receipt_escpos.py).
Money that goes out is negative here: whoever adds a column up gets the sum below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.devices.receipt_rows import (
    BothWords,
    Centred,
    Heading,
    Pair,
    Row,
    Rule,
    Words,
    WordsFor,
)
from app.domain.money import Money, amount_text
from app.domain.payment import TenderKind
from app.domain.quote import AdjustmentKind
from app.domain.shift_paper import ShiftEnd, ShiftPaper
from app.domain.shift_sums import MoveSum, TenderSum
from app.wording import N_

TENDERS: Mapping[TenderKind, str] = {
    "cash": N_("Cash"),
    "card": N_("Card"),
    "mobile": N_("QR payment"),
    "other": N_("Other payment"),
}
DISCOUNTS: Mapping[AdjustmentKind, str] = {
    "member_price": N_("Member prices"),
    "tier": N_("Tier discounts"),
    "campaign": N_("Special prices"),
    "bundle": N_("Bundles"),
    "points_price": N_("Points prices"),
    "offer": N_("Offers"),
    "coupon": N_("Coupons"),
    "code": N_("Codes"),
    "gift": N_("Gifts"),
    "points": N_("Points used"),
    "override": N_("Changed prices"),
    "manual": N_("Discounts by hand"),
}
REASONS: Mapping[str, str] = {
    "wrong_change": N_("Wrong change given"),
    "miscount": N_("Counted wrongly"),
    "wrong_tender": N_("Rung up as another tender"),
    "missing_slip": N_("A slip is missing"),
    "unknown": N_("Nobody knows why"),
    "other": N_("Other reason"),
}


def shift_rows(paper: ShiftPaper, words_for: WordsFor) -> tuple[Row, ...]:
    """Everything on the paper from top to bottom, in the languages of the receipts."""
    singles = [words_for(language) for language in paper.languages]
    words = singles[0] if len(singles) == 1 else BothWords(singles[0], singles[1])
    put = _Putting(paper, words)
    return (
        *put.head(),
        Rule(),
        *put.sales(),
        *put.refunds(),
        Rule(),
        *put.taxes(),
        *put.points(),
        Rule(),
        *put.drawer(),
        *put.end(),
    )


@dataclass(frozen=True, slots=True)
class _Putting:
    """Puts one paper's figures into words."""

    paper: ShiftPaper
    words: Words

    def head(self) -> Iterator[Row]:
        paper, words = self.paper, self.words
        if paper.training:
            yield Centred(words.t("TRAINING, NOT A RECEIPT"), strong=True)
        yield Heading(paper.store.name)
        for line in (paper.store.address, paper.store.phone):
            if line:
                yield Centred(line)
        title = words.t("Z report No. {number}", number=paper.number)
        yield Centred(title if paper.number else words.t("X report"), strong=True)
        if paper.copy > 1:
            yield Centred(words.t("REPRINT {number}", number=paper.copy - 1), strong=True)
        yield Pair(words.t("Register {till}", till=paper.till), paper.name)
        yield Pair(words.t("Business day"), paper.day)
        yield Pair(words.t("Shift opened"), f"{paper.opened_at}  {paper.opened_by}")
        made = words.t("Shift closed") if paper.number else words.t("As of")
        yield Pair(made, f"{paper.made_at}  {paper.made_by}")

    def sales(self) -> Iterator[Row]:
        sums, words = self.paper.report.sales, self.words
        yield Pair(words.t("Sales"), str(sums.count), strong=True)
        yield Pair(words.t("Of them by members"), str(sums.of_members), indent=True)
        yield self._money(words.t("List total"), sums.list_total_minor)
        for each in sums.discounts:
            name = f"{words.t(DISCOUNTS[each.what])} ×{each.count}"
            yield self._money(name, each.amount_minor, indent=True)
        if sums.points_off_minor:
            yield self._money(words.t("Paid with points"), -sums.points_off_minor, indent=True)
        if sums.tax_on_top_minor:
            yield self._money(words.t("Tax on top"), sums.tax_on_top_minor, indent=True)
        if sums.round_off_minor:
            yield self._money(words.t("Round-off"), -sums.round_off_minor, indent=True)
        yield self._money(words.t("Money received"), sums.paid_minor, strong=True)
        yield from self._tenders(sums.tenders, 1)
        if self.paper.report.first_code:
            yield Pair(words.t("First receipt"), self.paper.report.first_code)
            yield Pair(words.t("Last receipt"), self.paper.report.last_code)

    def refunds(self) -> Iterator[Row]:
        report, words = self.paper.report, self.words
        sums = report.refunds
        yield Rule()
        yield Pair(words.t("Refunds"), str(sums.count), strong=True)
        if not sums.count:
            return
        yield self._money(words.t("Worth of the goods"), -sums.amount_minor)
        if sums.kept_back_minor:
            yield self._money(words.t("Kept back"), sums.kept_back_minor, indent=True)
        rest = sums.round_off_minor + sums.cash_rest_minor
        if rest:
            yield self._money(words.t("Round-off"), rest, indent=True)
        yield self._money(words.t("Paid back"), -sums.paid_minor, strong=True)
        yield from self._tenders(sums.tenders, -1)
        kept = report.sales.paid_minor - sums.paid_minor
        yield self._money(words.t("Received less paid back"), kept, strong=True)

    def taxes(self) -> Iterator[Row]:
        report, words = self.paper.report, self.words
        for each in report.sales.tax:
            net = self._amount(each.net_minor)
            name = words.t("Tax {rate} of sales {net}", rate=_percent(each.rate), net=net)
            yield self._money(name, each.tax_minor)
        for each in report.refunds.tax:
            net = self._amount(-each.net_minor)
            name = words.t("Tax {rate} of refunds {net}", rate=_percent(each.rate), net=net)
            # Goods of a sale this till does not hold: what they were taxed at is not known.
            untaxed = words.t("Refunds with tax not known here")
            minor = -each.tax_minor if each.rate else -each.net_minor
            yield self._money(name if each.rate else untaxed, minor)

    def points(self) -> Iterator[Row]:
        report, words = self.paper.report, self.words
        for name, points in (
            (words.t("Points earned"), report.sales.points_earned),
            (words.t("Points spent"), -report.sales.points_spent),
            (words.t("Points taken back"), -report.refunds.points_taken_back),
            (words.t("Points given back"), report.refunds.points_given_back),
        ):
            if points:
                yield Pair(name, f"{points:+d}")

    def drawer(self) -> Iterator[Row]:
        report, words = self.paper.report, self.words
        cash = report.cash
        yield self._money(words.t("Float"), cash.float_minor)
        yield self._money(words.t("Cash of sales"), cash.sales_minor)
        yield self._money(words.t("Cash of refunds"), -cash.refunds_minor)
        yield self._moved(words.t("Cash put in"), cash.paid_in, 1)
        yield self._moved(words.t("Cash taken out"), cash.paid_out, -1)
        yield self._moved(words.t("Dropped into the safe"), cash.dropped, -1)
        yield self._money(words.t("Has to be in the drawer"), cash.expected_minor, strong=True)
        openings = str(report.drawer_openings)
        yield Pair(words.t("Drawer opened without a sale"), openings)

    def end(self) -> Iterator[Row]:
        end, words = self.paper.end, self.words
        if end is None:
            return
        yield Rule()
        yield from self._counted(end)
        yield self._money(words.t("Counted"), end.counted_minor, strong=True)
        over_short = self.paper.over_short_minor
        if over_short:
            name = words.t("Cash over") if over_short > 0 else words.t("Cash short")
            yield Pair(name, self._signed(over_short), strong=True)
        else:
            yield self._money(words.t("Difference"), 0)
        if end.reason:
            yield Pair(words.t("Reason"), words.t(REASONS.get(end.reason, end.reason)))
        if end.note:
            yield Pair(words.t("Note"), end.note)
        yield self._money(words.t("Stays in the drawer"), end.left_minor)
        yield self._money(words.t("Handed in"), end.handed_minor, strong=True)
        if end.holds:
            yield Pair(words.t("Held sales handed over"), str(end.holds))
        yield Rule()
        yield Pair(words.t("Signature"), "________________")

    def _counted(self, end: ShiftEnd) -> Iterator[Row]:
        """The pieces of the count that stands, and the sums of those before it."""
        for count in end.counts[:-1]:
            name = self.words.t("Count {number}", number=count.number)
            yield self._money(name, count.counted_minor)
        for worth, pieces in end.counts[-1].pieces:
            name = f"{self._amount(worth)} × {pieces}"
            yield self._money(name, worth * pieces, indent=True)

    def _tenders(self, sums: Iterable[TenderSum], sign: int) -> Iterator[Row]:
        for each in sums:
            name = f"{self.words.t(TENDERS[each.tender])} ×{each.count}"
            yield self._money(name, sign * each.amount_minor, indent=True)

    def _moved(self, name: str, moved: MoveSum, sign: int) -> Pair:
        counted = f"{name} ×{moved.count}" if moved.count else name
        return self._money(counted, sign * moved.amount_minor)

    def _money(self, name: str, minor: int, *, strong: bool = False, indent: bool = False) -> Pair:
        return Pair(name, self._amount(minor), strong=strong, indent=indent)

    def _amount(self, minor: int) -> str:
        return amount_text(Money(minor), self.paper.decimals)

    def _signed(self, minor: int) -> str:
        return f"{'+' if minor > 0 else ''}{self._amount(minor)}"


def _percent(rate: str) -> str:
    return f"{(Decimal(rate or 0) * 100).normalize():f}%"
