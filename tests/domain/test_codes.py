"""Codes, ids, quantities, months and points: the small values everything else is made of."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.codes import (
    ALPHABET,
    Code,
    CodeKind,
    NotACode,
    ReceiptNumber,
    masked,
    parse_code,
    random_code,
    receipt_code,
    receipt_number,
)
from app.domain.ids import uuid7
from app.domain.months import Month
from app.domain.points import NO_POINTS, Points
from app.domain.quantity import (
    NotAQuantity,
    Quantity,
    parse_quantity,
    pieces,
    quantity_text,
)

BITS = st.integers(0, 2**60 - 1)
KINDS = st.sampled_from([CodeKind.MEMBER, CodeKind.COUPON, CodeKind.STAFF])


@given(kind=KINDS, bits=BITS)
def test_every_code_reads_back_in_either_case(kind: CodeKind, bits: int) -> None:
    code = random_code(kind, bits)
    assert parse_code(code.text) == code
    assert parse_code(code.text.lower()) == code
    assert code.text[0] == kind.value and len(code.body) == 12


@given(bits=BITS, position=st.integers(1, 13), other=st.sampled_from(ALPHABET))
def test_one_mistyped_character_is_always_found(bits: int, position: int, other: str) -> None:
    text = random_code(CodeKind.MEMBER, bits).text
    mistyped = text[:position] + other + text[position + 1 :]
    if mistyped != text:
        assert parse_code(mistyped) == NotACode(mistyped, "check")


def test_codes_already_printed_keep_their_form() -> None:
    assert random_code(CodeKind.MEMBER, 2**60 - 1).text == "M8RC4KBDVSS1R8"
    number = ReceiptNumber(store=1, till=2, epoch=1, day=date(2026, 11, 21), sequence=187)
    assert receipt_code(number).text == "R001020101XW0057S"


@given(
    store=st.integers(0, 36**3 - 1),
    till=st.integers(0, 36**2 - 1),
    epoch=st.integers(0, 36**2 - 1),
    day=st.dates(date(2020, 1, 1), date(2199, 12, 31)),
    sequence=st.integers(0, 36**4 - 1),
)
def test_a_receipt_code_says_where_it_comes_from(
    store: int, till: int, epoch: int, day: date, sequence: int
) -> None:
    number = ReceiptNumber(store, till, epoch, day, sequence)
    code = receipt_code(number)
    assert receipt_number(code) == number
    assert parse_code(code.text) == code


@pytest.mark.parametrize(
    "text",
    ["", "M", "M1", "X8RC4KBDVSS1R8", "M8RC4-KBDV", "M8RC4KBDVSS1R", "6901234567892", "会员"],
)
def test_what_has_not_the_form_of_a_code(text: str) -> None:
    assert parse_code(text) == NotACode(text, "form")


def test_a_pass_may_be_longer_than_a_card_but_not_endless() -> None:
    assert isinstance(parse_code("P" + "A" * 201 + "0"), NotACode)
    assert parse_code("P" + "A" * 201 + "0").reason == "form"  # type: ignore[union-attr] # checked above
    assert parse_code("PABC0") in (Code(CodeKind.PASS, "PABC0"), NotACode("PABC0", "check"))


def test_only_a_receipt_code_has_a_receipt_number() -> None:
    with pytest.raises(ValueError, match="not a receipt code"):
        receipt_number(random_code(CodeKind.MEMBER, 5))


@pytest.mark.parametrize("bits", [-1, 2**60])
def test_a_code_needs_exactly_its_bits(bits: int) -> None:
    with pytest.raises(ValueError, match="60 random bits"):
        random_code(CodeKind.MEMBER, bits)


def test_a_number_too_large_for_its_field_is_a_bug() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        receipt_code(ReceiptNumber(36**3, 1, 1, date(2026, 1, 1), 1))


def test_a_receipt_shows_a_masked_card_number() -> None:
    assert masked(random_code(CodeKind.MEMBER, 2**60 - 1)) == "M****S1R8"


@given(ms=st.integers(0, 2**48 - 1), bits=st.integers(0, 2**74 - 1))
def test_an_op_id_is_a_version_7_uuid_that_sorts_by_time(ms: int, bits: int) -> None:
    op_id = UUID(uuid7(ms, bits))
    assert op_id.version == 7 and op_id.int >> 80 == ms
    assert op_id.variant == "specified in RFC 4122"


@pytest.mark.parametrize(("ms", "bits"), [(-1, 0), (2**48, 0), (0, 2**74), (0, -1)])
def test_an_op_id_needs_its_bits(ms: int, bits: int) -> None:
    with pytest.raises(ValueError, match="needs 48 bits"):
        uuid7(ms, bits)


@pytest.mark.parametrize(
    ("text", "thousandths"), [("3", 3000), ("0.842", 842), ("1.5", 1500), ("999", 999000)]
)
def test_quantities_are_read_exactly(text: str, thousandths: int) -> None:
    quantity = parse_quantity(text)
    assert quantity == Quantity(thousandths)
    assert isinstance(quantity, Quantity)
    assert quantity_text(quantity) == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0", "zero"), ("0.000", "zero"), ("-1", "negative"), ("1.2345", "decimals"),
        ("999.001", "size"), ("1000", "size"), ("99999999999", "size"), ("abc", "format"),
        ("", "format"), ("1.", "format"), (".5", "format"), ("³", "format"),
    ],
)  # fmt: skip
def test_what_is_no_quantity_is_answered_with_the_reason(text: str, reason: str) -> None:
    assert parse_quantity(text) == NotAQuantity(text, reason)


def test_pieces_and_weights_are_cut_differently() -> None:
    assert pieces(3).is_pieces and pieces(3).pieces == 3 and pieces(3).shares == 3
    assert Quantity(842).shares == 842 and not Quantity(842).is_pieces
    assert pieces(1) + Quantity(500) == Quantity(1500)
    with pytest.raises(ValueError, match="not a number of pieces"):
        _ = Quantity(842).pieces


@pytest.mark.parametrize("bad", [-1, 1.5, True, "3"], ids=repr)
def test_a_quantity_is_never_negative_nor_broken(bad: object) -> None:
    with pytest.raises(ValueError, match="whole thousandths"):
        Quantity(bad)  # type: ignore[arg-type] # the point of the test


@given(day=st.dates(date(1990, 1, 1), date(2190, 1, 1)), step=st.integers(-500, 500))
def test_months_count_like_a_calendar(day: date, step: int) -> None:
    month = Month.of(day)
    assert month.first_day <= day <= month.last_day
    assert Month.parse(str(month)) == month
    assert month.plus(step).minus(month) == step


@pytest.mark.parametrize("text", ["2026-1", "2026/11", "2026-13", "november"])
def test_what_is_no_month(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - datetime's own words for a 13th month
        Month.parse(text)


def test_points_are_no_money_and_no_fractions() -> None:
    assert Points(5) + Points(7) - Points(2) == Points(10)
    assert -Points(3) == Points(-3) < NO_POINTS
    assert not NO_POINTS and Points(1)
    with pytest.raises(TypeError, match="whole number"):
        Points(1.5)  # type: ignore[arg-type] # the point of the test
