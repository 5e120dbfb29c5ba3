"""Stories of complaints in a few words: "11-23 18:05 open; 18:20 answer", told by a shop's clocks.

Owns: turning such a text into facts, and a case with its clocks back into words. Does not own: the
rules (app/domain).
A step is a time, an act, and maybe `@machine`: which machine's clock it is told by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from app.domain import complaint_fact as cf
from app.domain.complaint import Case, case_of
from app.domain.complaint_clock import CaseClock, CaseClocks, clocks_of
from app.domain.complaint_rules import (
    CaseRules,
    ComplaintProgram,
    ServiceHours,
    TierStep,
    level_of,
    priority_of,
    rules_of_case,
)
from app.domain.facts import Sealed
from app.domain.ids import uuid7
from app.domain.moment import Moment
from tests.domain.heart_builders import STORE

YEAR = 2026
MINUTES = {"gold": 30, "silver": 60, "regular": 240}
WORDS = Sealed("key-1", b"nonce", b"words")
HOUR = 3_600_000
MINUTE = 60_000


@dataclass(frozen=True)
class Machine:
    """One run of one machine. `behind_ms`: its wall clock is so late (negative: early)."""

    boot: str = "boot-1"
    behind_ms: int = 0
    measured: bool = True
    """Whether it knows its offset to the server."""
    jumps: Mapping[str, int] = field(default_factory=dict)
    """Acts before which somebody set its clock back by so many milliseconds."""


@dataclass(frozen=True)
class Shop:
    """Whose complaints they are."""

    tier: str = "regular"
    zone: str = "Asia/Shanghai"
    hours: tuple[ServiceHours, ...] = (ServiceHours(),)
    closed: tuple[date, ...] = ()
    machines: Mapping[str, Machine] = field(default_factory=lambda: {"": Machine()})
    rules: ComplaintProgram = field(default_factory=ComplaintProgram)

    def closing(self, days: tuple[date, ...]) -> Shop:
        """The same shop, closed on these days."""
        return replace(self, closed=days)

    def open_at(self, hours: tuple[ServiceHours, ...]) -> Shop:
        """The same shop with other hours."""
        return replace(self, hours=hours)

    def there(self, zone: str, hours: tuple[ServiceHours, ...] | None = None) -> Shop:
        """The same shop elsewhere in the world."""
        return replace(self, zone=zone, hours=self.hours if hours is None else hours)

    def with_clocks(self, machines: Mapping[str, Machine]) -> Shop:
        """The same shop with these machines."""
        return replace(self, machines=machines)

    def case_rules(self, day: date) -> CaseRules:
        """The limits of a case opened here on this day."""
        program = ComplaintProgram(hours=self.hours, closed=self.closed)
        return rules_of_case(program, zone=self.zone, response_minutes=MINUTES[self.tier], day=day)

    def wall_ms(self, said: str) -> int:
        """ "11-23 18:05" in this shop; with an `s` behind the second time of an hour that comes
        twice."""
        text, second, _ = said.partition("s")
        local = datetime.strptime(f"{YEAR}-{text} +0000", "%Y-%m-%d %H:%M %z")
        there = local.replace(tzinfo=ZoneInfo(self.zone), fold=1 if second else 0)
        return int(there.astimezone(UTC).timestamp()) * 1000

    def clock(self, at_ms: int, machine: Machine, set_back_ms: int = 0) -> Moment:
        """What that machine says at a moment."""
        behind = machine.behind_ms + set_back_ms
        offset = machine.behind_ms if machine.measured else None
        return Moment(at_ms - behind, at_ms - 1_700_000_000_000, machine.boot, offset)


_STEPS: dict[str, cf.Step] = {
    "assign": cf.Assigned(to="staff-wang"),
    "answer": cf.Answered(channel="phone"),
    "wait": cf.Waiting(reason="goods"),
    "back": cf.Back(),
    "resolve": cf.Resolved(cause="scale", told="phone"),
    "close": cf.Closed(),
    "reopen": cf.Reopened(),
    "escalate": cf.Escalated(),
    "note": cf.Noted(),
    "cause": cf.CauseFound(cause="goods"),
    "high": cf.Prioritised(priority="high"),
    "medium": cf.Prioritised(priority="medium"),
    "low": cf.Prioritised(priority="low"),
    "pay": cf.Compensated(form="points", by="op-points", amount_minor=200, points=200),
    "photo": cf.PhotoAdded(photo="photo-1", size=1000, sha256="00"),
    "asked": cf.FollowedUp(),
}


def step_of(act: str) -> cf.Step:
    """The step an act stands for."""
    name, _, value = act.partition(":")
    if name == "score":
        return cf.FollowedUp(score=int(value))
    if name == "resolve" and value:
        return cf.Resolved(cause="scale", told="phone", follow_up=date.fromisoformat(value))
    return _STEPS[name]


def facts_of(shop: Shop, story: str) -> list[cf.CaseFact]:
    """The facts a story tells. Each one saw the one before it, unless it says `~`: it saw only the
    opening, as at a till without a link."""
    facts: list[cf.CaseFact] = []
    day, set_back = "", 0
    for number, told in enumerate(part.strip() for part in story.split(";")):
        words = told.split()
        if "-" in words[0]:
            day = words.pop(0)
        at_ms = shop.wall_ms(f"{day} {words[0]}")
        act, _, name = words[1].partition("@")
        machine = shop.machines[name]
        set_back += machine.jumps.get(act, 0)
        clock = shop.clock(at_ms, machine, set_back)
        facts.append(_fact(shop, facts, act, clock, number))
    return facts


def _fact(
    shop: Shop, before: list[cf.CaseFact], act: str, clock: Moment, number: int
) -> cf.CaseFact:
    day = clock.local(shop.zone).date()
    op_id = uuid7(1_780_000_000_000 + number, number)
    if act == "open":
        tiers = [cf_tier(name) for name in ("regular", "silver", "gold")]
        return cf.ComplaintOpened(
            op_id=op_id, store=STORE, day=day, clock=clock, staff="staff-li", number="C0702-1",
            topic="weight", words=WORDS, tier=shop.tier,
            priority=priority_of(shop.rules, MINUTES[shop.tier]),
            level=level_of(shop.rules, tiers, shop.tier), rules=shop.case_rules(day),
        )  # fmt: skip
    first = before[0].op_id
    after = first if act.startswith("~") else before[-1].op_id
    return cf.ComplaintStepped(
        op_id=op_id, store=STORE, day=day, clock=clock, staff="staff-li", case=first, home=STORE,
        after=after, step=step_of(act.removeprefix("~")),
    )  # fmt: skip


def cf_tier(name: str) -> TierStep:
    """A tier as far as complaints go."""
    return TierStep(id=name, response_minutes=MINUTES[name])


def told(shop: Shop, story: str, now: str) -> tuple[Case, CaseClocks]:
    """The case and its clocks at a moment; `now` may name a machine as a step does."""
    at, _, name = now.partition("@")
    clock = shop.clock(shop.wall_ms(at), shop.machines[name])
    case = case_of(facts_of(shop, story), clock)
    assert isinstance(case, Case)
    return case, clocks_of(case)


def in_words(shop: Shop, case: Case, clocks: CaseClocks) -> dict[str, str]:
    """Every clock in words, the state and the level."""
    said: dict[str, str] = {each.name: _clock_words(shop, each) for each in clocks.clocks}
    return {**said, "state": case.state, "level": str(clocks.level)}


def _clock_words(shop: Shop, clock: CaseClock) -> str:
    words: list[str] = [clock.mood] if clock.mood != "fine" else []
    if clock.due_ms is not None:
        due = datetime.fromtimestamp(clock.due_ms / 1000, ZoneInfo(shop.zone))
        words.append(due.strftime("%m-%d %H:%M"))
    elif clock.paused:
        words.append("paused")
    else:
        words.append("done")
    if clock.missed:
        words.append("missed" if clock.missed == 1 else f"missed {clock.missed}")
    return " ".join(words)
