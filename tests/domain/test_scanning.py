"""What a scan is: the table of codes a shop meets, and the laws of the order."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean

from app.domain.codes import CodeKind, ReceiptNumber, random_code, receipt_code
from app.domain.money import Money
from app.domain.scanning import (
    BadCheckDigit,
    CodeTooLong,
    CouponCode,
    Gs1Item,
    Gtin,
    InternalCode,
    MemberCard,
    MemberPass,
    PaymentChannel,
    PaymentCode,
    ReceiptCode,
    ScanRules,
    StaffBadge,
    UnknownCode,
    WeighedItem,
    WeighedRule,
    WeighedValue,
    classify,
    pattern_overlaps_payment,
)

RULES = ScanRules(
    weighed=(
        WeighedRule("21", WeighedValue.WEIGHT_GRAMS),
        WeighedRule("22", WeighedValue.PRICE_MINOR),
    )
)
CARD = random_code(CodeKind.MEMBER, 123_456_789_012_345_678)
COUPON = random_code(CodeKind.COUPON, 42)
BADGE = random_code(CodeKind.STAFF, 7)
RECEIPT = receipt_code(ReceiptNumber(12, 2, 1, date(2026, 11, 21), 187))


def checked(body: str) -> str:
    return body + ean.calc_check_digit(body)


def a_pass(body_length: int) -> str:
    from stdnum.iso7064 import mod_37_36

    body = "P" + "7" * body_length
    return body + mod_37_36.calc_check_digit(body)


def spoiled(code: str) -> str:
    """The same with another check character."""
    return code[:-1] + ("A" if code[-1] != "A" else "B")


MILK, MILK14 = checked("690123456789"), checked("0690123456789")
CASE14 = checked("1690123456789")
UPC, EAN8 = checked("03600029145"), checked("9638507")
APPLE, MEAT = checked("210012300842"), checked("220045601250")
GS = "\x1d"

CASES = [
    ("badge", BADGE.text, StaffBadge(BADGE)),
    ("badge lower case", BADGE.text.lower(), StaffBadge(BADGE)),
    ("badge by Code 39 reader", f"]A0{BADGE.text}", StaffBadge(BADGE)),
    ("member card", CARD.text, MemberCard(CARD)),
    ("member card lower case", CARD.text.lower(), MemberCard(CARD)),
    ("member card by QR reader", f"]Q0{CARD.text}", MemberCard(CARD)),
    ("member card by Code 128 reader", f"]C0{CARD.text}", MemberCard(CARD)),
    ("member card with a line end", f"{CARD.text}\r\n", MemberCard(CARD)),
    ("member card misread", spoiled(CARD.text), BadCheckDigit(spoiled(CARD.text))),
    ("coupon", COUPON.text, CouponCode(COUPON)),
    ("coupon misread", spoiled(COUPON.text), BadCheckDigit(spoiled(COUPON.text))),
    ("badge misread", spoiled(BADGE.text), BadCheckDigit(spoiled(BADGE.text))),
    ("receipt", RECEIPT.text, ReceiptCode(RECEIPT)),
    ("receipt misread", spoiled(RECEIPT.text), BadCheckDigit(spoiled(RECEIPT.text))),
    ("card cut short", CARD.text[:-1], InternalCode(CARD.text[:-1])),
    ("EAN-13", MILK, Gtin(MILK)),
    ("EAN-13 with AIM", f"]E0{MILK}", Gtin(MILK)),
    ("EAN-13 bad check", spoiled(MILK).replace("A", "0"), BadCheckDigit(MILK[:-1] + "0")),
    ("EAN-8", EAN8, Gtin(EAN8)),
    ("EAN-8 with AIM", f"]E4{EAN8}", Gtin(EAN8)),
    ("EAN-8 bad check", "96385070", BadCheckDigit("96385070")),
    ("UPC-A gets its zero", UPC, Gtin("0" + UPC)),
    ("UPC-A bad check", "036000291450", BadCheckDigit("036000291450")),
    ("GTIN-14 of a piece", MILK14, Gtin(MILK)),
    ("GTIN-14 of a case", CASE14, Gtin(CASE14)),
    ("GTIN-14 with a GTIN-8 inside", EAN8.zfill(14), Gtin(EAN8)),
    ("ITF with AIM", f"]I1{CASE14}", Gtin(CASE14)),
    ("GTIN-14 bad check", "16901234567890", BadCheckDigit("16901234567890")),
    ("weighed by weight", APPLE, WeighedItem("00123", weight_kg=Decimal("0.842"))),
    ("weighed by price", MEAT, WeighedItem("00456", price=Money(1250))),
    ("weighed bad check", APPLE[:-1] + "x", InternalCode(APPLE[:-1] + "x")),
    ("weighed wrong digit", "2100123008420", BadCheckDigit("2100123008420")),
    ("prefix 23 without a rule", checked("230012300842"), Gtin(checked("230012300842"))),
    ("GS1-128 weight", f"]C101{MILK14}3103000842", Gs1Item(MILK, weight_kg=Decimal("0.842"))),
    ("GS1-128 price", f"]C101{MILK14}3922001250", Gs1Item(MILK, price=Money(1250))),
    ("GS1 price below the fen", f"]C101{MILK14}392312505", Gs1Item(MILK)),
    ("GS1-128 count", f"]C101{MILK14}3012", Gs1Item(MILK, count=12)),
    ("GS1 lot then expiry", f"]d201{MILK14}10LOT7{GS}17261231",
     Gs1Item(MILK, expires=date(2026, 12, 31), lot="LOT7")),
    ("GS1 batch, serial", f"]d201{MILK14}1726123110LOT7{GS}21S77",
     Gs1Item(MILK, expires=date(2026, 12, 31), lot="LOT7", serial="S77")),
    ("GS1 best before", f"]C101{MILK14}15261130", Gs1Item(MILK, expires=date(2026, 11, 30))),
    ("GS1 last day before best before", f"]C101{MILK14}1526113017261231",
     Gs1Item(MILK, expires=date(2026, 12, 31))),
    ("GS1 batch of a weight", f"]C101{MILK14}310300084217261130" + "10W7",
     Gs1Item(MILK, weight_kg=Decimal("0.842"), expires=date(2026, 11, 30), lot="W7")),
    ("GS1 batch of a price", f"]C101{MILK14}39221290{GS}10P9",
     Gs1Item(MILK, price=Money(1290), lot="P9")),
    ("GS1 all in brackets", f"(01){MILK14}(10)LOT7(17)261231(21)S77",
     Gs1Item(MILK, expires=date(2026, 12, 31), lot="LOT7", serial="S77")),
    ("GS1 a day of no calendar", f"]d201{MILK14}17260231", Gs1Item(MILK)),
    ("GS1 expiry, end of month", f"]C101{MILK14}17261200",
     Gs1Item(MILK, expires=date(2026, 12, 31))),
    ("GS1 QR", f"]Q301{MILK14}", Gs1Item(MILK)),
    ("DataBar", f"]e001{MILK14}", Gs1Item(MILK)),
    ("GS1 begins with a separator", f"]C1{GS}01{MILK14}", Gs1Item(MILK)),
    ("GS1 without AIM", f"01{MILK14}17261231", Gs1Item(MILK, expires=date(2026, 12, 31))),
    ("GS1 in brackets", f"(01){MILK14}(17)261231", Gs1Item(MILK, expires=date(2026, 12, 31))),
    ("GS1 that lost its separator", f"01{MILK14}99", Gs1Item(MILK)),
    ("GS1 bad GTIN", "010690123456789017261231", BadCheckDigit("010690123456789017261231")),
    ("GS1 pallet label", "]C100106141411234567897", UnknownCode("00106141411234567897")),
    ("GS1 rubbish", "]C1zz", InternalCode("zz")),
    ("01 and letters", "01ABCDEFGHIJKLMNOP", InternalCode("01ABCDEFGHIJKLMNOP")),
    ("internal number", "10023", InternalCode("10023")),
    ("internal code", "TEA-250", InternalCode("TEA-250")),
    ("internal that begins with M", "MILK-1", InternalCode("MILK-1")),
    ("internal that begins with P", "PEN12", InternalCode("PEN12")),
    ("eleven digits", "13800138000", UnknownCode("13800138000")),
    ("Chinese text", "纯牛奶", UnknownCode("纯牛奶")),
    ("a web address", "https://example.cn/m?id=1", UnknownCode("https://example.cn/m?id=1")),
    ("control characters", "\x01\x02\x03", UnknownCode("\x01\x02\x03")),
    ("full-width digits", "６９０１２３４５６７８９２", UnknownCode("６９０１２３４５６７８９２")),
    ("Arabic digits", "٦٩٠١٢٣٤٥", UnknownCode("٦٩٠١٢٣٤٥")),
    ("nothing", "", UnknownCode("")),
    ("blanks", "   ", UnknownCode("")),
    ("a bracket", "]", UnknownCode("]")),
    ("AIM alone", "]E0", UnknownCode("")),
    ("512 characters", "7" * 512, UnknownCode("7" * 512)),
    ("513 characters", "7" * 513, CodeTooLong(513)),
    ("10,000 characters", "7" * 10_000, CodeTooLong(10_000)),
    ("an address of a formula", "=cmd|' /C calc'!A0", UnknownCode("=cmd|' /C calc'!A0")),
]  # fmt: skip
PAYMENTS = [
    ("WeChat 10", "10" + "3" * 16, PaymentChannel.WECHAT),
    ("WeChat 15", "15" + "3" * 16, PaymentChannel.WECHAT),
    ("Alipay 25, 16 digits", "25" + "1" * 14, PaymentChannel.ALIPAY),
    ("Alipay 30, 24 digits", "30" + "1" * 22, PaymentChannel.ALIPAY),
    ("Alipay 28 by QR reader", "]Q1" + "28" + "1" * 16, PaymentChannel.ALIPAY),
    ("UnionPay", "62" + "5" * 17, PaymentChannel.UNIONPAY),
]
NO_PAYMENTS = ["16" + "3" * 16, "10" + "3" * 15, "31" + "1" * 14, "62" + "5" * 16, "24" + "1" * 14]


@pytest.mark.parametrize(("text", "answer"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_code_is_what_it_is(text: str, answer: object) -> None:
    assert classify(text, RULES) == answer


def test_the_table_is_as_long_as_the_specification_asks() -> None:
    assert len(CASES) + len(PAYMENTS) >= 60


@pytest.mark.parametrize(
    ("text", "channel"), [p[1:] for p in PAYMENTS], ids=[p[0] for p in PAYMENTS]
)
def test_a_payment_code_shows_its_channel_only(text: str, channel: PaymentChannel) -> None:
    found = classify(text, RULES)
    assert isinstance(found, PaymentCode)
    assert found.channel is channel
    assert found.secret not in repr(found)


@pytest.mark.parametrize("text", NO_PAYMENTS)
def test_a_near_miss_is_no_payment_code(text: str) -> None:
    assert not isinstance(classify(text, RULES), PaymentCode)


def test_a_pass_is_long_and_shorter_ones_are_items() -> None:
    long, short = a_pass(40), a_pass(6)
    found = classify(long, RULES)
    assert isinstance(found, MemberPass)
    assert found.code.text == long
    assert classify(short, RULES) == InternalCode(short)
    assert classify(spoiled(long), RULES) == UnknownCode(spoiled(long))


def test_a_shop_whose_own_codes_have_eight_digits_says_so() -> None:
    own = ScanRules(internal_pattern=r"1\d{7}")
    assert classify("10000001", own) == InternalCode("10000001")
    assert classify(EAN8, own) == Gtin(EAN8)


@pytest.mark.parametrize("prefix", ["19", "30", "2", "2x"])
def test_a_weighed_prefix_is_20_to_29(prefix: str) -> None:
    with pytest.raises(ValueError, match="20 to 29"):
        WeighedRule(prefix, WeighedValue.PRICE_MINOR)


def test_a_card_pattern_that_would_take_payment_codes_is_seen() -> None:
    assert pattern_overlaps_payment(r"\d{18}")
    assert not pattern_overlaps_payment(r"8\d{9}")


@given(
    st.integers(0, 2**60 - 1), st.sampled_from([CodeKind.MEMBER, CodeKind.COUPON, CodeKind.STAFF])
)
def test_no_code_of_ours_is_ever_taken_for_another_thing(bits: int, kind: CodeKind) -> None:
    code = random_code(kind, bits)
    found = classify(code.text, RULES)
    assert getattr(found, "code", None) == code


@given(st.text(max_size=600))
def test_every_text_gets_an_answer(text: str) -> None:
    assert classify(text, RULES) is not None


@given(st.from_regex(r"(1[0-5][0-9]{16}|(2[5-9]|30)[0-9]{14,22}|62[0-9]{17})", fullmatch=True))
def test_a_payment_code_is_never_anything_else(text: str) -> None:
    assert isinstance(classify(text, RULES), PaymentCode)
