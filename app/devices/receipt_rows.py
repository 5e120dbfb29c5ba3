"""The rows of a receipt: its data put into words and order, once, for every kind of paper.

Owns: what stands on a receipt, in which order, under which words. Does not own: columns and
line breaks (receipt_text.py), millimetres (receipt_page.py), bytes (receipt_escpos.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from app.devices.link_mark import LinkMark
from app.domain.money import Money, amount_text
from app.domain.receipt import (
    Receipt,
    ReceiptLine,
    ReceiptMember,
    ReceiptPack,
    ReceiptTender,
    TierDistance,
    line_savings_minor,
)

_SYMBOLS = {"CNY": "¥", "JPY": "¥", "USD": "$", "HKD": "HK$", "SGD": "S$", "EUR": "€", "GBP": "£"}


class Words(Protocol):
    """A catalogue (app.wording.Wording fits): a sentence with its named places filled in."""

    def t(self, message: str, /, **named: object) -> str: ...
    def n(self, singular: str, plural: str, count: int, /, **named: object) -> str: ...


WordsFor = Callable[[str], Words]
"""Gives the catalogue of a language name such as "zh_CN"."""


@dataclass(frozen=True, slots=True)
class BothWords:
    """Two languages at once, for bilingual receipts: a label holds both, a line apart.

    Papers set a label's two lines side by side and a sentence's one below the other.
    """

    first: Words
    second: Words

    def t(self, message: str, /, **named: object) -> str:
        return _joined(self.first.t(message, **named), self.second.t(message, **named))

    def n(self, singular: str, plural: str, count: int, /, **named: object) -> str:
        return _joined(
            self.first.n(singular, plural, count, **named),
            self.second.n(singular, plural, count, **named),
        )


def _joined(first: str, second: str) -> str:
    return first if first == second else f"{first}\n{second}"


@dataclass(frozen=True, slots=True)
class Heading:
    """The shop's name."""

    text: str


@dataclass(frozen=True, slots=True)
class Centred:
    """A sentence in the middle; its languages stand on lines of their own."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A label on the left, a figure on the right. `strong` is for the one big number."""

    left: str
    right: str
    strong: bool = False
    indent: bool = False


@dataclass(frozen=True, slots=True)
class TableHead:
    """The names of the four columns of goods."""

    name: str
    quantity: str
    price: str
    amount: str


@dataclass(frozen=True, slots=True)
class Item:
    """One line of goods."""

    name: str
    quantity: str
    price: str
    amount: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A dashed line across the paper."""


@dataclass(frozen=True, slots=True)
class CodeMark:
    """The receipt's code as QR and bars, with the code in letters below."""

    code: str


Row = Heading | Centred | Pair | TableHead | Item | Rule | CodeMark | LinkMark


def receipt_rows(receipt: Receipt, words_for: WordsFor) -> tuple[Row, ...]:
    """Everything on the paper from top to bottom, in the receipt's own languages."""
    singles = [words_for(language) for language in receipt.languages]
    words = singles[0] if len(singles) == 1 else BothWords(singles[0], singles[1])
    rows: list[Row] = []
    rows += _head(receipt, words)
    rows.append(Rule())
    rows += [_table_head(single) for single in singles]
    rows += _goods(receipt, words)
    rows.append(Rule())
    rows += _sums(receipt, words)
    rows += _payment(receipt, words)
    if receipt.member is not None or receipt.gifts:
        rows.append(Rule())
        rows += _gifts(receipt)
    if receipt.member is not None:
        rows += _member(receipt.member, words)
        rows += [Centred(text) for text in _distance_words(receipt, singles)]
    rows.append(Rule())
    rows += _foot(receipt, words)
    return tuple(rows)


def _amount(receipt: Receipt, minor: int) -> str:
    return amount_text(Money(minor), receipt.decimals)


def _priced(receipt: Receipt, minor: int) -> str:
    """An amount inside a sentence, with its currency."""
    symbol = _SYMBOLS.get(receipt.currency, f"{receipt.currency} ")
    return f"{symbol}{_amount(receipt, minor)}"


def _head(receipt: Receipt, words: Words) -> Iterator[Row]:
    if receipt.training:
        yield Centred(words.t("TRAINING, NOT A RECEIPT"), strong=True)
    yield Heading(receipt.store.name)
    for line in (receipt.store.address, receipt.store.phone):
        if line:
            yield Centred(line)
    yield Centred(words.t("No. {code}", code=receipt.code))
    till = words.t("Register {till}", till=receipt.till)
    yield Pair(receipt.sold_at, f"{till}  {receipt.cashier}")
    if receipt.copy > 1:
        number = receipt.copy - 1
        yield Centred(words.t("REPRINT {number}", number=number), strong=True)


def _table_head(words: Words) -> TableHead:
    return TableHead(words.t("Item"), words.t("Qty"), words.t("Price"), words.t("Amount"))


def _goods(receipt: Receipt, words: Words) -> Iterator[Row]:
    for line in receipt.lines:
        yield Item(
            _item_name(line),
            line.quantity,
            _amount(receipt, line.unit_price_minor),
            _amount(receipt, line.list_minor),
        )
        yield from batch_rows(line.lot, line.expires, words)
        for adjustment in line.adjustments:
            yield Pair(adjustment.words, _amount(receipt, adjustment.amount_minor), indent=True)


def batch_rows(lot: str, expires: str, words: Words) -> Iterator[Row]:
    """Batch and last day of goods, where they are known."""
    if lot:
        yield Pair(words.t("Batch {lot}", lot=lot), "", indent=True)
    if expires:
        yield Pair(words.t("Last day {date}", date=expires), "", indent=True)


def _item_name(line: ReceiptLine) -> str:
    return f"{line.name} {line.unit}" if line.unit else line.name


def _sums(receipt: Receipt, words: Words) -> Iterator[Row]:
    yield Pair(words.t("List total"), _amount(receipt, receipt.list_total_minor))
    if savings := line_savings_minor(receipt):
        yield Pair(_savings_words(receipt, words), _amount(receipt, savings))
    for adjustment in receipt.order_adjustments:
        yield Pair(adjustment.words, _amount(receipt, adjustment.amount_minor))
    if receipt.points_off_minor:
        yield Pair(_points_paid_words(receipt, words), _amount(receipt, -receipt.points_off_minor))
    if not receipt.tax_included:
        for tax in receipt.taxes:
            label = words.t("Tax {rate}", rate=percent(tax.rate))
            yield Pair(label, _amount(receipt, tax.tax_minor))
    if receipt.round_off_minor:
        yield Pair(words.t("Round-off"), _amount(receipt, -receipt.round_off_minor))
    yield Pair(words.t("Due"), _amount(receipt, receipt.due_minor), strong=True)


def _payment(receipt: Receipt, words: Words) -> Iterator[Row]:
    for tender in receipt.tenders:
        yield Pair(tender_words(tender, words), _amount(receipt, tender.amount_minor))
    if receipt.change_minor:
        yield Pair(words.t("Change"), _amount(receipt, receipt.change_minor))
    if receipt.saved_minor > 0:
        yield Pair(words.t("You saved"), _amount(receipt, receipt.saved_minor))
    if receipt.tax_included and receipt.taxes:
        parts = [f"{percent(t.rate)} {_amount(receipt, t.tax_minor)}" for t in receipt.taxes]
        yield Pair(words.t("Tax included"), "  ".join(parts))


def _savings_words(receipt: Receipt, words: Words) -> str:
    """One name where all lines were lowered by the same rule, else what they have in common."""
    names = {adj.words for line in receipt.lines for adj in line.adjustments}
    if len(names) == 1:
        return names.pop()
    if receipt.member is not None and receipt.member.points_for_goods:
        return words.t("Special prices and goods for points")  # both stand in this sum
    return words.t("Member and special prices")


def _points_paid_words(receipt: Receipt, words: Words) -> str:
    member = receipt.member
    spent = member.points_spent - member.points_for_goods if member else 0
    return words.n("Paid with {count} point", "Paid with {count} points", spent)


def percent(rate: str) -> str:
    """A rate as people read it: "13%"."""
    percent = Decimal(rate) * 100
    return f"{percent.normalize():f}%"


def tender_words(tender: ReceiptTender, words: Words) -> str:
    """The name of a tender; the credit of an exchange is named by what paid."""
    match tender.kind:
        case "cash":
            name = words.t("Cash")
        case "mobile":
            name = words.t("QR payment")
        case "card":
            name = words.t("Card")
        case _ if tender.reference:
            name = words.t("Goods returned")
        case _:
            name = words.t("Other payment")
    return f"{name} {tender.detail}" if tender.detail else name


def _gifts(receipt: Receipt) -> Iterator[Row]:
    for gift in receipt.gifts:
        yield Pair(gift.name, f"×{gift.quantity}")


def _member(member: ReceiptMember, words: Words) -> Iterator[Row]:
    card = words.t("Member card {card}", card=member.card_masked.replace("•", "*"))
    yield Pair(card, member.tier_name)
    points = words.t("Points {earned}", earned=f"+{member.points_earned}")
    if member.points_spent:
        spent = words.t("redeemed {points}", points=f"-{member.points_spent}")
        points = f"{points}  {spent}"
    balance = words.t("Available {points}", points=member.points_balance)
    yield Pair(points, balance)
    for part in member.expiring:
        yield Centred(
            words.n(
                "{count} point expires after {date}",
                "{count} points expire after {date}",
                part.points,
                date=part.last_day,
            )
        )
    if member.tier_reached is not None:
        reached = member.tier_reached
        sentence = words.t(
            "Congratulations, you are now {tier} until {date}!",
            tier=reached.tier_name,
            date=reached.last_day,
        )
        yield Centred(sentence, strong=True)
    for pack in member.packs:
        yield Centred(words.t("{pack}: until {date}", pack=pack.name, date=pack.last_day))
        yield from _pack_terms(pack, words)


def _pack_terms(pack: ReceiptPack, words: Words) -> Iterator[Row]:
    """What it brings back, as it was agreed."""
    if pack.full_days:
        yield Centred(
            words.n(
                "Unused, all of its price comes back within {count} day",
                "Unused, all of its price comes back within {count} days",
                pack.full_days,
            )
        )
    if pack.rest == "months":
        yield Centred(words.t("Later its price comes back for the whole months left"))
    else:
        yield Centred(words.t("Otherwise its price does not come back"))


def _distance_words(receipt: Receipt, singles: list[Words]) -> Iterator[str]:
    to = receipt.member.next_tier if receipt.member else None
    if to is None:
        return
    for words in singles:
        text = _distance_sentence(to, _priced(receipt, to.missing), words)
        by = words.t("by {date}", date=to.last_day) if to.last_day else ""
        yield f"{text} ({by})" if by else text


def _distance_sentence(to: TierDistance, money: str, words: Words) -> str:
    tier, count = to.tier_name, to.missing
    match to.goal, to.measure:
        case "keep", "spend":
            return words.t("Spend {amount} more to keep {tier}", amount=money, tier=tier)
        case "keep", "visits":
            return words.n(
                "{count} more visit to keep {tier}",
                "{count} more visits to keep {tier}",
                count,
                tier=tier,
            )
        case "keep", "points":
            return words.n(
                "Earn {count} more point to keep {tier}",
                "Earn {count} more points to keep {tier}",
                count,
                tier=tier,
            )
        case "reach", "spend":
            return words.t("Spend {amount} more to reach {tier}", amount=money, tier=tier)
        case "reach", "visits":
            return words.n(
                "{count} more visit to reach {tier}",
                "{count} more visits to reach {tier}",
                count,
                tier=tier,
            )
        case _:
            return words.n(
                "Earn {count} more point to reach {tier}",
                "Earn {count} more points to reach {tier}",
                count,
                tier=tier,
            )


def _foot(receipt: Receipt, words: Words) -> Iterator[Row]:
    for announcement in receipt.announcements:
        yield Centred(announcement)
    yield CodeMark(receipt.code)
    if receipt.return_days:
        yield Centred(
            words.n(
                "Returns: show this code within {count} day",
                "Returns: show this code within {count} days",
                receipt.return_days,
            )
        )
    if receipt.survey:
        yield from _invitation(receipt, words)
    if receipt.offline:
        yield Centred(words.t("Sold offline, on record after the next upload"))
    if receipt.training:
        yield Centred(words.t("TRAINING, NOT A RECEIPT"), strong=True)


def _invitation(receipt: Receipt, words: Words) -> Iterator[Row]:
    yield Rule()
    yield Centred(words.t("How was it? Tell us on your phone."))
    if receipt.survey_points:
        yield Centred(
            words.n(
                "{count} point for your answer, once in a while",
                "{count} points for your answer, once in a while",
                receipt.survey_points,
            )
        )
    yield LinkMark(receipt.survey)
