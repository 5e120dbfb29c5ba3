"""Codes of cards: read back from pixels by another maker's reader, on any background."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.devices.cards import (
    PrintedCard,
    card_bars,
    card_of,
    card_page,
    card_png,
    card_qr,
    grouped,
)
from app.devices.codes import QR_QUIET_MODULES, Bars, QrMatrix
from app.domain.codes import CodeKind, random_code
from app.domain.page import PlacedText
from app.wording import load
from tests.devices.pages import codes_in
from tests.devices.receipts import CODE, MEMBER_CODE


def painted(rows: tuple[tuple[bool, ...], ...], pixels: int) -> Image.Image:
    """Modules as a screen paints them: black on white."""
    image = Image.new("L", (len(rows[0]), len(rows)))
    image.putdata([0 if black else 255 for row in rows for black in row])
    return image.resize((image.width * pixels, image.height * pixels), Image.Resampling.NEAREST)


def painted_bars(bars: Bars, pixels: int) -> Image.Image:
    image = Image.new("L", ((bars.modules + 20) * pixels, 60), 255)
    x = 10 * pixels
    for position, modules in enumerate(bars.widths):
        if position % 2 == 0:
            image.paste(0, (x, 5, x + modules * pixels, 55))
        x += modules * pixels
    return image


@settings(max_examples=40, deadline=None)
@given(bits=st.integers(0, 2**60 - 1))
def test_any_member_code_is_read_from_qr_and_bars(bits: int) -> None:
    code = random_code(CodeKind.MEMBER, bits)
    assert codes_in(painted(card_qr(code).with_quiet_zone(), 3)) == {"QR Code": code.text}
    assert codes_in(painted_bars(card_bars(code), 2)) == {"Code 128": code.text}


@pytest.mark.parametrize("background", [0, 0x1B, 0x80, 255], ids=["black", "dark", "grey", "white"])
def test_the_quiet_zone_makes_it_readable_on_any_background(background: int) -> None:
    card = Image.open(io.BytesIO(card_png(MEMBER_CODE)))
    screen = Image.new("L", (card.width + 200, card.height + 160), background)
    screen.paste(card, (100, 80))
    assert codes_in(screen) == {"QR Code": MEMBER_CODE.text}


def test_the_quiet_zone_is_four_white_modules_on_every_side() -> None:
    matrix = card_qr(MEMBER_CODE)
    rows = matrix.with_quiet_zone()
    assert matrix.size == 21
    assert len(rows) == 21 + 2 * QR_QUIET_MODULES
    edge = rows[:4] + rows[-4:] + tuple(row[:4] for row in rows) + tuple(row[-4:] for row in rows)
    assert not any(any(part) for part in edge)
    assert rows[4][4:11] == (True,) * 7


def test_the_picture_is_as_large_as_asked() -> None:
    image = Image.open(io.BytesIO(card_png(MEMBER_CODE, pixels_per_module=8)))
    assert image.format == "PNG"
    assert image.size == (29 * 8, 29 * 8)


def test_a_longer_text_takes_a_larger_matrix() -> None:
    from app.devices.codes import qr_matrix

    matrix: QrMatrix = qr_matrix("P" + "7K2MX9" * 20)
    assert matrix.size > 21
    assert codes_in(painted(matrix.with_quiet_zone(), 3)) == {"QR Code": "P" + "7K2MX9" * 20}


def test_people_read_the_code_in_groups_of_four() -> None:
    assert grouped(MEMBER_CODE).replace(" ", "") == MEMBER_CODE.text
    assert [len(group) for group in grouped(MEMBER_CODE).split()] == [4, 4, 4, 2]


def test_only_a_member_code_goes_on_a_card() -> None:
    with pytest.raises(AssertionError, match="no such card"):
        PrintedCard("人民路店", CODE)


def test_a_name_stands_on_a_badge_and_never_on_a_members_card() -> None:
    with pytest.raises(AssertionError, match="no such card"):
        PrintedCard("人民路店", MEMBER_CODE, "陈静")
    badge = random_code(CodeKind.STAFF, 2**59 + 7)
    page = card_page(
        card_of("人民路店", badge.text, "李明"),
        load("zh_CN"),
        lambda text, size_um, _: len(text) * size_um,
    )
    written = [mark.text for mark in page.marks if isinstance(mark, PlacedText)]
    assert written[:3] == ["人民路店", "李明", "工牌"]
