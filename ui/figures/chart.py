"""Chart of the figures: money and average basket day by day, hour by hour, by week or month. Pure.

Owns: which points a span is drawn with, their words, the same as a table. Does not own: painting
(ui/kit/bar_chart.py), the sums (app/services).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from app.domain.figures import Days
from app.domain.money import Money, divide_half_up
from app.services.figure_receipts import HoursOfDay, HourSums
from app.services.figures import DaySums, FiguresRead
from app.wording import N_, Wording
from ui import formatting
from ui.chart_view import ChartPoint, ChartView, Tick, highest_of, steps
from ui.table_rows import TableCell, TableColumn, TableRow, quiet

ChartKind = Literal["money", "basket"]
CHARTS: tuple[ChartKind, ...] = ("money", "basket")
TITLES: dict[ChartKind, dict[str, str]] = {
    "money": {
        "hour": N_("Money received by the hour"),
        "day": N_("Money received day by day"),
        "week": N_("Money received week by week"),
        "month": N_("Money received month by month"),
    },
    "basket": {
        "hour": N_("Average basket by the hour"),
        "day": N_("Average basket day by day"),
        "week": N_("Average basket week by week"),
        "month": N_("Average basket month by month"),
    },
}
_DAYS_MOST, _WEEKS_MOST, _WEEK_DAYS = 45, 53, 7


@dataclass(frozen=True, slots=True)
class Slot:
    """What one point stands for. `key`: the day or days it opens (`2026-11-21`), empty for an
    hour."""

    label: str
    name: str
    key: str
    sales: int
    paid: int
    member_sales: int
    member_paid: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """The chart and the same as a table."""

    title: str
    chart: ChartView
    columns: tuple[TableColumn, ...]
    rows: tuple[TableRow, ...]
    said: tuple[str, ...]
    """Each row in words: its figures by name, as the point says them."""


def drawn_of(
    kind: ChartKind, found: FiguresRead, hours: HoursOfDay | None, wording: Wording, currency: str
) -> Drawn:
    """The chart of a span. `hours`: of its only day, where they make up all of it."""
    grain, slots = slots_of(found, hours, wording)
    points = [_point(kind, each, wording, currency) for each in slots]
    stacked = kind == "money"
    tops = steps(_whole(highest_of(points, stacked=stacked), currency))
    unit = 10 ** formatting.decimals(currency)
    view = ChartView(
        kind="bars" if stacked else "lines",
        series=(wording.t("Members"), wording.t("Walk-ins")),
        tones=("chart_1", "chart_soft") if stacked else ("chart_1", "chart_2"),
        points=tuple(points) if any(each.sales for each in slots) else (),
        ticks=tuple(Tick(top * unit, f"{top:,}") for top in tops),
        empty=wording.t("Nothing was sold on these days that this till knows of."),
    )
    rows = tuple(_row(each, currency) for each in slots if each.sales)
    said = tuple(point.words for point, each in zip(points, slots, strict=True) if each.sales)
    return Drawn(wording.t(TITLES[kind][grain]), view, _columns(wording), rows, said)


def slots_of(
    found: FiguresRead, hours: HoursOfDay | None, wording: Wording
) -> tuple[str, list[Slot]]:
    """How fine it is, and the points: hours of a day, days, weeks or months."""
    if found.days.count == 1 and _are_whole(hours, found):
        assert hours is not None, "they make up the day"
        return "hour", [_hour(each) for each in hours.hours]
    days = found.days
    by_day = {each.day: each for each in found.by_day}
    if days.count <= _DAYS_MOST:
        return "day", [
            _sum(_day_label(day, wording), formatting.day(day), day.isoformat(),
                 [by_day[day]] if day in by_day else [])
            for day in _each_day(days)
        ]  # fmt: skip
    if days.count <= _WEEKS_MOST * _WEEK_DAYS // 2:
        return "week", _grouped(found, days, _week_of, wording)
    return "month", _grouped(found, days, _month_of, wording)


def _are_whole(hours: HoursOfDay | None, found: FiguresRead) -> bool:
    """Whether the hours come to what the figure of the day says: to the last fen."""
    if hours is None or hours.day != found.days.first:
        return False
    paid = sum(each.paid_minor for each in hours.hours)
    sales = sum(each.sales for each in hours.hours)
    told = (found.figures["paid"].figure.numerator, found.figures["sales"].figure.numerator)
    return sales > 0 and (paid, sales) == told


def _hour(each: HourSums) -> Slot:
    hour = each.hour % 24
    return Slot(
        str(hour), f"{hour:02d}:00", "", each.sales, each.paid_minor, each.member_sales,
        each.member_paid_minor,
    )  # fmt: skip


def _grouped(
    found: FiguresRead, days: Days, first_of: Callable[[date], date], wording: Wording
) -> list[Slot]:
    groups: dict[date, list[DaySums]] = {first_of(day): [] for day in _each_day(days)}
    for each in found.by_day:
        groups[first_of(each.day)].append(each)
    firsts = list(groups)
    lasts = [first - timedelta(days=1) for first in firsts[1:]] + [days.last]
    slots = []
    for first, last in zip(firsts, lasts, strict=True):
        begins = max(first, days.first)
        is_month = first_of is _month_of
        label = f"{first.year}-{first.month:02d}" if is_month else _day_label(begins, wording)
        name = label if is_month else f"{formatting.day(begins)} – {formatting.day(last)}"
        key = f"{begins.isoformat()}/{last.isoformat()}"
        slots.append(_sum(label, name, key, groups[first]))
    return slots


def _week_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _month_of(day: date) -> date:
    return day.replace(day=1)


def _each_day(days: Days) -> Iterable[date]:
    return (days.first + timedelta(days=place) for place in range(days.count))


def _day_label(day: date, wording: Wording) -> str:
    return formatting.short_day(day, wording)


def _sum(label: str, name: str, key: str, days: Sequence[DaySums]) -> Slot:
    return Slot(
        label, name, key,
        sum(each.sales for each in days), sum(each.paid_minor for each in days),
        sum(each.member_sales for each in days), sum(each.member_paid_minor for each in days),
    )  # fmt: skip


# ------------------------------------------------------------------ words


def _point(kind: ChartKind, slot: Slot, wording: Wording, currency: str) -> ChartPoint:
    others, others_paid = slot.sales - slot.member_sales, slot.paid - slot.member_paid
    values: tuple[int | None, ...]
    if kind == "money":
        values = (slot.member_paid, others_paid)
    else:
        values = (_average(slot.member_paid, slot.member_sales), _average(others_paid, others))
    said = wording.n(
        "{when}: {shown} sale, members {member}, walk-ins {other}",
        "{when}: {shown} sales, members {member}, walk-ins {other}",
        slot.sales, when=slot.name, shown=f"{slot.sales:,}", member=_money(values[0], currency),
        other=_money(values[1], currency),
    )  # fmt: skip
    return ChartPoint(slot.label, values, said, slot.key)


def _average(paid: int, sales: int) -> int | None:
    return divide_half_up(paid, sales) if sales else None


def _whole(minor: int, currency: str) -> int:
    """The first whole unit that is not below."""
    unit = int(10 ** formatting.decimals(currency))
    return -(-minor // unit)


def _columns(wording: Wording) -> tuple[TableColumn, ...]:
    t = wording.t
    return (
        TableColumn(t("When")),
        TableColumn(t("Sales"), 90, right=True),
        TableColumn(t("Money received"), 150, right=True),
        TableColumn(t("From members"), 150, right=True),
        TableColumn(t("Average basket"), 130, right=True, can_hide=True),
    )


def _row(slot: Slot, currency: str) -> TableRow:
    return TableRow(
        slot.key,
        (
            TableCell(slot.name),
            quiet(f"{slot.sales:,}"),
            TableCell(_money(slot.paid, currency), strong=True),
            quiet(_money(slot.member_paid, currency)),
            quiet(_money(_average(slot.paid, slot.sales), currency)),
        ),
    )


def _money(minor: int | None, currency: str) -> str:
    return "—" if minor is None else formatting.money(Money(minor), currency=currency)
