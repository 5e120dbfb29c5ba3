"""Audit view model: filters, the proof of the chain and what is empty, as texts. Pure.

Owns: periods and their beginning, the sentence of every state. Does not own: rows (story.py),
widgets (screen.py), searching (trail_search.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Literal, cast
from zoneinfo import ZoneInfo

from app.domain.audit_search import ACT_GROUPS, ActGroup, AuditCriteria
from app.domain.moment import Moment
from app.services.audit_search import AboutFound
from app.wording import N_, Wording
from ui import formatting
from ui.audit.words import GROUPS
from ui.rows import Pick

Period = Literal["today", "yesterday", "week", "month", "all"]
PERIODS: Mapping[Period, str] = {
    "today": N_("Today"),
    "yesterday": N_("Yesterday"),
    "week": N_("7 days"),
    "month": N_("30 days"),
    "all": N_("Whole log"),
}
_DAYS_BACK: Mapping[Period, int] = {"today": 0, "yesterday": 1, "week": 6, "month": 29}
_WIDER: Mapping[Period, Period] = {
    "today": "week", "yesterday": "week", "week": "month", "month": "all",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filters:
    """What somebody chose to see."""

    period: Period = "today"
    staff_id: str = ""
    group: ActGroup | None = None
    about: AboutFound | None = None

    def with_group(self, key: str) -> Filters:
        """`key`: a group, or empty for all."""
        return replace(self, group=cast(ActGroup, key) if key in ACT_GROUPS else None)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything besides the period is asked for."""
        return bool(self.staff_id or self.group or self.about)


def criteria_of(filters: Filters, now: datetime, zone: str) -> AuditCriteria:
    """The filters as they stand at a moment of the shop's clock."""
    since = until = None
    if filters.period != "all":
        today = datetime.combine(now.date(), time(), tzinfo=ZoneInfo(zone))
        since = _ms(today - timedelta(days=_DAYS_BACK[filters.period]))
        until = _ms(today) if filters.period == "yesterday" else None
    about = filters.about
    return AuditCriteria(
        since_ms=since,
        until_ms=until,
        staff_id=filters.staff_id or (about.staff_id if about is not None else ""),
        group=filters.group,
        about=about.about if about is not None else (),
        named=about.named if about is not None else (),
    )


def wider(filters: Filters) -> Filters | None:
    """The next wider period; None = it is the whole log."""
    period = _WIDER.get(filters.period)
    return None if period is None else replace(filters, period=period)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


# ------------------------------------------------------------------ what the screen says


@dataclass(frozen=True, slots=True)
class ChainState:
    """`running`, `sound` to `reached_ms`, `broken` at entry `number`, or `stopped` on the way.

    `number`: so far it was followed, of `last`.
    """

    how: Literal["running", "sound", "broken", "stopped"]
    number: int = 0
    last: int = 0
    reached_ms: int = 0


@dataclass(frozen=True, slots=True)
class ProofView:
    """The chain in one line. `act`: what its button does; empty for none. `share`: done, of."""

    text: str
    tone: str
    icon: str
    act: str
    share: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class AuditView:
    """Everything but rows and story."""

    title: str
    place: str
    period: str
    person: str
    group: str
    about: str
    count: str
    empty: str
    widen: str
    """The label of the button that looks further back; empty for none."""
    proof: ProofView
    warning: str
    """What to do about a broken chain."""


@dataclass(frozen=True, slots=True)
class Found:
    """How the search stands. `looked` of `last` entries were looked at."""

    count: int = 0
    looked: int = 0
    last: int = 0

    @property
    def is_searching(self) -> bool:
        return self.looked < self.last


def audit_view(
    filters: Filters,
    found: Found,
    chain: ChainState,
    people: Mapping[str, str],
    wording: Wording,
    *,
    till: int,
    zone: str,
) -> AuditView:
    """The screen around the table."""
    t = wording.t
    group = GROUPS[filters.group] if filters.group is not None else N_("All acts")
    is_empty = not found.count and not found.is_searching
    widen = is_empty and wider(filters) is not None
    return AuditView(
        title=t("Audit log"),
        place=t("Register {number}", number=f"{till:02d}"),
        period=t(PERIODS[filters.period]),
        person=people.get(filters.staff_id, "") or t("Everybody"),
        group=t(group),
        about=_about(filters.about, wording),
        count=_count(found, wording),
        empty=_empty(filters, wording) if is_empty else "",
        widen=t("Look further back") if widen else "",
        proof=proof_view(chain, wording, zone=zone),
        warning=_warning(chain, wording),
    )


def proof_view(chain: ChainState, wording: Wording, *, zone: str) -> ProofView:
    """How whole the trail is."""
    t = wording.t
    share = (chain.number, chain.last)
    match chain.how:
        case "running":
            text = t("Checking the chain, {number} of {last}", number=chain.number, last=chain.last)
            return ProofView(text, "info", "refresh", t("Stop"), share)
        case "sound":
            if not chain.last:
                return ProofView(t("No entry yet"), "info", "info", "")
            at = formatting.clock(Moment(chain.reached_ms, 0, "").local(zone))
            text = t("Chain whole until {time}", time=at)
            return ProofView(text, "success", "check-circle", t("Check again"))
        case "broken":
            text = t("The chain breaks at no. {number}", number=chain.number)
            return ProofView(text, "danger", "alert-circle", t("Show it"))
        case "stopped":
            text = t("Chain checked up to no. {number}", number=chain.number)
            return ProofView(text, "warning", "alert", t("Check the chain"))


def _warning(chain: ChainState, wording: Wording) -> str:
    if chain.how != "broken":
        return ""
    return wording.t(
        "Entry {number} was changed, removed or slipped in; what stands behind it proves nothing. "
        "Change nothing on this till, keep the backup folder as it is, and have main.py verify "
        "run against the last backup.",
        number=chain.number,
    )


def _about(about: AboutFound | None, wording: Wording) -> str:
    if about is None:
        return ""
    t = wording.t
    match about.kind:
        case "receipt":
            return t("Receipt {number}", number=formatting.shortened_code(about.words))
        case "member":
            return t("Member {name}", name=about.words)
        case "staff":
            return t("Colleague {name}", name=about.words)
        case "subject":
            return t("Entries about {id}", id=formatting.shortened_code(about.words))


def _count(found: Found, wording: Wording) -> str:
    if found.is_searching:
        return wording.t(
            "{count} found, {looked} of {last} looked at",
            count=f"{found.count:,}", looked=f"{found.looked:,}", last=f"{found.last:,}",
        )  # fmt: skip
    number = f"{found.count:,}"
    return wording.n("{number} entry", "{number} entries", found.count, number=number)


def _empty(filters: Filters, wording: Wording) -> str:
    t = wording.t
    period = t(PERIODS[filters.period])
    if filters.is_narrowed:
        return t("Nothing like this was done ({period}).", period=period)
    return t("Nothing was recorded ({period}).", period=period)


# ------------------------------------------------------------------ what can be chosen


def period_picks(wording: Wording) -> list[Pick]:
    """From today to the whole log."""
    return [Pick(key, wording.t(words)) for key, words in PERIODS.items()]


def group_picks(wording: Wording) -> list[Pick]:
    """All acts first, then the groups in their order."""
    groups = [Pick(group, wording.t(GROUPS[group])) for group in ACT_GROUPS]
    return [Pick("", wording.t("All acts")), *groups]


def people_picks(people: Mapping[str, str], wording: Wording) -> list[Pick]:
    """Everybody first, then each by name."""
    names = [Pick(staff_id, name) for staff_id, name in people.items()]
    return [Pick("", wording.t("Everybody")), *names]
