"""View of the list of members: rows, what narrows them, how many, as texts. Pure.

Owns: what stands where. Does not own: widgets (screen.py), reading rows (reader.py), what fits
(app/domain/member_list.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import msgspec

from app.domain.member_list import ListChoice, MemberOrder, MemberState, Visited
from app.services.member_list import ListFacts, MemberRow
from app.wording import N_, Wording
from ui import formatting
from ui.phrases import words
from ui.rows import Pick, tier_tone
from ui.table_rows import TableCell, TableColumn, TableRow, quiet

Filter = Literal["order", "tier", "state", "visited", "tag"]

ORDERS: dict[MemberOrder, str] = {
    "last_visit": N_("Last visit first"),
    "spend": N_("Most spent first"),
    "points": N_("Most points first"),
    "newest": N_("Newest first"),
}
STATES: dict[MemberState, str] = {
    "normal": N_("Normal"),
    "dormant": N_("Dormant"),
    "frozen": N_("Frozen"),
}
STATE_TONES: dict[MemberState, str] = {
    "normal": "success", "dormant": "warning", "frozen": "danger",
}  # fmt: skip
VISITS: dict[Visited, str] = {
    "": N_("Any last visit"),
    "week": N_("Here in the last 7 days"),
    "month": N_("Here in the last 30 days"),
    "quarter": N_("Here in the last 90 days"),
    "away_90": N_("Not here for 90 days"),
    "away_180": N_("Not here for 180 days"),
    "never": N_("Never bought anything"),
}
TIER_ICONS = {"regular": "user", "silver": "medal", "gold": "crown", "diamond": "diamond"}


def with_choice(choice: ListChoice, which: Filter, key: str) -> ListChoice:
    """The choice with another value of one of its parts."""
    return msgspec.convert({**msgspec.structs.asdict(choice), which: key}, ListChoice)


@dataclass(frozen=True, slots=True)
class ListState:
    """How the list stands. `looked_up`: what was typed; `is_reading`: more of it is on its way.

    `listed` of `members` were judged so far; `has_more`: rows follow behind those shown.
    """

    choice: ListChoice = field(default_factory=ListChoice)
    looked_up: str = ""
    count: int = 0
    is_reading: bool = False
    has_more: bool = False
    listed: int = 0
    members: int = 0

    @property
    def is_judging(self) -> bool:
        return self.listed < self.members


@dataclass(frozen=True, slots=True)
class MembersView:
    """Everything but the rows."""

    title: str
    filters: dict[str, str]
    count: str
    empty: str
    detail: str


def members_view(state: ListState, facts: ListFacts | None, wording: Wording) -> MembersView:
    """The screen around the table."""
    t, choice = wording.t, state.choice
    tiers = dict(facts.tiers) if facts is not None else {}
    tier = tiers.get(choice.tier)
    empty, detail = _empty(state, wording)
    return MembersView(
        title=t("Members"),
        filters={
            "order": t(ORDERS[choice.order]),
            "tier": words(tier, wording) if tier is not None else t("All tiers"),
            "state": t(STATES[choice.state]) if choice.state else t("Any state"),
            "visited": t(VISITS[choice.visited]),
            "tag": choice.tag or t("Any tag"),
        },
        count=_count(state, wording),
        empty=empty,
        detail=detail,
    )


def _count(state: ListState, wording: Wording) -> str:
    t = wording.t
    if state.looked_up:
        return wording.n("{count} found", "{count} found", state.count)
    if state.is_judging:
        return t(
            "{done} of {all} members are in the list so far",
            done=f"{state.listed:,}",
            all=f"{state.members:,}",
        )
    if state.choice.is_narrowed:
        shown = f"{state.count:,}"
        more = t("{count} so far, more below", count=shown)
        return more if state.has_more else wording.n(
            "{number} member", "{number} members", state.count, number=shown
        )  # fmt: skip
    number = f"{state.members:,}"
    return wording.n("{number} member", "{number} members", state.members, number=number)


def _empty(state: ListState, wording: Wording) -> tuple[str, str]:
    t = wording.t
    if state.count or state.is_reading:
        return "", ""
    if state.looked_up:
        return (
            t('Nobody by "{text}".', text=state.looked_up),
            t("Type a phone number, its last four digits, a card number, a name or its initials."),
        )
    if state.choice.is_narrowed:
        return t("No member is like this."), t("Widen one of the choices above.")
    if state.is_judging:
        return t("The list is being made for the first time."), ""
    return (
        t("There are no members yet."),
        t("They join at the till, or come along from a list of your earlier system."),
    )


# ------------------------------------------------------------------ rows


def columns(wording: Wording) -> tuple[TableColumn, ...]:
    """Left to right."""
    t = wording.t
    return (
        TableColumn(t("Phone"), 150),
        TableColumn(t("Name")),
        TableColumn(t("Tier"), 120),
        TableColumn(t("Points"), 110, right=True),
        TableColumn(t("Spent in 12 months"), 170, right=True, can_hide=True),
        TableColumn(t("Last visit"), 130, can_hide=True),
        TableColumn(t("State"), 100),
    )


def rows_of(
    rows: Sequence[MemberRow], wording: Wording, *, tier_count: int, currency: str
) -> list[TableRow]:
    """Members as rows, masked."""
    return [_row(row, wording, tier_count, currency) for row in rows]


def _row(row: MemberRow, wording: Wording, tier_count: int, currency: str) -> TableRow:
    t = wording.t
    tone = tier_tone(row.tier_rank, tier_count)
    tags = f" {formatting.DOT} ".join(row.tags)
    name = f" {formatting.DOT} ".join(filter(None, (row.name_masked, tags)))
    return TableRow(
        row.member_id,
        (
            TableCell(row.phone_masked or row.card_masked),
            TableCell(name or t("Without a name"), strong=bool(row.name_masked)),
            TableCell(words(row.tier, wording), tone, TIER_ICONS[tone]),
            TableCell(
                formatting.points(row.points), "danger" if row.points < 0 else "text_primary"
            ),
            quiet(formatting.money(row.spend, currency=currency)),
            quiet(visit_words(row.last_visit, row.days_away, wording)),
            TableCell(t(STATES[row.state]), STATE_TONES[row.state]),
        ),
    )


def visit_words(day: date | None, days_away: int | None, wording: Wording) -> str:
    """`today`, `3 days ago`, `182 days ago`; `never`."""
    if day is None or days_away is None:
        return wording.t("Never")
    if days_away <= 0:
        return wording.t("Today")
    return wording.n("{count} day ago", "{count} days ago", days_away)


# ------------------------------------------------------------------ what can be chosen


def picks(which: Filter, facts: ListFacts, wording: Wording) -> list[Pick]:
    """The list of one of the choices, "whatever" first."""
    t = wording.t
    match which:
        case "order":
            return [Pick(order, t(name)) for order, name in ORDERS.items()]
        case "tier":
            tiers = [Pick(tier, words(name, wording)) for tier, name in facts.tiers]
            return [Pick("", t("All tiers")), *tiers]
        case "state":
            states = [Pick(state, t(name)) for state, name in STATES.items()]
            return [Pick("", t("Any state")), *states]
        case "visited":
            return [Pick(visit, t(name)) for visit, name in VISITS.items()]
        case "tag":
            return [Pick("", t("Any tag")), *(Pick(tag, tag) for tag in facts.tags)]


def filter_names(wording: Wording) -> dict[str, str]:
    """What each of the choices narrows."""
    t = wording.t
    return {
        "order": t("Order of the list"), "tier": t("Tier"), "state": t("State"),
        "visited": t("Last visit"), "tag": t("Tag"),
    }  # fmt: skip
