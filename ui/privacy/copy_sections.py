"""Sections of the copy of one's data that tell what was judged, said and sent, as lines to read.

Owns: those lines. Does not own: the sheets and the other sections (paper.py), what belongs into the
copy (app/services/data_copy_parts.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from app.domain.churn_record import ODDS_UNIT, ChurnSeen
from app.domain.survey_rule import SCORE_MAX
from app.services.data_copy import DataCopy
from app.services.data_copy_parts import (
    AnswerCopy,
    ChurnCopy,
    ComplaintCopy,
    EvidenceCopy,
    SegmentCopy,
)
from app.services.figure_words import SEGMENT_NAMES
from app.wording import Wording
from ui import formatting
from ui.audit.story import StoryLine
from ui.complaint_words import STATE_WORDS
from ui.member.churn_words import GRADES, reason_words
from ui.member_messages.tab import CHANNELS, KINDS, STATES, WHYS
from ui.privacy.view_model import Section, When


def more_sections(data: DataCopy, when: When, wording: Wording) -> tuple[Section, ...]:
    """Group and churn, habits, complaints, photos, answers, messages, friends."""
    t = wording.t
    return (
        Section(
            t("How the shop counts you"),
            tuple(_group(data, wording)),
            t("In no group of customers."),
        ),
        Section(
            t("What you often take"),
            tuple(_habits(data, wording)),
            t("Nothing is remembered at this till."),
        ),
        Section(
            t("Your complaints"),
            tuple(line for each in data.complaints for line in _complaint(each, when, wording)),
            t("None is known at this till."),
        ),
        Section(
            t("Photos beside your tiers"),
            tuple(_evidence(each, when, wording) for each in data.evidence),
            t("None is known at this till."),
        ),
        Section(
            t("Your answers about purchases"),
            tuple(_answer(each, when) for each in data.answers),
            t("None is known at this till."),
        ),
        Section(
            t("Messages sent to you"),
            tuple(_messages(data, when, wording)),
            t("None is known at this till."),
        ),
        Section(
            t("Friends you sent"),
            tuple(_friends(data, wording)),
            t("Nobody sent you, and you sent nobody."),
        ),
    )


def _friends(data: DataCopy, wording: Wording) -> Iterator[StoryLine]:
    """Numbers only: who they are is told to nobody but themselves."""
    found, t = data.referral, wording.t
    if found is None:
        return
    if found.was_sent:
        yield StoryLine("", t("You joined with a friend's code."))
    yield StoryLine(t("Known at this till"), str(found.friends_known))
    yield StoryLine(t("Whose first order counts"), str(found.friends_counted))
    yield StoryLine(t("Whose first order can still come back"), str(found.friends_waiting))


def _group(data: DataCopy, wording: Wording) -> Iterator[StoryLine]:
    t = wording.t
    if data.segment is not None:
        yield from _segment(data.segment, wording)
    if data.churn is not None:
        seen, odds = _seen(data.churn), Decimal(data.churn.odds) / ODDS_UNIT
        yield StoryLine(t("Churn risk"), t(GRADES[seen.grade]))
        yield StoryLine("", reason_words(seen, wording))
        yield StoryLine(t("Logarithm of the odds"), f"{odds:.4f}")
        yield StoryLine(t("As of"), formatting.day(data.churn.as_of))


def _seen(kept: ChurnCopy) -> ChurnSeen:
    return ChurnSeen(
        kept.grade, kept.sign, kept.odds, kept.days_since, kept.usual_days, kept.visits_28_days
    )


def _segment(found: SegmentCopy, wording: Wording) -> Iterator[StoryLine]:
    t = wording.t
    names = {str(key): name for key, name in SEGMENT_NAMES.items()}
    yield StoryLine(t("Your group"), t(names.get(found.name, found.name)))
    yield StoryLine(t("As of"), formatting.day(found.as_of))
    if found.is_silent:
        yield StoryLine("", t("Not here for a long time"))


def _habits(data: DataCopy, wording: Wording) -> Iterator[StoryLine]:
    for each in data.habits:
        said = wording.n(
            "{name}, {count} time, last on {day}",
            "{name}, {count} times, last on {day}",
            each.times,
            name=each.name,
            day=formatting.day(each.last_day),
        )
        yield StoryLine("", said)


def _complaint(each: ComplaintCopy, when: When, wording: Wording) -> Iterator[StoryLine]:
    t = wording.t
    state = t(STATE_WORDS.get(each.state, each.state))
    yield StoryLine(each.number, " ⋅ ".join((when(each.opened_ms), state)))
    if each.receipt:
        yield StoryLine(t("Receipt"), each.receipt)
    yield StoryLine(t("Your words"), each.text or "–")
    if each.wanted:
        yield StoryLine(t("What you wanted"), each.wanted)
    for step in each.steps:
        if step.text:
            yield StoryLine(when(step.at_ms), step.text)
    if each.pictures:
        count = wording.n("{count} picture", "{count} pictures", each.pictures)
        yield StoryLine(t("Pictures"), count)


def _evidence(each: EvidenceCopy, when: When, wording: Wording) -> StoryLine:
    count = wording.n("{count} picture", "{count} pictures", each.pictures)
    return StoryLine(when(each.at_ms), " ⋅ ".join(filter(None, (each.tier, count))))


def _answer(each: AnswerCopy, when: When) -> StoryLine:
    said = filter(None, (f"{each.score} / {SCORE_MAX}", each.receipt, each.text))
    return StoryLine(when(each.at_ms), " ⋅ ".join(said))


def _messages(data: DataCopy, when: When, wording: Wording) -> Iterator[StoryLine]:
    t = wording.t
    if data.sent is None:
        return
    for each in data.sent.messages:
        state = t(STATES[each.state][0]) if each.state in STATES else each.state
        why = t(WHYS[each.why]) if each.why in WHYS else each.why
        channel = t(CHANNELS[each.channel]) if each.channel in CHANNELS else each.channel
        kind = t(KINDS.get(each.kind, each.kind))
        yield StoryLine(when(each.at_ms), " ⋅ ".join(filter(None, (kind, channel, state, why))))
    yield StoryLine(t("As of"), when(data.sent.as_of_ms))
