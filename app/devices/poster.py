"""Posters: a sheet for the wall with a code that a member scans to claim a coupon.

Owns: the layout of an A4 sheet. Does not own: the link (the server's), painting (ui/printing).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from app.devices.codes import QR_QUIET_MODULES, qr_matrix
from app.devices.paper_text import visible, wrapped
from app.devices.receipt_rows import Words
from app.domain.campaign_record import CampaignRecord
from app.domain.page import Mark, Measure, Page, PlacedFrame, PlacedModules, PlacedText

WIDTH_UM, HEIGHT_UM, MARGIN_UM = 210_000, 297_000, 20_000
QR_WIDE_UM = 105_000
"""So large that a phone reads it from two metres away."""
_OFFER_UM = (17_000, 13_000, 10_000, 7_500)
"""The largest in which it takes two lines at most."""
_TITLE_UM, _TEXT_UM, _SHOP_UM, _SMALL_UM = 9_000, 6_200, 7_500, 4_200


@dataclass(frozen=True, slots=True)
class Poster:
    """What stands on it. `offer`: what is given, in the language of the sheet."""

    shop: str
    offer: str
    url: str
    starts: date
    ends: date


def poster_pages(
    shop: str,
    record: CampaignRecord,
    url: str,
    words_for: Callable[[str], Words],
    measure: Measure,
) -> tuple[Page, ...]:
    """A sheet in Chinese and one in English."""
    plan = record.plan
    offers = {"zh_CN": record.words.zh, "en": record.words.en}
    return tuple(
        poster_page(Poster(shop, offer, url, plan.starts, plan.ends), words_for(language), measure)
        for language, offer in offers.items()
    )


def poster_page(poster: Poster, words: Words, measure: Measure) -> Page:
    """One sheet in the language of these words."""
    centre = WIDTH_UM // 2
    marks: list[Mark] = [
        PlacedFrame(8_000, 8_000, WIDTH_UM - 16_000, HEIGHT_UM - 16_000, 6_000, 600),
        PlacedText(centre, 34_000, _SHOP_UM, visible(poster.shop), "centre"),
        PlacedText(centre, 52_000, _TITLE_UM, words.t("For members"), "centre"),
    ]
    y = _lines(marks, poster.offer, 56_000, (_offer_size(poster.offer, measure), True), measure)
    qr = qr_matrix(poster.url)
    module = QR_WIDE_UM // (qr.size + 2 * QR_QUIET_MODULES)
    y += 6_000 + QR_QUIET_MODULES * module
    marks.append(PlacedModules(centre - qr.size * module // 2, y, module, qr.rows))
    y += (qr.size + QR_QUIET_MODULES) * module
    steps = (
        words.t("1. Scan the code with your phone."),
        words.t("2. Type your mobile number."),
        words.t("3. Pay as a member: the coupon is on your card."),
    )
    for step in steps:
        y = _lines(marks, step, y, (_TEXT_UM, False), measure)
    days = words.t(
        "{first} to {last}, once for each member, while there are any.",
        first=poster.starts.isoformat(), last=poster.ends.isoformat(),
    )  # fmt: skip
    _lines(marks, days, HEIGHT_UM - 36_000, (_SMALL_UM, False), measure)
    return Page(WIDTH_UM, HEIGHT_UM, poster.offer, tuple(marks))


def _offer_size(offer: str, measure: Measure) -> int:
    width = WIDTH_UM - 2 * MARGIN_UM
    for size in _OFFER_UM:
        if len(list(wrapped(visible(offer), width, partial(_wide, measure, size)))) <= 2:
            return size
    return _OFFER_UM[-1]


def _wide(measure: Measure, size: int, part: str) -> int:
    return measure(part, size, True)


def _lines(
    marks: list[Mark], text: str, y_um: int, look: tuple[int, bool], measure: Measure
) -> int:
    """Put a text below, in as many lines as it takes; where it ends."""
    size, bold = look
    width = WIDTH_UM - 2 * MARGIN_UM
    for line in wrapped(visible(text), width, lambda part: measure(part, size, bold)):
        y_um += size * 7 // 5
        marks.append(PlacedText(WIDTH_UM // 2, y_um, size, line, "centre", bold=bold))
    return y_um + size // 3
