"""Retention: how long a shop keeps what it knows of people, applied once a night.

Owns: what is due by the shop's settings, the preview, applying it a few at a time. Does not own:
the settings (app/domain/settings.py), forgetting a member (erasure.py), when the night is (the
caretaker), what sync keeps (forgetting.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

from app.domain.months import Month
from app.services.answers import Refusal
from app.services.audit_trail import record
from app.services.authority import is_own_authority
from app.services.desk import allowed, today
from app.services.erasure import erase_by_calendar
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


@dataclass(frozen=True, slots=True)
class RetentionDone:
    """How many members were forgotten (or asked to be), and held sales deleted."""

    members: int
    holds: int


def retention_due(*, shop: Shop, work: UnitOfWork) -> RetentionDue | Refusal:
    """What would go, before anything does. Changes nothing."""
    refusal = allowed(shop, "manage_settings")
    return refusal or _due(shop, work)


def apply_retention(*, shop: Shop, lane: Lane) -> RetentionDone:
    """Once a night, off the lane thread. Changes: members, facts, erasures, holds, audit."""
    due, is_sure = lane.run(lambda work: (_due(shop, work), _is_sure(shop, work)))
    members, after = 0, ""
    while due.before is not None and is_sure and members < MEMBERS_A_NIGHT:
        part, after = lane.run(partial(_forget_some, shop, due.before, after))
        members += part
        if not after:
            break
    before_ms, holds = _before_ms(shop, due.hold_days), 0
    while gone := lane.run(lambda work: work.forgetting.holds(before_ms, ROWS_A_UNIT)):
        holds += gone
    if members or holds:
        details = {"members": str(members), "holds": str(holds)}
        lane.run(
            lambda work: record(
                shop=shop, work=work, now=shop.now(), act="retention_applied", staff_id="",
                details=details,
            )
        )  # fmt: skip
    return RetentionDone(members, holds)


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


def _due(shop: Shop, work: UnitOfWork) -> RetentionDue:
    settings = work.settings.read()
    months, days = settings.keep_inactive_months, settings.keep_hold_days
    before = _before(shop, work, months) if months else None
    return RetentionDue(
        months,
        days,
        0 if before is None else work.forgetting.count_inactive(before),
        work.forgetting.count_holds(_before_ms(shop, days)),
        before,
    )


def _before(shop: Shop, work: UnitOfWork, months: int) -> date:
    """The first day of the month so many months ago: whole months, as a shop counts them."""
    day = today(read_programs(work=work)[-1], shop.now())
    return Month.of(day).plus(-months).first_day


def _before_ms(shop: Shop, days: int) -> int:
    return shop.now().wall_ms - days * DAY_MS


def _forget_some(shop: Shop, before: date, after: str, work: UnitOfWork) -> tuple[int, str]:
    """The next few; behind whom to go on, empty at the end. Whoever is busy waits a night."""
    ids = work.forgetting.inactive(before, after, MEMBERS_A_UNIT)
    done = sum(erase_by_calendar(shop=shop, work=work, member_id=each) for each in ids)
    return done, ids[-1] if len(ids) == MEMBERS_A_UNIT else ""
