"""Shifts: opening one with its float, going on with one, taking one over.

Owns: those acts, what they ask for and what they warn of. Does not own: the rules
(app/domain/shift.py), cash in and out (cash_move.py), counting at the end and the Z
(shift_close.py), figures (shift_report.py).
A shift keeps the business day it was opened on, however long it is left open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.domain.cash_count import (
    DENOMINATIONS,
    CashCount,
    CountRefused,
    check_denominations,
    parse_count,
)
from app.domain.facts import ShiftOpened, ShiftTakenOver
from app.domain.moment import Moment
from app.domain.money import Money
from app.domain.shift import (
    DIFFERENCE_REASONS,
    NAME_LENGTH_MAX,
    ClockDrifts,
    ReasonRefused,
    Shift,
    check_reason,
    clock_drift,
)
from app.services.answers import Changed, OpenShiftFirst, Refusal
from app.services.audit_trail import record
from app.services.desk import allowed, keep, today
from app.services.fact_origin import origin
from app.services.fact_writer import fact_day, write_fact
from app.services.ports import UnitOfWork
from app.services.shop import ClockBehind, DeskState, Shop
from app.services.till_state import TillState

_COUNTED_ANYWHERE = ("100", "50", "20", "10", "5", "2", "1")
"""For a currency nobody has listed: whole units."""


@dataclass(frozen=True, slots=True)
class DayBeforeLastShift:
    """The clock's business day lies before that of the last shift."""

    day: date
    last_day: date


ShiftWarning = ClockDrifts | ClockBehind | DayBeforeLastShift


@dataclass(frozen=True, slots=True)
class DrawerFree:
    """No shift is open. `left`: what the last close left in the drawer; None = there was none, so
    the float has to be counted. `denominations`: what is counted, in major units.
    """

    left: Money | None
    denominations: tuple[str, ...]
    currency: str
    decimals: int
    names: tuple[str, ...]
    reasons: tuple[str, ...]
    warnings: tuple[ShiftWarning, ...]


@dataclass(frozen=True, slots=True)
class ShiftIsOpen:
    """This drawer has an open shift. Own: go on with it. Another's: `may_sell` in it, take it over
    (`may_take_over`), or neither: somebody has to close it. `over_midnight`: it keeps its day.
    """

    shift: Shift
    is_mine: bool
    may_sell: bool
    may_take_over: bool
    over_midnight: bool


@dataclass(frozen=True, slots=True)
class CountFirst:
    """Nothing is known of what lies in the drawer: it has to be counted."""


@dataclass(frozen=True, slots=True)
class DifferenceToExplain:
    """What was counted differs from what should be there: ask for one of `reasons`."""

    counted: Money
    expected: Money
    reasons: tuple[str, ...]

    @property
    def difference(self) -> Money:
        return self.counted - self.expected


@dataclass(frozen=True, slots=True)
class ShiftNameTooLong:
    """At most so many characters."""

    limit: int


@dataclass(frozen=True, slots=True)
class ShiftBegan:
    """The shift is open; what was odd about the clock is said once."""

    state: TillState
    shift: Shift
    warnings: tuple[ShiftWarning, ...]


@dataclass(frozen=True, slots=True)
class ShiftWasTakenOver:
    """Whoever is signed in answers for the drawer now. `before`: who did (staff id)."""

    state: TillState
    before: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a code of the list that fits, and what was typed."""

    code: str = ""
    note: str = ""

    @property
    def tidy(self) -> Reason:
        return Reason(self.code.strip(), self.note.strip())


NO_REASON = Reason()
OpenShiftAnswer = (
    ShiftBegan
    | ShiftIsOpen
    | CountFirst
    | CountRefused
    | DifferenceToExplain
    | ReasonRefused
    | ShiftNameTooLong
    | Refusal
)


def look_at_drawer(*, shop: Shop, work: UnitOfWork) -> DrawerFree | ShiftIsOpen | Refusal:
    """What whoever has just signed in finds: a shift to go on with, or none. Changes nothing."""
    refusal = allowed(shop, "sell")
    if refusal:
        return refusal
    state, now = shop.desk.state, shop.now()
    current = work.shifts.current()
    if current is not None:
        return _is_open(state, current, now)
    prices = state.program.prices
    return DrawerFree(
        left=_left(work),
        denominations=denominations_of(state),
        currency=prices.currency,
        decimals=prices.decimals,
        names=state.settings.shift_names,
        reasons=DIFFERENCE_REASONS,
        warnings=_warnings(work, state, now)[1],
    )


def open_shift(
    *,
    shop: Shop,
    work: UnitOfWork,
    typed: Mapping[str, str] | None = None,
    reason: Reason = NO_REASON,
    name: str = "",
) -> OpenShiftAnswer:
    """Open a shift with what lies in the drawer. Changes: shifts, facts, audit.

    `typed`: what was counted, by denomination; None = as the last close left it.
    """
    refusal = allowed(shop, "sell")
    if refusal:
        return refusal
    state, now = shop.desk.state, shop.now()
    current = work.shifts.current()
    if current is not None:
        return _is_open(state, current, now)
    if len(name.strip()) > NAME_LENGTH_MAX:
        return ShiftNameTooLong(NAME_LENGTH_MAX)
    left = _left(work)
    count = None if typed is None else _read(state, typed)
    if isinstance(count, CountRefused):
        return count
    if count is None and left is None:
        return CountFirst()
    wrong = _unexplained(count, left, reason.tidy)
    return wrong or _begin(shop, work, _Float(count, left, reason.tidy), name.strip(), now)


def _unexplained(
    count: CashCount | None, left: Money | None, reason: Reason
) -> DifferenceToExplain | ReasonRefused | None:
    if count is None or left is None or count.total == left:
        return None
    if not reason.code:
        return DifferenceToExplain(count.total, left, DIFFERENCE_REASONS)
    return check_reason(reason.code, reason.note, DIFFERENCE_REASONS)


@dataclass(frozen=True, slots=True)
class _Float:
    """What a shift begins with: counted, or as left."""

    count: CashCount | None
    left: Money | None
    reason: Reason

    @property
    def amount(self) -> Money:
        begun = self.count.total if self.count is not None else self.left
        assert begun is not None, "counted, or left by the last close"
        return begun

    @property
    def differs(self) -> bool:
        return self.left is not None and self.amount != self.left


def _begin(shop: Shop, work: UnitOfWork, begun: _Float, name: str, now: Moment) -> ShiftBegan:
    state = shop.desk.state
    staff = staff_at(state)
    day, warnings = _warnings(work, state, now)
    fact = ShiftOpened(
        **origin(shop=shop, now=now, day=day),
        name=name,
        currency=state.program.prices.currency,
        float_minor=begun.amount.minor,
        pieces=begun.count.pieces if begun.count is not None else (),
        left_minor=begun.left.minor if begun.left is not None else None,
        reason=begun.reason.code if begun.differs else "",
        note=begun.reason.note if begun.differs else "",
    )
    write_fact(shop=shop, work=work, fact=fact)
    shift = Shift(
        fact.op_id, day, now.wall_ms, staff, staff, fact.currency, begun.amount, name=name
    )
    work.shifts.begin(shift)
    details = {"float": str(begun.amount.minor), "day": day.isoformat()}
    if begun.differs:
        details |= {"left": str(fact.left_minor), "reason": fact.reason}
    record(shop=shop, work=work, now=now, act="shift_opened", subject=fact.op_id, details=details)
    for warning in warnings:
        details = {"what": type(warning).__name__}
        record(shop=shop, work=work, now=now, act="clock_drift", details=details)
    shown = keep(shop, work, replace(state, shift=shift), now)
    return ShiftBegan(shown, shift, warnings)


def take_over_shift(
    *, shop: Shop, work: UnitOfWork
) -> ShiftWasTakenOver | Changed | OpenShiftFirst | Refusal:
    """Answer for a colleague's open drawer from now on. Needs the right. Changes: shifts, facts,
    audit. One's own stays as it is.
    """
    refusal = allowed(shop, "sell")
    if refusal:
        return refusal
    state, now = shop.desk.state, shop.now()
    current = work.shifts.current()
    if current is None:
        return OpenShiftFirst("none")
    if current.owner_id == staff_at(state):
        return Changed(keep(shop, work, replace(state, shift=current), now))
    refusal = allowed(shop, "take_over_shift")
    if refusal:
        return refusal
    day, _ = fact_day(work, state.program, now, state.last_moment)
    fact = ShiftTakenOver(
        **origin(shop=shop, now=now, day=day),
        shift=current.shift_id,
        before=current.owner_id,
    )
    write_fact(shop=shop, work=work, fact=fact)
    taken = replace(current, owner_id=staff_at(state))
    work.shifts.put_state(taken)
    record(
        shop=shop, work=work, now=now, act="shift_taken_over",
        subject=current.shift_id, details={"before": current.owner_id},
    )  # fmt: skip
    shown = keep(shop, work, replace(state, shift=taken), now)
    return ShiftWasTakenOver(shown, current.owner_id)


def denominations_of(state: DeskState) -> tuple[str, ...]:
    """The notes and coins this shop counts: its own list, or those of its currency."""
    prices = state.program.prices
    known = DENOMINATIONS.get(prices.currency, _COUNTED_ANYWHERE)
    wanted: Sequence[str] = state.settings.denominations or known
    # A list for a currency with cents is none for one without.
    return tuple(wanted if check_denominations(wanted, prices.decimals) is None else known)


def _read(state: DeskState, typed: Mapping[str, str]) -> CashCount | CountRefused:
    return parse_count(typed, denominations_of(state), state.program.prices.decimals)


def _is_open(state: DeskState, current: Shift, now: Moment) -> ShiftIsOpen:
    is_mine = current.owner_id == staff_at(state)
    return ShiftIsOpen(
        shift=current,
        is_mine=is_mine,
        may_sell=is_mine or state.settings.shift_shared,
        may_take_over=state.staff is not None and state.staff.may("take_over_shift"),
        over_midnight=current.is_over_midnight(today(state.program, now)),
    )


def _left(work: UnitOfWork) -> Money | None:
    """What the last close left in this drawer."""
    last = work.shifts.closed(1)
    return last[0].left if last else None


def _warnings(
    work: UnitOfWork, state: DeskState, now: Moment
) -> tuple[date, tuple[ShiftWarning, ...]]:
    """The business day of a shift opened now, and what is odd about it. It never stops anybody."""
    day, late = fact_day(work, state.program, now, state.last_moment)
    found: list[ShiftWarning] = []
    if (drift := clock_drift(now)) is not None:
        found.append(drift)
    if late is not None:
        found.append(ClockBehind(now.wall_ms + late.behind_ms, now.wall_ms))
    last = work.shifts.closed(1)
    if last and day < last[0].business_day:
        found.append(DayBeforeLastShift(day, last[0].business_day))
    return day, tuple(found)


def staff_at(state: DeskState) -> str:
    """The id of whoever is signed in; only where somebody is."""
    assert state.staff is not None, "whoever is allowed is signed in"
    return state.staff.staff_id
