"""Surveys: one question after a sale, its answer at the till, the answers read.

Owns: whether a sale is asked about, noting an answer once with its points, reading answers with
their sentences. Does not own: until when, what it brings (app/domain/survey.py), the page of the
customer's phone (sync/server/pages), the figure (figures.py). An answer never waits for anybody:
offline it counts here at once, and the one that was given first stands wherever another one of the
same sale comes from. At the till only the score is taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.domain import effects as do
from app.domain.fact_parts import ProgramRef
from app.domain.facts import SaleRecorded, read_fact
from app.domain.figures import Days
from app.domain.ids import OpId
from app.domain.member import Member
from app.domain.program import Program
from app.domain.receipt import Receipt, as_invitation
from app.domain.survey import Reason, closed_because, occasion_of, points_due
from app.domain.survey_fact import AnswerChannel, SurveyAnswered
from app.domain.survey_link import survey_url
from app.domain.survey_record import SurveyAnswer, SurveySums
from app.domain.survey_rule import SCORE_MAX, Survey
from app.services.answers import MemberUnknown, NotAllowed, Refusal, SignInFirst
from app.services.audit_trail import record
from app.services.desk import allowed, today
from app.services.fact_origin import origin
from app.services.fact_writer import fact_day, write_fact
from app.services.figures import PAGE_LINES_MAX, SpanTooLong, refusal_of
from app.services.find_member import OwnMembership
from app.services.member_page import Looked, look_at
from app.services.ports import UnitOfWork
from app.services.seating import account_of_member
from app.services.shop import Shop
from app.services.standing import with_account

ANSWERS_MAX = 100


@dataclass(frozen=True, slots=True)
class SurveyAsked:
    """The customer may be asked. `points`: what his answer brings now."""

    sale_id: OpId
    points: int


@dataclass(frozen=True, slots=True)
class NoSurvey:
    """The shop asks nothing."""


@dataclass(frozen=True, slots=True)
class SurveyClosed:
    """This sale takes no answer (any more): too long ago, or all of it came back."""

    why: Reason


@dataclass(frozen=True, slots=True)
class AnsweredBefore:
    """An answer stands; no other replaces it."""

    score: int


@dataclass(frozen=True, slots=True)
class SurveyNoted:
    """It is noted. `points`: what it brought the member."""

    score: int
    points: int


@dataclass(frozen=True, slots=True)
class NoSuchSale:
    """This till has no such sale."""

    sale_id: OpId


NotAsked = NoSurvey | SurveyClosed | AnsweredBefore | NoSuchSale | OwnMembership | Refusal


@dataclass(frozen=True, slots=True)
class _Open:
    """A sale that takes an answer."""

    sale: SaleRecorded
    rule: Survey
    day: date
    points: int
    member: str | None
    """Who answers; None: nobody's member, or one who is forgotten: nothing more is kept of him."""


def ask_survey(*, shop: Shop, work: UnitOfWork, sale_id: OpId) -> SurveyAsked | NotAsked:
    """Whether the customer of a sale may be asked, and what his answer brings. Changes nothing."""
    found = _open(shop, work, sale_id)
    return SurveyAsked(sale_id, found.points) if isinstance(found, _Open) else found


def answer_survey(
    *,
    shop: Shop,
    work: UnitOfWork,
    sale_id: OpId,
    score: int,
    channel: AnswerChannel = "cashier",
) -> SurveyNoted | NotAsked:
    """Note what the customer answered. Changes: facts, the account, surveys, audit."""
    assert 0 <= score <= SCORE_MAX, score
    found = _open(shop, work, sale_id)
    if not isinstance(found, _Open):
        return found
    now, sale, program = shop.now(), found.sale, shop.desk.state.program
    points = (_points(found, program),) if found.points else ()
    fact = SurveyAnswered(
        **origin(shop=shop, now=now, day=found.day, member=found.member),
        effects=points,
        sale=sale.op_id,
        receipt=sale.code,
        score=score,
        channel=channel,
        program=ProgramRef(program.id, program.version),
    )
    folded = write_fact(shop=shop, work=work, fact=fact)
    work.surveys.take(fact)
    details = {"score": str(score), "channel": channel, "points": str(found.points)}
    record(shop=shop, work=work, now=now, act="survey_answered", subject=sale.code, details=details)
    seat = shop.desk.state.seat
    if folded is not None and seat is not None and sale.member in folded.includes:
        with_account(shop, work, seat.view.member_id, folded, now)
    return SurveyNoted(score, found.points)


def _points(found: _Open, program: Program) -> do.OccasionGain:
    sale = found.sale
    tier = sale.seen.tier if sale.seen is not None else program.tiers[0].id
    known = {each.id for each in program.tiers}
    return do.OccasionGain(
        occasion=occasion_of(found.rule, sale.op_id),
        points=found.points,
        expires_in=program.tier(tier if tier in known else program.tiers[0].id).points_months,
    )


def _open(shop: Shop, work: UnitOfWork, sale_id: OpId) -> _Open | NotAsked:
    refusal = allowed(shop, "sell")
    if refusal is not None:
        return refusal
    state = shop.desk.state
    rule = state.program.survey
    if rule is None or state.settings.is_training:
        return NoSurvey()
    stored = work.facts.get(sale_id)
    sale = read_fact(stored.data) if stored is not None else None
    if not isinstance(sale, SaleRecorded):
        return NoSuchSale(sale_id)
    answered = work.surveys.of_sale(sale_id)
    if answered is not None:
        return AnsweredBefore(answered.score)
    day, _ = fact_day(work, state.program, shop.now(), state.last_moment)
    back = [piece for each in work.refunds.of_sale(sale_id) for piece in each.pieces]
    why = closed_because(rule, sale, back, day)
    if why is not None:
        return SurveyClosed(why)
    if sale.member is None or _is_forgotten(work, sale.member):
        return _Open(sale, rule, day, 0, None)
    account = account_of_member(work, sale.member)
    if state.staff is not None and state.staff.member_ids & {sale.member, *account.includes}:
        return OwnMembership()
    return _Open(sale, rule, day, points_due(account, rule, day), sale.member)


def _is_forgotten(work: UnitOfWork, member_id: str) -> bool:
    known = work.members.get(member_id)
    is_bare = known is not None and known.status == "erased"
    return is_bare or work.erasures.is_forgotten(member_id)


# ------------------------------------------------------------------ the link


def with_link(*, shop: Shop, work: UnitOfWork, receipt: Receipt, sale_id: OpId) -> Receipt:
    """A sale's receipt with the link by which its customer answers on his phone, where there is
    one.

    It is no part of what the receipt says of the sale: its fact does not hold it, and a paper that
    is printed after the days of the survey goes without. It needs no network, and no consent:
    nobody is written to.
    """
    state = shop.desk.state
    rule = state.program.survey
    if rule is None or receipt.training or state.settings.is_training:
        return receipt
    who = work.enrolment.read()
    if who is None or not who.public_url or work.surveys.of_sale(sale_id) is not None:
        return receipt
    sold = date.fromisoformat(receipt.sold_at[:10])
    if (today(state.program, shop.now()) - sold).days > rule.open_days:
        return receipt
    url = survey_url(who.public_url, work.member_keys.claim_secret(), sale_id)
    points = rule.points if receipt.member is not None else 0
    return as_invitation(receipt, url, points) if url else receipt


# ------------------------------------------------------------------ reading


@dataclass(frozen=True, slots=True)
class AnswerRead:
    """An answer with its sentence (None: none was written, or its writer is forgotten) and who gave
    it, where this till knows him."""

    answer: SurveyAnswer
    words: str | None
    member: Member | None = None


@dataclass(frozen=True, slots=True)
class AnswersRead:
    """The newest first, or the lowest scores first. `has_more`: the next page is not empty; `sums`:
    of all answers behind a figure, None where it is none; `stores`: names by id, where they are of
    the whole chain, as far as they are told."""

    lines: tuple[AnswerRead, ...]
    has_more: bool = False
    sums: SurveySums | None = None
    stores: Mapping[str, str] = field(default_factory=dict)


def answers_of_member(
    *, shop: Shop, work: UnitOfWork, member_id: str
) -> AnswersRead | MemberUnknown | Refusal:
    """What a member answered, the newest first. Needs the right. Changes nothing."""
    found = look_at(shop=shop, work=work, member_id=member_id)
    if not isinstance(found, Looked):
        return found
    return AnswersRead(answers_of_ids(work=work, ids=found.ids))


def answers_of_ids(*, work: UnitOfWork, ids: Sequence[str]) -> tuple[AnswerRead, ...]:
    """Under all ids of one person, the newest first."""
    return tuple(_read(work, each) for each in work.surveys.of_members(ids, ANSWERS_MAX))


def answers_behind(
    *,
    shop: Shop,
    work: UnitOfWork,
    days: Days,
    till: int | None = None,
    offset: int = 0,
    limit: int = 50,
) -> AnswersRead | SpanTooLong | SignInFirst | NotAllowed:
    """The answers a figure is made of, the lowest scores first. Changes nothing."""
    refusal = refusal_of(shop=shop, days=days)
    if refusal is not None:
        return refusal
    most, store = min(max(limit, 1), PAGE_LINES_MAX), shop.identity.store_id
    found = work.surveys.page(days, store, till, offset=offset, limit=most + 1)
    lines = tuple(_read(work, each, named=True) for each in found[:most])
    return AnswersRead(lines, len(found) > most, work.surveys.sums(days, store, till))


def _read(work: UnitOfWork, answer: SurveyAnswer, *, named: bool = False) -> AnswerRead:
    fact = work.surveys.fact(answer.sale_id)
    words = None
    if fact is not None and fact.words is not None and fact.member is not None:
        plain = work.member_keys.unseal(fact.member, fact.words)
        words = None if plain is None else plain.decode(errors="replace")
    member = work.members.get(answer.member_id) if named and answer.member_id else None
    return AnswerRead(answer, words, member)
