"""The tier ladder at the tier desk: what each tier asks, gives, and how many stand on it.

Owns: its texts and its dialog; it shows and changes nothing. Does not own: reading it
(app/services/tier_ladder.py), a member's own tier (screen.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from app.services.rule_words import percent_off
from app.services.tier_ladder import LadderStep, TierLadder
from app.wording import N_, Wording
from ui import formatting
from ui.kit.buttons import SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.scrolling import keep_off_bar
from ui.kit.text import Text
from ui.member.history import PERIODS
from ui.phrases import words
from ui.theme.theme import Theme

_WIDTH, _EDGE, _AROUND = 960, 24, 220
_HOUR = 60
_SCROLLS = {Qt.Key.Key_Up: -48, Qt.Key.Key_Down: 48, Qt.Key.Key_PageUp: -320,
            Qt.Key.Key_PageDown: 320}  # fmt: skip

COUNTS = 1
"""The row of members, behind the names of the tiers."""
Rows = tuple[tuple[str, ...], ...]


def ladder_rows(ladder: TierLadder, wording: Wording, currency: str) -> Rows:
    """A label and a text for each tier; the first row names them."""
    t = wording.t
    rows = [("", *(words(step.tier.name, wording) for step in ladder.steps))]
    for label, said in _SAID:
        cells = tuple(said(step, wording, currency) for step in ladder.steps)
        if any(cells):
            rows.append((t(label), *(cell or "—" for cell in cells)))
    return tuple(rows)


def _way_up(step: LadderStep, wording: Wording, currency: str) -> str:
    t, way = wording.t, step.tier.qualify
    ways = []
    if step.spend is not None:
        amount = formatting.money(step.spend, currency=currency)
        ways.append(t("{amount} spent in 12 months", amount=amount))
    if way.visits is not None:
        ways.append(wording.n("{count} visit", "{count} visits", way.visits))
    if way.points_earned is not None:
        ways.append(wording.n("{count} point", "{count} points", way.points_earned))
    if step.plan is not None:
        ways.append(words(step.plan, wording))
    if not ways:
        return t("Everybody begins here")
    return t(" or ").join(ways)


def _lasts(step: LadderStep, wording: Wording, _: str) -> str:
    tier = step.tier
    if tier.trial_days is not None:
        return wording.n("{count} day on trial", "{count} days on trial", tier.trial_days)
    if tier.qualify.spend is None and step.plan is None and tier.qualify.visits is None:
        return ""
    return wording.n("{count} month, then a review; one step down at most",
                     "{count} months, then a review; one step down at most",
                     tier.months)  # fmt: skip


def _discount(step: LadderStep, wording: Wording, _: str) -> str:
    off = Decimal(step.tier.discount)
    return percent_off(off, wording) if off else ""


def _benefits(step: LadderStep, wording: Wording, _: str) -> str:
    return "\n".join(_each_benefit(step, wording))


def _each_benefit(step: LadderStep, wording: Wording) -> Iterator[str]:
    t = wording.t
    for each in step.tier.entitlements:
        period = t(PERIODS[each.period])
        yield t("{name}, {count} {period}", name=words(each.name, wording), count=each.count,
                period=period)  # fmt: skip
    for benefit in step.tier.benefits:
        yield words(benefit, wording)


def _answered(step: LadderStep, wording: Wording, _: str) -> str:
    minutes = step.tier.response_minutes
    if minutes and minutes % _HOUR == 0:
        return wording.n("{count} hour", "{count} hours", minutes // _HOUR)
    return wording.n("{count} minute", "{count} minutes", minutes)


_SAID: tuple[tuple[str, Callable[[LadderStep, Wording, str], str]], ...] = (
    (N_("Members now"), lambda step, *_: f"{step.members:,}"),
    (N_("Reached by"), _way_up),
    (N_("Lasts"), _lasts),
    (N_("Discount"), _discount),
    (N_("Points multiplier"), lambda step, *_: f"×{step.tier.earn_rate}"),
    (N_("Points last"), lambda step, wording, _: wording.n("{count} month", "{count} months",
                                                           step.tier.points_months)),
    (N_("First response to a complaint"), _answered),
    (N_("Gift for reaching it"), lambda step, wording, _: ", ".join(
        words(each, wording) for each in step.gifts)),
    (N_("Benefits"), _benefits),
)  # fmt: skip


class LadderDialog(KitDialog):
    """The whole ladder, a column a tier. The arrows scroll it; Esc closes it."""

    def __init__(self, parent: QWidget, ladder: TierLadder, rows: Rows, wording: Wording) -> None:
        t, title = wording.t, wording.t("Tier ladder")
        width = min(Theme.current().size(_WIDTH), parent.window().width() - 2 * _EDGE)
        super().__init__(parent, title=title, width=width, padding=24)
        self.body.addWidget(Text(title, role="title", wrap=True))
        self._says = Text(role="body", tone="text_secondary", wrap=True)
        self.body.addWidget(self._says)
        self.rows = rows
        self._counts: list[Text] = []
        self.body.addWidget(self._build_table(parent, rows))
        self.back = SecondaryButton(t("Back"), hint="Esc", icon="arrow-left", height=56)
        self.back.clicked.connect(self.reject)
        self.body.addWidget(self.back)
        self.show_counts(ladder, rows, wording)

    def show_counts(self, ladder: TierLadder, rows: Rows, wording: Wording) -> None:
        """More members were counted meanwhile."""
        t = wording.t
        said = t(
            "The program in force, version {version}. It is changed where it is published; nothing "
            "changes here.",
            version=ladder.version,
        )
        if ladder.counted < ladder.members:
            counted = t("{count} of {all} members are counted so far.",
                        count=f"{ladder.counted:,}", all=f"{ladder.members:,}")  # fmt: skip
            said = f"{said} {counted}"
        self._says.setText(said)
        self.rows = rows
        for label, cell in zip(self._counts, rows[COUNTS][1:], strict=True):
            label.setText(cell)

    def first_focus(self) -> QWidget | None:
        return self.back

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _SCROLLS:
            bar = self._area.verticalScrollBar()
            bar.setValue(bar.value() + _SCROLLS[key])
            event.accept()
        else:
            super().keyPressEvent(event)

    def _build_table(self, parent: QWidget, rows: Rows) -> QScrollArea:
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        for line, (label, *cells) in enumerate(rows):
            grid.addWidget(Text(label, role="body", tone="text_secondary", wrap=True), line, 0,
                           Qt.AlignmentFlag.AlignTop)  # fmt: skip
            for place, cell in enumerate(cells, start=1):
                head = Text(cell, role="body_l" if line == 0 else "body",
                            weight=600 if line == 0 else 400, wrap=True)  # fmt: skip
                if line == COUNTS:
                    self._counts.append(head)
                grid.addWidget(head, line, place, Qt.AlignmentFlag.AlignTop)
                grid.setColumnStretch(place, 3)
        grid.setColumnStretch(0, 2)
        self._area = area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setFrameShape(QFrame.Shape.NoFrame)
        keep_off_bar(area, grid)
        area.setWidget(inside)
        wanted = max(inside.heightForWidth(self.frame.width() - 48), inside.sizeHint().height())
        room = parent.window().height() - Theme.current().size(_AROUND)
        area.setFixedHeight(max(Theme.current().size(160), min(wanted, room)))
        return area
