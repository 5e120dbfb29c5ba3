"""Benchmark of the desk's pages: a till with very many members and sales of its own, on disk.

    python -m tests.bench.desk_pages --members 100000 --sales 500000 --folder /var/tmp/desk

Owns: timing what a person waits for, how long each page holds the store lane, and a sale while
somebody else turns pages. Does not own: filling the till (desk_made.py), keeping it for the next
time (kept_shop.py), the budgets (said beside the figures, never enforced: a benchmark is no timed
test).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

from app.domain.figures import Days, month_of
from app.domain.member_list import ListChoice
from app.services.checkout import SaleDone
from app.services.churn_keeping import judge_churn
from app.services.complaint import ComplaintTaken, NewComplaint, take_complaint
from app.services.complaint_view import list_complaints
from app.services.figure_gathering import read_long_figures
from app.services.figure_keeping import count_facts, judge_members
from app.services.figure_receipts import hours_of_day, receipts_of_day
from app.services.figures import people_behind, people_of_segment, read_cohorts, read_figures
from app.services.member_list import MembersPart, judge_list, list_members
from app.services.member_page import member_head, member_orders
from app.services.payment import pay_cash
from app.services.scan import scan_code
from app.services.segments import people_of_grade, read_groups
from app.services.tier_desk import LISTS, desk_page, walk_all
from app.store.lane import StoreLane
from tests.bench.bench_store import percentile
from tests.bench.desk_made import FIRST, fill, say
from tests.bench.kept_shop import is_kept, keep_shop, kept_shop
from tests.real_shop import DAY, MILK, OIL, TOWEL, RealShop, copy_shop
from tests.services.figure_shop import LaneOf
from ui.application import SWITCH_INTERVAL_S

TIMES = 5
CASES, SALES_MEANWHILE, ROWS = 200, 60, 50
PAGE_MS = 300
ORDERS = ("last_visit", "spend", "points", "newest")
NARROWED: dict[str, ListChoice] = {
    "tier": ListChoice(tier="gold"),
    "nobody of a tier, by points": ListChoice(order="points", tier="silver"),
    "frozen, by spend": ListChoice(order="spend", state="frozen"),
    "dormant, newest": ListChoice(order="newest", state="dormant"),
    "normal": ListChoice(state="normal"),
    "here this week, by points": ListChoice(order="points", visited="week"),
    "never bought, by spend": ListChoice(order="spend", visited="never"),
    "never bought, by last visit": ListChoice(visited="never"),
    "a tag nobody has, by spend": ListChoice(order="spend", tag="没有"),
    "away 180 days, gold": ListChoice(order="newest", visited="away_180", tier="gold"),
}


def main(arguments: Sequence[str]) -> int:
    """Fill, count, time; JSON on the standard output."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.desk_pages")
    parser.add_argument("--members", type=int, default=5_000)
    parser.add_argument("--sales", type=int, default=25_000)
    parser.add_argument("--folder", type=Path, help="where the shop is kept for the next time")
    asked = parser.parse_args(arguments)
    sys.setswitchinterval(SWITCH_INTERVAL_S)  # as the window does
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        told = of_till(Path(folder), asked.members, asked.sales, asked.folder)
    print(json.dumps(told, indent=1, ensure_ascii=False))  # noqa: T201 - a command's answer
    return 0


def of_till(folder: Path, members: int, sales: int, kept: Path | None = None) -> dict[str, Any]:
    """The pages of a desk, each beside its budget. `kept`: where a shop of this size may stand."""
    told: dict[str, Any] = {"members": members, "sales": sales}
    home = None if kept is None else kept / f"till-{members}-{sales}"
    if home is None or not is_kept(home):
        shop = copy_shop(folder / "made")
        make(shop, told)
        if home is not None:
            keep_shop(shop, home)
            shop = kept_shop(home, folder / "again")
    else:
        shop = kept_shop(home, folder / "again")
    shop.sign_in("王芳")
    say("pages")
    told["budget_ms"] = PAGE_MS
    found = {name: timed(shop, page) for name, page in pages(shop).items()}
    told["slowest_of_five_ms"] = {name: each.page_ms for name, each in found.items()}
    told["longest_unit_ms"] = {name: each.unit_ms for name, each in found.items()}
    told["sale"] = sale_meanwhile(shop)
    shop.close()
    return told


def make(shop: RealShop, told: dict[str, Any]) -> None:
    """Fill it, and bring everything behind the pages up to date; how long that took."""
    told["filled_s"] = took_s(lambda: fill(shop, told["members"], told["sales"]))
    lane = LaneOf(shop)
    count, ever = partial(count_facts, shop=shop.shop, lane=lane), lambda so_far: True
    told["counted_s"] = took_s(lambda: count(keep_on=ever))
    told["segments_judged_s"] = took_s(lambda: judge_members(shop=shop.shop, lane=lane))
    told["churn_judged_s"] = took_s(lambda: judge_churn(shop=shop.shop, lane=lane))
    told["tiers_walked_s"] = took_s(lambda: walk_all(shop=shop.shop, lane=lane))
    shop.sign_in("王芳")
    told["list_judged_s"] = took_s(lambda: judge_whole_list(shop))
    for number in range(CASES):
        taken = shop.do(take_complaint, new=NewComplaint(topic="weight", text=f"少了 {number} g",
                        member_id=shop.members["王小红"]))  # fmt: skip
        assert isinstance(taken, ComplaintTaken), taken


def judge_whole_list(shop: RealShop) -> None:
    after: int | None = 0
    while after is not None:
        after = shop.do(judge_list, after=after).looked


# ------------------------------------------------------------------ pages


def pages(shop: RealShop) -> dict[str, Callable[[], object]]:
    """What a person opens, by name."""
    month, busy = month_of(DAY - timedelta(days=30)), DAY - timedelta(days=7)
    buyer = shop.do(people_behind, figure="active", days=month).lines[0].person

    def asked(service: Any, **wanted: Any) -> Callable[[], object]:
        return lambda: as_window(shop, service, **wanted)

    told: dict[str, Callable[[], object]] = {
        f"members by {order}": partial(member_page, shop, ListChoice(order=order))  # type: ignore[arg-type]  # one of the orders
        for order in ORDERS
    }
    told |= {f"members: {name}": partial(member_page, shop, c) for name, c in NARROWED.items()}
    told |= {f"tiers: {which}": asked(desk_page, which=which) for which in LISTS}
    return told | {
        "figures of a day": asked(read_figures, days=Days(busy, busy)),
        "its hours": asked(hours_of_day, day=busy),
        "its receipts": asked(receipts_of_day, day=busy),
        "figures of a month": asked(read_figures, days=month),
        "members behind a month": asked(people_behind, figure="active", days=month),
        "cohorts": asked(read_cohorts, last=DAY),
        "segments": asked(read_groups),
        "members of a segment": asked(people_of_segment, segment="dormant"),
        "members of a grade": asked(people_of_grade, grade="high"),
        "complaints of the store": asked(list_complaints, desk="store"),
        "complaints overdue": asked(list_complaints, desk="overdue"),
        "a member": asked(member_head, member_id=buyer),
        "orders of a member": asked(member_orders, member_id=buyer),
        "figures of a year (beside the till)": lambda: read_long_figures(
            shop=shop.shop, lane=_Beside(shop), days=Days(FIRST, DAY)
        ),
    }


IN_LANE = frozenset({desk_page, member_head, member_orders})
"""What the window asks of the lane itself: short, or it writes down what it found."""


def as_window(shop: RealShop, service: Callable[..., Any], **wanted: Any) -> Any:
    """Ask as the window does: in the lane, or a page beside it."""
    if service in IN_LANE:
        return shop.do(service, **wanted)
    return _Beside(shop).run(lambda work: service(shop=shop.shop, work=work, **wanted))


class _Beside:
    """Reads beside the lane, as services of several units see it."""

    def __init__(self, shop: RealShop) -> None:
        self._lane = shop.store.lane

    def run(self, work: Callable[[Any], Any]) -> Any:
        return self._lane.look(work).result()


def member_page(shop: RealShop, choice: ListChoice) -> None:
    """As the window does it: ask on until a page is full or the list has ended."""
    after, wanted = None, ROWS
    while wanted > 0:
        part = as_window(shop, list_members, choice=choice, after=after, want=wanted)
        assert isinstance(part, MembersPart)
        after, wanted = part.place, wanted - len(part.rows)
        if after is None:
            return


def sale_meanwhile(shop: RealShop) -> dict[str, Any]:
    """How long confirming a sale of three lines takes, alone and while the desk turns pages."""
    told = {}
    for name, turning in (("alone", False), ("while pages turn", True)):
        with turned(shop, turns=turning):
            times = [_confirmed_ns(shop) for _ in range(SALES_MEANWHILE)]
        told[name] = {
            "p50_ms": round(percentile(times, 0.5), 1), "p99_ms": round(percentile(times, 0.99), 1)
        }  # fmt: skip
    return told


def _confirmed_ns(shop: RealShop) -> int:
    for code in (MILK, TOWEL, OIL):
        shop.do(scan_code, text=code)
    began = time.perf_counter_ns()
    answer = shop.do(pay_cash)
    took_ns = time.perf_counter_ns() - began
    assert isinstance(answer, SaleDone), answer
    return took_ns


@contextmanager
def turned(shop: RealShop, *, turns: bool) -> Iterator[None]:
    """Somebody opens one page after the other, in the same lane."""
    stop = threading.Event()
    each = list(pages(shop).values())

    def turn() -> None:
        while turns and not stop.is_set():
            for page in each:
                page()
                if stop.is_set():
                    return

    reader = threading.Thread(target=turn)
    reader.start()
    try:
        yield
    finally:
        stop.set()
        reader.join()


# ------------------------------------------------------------------ timing


@dataclass(frozen=True, slots=True)
class Took:
    """The slowest of a few times: a page, and the longest of the units it is read in."""

    page_ms: int
    unit_ms: int


class _TimedLane:
    """A lane that knows how long each unit of work held it."""

    def __init__(self, lane: StoreLane) -> None:
        self._lane = lane
        self.took_s: list[float] = []

    def submit(self, work: Callable[[Any], Any]) -> Future[Any]:
        def timed_work(unit: Any) -> Any:
            began = time.perf_counter()
            try:
                return work(unit)
            finally:
                self.took_s.append(time.perf_counter() - began)

        return self._lane.submit(timed_work)

    def look(self, work: Callable[[Any], Any]) -> Future[Any]:
        """Beside it: that holds it not at all."""
        return self._lane.look(work)


def timed(shop: RealShop, page: Callable[[], object]) -> Took:
    """Open a page a few times."""
    store, lane = shop.store, _TimedLane(shop.store.lane)
    shop.store = replace(store, lane=cast(StoreLane, lane))
    try:
        return Took(worst_ms(page), round(max(lane.took_s, default=0) * 1000))
    finally:
        shop.store = store


def worst_ms(work: Callable[[], object]) -> int:
    """The slowest of a few times."""
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return round(max(took) * 1000)


def took_s(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return round(time.perf_counter() - began, 1)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
