"""View model of the figures: tiles, panels, what a change is, as texts. Pure.

Owns: which figure stands where, numbers and changes as text, what is said of how new it all is.
Does not own: the chart (chart.py), what stands behind a figure (drill.py), widgets, definitions
(app/services/figure_words.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from app.domain.figure_record import TillSeen
from app.domain.figures import Days, Figure, FigureId, TenderShare
from app.domain.money import Money
from app.services.figure_export import TENDER_NAMES
from app.services.figure_words import figure_definition, figure_name
from app.services.figures import FigureBeside, FiguresRead
from app.wording import N_, Wording
from ui import formatting
from ui.figures.span import Period, Span

PERIOD_NAMES: dict[Period, str] = {
    "today": N_("Today"),
    "yesterday": N_("Yesterday"),
    "week": N_("This week so far"),
    "month": N_("This month so far"),
    "last_month": N_("Last month"),
    "quarter": N_("This quarter so far"),
    "year": N_("This year so far"),
    "last_year": N_("Last year"),
    "own": N_("From … to …"),
}
TILES: tuple[FigureId, ...] = ("paid", "sales", "avg_basket", "member_share_paid", "repeat_rate")
_PANELS: tuple[tuple[str, str, tuple[FigureId, ...]], ...] = (
    (N_("Members"), "user", ("joined", "members", "active", "active_share", "avg_basket_member",
                             "avg_basket_other", "arpu", "lifetime_value", "dormant", "nps",
                             "survey_answers", "referral_conversion")),
    (N_("Points"), "coins", ("points_outstanding", "points_value", "points_expiring",
                             "points_breakage", "points_earned", "points_spent")),
    (N_("Refunds and coupons"), "ticket", ("refunds", "paid_back", "net_paid", "member_share",
                                           "coupons_given", "coupons_used", "coupon_redemption",
                                           "coupon_cost")),
)  # fmt: skip
NO_FIGURE = "—"
_UP, _DOWN = "▲", "▼"


@dataclass(frozen=True, slots=True)
class FigureView:
    """One figure as texts. `change`: empty where there is nothing to compare it with."""

    key: FigureId
    name: str
    value: str
    change: str
    definition: str

    @property
    def words(self) -> str:
        """All of it, as a screen reader says it."""
        return " ".join(part for part in (self.name, self.value, self.change) if part)


@dataclass(frozen=True, slots=True)
class PanelView:
    """Some figures under one name."""

    name: str
    icon: str
    lines: tuple[FigureView, ...]


@dataclass(frozen=True, slots=True)
class ShareView:
    """A kind of tender: what came in by it, and its part in basis points."""

    name: str
    value: str
    share: str
    basis_points: int


@dataclass(frozen=True, slots=True)
class HeadView:
    """What stands above the figures. `notes`: what they do not hold yet."""

    period: str
    till: str
    compared: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FiguresView:
    """The dashboard but for its chart."""

    tiles: tuple[FigureView, ...]
    panels: tuple[PanelView, ...]
    tenders: tuple[ShareView, ...]
    tender_sum: str


def figures_view(found: FiguresRead, wording: Wording, currency: str) -> FiguresView:
    """Everything but the head and the chart."""

    def told(keys: Sequence[FigureId]) -> tuple[FigureView, ...]:
        return tuple(
            figure_view(key, found.figures[key], wording, currency)
            for key in keys
            if key in found.figures
        )

    return FiguresView(
        tiles=tuple(_or_says_so(each, wording) for each in told(TILES)),
        panels=tuple(PanelView(wording.t(name), icon, told(keys)) for name, icon, keys in _PANELS),
        tenders=tuple(_share(each, wording, currency) for each in found.tenders),
        tender_sum=_money(sum(each.received_minor for each in found.tenders), currency),
    )


def _or_says_so(each: FigureView, wording: Wording) -> FigureView:
    """A tile has a line for the change: where there is none it says why."""
    if each.change or each.value == NO_FIGURE:
        return each
    return replace(each, change=wording.t("nothing to compare"))


def figure_view(key: FigureId, beside: FigureBeside, wording: Wording, currency: str) -> FigureView:
    """A figure with its change."""
    return FigureView(
        key,
        figure_name(key, wording),
        value_of(beside.figure, currency),
        change_of(beside.figure, beside.before, wording),
        figure_definition(key, wording),
    )


def value_of(figure: Figure, currency: str) -> str:
    """A figure as it is read: `¥1,234.50`, `187`, `62.0%`; a dash where there is none."""
    rounded = figure.rounded
    if rounded is None:
        return NO_FIGURE
    match figure.unit:
        case "money":
            return _money(rounded, currency)
        case "share":
            return share_of(Fraction(figure.numerator, figure.denominator))
        case "score":
            # With the same figure behind the point as its change is told.
            score = Fraction(figure.numerator, figure.denominator) * 100
            return f"+{_tenths(score)}" if score > 0 else _tenths(score)
        case "count" | "points":
            return formatting.points(rounded)


def change_of(figure: Figure, before: Figure | None, wording: Wording) -> str:
    """`▲ +8.2%`; of shares in points of a hundred: `▼ −2.4 pts`."""
    if before is None or before.is_empty or figure.is_empty:
        return ""
    now, earlier = (Fraction(e.numerator, e.denominator) for e in (figure, before))
    if figure.unit in ("share", "score"):
        return wording.t("{change} pts", change=_signed((now - earlier) * 100))
    if not earlier:
        return ""
    return f"{_signed((now - earlier) / abs(earlier) * 100)}%"


def share_of(part: Fraction) -> str:
    """`62.0%`, half up."""
    return f"{_tenths(part * 100)}%"


def _signed(change: Fraction) -> str:
    text = _tenths(abs(change))
    if text == "0.0":
        return "0.0"
    return f"{_UP} +{text}" if change > 0 else f"{_DOWN} {formatting.MINUS}{text}"


def _tenths(value: Fraction) -> str:
    """With one figure behind the point, half up."""
    sign = formatting.MINUS if value < 0 else ""
    tenths = (abs(value.numerator) * 20 + value.denominator) // (2 * value.denominator)
    return f"{sign}{tenths // 10:,}.{tenths % 10}"


def _share(each: TenderShare, wording: Wording, currency: str) -> ShareView:
    points = each.basis_points
    return ShareView(
        wording.t(TENDER_NAMES[each.tender]),
        _money(each.received_minor, currency),
        NO_FIGURE if points is None else share_of(Fraction(points, 10_000)),
        points or 0,
    )


def _money(minor: int, currency: str) -> str:
    return formatting.money(Money(minor), currency=currency)


# ------------------------------------------------------------------ above the figures


def head_view(
    span: Span, till: int | None, found: FiguresRead | None, own_till: int, zone: str,
    wording: Wording,
) -> HeadView:  # fmt: skip
    """`own_till`: whose figures are never behind."""
    t = wording.t
    return HeadView(
        period=period_words(span, wording),
        till=till_words(till, wording),
        compared=t("compared with {days}", days=days_words(span.beside)),
        notes=() if found is None else _notes(found, own_till, zone, wording),
    )


def of_chain(
    head: HeadView, found: FiguresRead | None, as_of_ms: int, zone: str, wording: Wording
) -> HeadView:
    """The head over figures of all stores: how old they are, and what head office still counts."""
    t, notes = wording.t, list(head.notes)
    if found is not None and as_of_ms:
        at = datetime.fromtimestamp(as_of_ms / 1000, tz=UTC).astimezone(ZoneInfo(zone))
        notes.insert(0, t("as head office told at {time}", time=formatting.moment(at)))
    return replace(head, till=t("Whole chain"), notes=tuple(notes))


def period_words(span: Span, wording: Wording) -> str:
    """`Today · 2026-11-21`."""
    if span.period == "own":
        return days_words(span.days)
    return f"{wording.t(PERIOD_NAMES[span.period])} {formatting.DOT} {days_words(span.days)}"


def days_words(days: Days) -> str:
    """`2026-11-21`, `2026-11-01 – 11-21`: the year once where it is one."""
    first, last = days.first, days.last
    if first == last:
        return formatting.day(first)
    if first.year == last.year:
        return f"{formatting.day(first)} – {last.month:02d}-{last.day:02d}"
    return f"{formatting.day(first)} – {formatting.day(last)}"


def till_words(till: int | None, wording: Wording) -> str:
    """`Whole shop`, `Till 02`."""
    if till is None:
        return wording.t("Whole shop")
    return wording.t("Till {number}", number=f"{till:02d}")


def _notes(found: FiguresRead, own_till: int, zone: str, wording: Wording) -> tuple[str, ...]:
    others = (
        wording.t(
            "{till} as of {time}", till=till_words(each.till, wording), time=_time(each, zone)
        )
        for each in found.tills
        if each.till != own_till and found.till in (None, each.till)
    )
    notes = list(others)
    waiting = found.so_far.waiting
    if waiting:
        notes.append(
            wording.n(
                "{number} record is not in the figures yet",
                "{number} records are not in the figures yet",
                waiting,
                number=f"{waiting:,}",
            )
        )
    return tuple(notes)


def _time(till: TillSeen, zone: str) -> str:
    at = datetime.fromtimestamp(till.newest_ms / 1000, tz=UTC).astimezone(ZoneInfo(zone))
    return formatting.moment(at)
