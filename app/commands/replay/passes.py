"""The two passes: prepare a shop, play the story, verify the store, compare.

Owns: the order of these steps and the differences they find. Does not own: the comparisons'
two sides (expected.py, recount.py, figures.py), what is printed (command.py).
"""

from __future__ import annotations

import resource
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from app.commands.openings import ShopForCommand
from app.commands.replay.expected import Expected, Key, Sums, expected_sums
from app.commands.replay.figures import Held, held_by, sale_facts, sums_of
from app.commands.replay.journey import Journey, moment_of
from app.commands.replay.opening_day import RECORDED_PROGRAM, SETTINGS, open_shop_of
from app.commands.replay.recount import MemberRecount, Recount, Rules, recount
from app.commands.replay.ringing import Cashier
from app.commands.replay.shelf import products_of
from app.commands.replay.story import Story, StoryClock, start_ms
from app.domain.settings import Settings
from app.services.ports import Clock
from app.services.verify import VerifyReport, verify_store

PassNumber = Literal[1, 2]
NewShop = Callable[[Path, Settings, Clock], AbstractContextManager[ShopForCommand]]
"""Make an empty store in a folder and open a till on it whose clock is the story's."""
Advance = Callable[[str, int, int | None], None]
"""Say how far a step is: its name, done, of how many (None = nobody knows)."""
KIB = 1024


@dataclass(slots=True)
class PassReport:
    """What one pass did and found; `differences` and `faults` empty = it agrees."""

    number: PassNumber
    interrupted: bool = False
    baskets: int = 0
    sales: int = 0
    scans: int = 0
    lines: int = 0
    keys: int = 0
    """Sums compared one by one (pass 1), members compared (pass 2)."""
    ringing_s: float = 0.0
    ringing_cpu_s: float = 0.0
    """Processor time of this process: what a machine with nothing else to do would need."""
    total_s: float = 0.0
    peak_memory_mib: int = 0
    figures: dict[str, int] = field(default_factory=dict)
    quirks: dict[str, int] = field(default_factory=dict)
    tiers: dict[str, int] = field(default_factory=dict)
    upgrades: dict[str, int] = field(default_factory=dict)
    coupons_used: dict[str, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        return not self.differences and not self.faults


@dataclass(slots=True)
class Replay:
    """One pass over a journey in a store of its own."""

    number: PassNumber
    journey: Journey
    new_shop: NewShop
    program_toml: str
    """Of pass 2; pass 1 has rules of its own."""
    only_sold: bool
    advance: Advance

    def run(self, folder: Path) -> PassReport:
        """Ring up, verify, compare. Ctrl+C ends the ringing; what was rung up is compared."""
        report = PassReport(self.number)
        clock = StoryClock(start_ms(self.journey))
        began = time.perf_counter()
        toml = self.program_toml if self.number == 2 else RECORDED_PROGRAM
        with self.new_shop(folder, SETTINGS, clock) as opened:
            story = self._prepare(opened, clock, toml)
            self._play(story, report)
            self._verify(opened, report)
            if self.number == 1:
                self._compare_recorded(opened, story, report)
            else:
                self._compare_program(opened, story, report)
        report.total_s = time.perf_counter() - began
        report.peak_memory_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // KIB
        return report

    def _prepare(self, opened: ShopForCommand, clock: StoryClock, toml: str) -> Story:
        products = products_of(self.journey, only_sold=self.only_sold)
        for done in open_shop_of(opened.shop, opened.lane, toml, products):
            self.advance("products", done, len(products))
        cashier = Cashier(
            opened.shop,
            opened.lane,
            cards={},
            articles=dict(self.journey.articles),
            prices="recorded" if self.number == 1 else "program",
        )
        return Story(cashier, self.journey, clock, opened.shop.desk.state.program)

    def _play(self, story: Story, report: PassReport) -> None:
        began, began_cpu, of = time.perf_counter(), time.process_time(), len(self.journey.order)
        try:
            for done in story.play():
                self.advance("baskets", done, of)
        except KeyboardInterrupt:
            report.interrupted = True
            story.cashier.abandon()
        report.ringing_s = time.perf_counter() - began
        report.ringing_cpu_s = time.process_time() - began_cpu
        counts = story.cashier.counts
        report.baskets, report.sales, report.scans = story.baskets, counts.sales, counts.scans
        report.differences += counts.broken
        report.quirks = {
            "resolved_to_quick_item": counts.unresolved,
            "closed_early": counts.closed_early,
        }

    def _verify(self, opened: ShopForCommand, report: PassReport) -> None:
        found = VerifyReport()
        done = 0
        for count in verify_store(lane=opened.lane, identity=opened.shop.identity, report=found):
            done += count
            self.advance("verified", done, None)
        if (damage := opened.quick_check()) is not None:
            report.faults.append(f"file: {damage}")
        report.faults += [f"{fault.what}: {fault.where}" for fault in found.faults]
        report.figures["facts"] = found.facts
        if found.sales != report.sales and not report.interrupted:
            report.differences.append(f"{report.sales} sales rung up, {found.sales} in the store")

    # -------------------------------------------------------------- pass 1

    def _compare_recorded(self, opened: ShopForCommand, story: Story, report: PassReport) -> None:
        rows = self.journey.order[: report.baskets]
        expected = expected_sums(self.journey.columns, rows, story.parts)
        household_of = {member: household for household, member in story.member_of.items()}
        there = sums_of(_counted(sale_facts(opened.lane), self.advance), household_of)
        if report.interrupted:
            expected, there = _without_last(self.journey, report.baskets, expected, there)
        report.keys = len(expected.by_key)
        report.lines = sum(sums.lines for sums in expected.by_key.values())
        report.differences += list(differences_of(expected.by_key, there))
        report.figures |= _summed(expected.by_key)
        report.quirks |= asdict(expected.quirks)

    # -------------------------------------------------------------- pass 2

    def _compare_program(self, opened: ShopForCommand, story: Story, report: PassReport) -> None:
        rules = Rules.of(tomllib.loads(self.program_toml))
        recounted = recount(_counted(sale_facts(opened.lane), self.advance), rules)
        day = self._last_day(report)
        cards = {member: story.cashier.cards[one] for one, member in story.member_of.items()}
        held = held_by(opened.shop, opened.lane, cards)
        report.differences += recounted.differences
        report.differences += list(_differences_held(held, recounted, rules, day))
        report.keys = len(held)
        report.lines = story.cashier.counts.scans
        report.tiers = dict(Counter(one.tier for one in held.values()))
        report.upgrades = dict(recounted.upgrades)
        report.coupons_used = dict(sorted(recounted.coupons_used.items()))
        report.figures |= _figures_of(recounted, story, held)

    def _last_day(self, report: PassReport) -> date:
        rows = self.journey.order[max(0, report.baskets - 1)]
        return moment_of(self.journey.columns["at_ms"][rows[0]]).date()


def _counted(sales: Iterator[dict[str, Any]], advance: Advance) -> Iterator[dict[str, Any]]:
    for done, sale in enumerate(sales, start=1):
        advance("compared", done, None)
        yield sale


def differences_of(expected: dict[Key, Sums], there: dict[Key, Sums]) -> Iterator[str]:
    """Every sum that is not the same on both sides."""
    for key in sorted(expected.keys() | there.keys()):
        one, other = expected.get(key, Sums()), there.get(key, Sums())
        if one != other:
            store, household, month = key
            yield f"store {store}, household {household}, {month}: data {one}, shop {other}"


def _without_last(
    journey: Journey, baskets: int, expected: Expected, there: dict[Key, Sums]
) -> tuple[Expected, dict[Key, Sums]]:
    """Without the sums that the interrupted basket may have begun."""
    if baskets >= len(journey.order):
        return expected, there
    basket = journey.basket(baskets)
    key = (basket.store, basket.household, moment_of(basket.at_ms).strftime("%Y-%m"))
    expected.by_key.pop(key, None)
    there.pop(key, None)
    return expected, there


def _summed(by_key: dict[Key, Sums]) -> dict[str, int]:
    names = ("list_total", "retail", "coupon", "match", "net", "points")
    return {name: sum(getattr(sums, name) for sums in by_key.values()) for name in names}


def _differences_held(
    held: dict[str, Held], recounted: Recount, rules: Rules, day: date
) -> Iterator[str]:
    """Members whose account says something else than the recount."""
    month = day.year * 12 + day.month - 1
    for member_id, one in held.items():
        own = recounted.members.get(member_id) or MemberRecount(rules.tiers[0][0])
        there = (one.tier, one.balance, one.spend_minor, one.visits)
        here = (own.tier, own.balance, own.spend_in_window(month), own.visits)
        if there != here:
            yield f"member {member_id}: account {there}, recounted {here}"


def _figures_of(recounted: Recount, story: Story, held: dict[str, Held]) -> dict[str, int]:
    return {
        "list_total": recounted.list_total_minor,
        "net": recounted.total_minor,
        "points_earned": recounted.points_earned,
        "points_spent": recounted.points_spent,
        "points_paid": recounted.points_off_minor,
        "points_balance": sum(one.balance for one in held.values()),
        "points_sales": story.cashier.counts.points_sales,
        "coupons_issued": story.coupons_issued,
        "coupons_used": sum(recounted.coupons_used.values()),
        "coupons_worth": recounted.coupon_minor,
        "reviews": story.reviews,
    }
