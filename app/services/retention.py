"""Retention: how long a shop keeps what it knows of people, applied once a night.

Owns: what is due by the shop's settings, the preview, applying it a few at a time. Does not own:
the settings (app/domain/settings.py), forgetting a member (erasure.py), when the night is (the
caretaker), what sync keeps (forgetting.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from app.domain.months import Month
from app.services.answers import Refusal
from app.services.audit_trail import record
from app.services.authority import is_own_authority
from app.services.case_erasure import erase_case_by_calendar
from app.services.desk import allowed, today
from app.services.erasure import erase_by_calendar, is_due_again
from app.services.member_import import forget_old_import
from app.services.ports import Lane, UnitOfWork
from app.services.program import read_programs
from app.services.shop import Shop

MEMBERS_A_NIGHT = 200
"""Each is a request to head office, and a wiped row: the rest follows the next night."""
MEMBERS_A_UNIT = 5
ROWS_A_UNIT = 200
DAY_MS = 86_400_000

AHEAD_MS_MAX = 45 * DAY_MS
"""A clock further ahead of whatever happened last is asked for, not believed."""


@dataclass(frozen=True, slots=True)
class RetentionDue:
    """What the next night takes by the settings as they are. A nought in a setting: nothing."""

    inactive_months: int
    hold_days: int
    members: int
    holds: int
    before: date | None
    """Members who were last here before that day; None: none are forgotten by themselves."""
    case_months: int = 0
    cases: int = 0
    """Complaints of nobody's member whose words go."""
    cases_before: date | None = None


@dataclass(frozen=True, slots=True)
class RetentionDone:
    """How many members and complaints were forgotten (or asked to be), held sales deleted."""

    members: int
    holds: int
    cases: int = 0


@dataclass(frozen=True, slots=True)
class _Spans:
    """From when on what was last seen is kept."""

    members: date | None
    cases: date
    holds_ms: int

    @property
    def cases_ms(self) -> int:
        return (self.cases - date(1970, 1, 1)).days * DAY_MS


def retention_due(*, shop: Shop, lane: Lane) -> RetentionDue | Refusal:
    """What would go, before anything does. Off the lane thread. Changes nothing."""
    refusal = lane.run(lambda work: allowed(shop, "manage_settings"))
    if refusal:
        return refusal
    settings, spans = lane.run(lambda work: (work.settings.read(), _spans(shop, work)))
    return RetentionDue(
        settings.keep_inactive_months,
        settings.keep_hold_days,
        sum(len(ids) for ids in _inactive(shop, lane, spans)),
        lane.run(lambda work: work.forgetting.count_holds(spans.holds_ms)),
        spans.members,
        settings.keep_case_months,
        sum(len(ids) for ids in _ownerless(shop, lane, spans)),
        spans.cases,
    )


def apply_retention(*, shop: Shop, lane: Lane) -> RetentionDone:
    """Once a night, off the lane thread. Changes: members, facts, erasures, holds, imports,
    audit."""
    spans, is_sure = lane.run(lambda work: (_spans(shop, work), _is_sure(shop, work)))
    members = cases = holds = 0
    if is_sure and spans.members is not None:
        members = _forget(lane, _inactive(shop, lane, spans), partial(_member, shop, spans.members))
    if is_sure:
        lane.run(lambda work: forget_old_import(shop=shop, work=work))
        cases = _forget(lane, _ownerless(shop, lane, spans), partial(_case, shop))
    while gone := lane.run(lambda work: work.forgetting.holds(spans.holds_ms, ROWS_A_UNIT)):
        holds += gone
    if members or holds or cases:
        details = {"members": str(members), "holds": str(holds), "cases": str(cases)}
        lane.run(
            lambda work: record(
                shop=shop, work=work, now=shop.now(), act="retention_applied", staff_id="",
                details=details,
            )
        )  # fmt: skip
    return RetentionDone(members, holds, cases)


def _inactive(shop: Shop, lane: Lane, spans: _Spans) -> Iterator[Sequence[str]]:
    """Members who are due, and whom nobody asked to forget yet, a page of the table at a time."""
    after, before = "", spans.members
    while before is not None:
        ids, after = lane.run(partial(_inactive_page, shop, before, after))
        yield ids
        if not after:
            return


def _inactive_page(
    shop: Shop, before: date, after: str, work: UnitOfWork
) -> tuple[Sequence[str], str]:
    ids, last = work.forgetting.inactive(before, after, ROWS_A_UNIT)
    return [each for each in ids if _is_due(shop, work, each)], last


def _is_due(shop: Shop, work: UnitOfWork, subject: str) -> bool:
    """What is asked for tonight, no more: what was refused lately is not promised each evening."""
    return is_due_again(work=work, member_id=subject, now_ms=shop.now().wall_ms)


def _ownerless(shop: Shop, lane: Lane, spans: _Spans) -> Iterator[Sequence[str]]:
    """Closed complaints of nobody's member that are due, a few at a time."""
    after = (0, "")
    while True:
        page = lane.run(partial(_ownerless_page, shop, spans.cases_ms, after))
        yield [case_id for case_id, _, is_there in page if is_there]
        if len(page) < ROWS_A_UNIT:
            return
        after = (page[-1][1], page[-1][0])


def _ownerless_page(
    shop: Shop, before_ms: int, after: tuple[int, str], work: UnitOfWork
) -> Sequence[tuple[str, int, bool]]:
    home = shop.identity.store_id
    page = work.forgetting.ownerless_cases(home, before_ms, after, ROWS_A_UNIT)
    return [(case, done_ms, _is_due(shop, work, case)) for case, done_ms in page]


def _done(one: Callable[[UnitOfWork, str], bool], part: Sequence[str], work: UnitOfWork) -> int:
    return sum(one(work, each) for each in part)


def _forget(
    lane: Lane, pages: Iterable[Sequence[str]], one: Callable[[UnitOfWork, str], bool]
) -> int:
    """A few in each unit of work, and no more than a night's; how many. Whoever is busy waits."""
    done = 0
    for ids in pages:
        for start in range(0, len(ids), MEMBERS_A_UNIT):
            part = ids[start : start + MEMBERS_A_UNIT]
            done += lane.run(partial(_done, one, part))
            if done >= MEMBERS_A_NIGHT:
                return done
    return done


def _member(shop: Shop, unseen_since: date, work: UnitOfWork, member_id: str) -> bool:
    return erase_by_calendar(shop=shop, work=work, member_id=member_id, unseen_since=unseen_since)


def _case(shop: Shop, work: UnitOfWork, case_id: str) -> bool:
    return erase_case_by_calendar(shop=shop, work=work, case_id=case_id)


def _is_sure(shop: Shop, work: UnitOfWork) -> bool:
    """Whether the day can be believed: nobody is forgotten by a clock that was set ahead.

    A chain's till goes by what head office says, once it heard everything it had to tell: whoever
    was at another store last week is known then. A shop of its own goes by its last record.
    """
    if not is_own_authority(work=work):
        contact = shop.server.contact()
        is_near = abs(contact.server_ms(shop.now()) - shop.now().wall_ms) <= AHEAD_MS_MAX
        return contact.heard_monotonic_ms is not None and is_near
    last = work.facts.last_moment()
    return last is not None and shop.now().wall_ms - last.wall_ms <= AHEAD_MS_MAX


def _spans(shop: Shop, work: UnitOfWork) -> _Spans:
    settings = work.settings.read()
    months = settings.keep_inactive_months
    return _Spans(
        _before(shop, work, months) if months else None,
        _before(shop, work, settings.keep_case_months),
        _before_ms(shop, settings.keep_hold_days),
    )


def _before(shop: Shop, work: UnitOfWork, months: int) -> date:
    """The first day of the month so many months ago: whole months, as a shop counts them."""
    day = today(read_programs(work=work)[-1], shop.now())
    return Month.of(day).plus(-months).first_day


def _before_ms(shop: Shop, days: int) -> int:
    return shop.now().wall_ms - days * DAY_MS
