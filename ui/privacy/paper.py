"""Paper of the privacy room: a copy of one's data and the proof of an erasure, as A4 pages.

Owns: laying lines out on sheets, wrapping and turning over. Does not own: painting them
(ui/printing), what stands in the copy (app/services/data_copy.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from app.domain.erasure import Proof
from app.domain.member import BirthdayOn
from app.domain.money import Money
from app.domain.page import Mark, Page, PlacedRule, PlacedText
from app.services.data_copy import DataCopy, PurchaseCopy
from app.wording import Wording
from ui import formatting
from ui.audit.story import StoryLine
from ui.printing.pdf import text_width_um
from ui.privacy.copy_sections import more_sections
from ui.privacy.view_model import (
    Section,
    When,
    consent_line,
    reveal_line,
    till_line,
)

WIDTH_UM, HEIGHT_UM, MARGIN_UM = 210_000, 297_000, 20_000
LABEL_UM = 52_000
_TITLE_UM, _HEAD_UM, _TEXT_UM, _FOOT_UM = 5_600, 4_000, 3_100, 2_600
_LINE_UM = 5_200


@dataclass
class _Sheets:
    """Pages being filled from the top."""

    title: str
    foot: str
    pages: list[list[Mark]] = field(default_factory=lambda: [[]])
    y_um: int = MARGIN_UM + 4_000

    def put(self, mark: PlacedText | PlacedRule) -> None:
        self.pages[-1].append(mark)

    def room_for(self, lines: int) -> None:
        """Turn over where so many lines do not fit any more."""
        if self.y_um + lines * _LINE_UM > HEIGHT_UM - MARGIN_UM - 6_000:
            self.pages.append([])
            self.y_um = MARGIN_UM + 4_000

    def heading(self, words: str) -> None:
        self.room_for(4)
        self.y_um += 4_000
        self.put(PlacedText(MARGIN_UM, self.y_um, _HEAD_UM, words, bold=True))
        self.y_um += 2_400
        self.put(PlacedRule(MARGIN_UM, self.y_um, WIDTH_UM - 2 * MARGIN_UM, 120))
        self.y_um += _LINE_UM

    def line(self, line: StoryLine) -> None:
        width = WIDTH_UM - 2 * MARGIN_UM
        labels = list(_wrapped(line.label, LABEL_UM - 4_000))
        texts = [
            part for words in line.text.split("\n") for part in _wrapped(words, width - LABEL_UM)
        ]
        for place in range(max(len(labels), len(texts))):
            self.room_for(1)
            if place < len(labels):
                self.put(PlacedText(MARGIN_UM, self.y_um, _TEXT_UM, labels[place]))
            if place < len(texts):
                at = MARGIN_UM + LABEL_UM
                self.put(PlacedText(at, self.y_um, _TEXT_UM, texts[place]))
            self.y_um += _LINE_UM

    def finished(self) -> tuple[Page, ...]:
        pages, y = [], HEIGHT_UM - MARGIN_UM + 4_000
        for number, marks in enumerate(self.pages, 1):
            of = f"{number} / {len(self.pages)}"
            marks.append(PlacedText(MARGIN_UM, y, _FOOT_UM, self.foot))
            marks.append(PlacedText(WIDTH_UM - MARGIN_UM, y, _FOOT_UM, of, "right"))
            pages.append(Page(WIDTH_UM, HEIGHT_UM, self.title, tuple(marks)))
        return tuple(pages)


def sheets(title: str, foot: str, sections: Iterable[Section]) -> tuple[Page, ...]:
    """Sections below each other, on as many pages as it takes."""
    made = _Sheets(title, foot)
    made.put(PlacedText(MARGIN_UM, made.y_um, _TITLE_UM, title, bold=True))
    made.y_um += 6_000
    for section in sections:
        made.heading(section.heading)
        for line in section.lines or (StoryLine("", section.empty),):
            made.line(line)
    return made.finished()


def _wrapped(words: str, width_um: int) -> Iterator[str]:
    """By signs: Chinese has no blanks, and codes are long; after a blank where there is one."""
    rest = words
    while rest:
        fits = len(rest)
        while fits > 1 and text_width_um(rest[:fits], _TEXT_UM, False) > width_um:
            fits -= 1
        blank = rest.rfind(" ", 1, fits + 1) if fits < len(rest) else -1
        end = blank if blank > fits // 2 else fits
        yield rest[:end].rstrip()
        rest = rest[end:].lstrip()


# ------------------------------------------------------------------ the two papers


def copy_pages(data: DataCopy, when: When, wording: Wording) -> tuple[Page, ...]:
    """Everything a shop knows of a member, for him to read."""
    t = wording.t
    foot = t("{shop}, {time}", shop=data.shop, time=when(data.made_ms))
    sections = [
        Section(t("Person"), tuple(_person(data, wording))),
        Section(t("Membership"), tuple(_membership(data, wording))),
        Section(
            t("Consents"),
            tuple(consent_line(each, when, wording) for each in data.consents),
            t("No consent is recorded."),
        ),
        Section(
            t("What you bought"),
            tuple(_purchase(each, data.currency) for each in data.purchases),
            t("None at this till."),
        ),
        *more_sections(data, when, wording),
        Section(
            t("Who saw the number"),
            tuple(reveal_line(each, when, wording) for each in data.number_was_seen),
            t("Nobody looked at the whole number at this till."),
        ),
    ]
    return sheets(t("Copy of your data"), foot, sections)


def _person(data: DataCopy, wording: Wording) -> Iterator[StoryLine]:
    t = wording.t
    lines = (
        (t("Name"), data.name),
        (t("Phone"), data.phone or ""),
        (t("E-mail address"), data.email),
        (t("Birthday"), "" if data.birthday is None else _birthday(data.birthday, wording)),
        (t("Note"), data.note),
        (t("Tags"), t(", ").join(data.tags)),
        (t("Account manager"), data.account_manager),
    )
    for label, text in lines:
        yield StoryLine(label, text or "–")


def _birthday(born: BirthdayOn, wording: Wording) -> str:
    day = f"{born.month:02d}-{born.day:02d}"
    return wording.t("{day} (lunar)", day=day) if born.lunar else day


def _membership(data: DataCopy, wording: Wording) -> Iterator[StoryLine]:
    t = wording.t
    yield StoryLine(t("Card"), formatting.spaced_code(data.card))
    yield StoryLine(t("Member since"), formatting.day(data.joined))
    yield StoryLine(t("Tier"), data.tier)
    yield StoryLine(t("Points"), formatting.points(data.points))
    for month, count in data.points_expiring.items():
        yield StoryLine("", t("{count} until the end of {month}", count=count, month=month))
    spent = formatting.money(Money(data.spend_minor_in_12_months), currency=data.currency)
    yield StoryLine(t("Spent in 12 months"), spent)
    for coupon in data.coupons:
        yield StoryLine(t("Coupon"), formatting.spaced_code(coupon))


def _purchase(purchase: PurchaseCopy, currency: str) -> StoryLine:
    paid = formatting.money(Money(purchase.paid_minor), currency=currency)
    goods = "\n".join(
        f"{line.name}  {formatting.money(Money(line.paid_minor), currency=currency)}"
        for line in purchase.lines
    )
    return StoryLine(formatting.day(purchase.day), f"{purchase.receipt}  {paid}\n{goods}")


def proof_pages(
    proof: Proof, card: str, shop: str, printed_ms: int, told: tuple[When, Wording]
) -> Sequence[Page]:
    """Who has forgotten a member, and when."""
    when, wording = told
    t, erasure = wording.t, proof.erasure
    lines = [StoryLine(t("Member"), card)]
    if erasure.asked_ms is not None:
        lines.append(StoryLine(t("Asked"), when(erasure.asked_ms)))
    if erasure.held_ms is not None:
        lines.append(StoryLine(t("Holds"), when(erasure.held_ms)))
    lines.append(StoryLine(t("Record number"), erasure.erasure_id or ""))
    kept = t("Personal data erased; sales records are kept as the law requires, without identity.")
    lines.append(StoryLine(t("Done"), kept))
    tills = tuple(till_line(line, when, wording) for line in proof.lines)
    foot = t("{shop}, {time}", shop=shop, time=when(printed_ms))
    sections = (Section(t("Erasure"), tuple(lines)), Section(t("Tills"), tills))
    return sheets(t("Proof of erasure"), foot, sections)
