"""The rows of a refund's paper: goods that came back put into words and order, once.

Owns: what stands on it, in which order, under which words. Does not own: the figures
(app/domain/refund_receipt.py), columns and line breaks (receipt_text.py), bytes.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.devices.receipt_rows import (
    BothWords,
    Centred,
    CodeMark,
    Heading,
    Item,
    Pair,
    Row,
    Rule,
    TableHead,
    Words,
    WordsFor,
    batch_rows,
    percent,
    tender_words,
)
from app.domain.money import Money, amount_text
from app.domain.receipt import ReceiptTender
from app.domain.refund_receipt import RefundReceipt, RefundReceiptMember, RefundReceiptPack


def refund_rows(receipt: RefundReceipt, words_for: WordsFor) -> tuple[Row, ...]:
    """Everything on the paper from top to bottom, in the receipt's own languages."""
    singles = [words_for(language) for language in receipt.languages]
    words = singles[0] if len(singles) == 1 else BothWords(singles[0], singles[1])
    rows: list[Row] = [*_head(receipt, words), Rule()]
    rows += [_table_head(single) for single in singles]
    rows += _goods(receipt, words)
    rows.append(Rule())
    rows += _sums(receipt, words)
    if receipt.member is not None or receipt.coupons_back:
        rows.append(Rule())
        rows += _member(receipt.member, words)
        rows += _coupons(receipt, words)
    rows += [Rule(), CodeMark(receipt.code)]
    if receipt.training:
        rows.append(Centred(words.t("TRAINING, NOT A RECEIPT"), strong=True))
    return tuple(rows)


def _amount(receipt: RefundReceipt, minor: int) -> str:
    return amount_text(Money(minor), receipt.decimals)


def _head(receipt: RefundReceipt, words: Words) -> Iterator[Row]:
    if receipt.training:
        yield Centred(words.t("TRAINING, NOT A RECEIPT"), strong=True)
    yield Heading(receipt.store.name)
    for line in (receipt.store.address, receipt.store.phone):
        if line:
            yield Centred(line)
    yield Centred(words.t("REFUND"), strong=True)
    yield Centred(words.t("No. {code}", code=receipt.code))
    till = words.t("Register {till}", till=receipt.till)
    yield Pair(receipt.refunded_at, f"{till}  {receipt.cashier}")
    if receipt.sale_code:
        yield Centred(words.t("Of receipt {code}", code=receipt.sale_code))
    else:
        yield Centred(words.t("Without a receipt"))
    if receipt.sold_on:
        yield Centred(words.t("Sold on {date}", date=receipt.sold_on))
    if receipt.copy > 1:
        number = receipt.copy - 1
        yield Centred(words.t("REPRINT {number}", number=number), strong=True)


def _table_head(words: Words) -> TableHead:
    return TableHead(words.t("Item"), words.t("Qty"), "", words.t("Amount"))


def _goods(receipt: RefundReceipt, words: Words) -> Iterator[Row]:
    for line in receipt.lines:
        name = f"{line.name} {line.unit}" if line.unit else line.name
        yield Item(name, line.quantity, "", _amount(receipt, line.amount_minor))
        yield from batch_rows(line.lot, line.expires, words)
        if line.reason:
            yield Pair(line.reason, "", indent=True)


def _sums(receipt: RefundReceipt, words: Words) -> Iterator[Row]:
    if receipt.paid_minor != receipt.worth_minor:
        yield Pair(words.t("Paid for these goods"), _amount(receipt, receipt.worth_minor))
    if receipt.round_off_minor:
        yield Pair(words.t("Round-off"), _amount(receipt, -receipt.round_off_minor))
    for pack in receipt.packs:
        yield from _pack(receipt, pack, words)
    if receipt.kept_for_points_minor:
        kept = receipt.kept_for_points_minor
        yield Pair(words.t("Points spent already"), _amount(receipt, -kept))
    yield Pair(words.t("Paid back"), _amount(receipt, receipt.paid_minor), strong=True)
    for tender in receipt.tenders:
        yield Pair(_tender_name(tender, words), _amount(receipt, tender.amount_minor))
    for tax in receipt.taxes:
        form = words.t("Tax included") if receipt.tax_included else words.t("Tax")
        yield Pair(f"{form} {percent(tax.rate)}", _amount(receipt, tax.tax_minor))


def _pack(receipt: RefundReceipt, pack: RefundReceiptPack, words: Words) -> Iterator[Row]:
    if not pack.kept_minor:
        return
    yield Pair(words.t("{pack}, had already", pack=pack.name), _amount(receipt, -pack.kept_minor))
    left = words.t("{left} of {months} months left", left=pack.months_left, months=pack.months)
    yield Pair(left, "", indent=True)


def _tender_name(tender: ReceiptTender, words: Words) -> str:
    if tender.kind == "other" and tender.reference:
        return words.t("For new goods")
    return tender_words(tender, words)


def _member(member: RefundReceiptMember | None, words: Words) -> Iterator[Row]:
    if member is None:
        return
    card = words.t("Member card {card}", card=member.card_masked.replace("•", "*"))
    yield Pair(card, "")
    if member.points_taken:
        yield Pair(words.t("Points taken back"), f"-{member.points_taken}")
    if member.points_returned:
        yield Pair(words.t("Points given back"), f"+{member.points_returned}")
    if member.points_kept:
        yield Pair(words.t("of them paid for"), f"{member.points_kept}", indent=True)
    yield Pair(words.t("Points available"), f"{max(0, member.points_balance)}")
    if member.points_owed:
        yield Pair(words.t("Points owed"), f"{member.points_owed}")
        yield Centred(words.t("Points owed are made up by the next purchases"))


def _coupons(receipt: RefundReceipt, words: Words) -> Iterator[Row]:
    if receipt.coupons_back:
        yield Centred(
            words.n("{count} coupon is back", "{count} coupons are back", receipt.coupons_back)
        )
