"""Parts of a copy of one's data that are judged or told: segment, churn, habits, complaints,
messages, photos beside tiers.

Owns: what of them belongs into the copy. Does not own: the copy (data_copy.py), who a complaint was
handled by: that is colleagues' data, not his.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from functools import partial

import msgspec

from app.domain.churn import Grade, Sign
from app.domain.effects import TierGiven, TierGivenFrom
from app.domain.message_record import MessageRecord
from app.domain.tier_fact import TierRequested, photos_of
from app.services.complaint_step import NoSuchComplaint, read_case, step_words, words_of
from app.services.ports import Lane, UnitOfWork
from app.services.shop import Shop
from app.services.survey import answers_of_ids
from app.services.tier_port import TierFact

CASES_MAX = 10_000
CASES_A_UNIT = 10


class SegmentCopy(msgspec.Struct, frozen=True):
    """The group of customers a member is counted in, by how often, how lately and for how much he
    buys. `is_silent`: he was not here for long."""

    name: str
    is_silent: bool
    as_of: date


class ChurnCopy(msgspec.Struct, frozen=True):
    """How likely the shop holds it that a member comes no more, and by what. `odds`: their natural
    logarithm, in ten thousandths."""

    grade: Grade
    sign: Sign
    odds: int
    days_since: int
    usual_days: int
    visits_28_days: int
    as_of: date


class HabitCopy(msgspec.Struct, frozen=True):
    """One product a member took, how often and when last, as long as it is remembered."""

    sku: str
    name: str
    times: int
    last_day: date


class StepCopy(msgspec.Struct, frozen=True):
    """One thing that was done about a complaint, and what was written about it."""

    at_ms: int
    act: str
    text: str


class ComplaintCopy(msgspec.Struct, frozen=True):
    """One complaint. Times are milliseconds since 1970."""

    number: str
    opened_ms: int
    topic: str
    state: str
    receipt: str
    text: str
    wanted: str
    pictures: int
    steps: tuple[StepCopy, ...] = ()


class EvidenceCopy(msgspec.Struct, frozen=True):
    """Photos that were taken as evidence when a tier was asked for, or given by hand."""

    at_ms: int
    tier: str
    pictures: int


class AnswerCopy(msgspec.Struct, frozen=True):
    """What the member answered about one purchase: how likely he recommends the shop, from 0 to
    10, and his own words."""

    at_ms: int
    receipt: str
    score: int
    text: str


class SentCopy(msgspec.Struct, frozen=True):
    """What head office told of his messages; their words are kept by nobody."""

    as_of_ms: int
    messages: tuple[MessageRecord, ...]


def segment_of(*, work: UnitOfWork, ids: Sequence[str]) -> SegmentCopy | None:
    """Under the id he goes by, which is the first."""
    found = work.segments.of(ids[0])
    return None if found is None else SegmentCopy(found.segment, found.is_silent, found.as_of)


def churn_of(*, work: UnitOfWork, ids: Sequence[str]) -> ChurnCopy | None:
    """Under the id he goes by, which is the first."""
    found = work.churn.of(ids[0])
    return None if found is None else ChurnCopy(**asdict(found.seen), as_of=found.as_of)


def habits_of(*, work: UnitOfWork, ids: Sequence[str]) -> tuple[HabitCopy, ...]:
    """The most frequent first."""
    found = [habit for member_id in ids for habit in work.habits.of_member(member_id)]
    found.sort(key=lambda each: (-each.times, each.sku))
    goods = {sku: work.products.get(sku) for sku in {each.sku for each in found}}
    return tuple(
        HabitCopy(
            each.sku,
            each.sku if (good := goods[each.sku]) is None else good.name,
            each.times,
            date.fromordinal(each.last_day),
        )
        for each in found
    )


def evidence_of(*, work: UnitOfWork, ids: Sequence[str]) -> tuple[EvidenceCopy, ...]:
    """Under all his ids, the newest first."""
    found = reversed(work.tier_changes.of_members(ids))
    return tuple(
        EvidenceCopy(fact.clock.wall_ms, _tier_of(fact), len(photos))
        for fact in found
        if (photos := photos_of(fact))
    )


def _tier_of(fact: TierFact) -> str:
    if isinstance(fact, TierRequested):
        return fact.tier
    given = (each.tier for each in fact.effects if isinstance(each, TierGiven | TierGivenFrom))
    return next(given, "")


def answers_copied(*, work: UnitOfWork, ids: Sequence[str]) -> tuple[AnswerCopy, ...]:
    """Under all his ids, the newest first."""
    return tuple(
        AnswerCopy(each.answer.at_ms, each.answer.receipt, each.answer.score, each.words or "")
        for each in answers_of_ids(work=work, ids=ids)
    )


def messages_of(*, work: UnitOfWork, ids: Sequence[str]) -> SentCopy | None:
    """Under all his ids, the newest first."""
    told = [found for each in ids if (found := work.messages.of(each)) is not None]
    if not told:
        return None
    records = sorted((one for found, _ in told for one in found), key=lambda one: -one.at_ms)
    return SentCopy(min(asked_ms for _, asked_ms in told), tuple(records))


def complaints_of(*, shop: Shop, lane: Lane, ids: Sequence[str]) -> Iterator[ComplaintCopy]:
    """Newest first, a few in each unit of work."""
    rows = lane.run(lambda work: work.complaints.of_members(ids, CASES_MAX))
    for start in range(0, len(rows), CASES_A_UNIT):
        part = [row.case_id for row in rows[start : start + CASES_A_UNIT]]
        yield from lane.run(partial(_complaints, shop, part))


def _complaints(shop: Shop, case_ids: Sequence[str], work: UnitOfWork) -> list[ComplaintCopy]:
    found = (_complaint(shop, work, case_id) for case_id in case_ids)
    return [each for each in found if each is not None]


def _complaint(shop: Shop, work: UnitOfWork, case_id: str) -> ComplaintCopy | None:
    case = read_case(work, case_id, shop.now())
    if isinstance(case, NoSuchComplaint):
        return None
    words = words_of(work, case)
    steps = tuple(
        StepCopy(
            each.at_ms, str(each.step.__struct_config__.tag), step_words(work, case, each) or ""
        )
        for each in case.events
        if each.step is not None
    )
    return ComplaintCopy(
        number=case.opened.number,
        opened_ms=case.opened_ms,
        topic=case.opened.topic,
        state=case.state,
        receipt=case.opened.receipt or "",
        text="" if words is None else words.text,
        wanted="" if words is None else words.wanted,
        pictures=len(case.photos),
        steps=steps,
    )
