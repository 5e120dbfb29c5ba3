"""View of one complaint: who, its clocks, its story, what was given, as texts. Pure.

Owns: those. Does not own: the lists (view_model.py), which moves there are (moves.py), widgets
(case_panel.py), what is known of a case (app/services/complaint_view.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.complaint_clock import CaseClock
from app.domain.complaint_fact import (
    Answered,
    Compensated,
    FollowedUp,
    Prioritised,
    Resolved,
    Waiting,
)
from app.domain.complaint_fact import CauseFound as Cause
from app.domain.complaint_rules import ComplaintChoice
from app.domain.member import masked_name
from app.domain.money import Money
from app.domain.program import Program
from app.services.complaint_view import CaseView, StoryEntry
from app.services.tier_desk import tier_name
from app.wording import N_, Wording
from ui import formatting
from ui.complaint_words import CLOCK_WORDS, PRIORITY_WORDS, STATE_WORDS, clock_tone, clock_words
from ui.complaints.view_model import clock_icon, tier_words, who_words
from ui.phrases import words

CHANNEL_WORDS: Mapping[str, str] = {
    "counter": N_("at the counter"), "phone": N_("by phone"), "message": N_("by message"),
    "letter": N_("by letter"),
}  # fmt: skip
WAIT_WORDS: Mapping[str, str] = {
    "information": N_("more information"), "goods": N_("the goods"),
    "decision": N_("a decision"), "appointment": N_("an appointment"),
}  # fmt: skip
TOLD_WORDS: Mapping[str, str] = {
    "in_person": N_("told in person"), "phone": N_("told by phone"),
    "message": N_("told by message"), "not_reached": N_("not reached"),
}  # fmt: skip
_PLAIN: Mapping[str, str] = {
    "open": N_("{name} took it down"), "back": N_("The customer is back"),
    "close": N_("{name} closed it"), "reopen": N_("{name} opened it again"),
    "escalate": N_("{name} escalated it"), "note": N_("Note of {name}"),
    "photo": N_("{name} added a photo"),
}  # fmt: skip
_ICONS: Mapping[str, str] = {
    "open": "complaint", "assign": "arrow-right", "answer": "send", "wait": "pause",
    "back": "rotate", "compensate": "gift", "resolve": "check", "follow_up": "phone",
    "close": "check-circle", "reopen": "undo", "escalate": "alert", "prioritise": "hourglass",
    "cause": "search", "note": "edit", "photo": "camera",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseTold:
    """What texts of a case are made with."""

    program: Program
    causes: Sequence[ComplaintChoice]
    now: datetime
    wording: Wording

    def at(self, milliseconds: int) -> str:
        """A moment: the time alone for today."""
        zone = ZoneInfo(self.program.timezone)
        then = datetime.fromtimestamp(milliseconds / 1000, zone)
        if then.date() == self.now.date():
            return formatting.clock(then)
        return f"{formatting.short_day(then.date(), self.wording)} {formatting.clock(then)}"

    def money(self, minor: int) -> str:
        return formatting.money(Money(minor), currency=self.program.prices.currency)

    def cause(self, cause: str) -> str:
        """By the rules in force; one they have no more goes by its id."""
        found = next((each.name for each in self.causes if each.id == cause), None)
        return words(found, self.wording) if found is not None else cause


@dataclass(frozen=True, slots=True)
class ClockShown:
    """One clock. `percent` of its limit is used, 0 to 100."""

    name: str
    figure: str
    detail: str
    tone: str
    icon: str
    percent: int


@dataclass(frozen=True, slots=True)
class StoryShown:
    """One thing that happened."""

    title: str
    at: str
    text: str
    icon: str


@dataclass(frozen=True, slots=True)
class CaseShown:
    """One case in the middle of the screen."""

    title: str
    number: str
    state: str
    who: str
    tier: str
    tier_tone: str
    contact: str
    route: str
    """Who has it, how urgent it is, who has to look."""
    receipt: str
    wanted: str
    clocks: tuple[ClockShown, ...]
    story: tuple[StoryShown, ...]
    notes: tuple[str, ...]
    """What somebody should know before acting: doubted clocks, a missed limit, erased words."""


def case_shown(view: CaseView, told: CaseTold) -> CaseShown:
    """Everything about a case but its moves."""
    line, wording = view.line, told.wording
    tier, tone = tier_words(line.tier, told.program, wording)
    return CaseShown(
        title=words(line.topic_words, wording),
        number=line.number,
        state=wording.t(STATE_WORDS[line.state]),
        who=who_words(line, wording),
        tier=tier,
        tier_tone=tone,
        contact="" if line.is_member else view.contact,
        route=_route(view, wording),
        receipt=line.receipt,
        wanted=wording.t("Wants: {text}", text=view.wanted) if view.wanted else "",
        clocks=_clocks(view, told),
        story=tuple(_entry(entry, told) for entry in view.story),
        notes=_notes(view, told),
    )


def _route(view: CaseView, wording: Wording) -> str:
    t, line = wording.t, view.line
    parts = [
        t("with {name}", name=masked_name(line.assigned)) if line.assigned else t("Unassigned"),
        t("priority {priority}", priority=t(PRIORITY_WORDS[line.priority])),
    ]
    if line.level:
        parts.append(t("escalated to level {level}: a supervisor has to look", level=line.level))
    return f" {formatting.DOT} ".join(parts)


def _clocks(view: CaseView, told: CaseTold) -> tuple[ClockShown, ...]:
    """What runs or stands still now: first the one that strikes first, then the settling."""
    due = view.line.due
    live = [each for each in view.clocks if each.running or each.paused]
    live.sort(key=lambda each: (each != due, each.name == "resolve", each.due_ms or 0))
    return tuple(_clock(each, told) for each in live[:2])


def _clock(clock: CaseClock, told: CaseTold) -> ClockShown:
    t = told.wording.t
    percent = min(100, max(0, clock.used_ms * 100 // clock.limit_ms)) if clock.limit_ms else 100
    name = t(CLOCK_WORDS[clock.name])
    if clock.paused:
        says = t("Waits for the customer; the clock stands still.")
        return ClockShown(name, t("Clock stopped"), says, "text_secondary", "pause", percent)
    by = t("by {time}", time=told.at(clock.due_ms)) if clock.due_ms is not None else ""
    if by and clock.name == "first" and told.program.complaints.hours:
        counted = t("opening hours only")
        by = f"{by} {formatting.DOT} {counted}"
    return ClockShown(
        name, clock_words(clock, told.wording), by, clock_tone(clock), clock_icon(clock), percent
    )


def _notes(view: CaseView, told: CaseTold) -> tuple[str, ...]:
    t, line = told.wording.t, view.line
    missed = [each for each in view.clocks if each.missed_ms is not None]
    notes = [
        t("{clock} missed at {time}", clock=t(CLOCK_WORDS[each.name]), time=told.at(each.missed_ms))
        for each in missed
        if each.missed_ms is not None
    ]
    if line.reopened:
        notes.append(
            told.wording.n("Opened again once", "Opened again {count} times", line.reopened)
        )
    if line.doubted:
        notes.append(t("A clock was wrong: times are as far as they can be known."))
    if view.erased:
        notes.append(t("Words and person were erased."))
    return tuple(notes)


def _entry(entry: StoryEntry, told: CaseTold) -> StoryShown:
    t = told.wording.t
    name = masked_name(entry.staff) if entry.staff else t("The till")
    title = _title(entry, name, told)
    if not entry.fits:
        title = t("{what}, too late to count", what=title)
    return StoryShown(title, told.at(entry.at_ms), entry.text or "", _ICONS.get(entry.act, "info"))


def _title(entry: StoryEntry, name: str, told: CaseTold) -> str:  # noqa: PLR0911 - one a kind of step
    t, step = told.wording.t, entry.step
    match step:
        case Answered():
            return t("{name} answered {how}", name=name, how=t(CHANNEL_WORDS[step.channel]))
        case Waiting():
            what = t(WAIT_WORDS[step.reason])
            return t("{name} waits for the customer: {what}", name=name, what=what)
        case Compensated():
            return t("{name} gave {what}", name=name, what=given_words(step, told))
        case Resolved():
            return t(
                "{name} settled it: {cause}, {told}", name=name, cause=told.cause(step.cause),
                told=t(TOLD_WORDS[step.told]),
            )  # fmt: skip
        case FollowedUp(score=None):
            return t("{name} asked how it went: not reached", name=name)
        case FollowedUp():
            return t("{name} asked how it went: {score} of 5", name=name, score=step.score)
        case Prioritised():
            return t(
                "{name} raised it: {priority}", name=name,
                priority=t(PRIORITY_WORDS[step.priority]),
            )  # fmt: skip
        case Cause():
            return t("{name} found the cause: {cause}", name=name, cause=told.cause(step.cause))
        case _ if entry.act == "assign":
            return _assigned(entry, name, told)
        case _:
            return t(_PLAIN.get(entry.act, entry.act), name=name)


def _assigned(entry: StoryEntry, name: str, told: CaseTold) -> str:
    t = told.wording.t
    if entry.to == entry.staff:
        return t("{name} took it on", name=name)
    return t("{name} gave it to {other}", name=name, other=masked_name(entry.to))


def given_words(step: Compensated, told: CaseTold) -> str:
    """What was given, with what it costs the shop."""
    t, amount = told.wording.t, told.money(step.amount_minor)
    match step.form:
        case "points":
            return told.wording.n(
                "{count} point ({amount})", "{count} points ({amount})", step.points, amount=amount
            )
        case "coupon":
            found = next((each.name for each in told.program.offers if each.id == step.offer), None)
            name = words(found, told.wording) if found is not None else step.offer
            return t("coupon {name} ({amount})", name=name, amount=amount)
        case "refund":
            return t("a refund of {amount}", amount=amount)
        case _:
            return t(
                "the tier {tier}", tier=words(tier_name(told.program, step.offer), told.wording)
            )
