"""View model of the segments: groups as rows, what a group means, what to do about it. Pure.

Owns: those texts. Does not own: names and definitions (app/services), cohorts (cohorts.py),
widgets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from app.domain.churn_record import GROUP_GRADES, ChurnLine
from app.domain.figure_record import SegmentLine
from app.domain.money import Money
from app.domain.segments import SEGMENTS
from app.services.figure_words import segment_definition, segment_name
from app.services.segments import GRADE_NAMES, GRADES, Group, GroupsRead
from app.wording import N_, Wording
from ui import formatting
from ui.figures.drill import who_cells
from ui.figures.view_model import NO_FIGURE, share_of
from ui.member.churn_words import reason_words
from ui.table_rows import TableCell, TableColumn, TableRow, quiet

GROUPS: tuple[Group, ...] = (*SEGMENTS, *GRADES)
Act = Literal["coupon", "members"]
"""coupon: plan a campaign for them; members: know them, one by one."""
_TO_DO: dict[Group, tuple[Act, str]] = {
    "high_value": ("members", N_(
        "They carry the shop. Know them by name, and let none of them wait for an answer.")),
    "growing": ("coupon", N_(
        "They buy more than before. A coupon for the next visit keeps it going.")),
    "new": ("coupon", N_(
        "The second purchase decides whether they stay. A coupon for it helps in the first "
        "weeks.")),
    "steady": ("members", N_("They buy as before: nothing has to be done.")),
    "needs_attention": ("coupon", N_(
        "They come less than before. A small coupon now costs less than winning them back later.")),
    "dormant": ("coupon", N_(
        "They stay away. Win them back with a coupon that ends soon; the control group shows "
        "whether it was the coupon.")),
    "high": ("coupon", N_(
        "By their own rhythm they should have been here long ago. Ask them, or send a coupon.")),
    "middle": ("coupon", N_(
        "They are later than usual. A reminder may be enough; a coupon is surer.")),
    "low": ("members", N_("They come as they always do: nothing has to be done.")),
}  # fmt: skip
_GRADE_MEANING = {
    "high": N_("Judged by each member's own rhythm: most likely lost."),
    "middle": N_("Judged by each member's own rhythm: may be lost."),
    "low": N_("Judged by each member's own rhythm: comes as usual."),
}
_ICONS: dict[Group, str] = {
    "high_value": "star", "growing": "chart", "new": "user-plus", "steady": "check-circle",
    "needs_attention": "alert", "dormant": "moon", "high": "alert-circle", "middle": "hourglass",
    "low": "check",
}  # fmt: skip
_TONES: dict[Group, str] = {
    "needs_attention": "warning", "dormant": "danger", "high": "danger", "middle": "warning",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class GroupView:
    """One group: what it is and what to do. `segment`: as the audience of a campaign names it."""

    name: str
    count: str
    meaning: str
    to_do: str
    act: Act
    segment: str


def count_of(group: Group, found: GroupsRead) -> int | None:
    """How many members; None: they were never judged."""
    for grade in GRADES:
        if grade == group:
            return None if found.churn is None else found.churn.by_grade.get(grade, 0)
    counts = found.segments
    return None if counts is None else next(
        counts.by_segment.get(each, 0) for each in SEGMENTS if each == group
    )  # fmt: skip


def group_columns(wording: Wording) -> tuple[TableColumn, ...]:
    """Left to right."""
    t = wording.t
    return (
        TableColumn(t("Group")),
        TableColumn(t("Members"), 100, right=True),
        TableColumn(t("Share"), 90, right=True),
        TableColumn(t("Spent in 12 months"), 170, right=True, can_hide=True),
        TableColumn(t("Share of it"), 110, right=True, can_hide=True),
    )


def group_rows(found: GroupsRead, wording: Wording, currency: str) -> list[TableRow]:
    """Segments, then grades; of grades nobody asks what they spent."""
    segments, churn = found.segments, found.churn
    members = sum(segments.by_segment.values()) if segments is not None else 0
    money = segments.money_minor if segments is not None else {}
    spent, graded = sum(money.values()), sum(churn.by_grade.values()) if churn is not None else 0
    rows = []
    for segment in SEGMENTS:
        part = money.get(segment, 0)
        told = NO_FIGURE if segments is None else _money(part, currency)
        rows.append(
            _row(segment, segment_name(segment, wording), count_of(segment, found), members,
                 (told, _part(part, spent)))
        )  # fmt: skip
    for grade in GRADES:
        name = wording.t(GRADE_NAMES[grade])
        if graded:  # its share is not one of all members
            name = wording.t("{name} (of {count} graded)", name=name, count=f"{graded:,}")
        rows.append(_row(grade, name, count_of(grade, found), graded, ("", "")))
    return rows


def _row(group: Group, name: str, count: int | None, of: int, spent: tuple[str, str]) -> TableRow:
    tone = _TONES.get(group, "text_primary") if count else "text_secondary"
    return TableRow(
        group,
        (
            TableCell(name, "text_primary", _ICONS[group], strong=bool(count)),
            TableCell(NO_FIGURE if count is None else f"{count:,}", tone),
            quiet(_part(count or 0, of)),
            quiet(spent[0]),
            quiet(spent[1]),
        ),
    )


def _part(part: int, of: int) -> str:
    return share_of(Fraction(part, of)) if of else NO_FIGURE


def group_view(group: Group, found: GroupsRead, wording: Wording, currency: str) -> GroupView:
    """What a group is and what to do about it."""
    t = wording.t
    act, to_do = _TO_DO[group]
    count = count_of(group, found)
    told = NO_FIGURE if count is None else wording.n(
        "{number} member", "{number} members", count, number=f"{count:,}"
    )  # fmt: skip
    for grade in GRADES:
        if grade == group:
            named = [name for name, each in GROUP_GRADES.items() if each == grade]
            audience = named[0] if named else ""
            meaning = t(_GRADE_MEANING[grade])
            return GroupView(t(GRADE_NAMES[grade]), told, meaning, t(to_do), act, audience)
    segment = next(each for each in SEGMENTS if each == group)
    money = found.segments.money_minor if found.segments is not None else {}
    spent = _money(money.get(segment, 0), currency)
    told = f"{told} {formatting.DOT} {spent} ({_part(money.get(segment, 0), sum(money.values()))})"
    return GroupView(
        segment_name(segment, wording), told, segment_definition(segment, wording), t(to_do), act,
        segment,
    )  # fmt: skip


def notes_of(found: GroupsRead, wording: Wording) -> str:
    """As of when, and who is left out."""
    if found.segments is None:
        return wording.t("Nobody was judged so far.")
    day = formatting.day(found.segments.as_of)
    said = [wording.t("As of {day}", day=day)]
    refused = found.segments.refused
    if refused:
        said.append(
            wording.n(
                "{number} member is in none: does not want it, or was erased",
                "{number} members are in none: they do not want it, or were erased",
                refused,
                number=f"{refused:,}",
            )
        )
    return f" {formatting.DOT} ".join(said)


# ------------------------------------------------------------------ members of a group


def segment_columns(wording: Wording) -> tuple[TableColumn, ...]:
    """Left to right."""
    t = wording.t
    return (
        TableColumn(t("Phone"), 150),
        TableColumn(t("Name")),
        TableColumn(t("Last visit"), 130),
        TableColumn(t("Purchases"), 110, right=True),
        TableColumn(t("Spent in 12 months"), 160, right=True),
        TableColumn(t("RFM scores"), 110, right=True, can_hide=True),
    )


def segment_rows(lines: Sequence[SegmentLine], wording: Wording, currency: str) -> list[TableRow]:
    """Who spent most first."""
    return [
        TableRow(
            _key(line),
            (
                *who_cells(line.member, wording),
                quiet(_ago(line.recency_days, wording)),
                quiet(f"{line.frequency:,}"),
                TableCell(_money(line.money_minor, currency), strong=True),
                quiet(line.scores.text),
            ),
        )
        for line in lines
    ]


def grade_columns(wording: Wording) -> tuple[TableColumn, ...]:
    """Left to right."""
    t = wording.t
    return (
        TableColumn(t("Phone"), 150),
        TableColumn(t("Name"), 200),
        TableColumn(t("What speaks for it")),
    )


def grade_rows(lines: Sequence[ChurnLine], wording: Wording) -> list[TableRow]:
    """The likeliest lost first."""
    return [
        TableRow(
            _key(line),
            (*who_cells(line.member, wording), quiet(reason_words(line.seen, wording))),
        )
        for line in lines
    ]


def _key(line: SegmentLine | ChurnLine) -> str:
    return line.member.member_id if line.member is not None else ""


def _ago(days: int, wording: Wording) -> str:
    if days <= 0:
        return wording.t("Today")
    return wording.n("{count} day ago", "{count} days ago", days)


def _money(minor: int, currency: str) -> str:
    return formatting.money(Money(minor), currency=currency)
