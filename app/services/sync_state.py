"""The state of sync: the status chip, the sync centre, and what a person decides there.

Owns: which state the chip shows, lists of what was refused or adjusted, trying again and giving up
with a reason, when a till may be reset. Does not own: the link (sync tells it through main.py), the
words of differences (difference_words.py), sentences of states (ui).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from typing import Literal

from msgspec import structs

from app.domain.agreement_record import SentCount
from app.domain.enrolment import NO_SERVER_EPOCH
from app.domain.exception_case import OF_SYNC, CaseEnd, Choice, closed, rejected_case
from app.domain.facts import (
    FirstRefundRecorded,
    NotAFact,
    RefundRecorded,
    ReturnRecorded,
    SaleRecorded,
    UnknownFact,
    read_fact,
)
from app.domain.ids import OpId
from app.domain.inbox import Listened
from app.domain.moment import Moment
from app.domain.note import clean_note
from app.domain.outbox import Difference, OutboxCount, OutboxState, Rejection, SentFact
from app.services.answers import Refusal
from app.services.audit_trail import record
from app.services.desk import allowed
from app.services.fact_origin import origin
from app.services.fact_writer import fact_day, write_fact
from app.services.photo import PhotosPending
from app.services.ports import UnitOfWork
from app.services.shop import Shop
from app.services.sync_chip import Chip, Link, chip_of

Group = Literal["sales", "refunds", "members", "complaints", "shifts", "others"]
_KINDS: dict[Group, str] = {
    "sales": "sale_recorded",
    "refunds": "refund_recorded return_recorded",
    "members": (
        "member_joined consent_changed profile_edit_requested card_issued tier_requested "
        "tier_decided tier_granted tier_grant_revoked trial_given erasure_requested keeping_ended "
        "survey_answered"
    ),
    "complaints": "case_erasure_requested complaint_opened complaint_stepped",
    "shifts": "shift_opened shift_taken_over shift_closed cash_moved drawer_opened",
}
GROUPS: dict[str, Group] = {kind: name for name, kinds in _KINDS.items() for kind in kinds.split()}
LISTED_MAX = 100
DIVIDED_MAX = 1_000
"""So many of what waits are told apart by group: the screen asks for it twice a second."""
LATEST = 5


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A request that the server refused: it waits for a person, and holds nothing up."""

    op_id: OpId
    group: Group
    kind: str
    made_ms: int
    rejection: Rejection


@dataclass(frozen=True, slots=True)
class AdjustedReceipt:
    """Something that counts, though not quite as the till promised. `differences`: why.

    `receipt`: the number as printed, empty where it is no sale or refund.
    """

    op_id: OpId
    group: Group
    receipt: str
    made_ms: int
    points: int
    differences: tuple[Difference, ...]
    has_case: bool
    """Whether it stands in the list of exceptions, with both sides."""


@dataclass(frozen=True, slots=True)
class Held:
    """A fact that waits for head office: its points are held until it is released."""

    op_id: OpId
    group: Group
    receipt: str
    made_ms: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class SentReceipt:
    """One of the last sales and refunds, and what the server said of it. `differences`: why it
    is adjusted, where it is.
    """

    receipt: str
    made_ms: int
    state: OutboxState
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class SyncCentre:
    """Everything the sync centre shows. `server` None: this till belongs to no server."""

    chip: Chip
    count: OutboxCount
    server: str | None
    must_enrol: bool
    pending: tuple[tuple[Group, int], ...]
    """What waits by group: of DIVIDED_MAX at most, those that wait longest."""
    dead: tuple[DeadLetter, ...]
    adjusted: tuple[AdjustedReceipt, ...]
    held: tuple[Held, ...]
    heard: tuple[Listened, ...]
    latest: tuple[SentReceipt, ...]
    today: SentCount
    photos: int = 0
    """Pictures that head office does not have yet."""


@dataclass(frozen=True, slots=True)
class TriedAgain:
    """It is on its way again."""

    op_id: OpId


@dataclass(frozen=True, slots=True)
class GivenUp:
    """It is off the list; who gave it up and why stands in the trail."""

    op_id: OpId


@dataclass(frozen=True, slots=True)
class ReasonMissing:
    """Say why it is given up."""


@dataclass(frozen=True, slots=True)
class NotRefused:
    """Nothing by this id waits for a person."""

    op_id: OpId


@dataclass(frozen=True, slots=True)
class MayReset:
    """The server has everything this till ever wrote."""


@dataclass(frozen=True, slots=True)
class FactsPending:
    """This till holds what nobody else has: send it, or export it first. It is not reset."""

    count: OutboxCount


@dataclass(frozen=True, slots=True)
class Agreed:
    """Both sides count the day alike: facts, money by tender, points by kind, and the chain."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Differs:
    """They do not: what differs is pushed again, and somebody is told."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class NotCompared:
    """Nobody asked yet: no tick."""


Agreement = Agreed | Differs | NotCompared


@dataclass(frozen=True, slots=True)
class Belongs:
    """Which till this is, for the server it belongs to. `since_ms`: wall time."""

    server: str
    store_name: str
    till_number: int
    since_ms: int
    must_enrol: bool


def sync_chip(*, work: UnitOfWork, link: Link | None, now: Moment) -> Chip:
    """What the chip on every screen shows. Changes nothing."""
    return chip_of(link, work.outbox.count(), must_enrol(work=work), now.wall_ms)


def must_enrol(*, work: UnitOfWork) -> bool:
    """Whether a person has to enrol this till again: restored, or its chain was taken by a copy."""
    who = work.enrolment.read()
    if who is None:
        return False
    return who.key_id is None or bool(work.outbox.count_forked())


def sync_centre(
    *, shop: Shop, work: UnitOfWork, link: Link | None, now: Moment
) -> SyncCentre | Refusal:
    """What the sync centre shows to whoever is signed in. Changes nothing."""
    refusal = allowed(shop, "sell")
    if refusal is not None:
        return refusal
    count, again = work.outbox.count(), must_enrol(work=work)
    who = work.enrolment.read()
    return SyncCentre(
        chip=chip_of(link, count, again, now.wall_ms),
        count=count,
        server=None if who is None else who.server_url,
        must_enrol=again,
        pending=_pending(work),
        dead=tuple(map(_dead, work.outbox.in_state("set_aside", LISTED_MAX))),
        adjusted=tuple(_adjusted(each) for each in work.outbox.in_state("adjusted", LISTED_MAX)),
        held=tuple(_held(each) for each in work.outbox.in_state("quarantined", LISTED_MAX)),
        heard=tuple(work.inbox.listened()),
        latest=_latest(work),
        today=work.agreements.sent_since(_midnight(shop, now)),
        photos=work.photos.count_waiting(),
    )


def _midnight(shop: Shop, now: Moment) -> int:
    """Wall milliseconds of the day's begin, by the shop's clock."""
    at = now.local(shop.desk.state.program.timezone)
    gone = timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)
    return now.wall_ms - gone // timedelta(milliseconds=1)


def _pending(work: UnitOfWork) -> tuple[tuple[Group, int], ...]:
    groups: dict[Group, int] = dict.fromkeys((*GROUPS.values(), "others"), 0)
    for kind, number in work.outbox.pending_kinds(DIVIDED_MAX).items():
        groups[group_of(kind)] += number
    return tuple((group, number) for group, number in groups.items() if number)


def retry_refused(
    *, shop: Shop, work: UnitOfWork, op_id: OpId
) -> TriedAgain | NotRefused | Refusal:
    """Ask once more, as a request of its own: to the one it refused the server says for ever what
    it said. Changes: facts, the outbox, audit. Answers the id of the new one.
    """
    refusal = allowed(shop, "manage_settings")
    if refusal is not None:
        return refusal
    letter = work.outbox.get(op_id)
    fact = None if letter is None or letter.state != "set_aside" else read_fact(letter.data)
    if fact is None or isinstance(fact, NotAFact | UnknownFact):
        return NotRefused(op_id)
    now, state = shop.now(), shop.desk.state
    day, _ = fact_day(work, state.program, now, state.last_moment)
    again = structs.replace(fact, **origin(shop=shop, now=now, day=day, member=fact.member))
    write_fact(shop=shop, work=work, fact=again)
    work.outbox.put_state(op_id, "given_up")
    _end_case(shop, work, op_id, "followed_up", "")
    details = {"as": again.op_id}
    record(shop=shop, work=work, now=now, act="request_retried", subject=op_id, details=details)
    return TriedAgain(again.op_id)


def give_up_refused(
    *, shop: Shop, work: UnitOfWork, op_id: OpId, reason: str
) -> GivenUp | NotRefused | ReasonMissing | Refusal:
    """Let a refused request go, with a reason. Its bytes stay. Changes: the outbox, audit."""
    refusal = allowed(shop, "manage_settings")
    if refusal is not None:
        return refusal
    letter = work.outbox.get(op_id)
    if letter is None or letter.state != "set_aside":
        return NotRefused(op_id)
    why = clean_note(reason)
    if not why:
        return ReasonMissing()
    work.outbox.put_state(op_id, "given_up")
    _end_case(shop, work, op_id, "accepted", why)
    code = letter.rejection.code if letter.rejection is not None else ""
    details = {"reason": why, "code": code, "kind": letter.kind}
    record(
        shop=shop, work=work, now=shop.now(), act="request_given_up", subject=op_id, details=details
    )
    return GivenUp(op_id)


def _end_case(shop: Shop, work: UnitOfWork, op_id: OpId, choice: Choice, note: str) -> None:
    """Nobody has to look at a refused request any more."""
    case, staff = work.exceptions.get(rejected_case(op_id)), shop.desk.state.staff
    if case is not None:
        end = CaseEnd(choice, staff.staff_id if staff else "", shop.now().wall_ms, note)
        work.exceptions.put(closed(case, end))


def may_reset(*, work: UnitOfWork) -> MayReset | FactsPending | PhotosPending:
    """Whether this till may be emptied, given away or removed. Changes nothing.

    A shop without a server keeps its only copy here: for it everything is pending; so it is after
    a till enrolled again, until its server said what it has.
    """
    count, who = work.outbox.count(), work.enrolment.read()
    if who is not None and who.server_epoch == NO_SERVER_EPOCH:
        count = replace(count, pending=work.outbox.count_all())
    if count.pending:
        return FactsPending(count)
    photos = work.photos.count_waiting()
    return PhotosPending(photos) if photos else MayReset()


def belongs(*, shop: Shop, work: UnitOfWork) -> Belongs | None:
    """Where this till belongs; None: to no server, the shop is its own authority."""
    who = work.enrolment.read()
    if who is None:
        return None
    return Belongs(
        server=who.server_url,
        store_name=shop.desk.state.settings.store_name,
        till_number=shop.identity.till_number,
        since_ms=who.enrolled_ms,
        must_enrol=must_enrol(work=work),
    )


def days_agreement(*, work: UnitOfWork, days: Iterable[date]) -> Mapping[date, Agreement]:
    """As `day_agreement`, of several days; empty for a till that belongs to no server."""
    if work.enrolment.read() is None:
        return {}
    return {day: day_agreement(work=work, day=day) for day in days}


def day_agreement(*, work: UnitOfWork, day: date) -> Agreement:
    """Whether the server counted a business day as this till does: the tick on its Z report."""
    compared = work.agreements.of_day(day)
    if not compared:
        return NotCompared()
    at_ms = min(each.compared_ms for each in compared)
    return Agreed(at_ms) if all(each.is_equal for each in compared) else Differs(at_ms)


def group_of(kind: str) -> Group:
    """Under which heading a kind of fact is counted."""
    return GROUPS.get(kind.partition(".")[0], "others")


def _dead(sent: SentFact) -> DeadLetter:
    rejection = sent.rejection or Rejection(code="")
    return DeadLetter(sent.op_id, group_of(sent.kind), sent.kind, sent.wall_ms, rejection)


def _adjusted(sent: SentFact) -> AdjustedReceipt:
    return AdjustedReceipt(
        sent.op_id,
        group_of(sent.kind),
        _receipt(sent),
        sent.wall_ms,
        sum(each.points for each in sent.differences),
        sent.differences,
        any(each.kind in OF_SYNC for each in sent.differences),
    )


def _held(sent: SentFact) -> Held:
    return Held(sent.op_id, group_of(sent.kind), _receipt(sent), sent.wall_ms, sent.differences)


def _latest(work: UnitOfWork) -> tuple[SentReceipt, ...]:
    """Of this till alone: those of other tills that are known here are not in its outbox."""
    ids = [each.sale_id for each in work.sales.latest(4 * LATEST)]
    ids += [each.refund_id for each in work.refunds.latest(LATEST)]
    sent = filter(None, map(work.outbox.get, sorted(ids, reverse=True)))
    return tuple(
        SentReceipt(_receipt(each), each.wall_ms, each.state, each.differences)
        for each in islice(sent, LATEST)
    )


def _receipt(sent: SentFact) -> str:
    fact = read_fact(sent.data)
    if isinstance(fact, SaleRecorded | RefundRecorded | FirstRefundRecorded | ReturnRecorded):
        return fact.code
    return ""
