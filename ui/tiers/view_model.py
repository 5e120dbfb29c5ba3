"""View of the tier desk: the lists, one member with his history, the form, as texts. Pure.

Owns: rows, lines, reading the form. Does not own: widgets (screen.py, form.py), what an answer says
(answers.py), the tables of words (words.py), what may be (app/domain/tier_change.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.member import Member, masked_name, masked_phone
from app.domain.money import Money
from app.domain.program import Program, Trial
from app.domain.tier_change import REASON_TYPES, Field, TierWish
from app.domain.tier_fact import photos_of
from app.domain.tiers import TierGap
from app.services.find_member import MembersFound
from app.services.tier_answers import WishRefused
from app.services.tier_desk import DeskCounts, DeskPage, DeskRow, RequestPage, RequestRow, tier_name
from app.services.tier_member import EventStory, TierOfMember
from app.wording import N_, Wording
from ui import formatting
from ui.audit.story import StoryLine
from ui.phrases import words
from ui.tier_words import (
    EVENT_WORDS,
    FAULT_WORDS,
    LENT_WORDS,
    REASON_WORDS,
    SOURCE_WORDS,
    VERDICT_WORDS,
)

LISTS = ("waiting", "near", "due", "falling", "by_hand", "lent")
_TABS = (
    N_("To decide {count}"), N_("Near a tier {count}"), N_("Due for review {count}"),
    N_("Falling {count}"), N_("By hand {count}"), N_("For a time {count}"),
)  # fmt: skip
_EMPTY = (
    N_("No request waits to be decided."),
    N_("Nobody is near the next tier."),
    N_("No tier ends in the next 60 days."),
    N_("Nobody is about to lose a tier."),
    N_("No tier was given by hand."),
    N_("Nobody tries a tier, and no membership pack ends in the next 60 days."),
)
_ICONS = {"by_hand": "edit", "lent": "hourglass"}
DAY_EXAMPLE = "2026-11-30"
PHOTOS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row: a member on a list, a request, or somebody who was found."""

    key: str
    member_id: str
    name: str
    detail: str
    icon: str
    end: str = ""
    request: RequestRow | None = None


@dataclass(frozen=True, slots=True)
class MemberView:
    """One member beside the list."""

    title: str
    tier: str
    way: str
    lines: tuple[StoryLine, ...]
    history: tuple[StoryLine, ...]
    photos: str = ""
    """How many stand beside it as evidence."""


@dataclass(frozen=True, slots=True)
class FormText:
    """The form as it was typed: nothing of it is ever cleared."""

    tier: str = ""
    from_day: str = ""
    last_day: str = ""
    reason_type: str = ""
    reason: str = ""
    evidence: str = ""
    locked: bool = False


def tab_words(counts: DeskCounts | None, wording: Wording) -> tuple[str, ...]:
    """The lists with how many stand on each."""
    numbers: list[int] = [0] * len(LISTS)
    if counts is not None:
        numbers = [counts.waiting, *(counts.lists[which] for which in LISTS[1:])]  # type: ignore[index]  # all but the first are lists of the desk
    return tuple(
        wording.t(words, count=number) for words, number in zip(_TABS, numbers, strict=True)
    )


def empty_words(which: str, wording: Wording) -> str:
    """What stands where a list has nobody."""
    return wording.t(_EMPTY[LISTS.index(which)])


def person(member: Member | None, wording: Wording, card: str = "") -> str:
    """Masked, as everywhere; by the card where he is not known here."""
    if member is None:
        return wording.t("Card ending {digits}", digits=card[-4:] or "—")
    phone = masked_phone(member.person.phone) if member.person.phone else ""
    name = masked_name(member.person.name)
    return " ".join(filter(None, (name, phone))) or wording.t(
        "Card ending {digits}", digits=member.card_code[-4:]
    )


def gap_words(gap: TierGap, program: Program, wording: Wording) -> str:
    """What is missing to a tier by one measure."""
    tier = words(tier_name(program, gap.tier), wording)
    if gap.measure == "spend":
        amount = formatting.money(Money(gap.missing), currency=program.prices.currency)
        return wording.t("{amount} short of {tier}", amount=amount, tier=tier)
    if gap.measure == "visits":
        return wording.n(
            "{count} visit short of {tier}", "{count} visits short of {tier}", gap.missing,
            tier=tier,
        )  # fmt: skip
    return wording.n(
        "{count} point short of {tier}", "{count} points short of {tier}", gap.missing, tier=tier
    )


def page_rows(page: DeskPage, wording: Wording) -> tuple[ListRow, ...]:
    """Members of one list."""
    return tuple(_desk_row(row, page, wording) for row in page.rows)


def _desk_row(row: DeskRow, page: DeskPage, wording: Wording) -> ListRow:
    t, place = wording.t, row.place
    tier = words(row.tier, wording)
    detail, end = tier, ""
    if page.which == "near":
        detail = " / ".join(gap_words(gap, page.program, wording) for gap in row.missing)
        end = f"{row.percent}%"
    elif place.due is not None and page.which in ("due", "falling"):
        detail = t("{tier} until {day}", tier=tier, day=place.due.isoformat())
        end = t("falls") if place.falls else t("kept")
    elif place.lent is not None and page.which == "lent":
        detail = t(LENT_WORDS[row.standing.source], tier=tier)
        end = t("until {day}", day=place.lent.isoformat())
    elif place.by_hand is not None:
        detail = t("{tier}, by hand until {day}", tier=tier, day=place.by_hand.isoformat())
    icon = _ICONS.get(page.which, "user")
    key = row.member.member_id
    return ListRow(key, key, person(row.member, wording), detail, icon, end)


def request_rows(page: RequestPage, wording: Wording) -> tuple[ListRow, ...]:
    """What waits to be decided, with its age."""
    return tuple(_request_row(row, wording) for row in page.rows)


def _request_row(row: RequestRow, wording: Wording) -> ListRow:
    t, asked = wording.t, row.request
    parts = [
        f"{words(row.before, wording)} → {words(row.tier, wording)}",
        t(REASON_WORDS.get(asked.reason_type, asked.reason_type)),
        row.asked_by,
    ]
    if row.decided_on_way:
        parts.append(t("decided, waits for head office"))
    elif row.on_way:
        parts.append(t("waits to be sent"))
    end = wording.n("{count} day", "{count} days", row.age_days) if row.age_days else t("today")
    return ListRow(
        asked.op_id, asked.member or "", person(row.member, wording, asked.card),
        f" {formatting.DOT} ".join(filter(None, parts)), "hourglass", end, row,
    )  # fmt: skip


def found_rows(found: MembersFound, wording: Wording) -> tuple[ListRow, ...]:
    """Who was looked for."""
    return tuple(
        ListRow(
            hit.member_id, hit.member_id,
            " ".join(filter(None, (hit.name_masked, hit.phone_masked))) or hit.card_masked,
            hit.card_masked, "user",
        )
        for hit in found.hits
    )  # fmt: skip


def member_view(seen: TierOfMember, request: RequestRow | None, wording: Wording) -> MemberView:
    """How he stands, what is missing, what is asked for, and how he came there."""
    t, stands = wording.t, seen.standing
    tier = words(seen.tier, wording)
    source = ""
    if stands.source in LENT_WORDS:
        tier = t(LENT_WORDS[stands.source], tier=tier)
    elif stands.source in SOURCE_WORDS:
        source = t(SOURCE_WORDS[stands.source])
    until = t("until {day}", day=stands.until.isoformat()) if stands.until else ""
    lines, photos = [], photos_beside(seen, request)
    if request is not None:
        asked = request.request
        days = f"{asked.from_day.isoformat()} – {asked.last_day.isoformat()}"
        lines = [
            StoryLine(t("Asked for"), f"{words(request.tier, wording)} {formatting.DOT} {days}"),
            StoryLine(t("Reason"), t(REASON_WORDS.get(asked.reason_type, asked.reason_type))),
        ]
        if asked.locked:
            lines.append(StoryLine(t("Tier lock"), t("No review lowers it before its last day.")))
    return MemberView(
        title=person(seen.member, wording),
        tier=" ".join(filter(None, (tier, until, source))),
        way=_way(seen, wording),
        lines=tuple(lines),
        history=tuple(_event_line(story, seen.program, wording) for story in seen.events),
        photos=wording.n("{count} photo", "{count} photos", len(photos)) if photos else "",
    )


def _way(seen: TierOfMember, wording: Wording) -> str:
    """What is missing to keep the tier and by when, then to the next one."""
    t, stands = wording.t, seen.standing
    ways = [" / ".join(gap_words(gap, seen.program, wording) for gap in seen.missing)]
    if seen.to_keep and stands.until is not None:
        gaps = " / ".join(_missing(gap, seen.program, wording) for gap in seen.to_keep)
        tier, day = words(seen.tier, wording), stands.until.isoformat()
        ways.insert(0, t("{gap} more by {day} keeps {tier}", gap=gaps, tier=tier, day=day))
    return f" {formatting.DOT} ".join(filter(None, ways)) or t("The highest tier.")


def _missing(gap: TierGap, program: Program, wording: Wording) -> str:
    match gap.measure:
        case "spend":
            return formatting.money(Money(gap.missing), currency=program.prices.currency)
        case "visits":
            return wording.n("{count} visit", "{count} visits", gap.missing)
        case "points":
            return wording.n("{count} point", "{count} points", gap.missing)


def photos_beside(
    seen: TierOfMember | None, request: RequestRow | None
) -> tuple[tuple[str, str], ...]:
    """The photos to show: of the request in front, else of all that was asked and given."""
    if request is not None:
        asked = request.request
        return tuple((asked.op_id, each.photo) for each in photos_of(asked))
    return () if seen is None else seen.photos[:PHOTOS_SHOWN]


def _event_line(story: EventStory, program: Program, wording: Wording) -> StoryLine:
    t, event = wording.t, story.event
    verdict = t(VERDICT_WORDS[event.verdict]) if event.verdict else ""
    tier = words(tier_name(program, event.tier), wording)
    text = [t(EVENT_WORDS[event.kind], tier=tier, verdict=verdict)]
    if event.until is not None:
        text.append(t("until {day}", day=event.until.isoformat()))
    if story.reason_type:
        text.append(t(REASON_WORDS.get(story.reason_type, story.reason_type)))
    text += [story.words.reason, *story.words.evidence]
    if story.hidden:
        text.append(t("words under a key that is not here"))
    text += [story.by, "" if story.approved_by == story.by else story.approved_by]
    if event.version:
        text.append(t("rules {version}", version=event.version))
    day = event.day.isoformat().replace("-", "-\u200b", 1)  # breaks after the year in large text
    return StoryLine(day, f" {formatting.DOT} ".join(filter(None, text)))


# ------------------------------------------------------------------ the form


def trial_words(seen: TierOfMember, trial: Trial, wording: Wording) -> str:
    """What trying a tier brings him, in a line."""
    tier = words(tier_name(seen.program, trial.tier), wording)
    last = seen.today + timedelta(days=trial.days - 1)
    return wording.t("{tier} until {day}, once only", tier=tier, day=last.isoformat())


def read_day(typed: str) -> date | None:
    """A day as it is typed; None = none."""
    try:
        return date.fromisoformat(typed.strip().replace("/", "-").replace(".", "-"))
    except ValueError:
        return None


def read_form(form: FormText, wording: Wording) -> TierWish | dict[Field, str]:
    """The wish, or what is wrong with the fields that cannot be read."""
    first, last = read_day(form.from_day), read_day(form.last_day)
    wrong: dict[Field, str] = {}
    sentence = wording.t("Type the day as {example}.", example=DAY_EXAMPLE)
    if first is None:
        wrong["from_day"] = sentence
    if last is None:
        wrong["last_day"] = sentence
    if first is None or last is None:
        return wrong
    evidence = tuple(filter(None, (each.strip() for each in form.evidence.split(","))))
    return TierWish(
        form.tier, first, last, form.reason_type, form.reason.strip(), evidence, form.locked
    )


def fault_sentences(refused: WishRefused, wording: Wording) -> dict[Field, str]:
    """Beside each field what is wrong with it."""
    return {
        each.field: wording.t(FAULT_WORDS[each.fault], day=refused.wish.from_day.isoformat())
        for each in refused.faults
    }


def reason_rows(wording: Wording) -> tuple[str, ...]:
    """The reasons by their digits."""
    return tuple(wording.t(REASON_WORDS[reason]) for reason in REASON_TYPES)


def cost_words(minor: int, program: Program, wording: Wording) -> str:
    """What a tier gives up in a year, of goods for as much as he bought."""
    if not minor:
        return ""
    amount = formatting.money(Money(minor), currency=program.prices.currency)
    return wording.t("about {amount} less a year", amount=amount)
