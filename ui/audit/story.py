"""Story: one entry of the audit trail as a row and as a panel of lines. Pure: no Qt, no service.

Owns: what is said of an entry and in which order; figures and moments of its details. Does not
own: the words (words.py), what belongs to an entry (app/services/audit_search.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.domain.audit import AuditEntry, ChainedAuditEntry
from app.domain.codes import Code, CodeKind, parse_code
from app.domain.moment import Moment
from app.domain.money import Money
from app.domain.rights import UNITS, WHOLE_RATE, Rights
from app.services.audit_search import TrailStory
from app.services.rule_words import percent_off
from app.wording import Wording
from ui import formatting
from ui.audit.words import DETAILS, act_words, code_words, detail_words
from ui.step_words import step_words

_MONEY = frozenset(
    {"due", "total", "paid", "amount", "price", "cash", "paid_out", "counted", "expected",
     "difference", "effect"}
)  # fmt: skip
_PLAIN = frozenset({"note", "goods", "sku", "code", "day", "lines", "copy", "number", "sales"})
_PEOPLE = frozenset({"requester", "owner", "staff"})
_STEPS = frozenset({"training_step", "training_steps"})
_BY_UNIT = frozenset({"asked", "limit"})
_MONEY_CHANGED = frozenset(
    {"discount_given", "discount_removed", "sale_recalled", "approved", "self_approval",
     "limit_passed"}
)  # fmt: skip
"""Acts whose before and after are amounts."""
_OF_DISCOUNTS = frozenset({"kind", "value"})
"""What was asked for says the same in words."""
_ASIDE = frozenset(
    {
        "before",
        "after",
        "approved_by",
        "consent",
        "shift",
        "basket",
        "line",
        "attempt",
        "member",
        "sale",
    }
)
"""Told in lines of their own, or ids that mean nothing to a reader."""
_TELLING = ("reason", "reasons", "how", "openings", "role", "what")
_FIRST = ("total", "due", "paid", "amount", "effect", "price", "difference", "counted")


@dataclass(frozen=True, slots=True)
class Told:
    """What texts are made with: names by id, the shop's currency, zone, reasons, and its year."""

    people: Mapping[str, str]
    currency: str
    zone: str
    rights: Rights
    wording: Wording
    year: int = 0


@dataclass(frozen=True, slots=True)
class TrailRow:
    """An entry as a row of the table."""

    number: int
    when: str
    who: str
    act: str
    about: str


@dataclass(frozen=True, slots=True)
class StoryLine:
    """A label with its text."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class StoryView:
    """The panel beside the table."""

    title: str
    when: str
    lines: tuple[StoryLine, ...]
    proof: str
    """The number and the hash: what the chain says of it."""


def trail_row(chained: ChainedAuditEntry, told: Told) -> TrailRow:
    """One row: when, who, what, and the figure or reason that says most."""
    entry = chained.entry
    return TrailRow(
        number=chained.number,
        when=_short_moment(entry.at_ms, told),
        who=person_words(entry.staff_id, told),
        act=act_words(entry.action, told.wording),
        about=_essence(entry, told),
    )


def story_view(story: TrailStory, told: Told) -> StoryView:
    """Everything known of one entry."""
    t, entry = told.wording.t, story.row.entry
    lines = [StoryLine(t("Who"), person_words(entry.staff_id, told))]
    if story.approvers:
        lines.append(StoryLine(t("Approved by"), ", ".join(story.approvers)))
    lines += _changes(entry, told)
    lines += _details(entry, told)
    if story.receipt:
        lines.append(StoryLine(t("Receipt no."), formatting.spaced_code(story.receipt)))
    if story.member:
        lines.append(StoryLine(t("Member"), story.member))
    person = told.people.get(entry.subject)
    if person:
        lines.append(StoryLine(t("Concerns"), person))
    elif entry.action == "settings_changed":
        lines.append(StoryLine(t("Setting"), entry.subject))
    lines += _place(story, told)
    proof = t("No. {number} of the chain", number=story.row.number)
    return StoryView(
        title=act_words(entry.action, told.wording),
        when=moment_words(entry.at_ms, told),
        lines=tuple(lines),
        proof=f"{proof} {formatting.DOT} {story.row.hash.hex()[:12]}",
    )


def _changes(entry: AuditEntry, told: Told) -> list[StoryLine]:
    """Before and after, also where only one of them was said."""
    details = dict(entry.details)
    if not (details.get("before") or details.get("after")):
        return []
    return [
        StoryLine(
            detail_words(name, told.wording), _value(name, details.get(name, ""), entry, told)
        )
        for name in ("before", "after")
    ]


def _details(entry: AuditEntry, told: Told) -> list[StoryLine]:
    order = {name: place for place, name in enumerate(DETAILS)}
    aside = _ASIDE | _OF_DISCOUNTS if entry.action == "discount_given" else _ASIDE
    known = [(name, value) for name, value in entry.details if name not in aside and value]
    known.sort(key=lambda pair: order.get(pair[0], len(order)))
    return [
        StoryLine(detail_words(name, told.wording), _value(name, value, entry, told))
        for name, value in known
    ]


def _place(story: TrailStory, told: Told) -> list[StoryLine]:
    """In which shift and at which till."""
    t, shift = told.wording.t, story.shift
    text = t("None was open")
    if shift is not None:
        text = t("Open since {when}", when=moment_words(shift.opened_ms, told))
        if shift.number:
            text = t("Z {number}", number=shift.number)
            text = f"{text} {formatting.DOT} {moment_words(shift.opened_ms, told)}"
    till = t("Register {number}", number=f"{story.identity.till_number:02d}")
    device = f"{till} {formatting.DOT} {story.identity.device}"
    return [StoryLine(t("Shift"), text), StoryLine(t("Device"), device)]


def _essence(entry: AuditEntry, told: Told) -> str:
    """The one thing that says most: a figure, a change, a reason, else what it was done to."""
    details = dict(entry.details)
    figure = next((name for name in _FIRST if details.get(name, "0") != "0"), "")
    parts = []
    if "act" in details:
        parts.append(code_words(details["act"], told.rights, told.wording))
    if figure:
        parts.append(_value(figure, details[figure], entry, told))
    elif details.get("before") or details.get("after"):
        before, after = (_value(name, details.get(name, ""), entry, told)
                         for name in ("before", "after"))  # fmt: skip
        parts.append(f"{before} → {after}")
    parts += [_value(name, details[name], entry, told) for name in _TELLING if details.get(name)]
    person = told.people.get(entry.subject, "")
    if entry.action == "settings_changed":
        parts.insert(0, entry.subject)
    return f" {formatting.DOT} ".join(filter(None, (*parts, person, _receipt(entry))))


def _receipt(entry: AuditEntry) -> str:
    code = parse_code(entry.subject)
    is_receipt = isinstance(code, Code) and code.kind is CodeKind.RECEIPT
    return formatting.shortened_code(entry.subject) if is_receipt else ""


def _value(name: str, value: str, entry: AuditEntry, told: Told) -> str:
    """A detail as people read it; what nobody foresaw stays as it was written."""
    if not value or name in _PLAIN:
        return value or "—"
    if name in _PEOPLE:
        return person_words(value, told)
    if name in ("since", "until") and value.isdigit():
        return moment_words(int(value), told)
    if name in _MONEY or (name in ("before", "after") and entry.action in _MONEY_CHANGED):
        return money_words(value, told)
    if name in _BY_UNIT:
        return _by_unit(value, dict(entry.details).get("act", ""), told)
    if name in ("before", "after") and value in told.people:
        return told.people[value]
    parts = value.split(",")
    if name in _STEPS:
        return ", ".join(step_words(each, told.wording) for each in parts)
    return ", ".join(code_words(each, told.rights, told.wording) for each in parts)


def _by_unit(value: str, act: str, told: Told) -> str:
    unit = next((unit for known, unit in UNITS.items() if known == act), "none")
    if not value.isdigit():
        return value
    if unit == "rate":
        return percent_off(Decimal(int(value)) / WHOLE_RATE, told.wording)
    if unit == "money":
        return money_words(value, told)
    return formatting.points(int(value)) if unit == "points" and int(value) else "—"


def money_words(value: str, told: Told) -> str:
    """Minor units as an amount; what is no number stays as it was written."""
    bare = value.removeprefix("-")
    if not bare.isdigit():
        return value
    return formatting.money(Money(int(value)), currency=told.currency)


def person_words(staff_id: str, told: Told) -> str:
    """The till itself did what nobody did; somebody who is not known any more stays an id."""
    if not staff_id:
        return told.wording.t("The till")
    return told.people.get(staff_id, formatting.shortened_code(staff_id))


def _short_moment(at_ms: int, told: Told) -> str:
    """Without the year where it is this one: rows have little room."""
    when = Moment(at_ms, 0, "").local(told.zone)
    if when.year != told.year:
        return moment_words(at_ms, told)
    day = formatting.short_day(when.date(), told.wording)
    return f"{day} {formatting.clock(when)}:{when.second:02d}"


def moment_words(at_ms: int, told: Told) -> str:
    """Day and time to the second, by the shop's clock."""
    when = Moment(at_ms, 0, "").local(told.zone)
    return f"{formatting.moment(when)}:{when.second:02d}"
