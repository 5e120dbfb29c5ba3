"""`main.py bench`: measure every budget of one till on this machine, and say whether it holds.

Owns: the command line, the order, progress, the words and the JSON. Does not own: the measuring
(one module a room), the budgets of the sync (measured with it).
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from app.commands.bench.at_the_till import (
    AtTheTill,
    Rounds,
    measure_sales,
    measure_scans,
    measure_search,
)
from app.commands.bench.big_shop import (
    BigShop,
    ForeignFolder,
    NewShop,
    OpenTill,
    find_big_shop,
    make_big_shop,
    open_and_sign_in,
)
from app.commands.bench.figures import Figure
from app.commands.bench.heart import FACTS, measure_heart
from app.commands.bench.pricing import measure_pricing
from app.commands.bench.window import WatchWindow, measure_window, serve_window
from app.commands.openings import BAD_INPUT, FAILED, OK
from app.store.made_up import MadeUp
from app.wording import N_, Wording

QUICK = MadeUp(20_000, 2_000)
QUICK_ROUNDS = Rounds(scans=100, searches=100, sales=40)
QUICK_FACTS = 10_000
WINDOW_SCANS = 500
NOT_OURS = N_("{folder} is not empty and no shop of the benchmark; choose another.")

WHAT = {
    "scan": N_("scan to line or member, answered to the window, during a pull (p99)"),
    "scan_on_screen": N_("scan to line or member on the screen, during a pull (p99)"),
    "price_10": N_("price 10 lines (median)"),
    "price_100": N_("price 100 lines with 20 coupons and 30 rules (median)"),
    "confirm": N_("confirm a 10-line member sale, beside the same rows by bare SQLCipher"),
    "search": N_("member search as you type (p99)"),
    "cold_start": N_("cold start to a usable till"),
    "memory": N_("resident memory of the started till"),
    "fold": N_("fold 100,000 facts"),
    "view": N_("view of a member with 36 months (median)"),
    "gui_blocked": N_("longest time the window served nobody, during a pull"),
}


@dataclass(frozen=True, slots=True)
class BenchRoom:
    """What main.py hands in."""

    new_shop: NewShop
    open_till: OpenTill
    watch_window: WatchWindow
    rules: Path
    """The program file of the big shop."""
    program: Sequence[str]
    """How to start main.py as a process of its own."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is made and how often is measured."""

    plan: MadeUp
    rounds: Rounds
    facts: int
    pricing_runs: int
    window_scans: int


FULL_SIZE = Size(MadeUp(), Rounds(), FACTS, 30, WINDOW_SCANS)
QUICK_SIZE = Size(QUICK, QUICK_ROUNDS, QUICK_FACTS, 5, 60)


def run(arguments: Sequence[str], *, room: BenchRoom, wording: Wording) -> int:
    """Measure; exit code 0 all budgets hold, 1 one does not."""
    options = _parser(wording).parse_args(arguments)
    size = QUICK_SIZE if options.quick else FULL_SIZE
    if options.window:
        return _serve(options.dir, options.window, room)
    with ExitStack() as stack:
        folder = options.dir
        if folder is None:
            name = stack.enter_context(tempfile.TemporaryDirectory(prefix="zhanggui-bench-"))
            folder = Path(name)
        progress = Progress(console=Console(stderr=True), transient=True)
        stack.enter_context(progress)
        try:
            big = _big_shop(folder, size, room, progress, wording)
        except ForeignFolder:
            print(wording.t(NOT_OURS, folder=folder), file=sys.stderr)
            return BAD_INPUT
        figures = list(_measure(big, size, room, progress, wording))
    report = _as_json(big, figures, size)
    if options.json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        _say(big, figures, wording)
    return OK if report["all_hold"] else FAILED


def _parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py bench",
        description=wording.t(
            "Measure the till on this machine: a shop of 1,000,000 members and 50,000 products."
        ),
        epilog=wording.t("Example: {command}", command="main.py bench --json --dir bench-shop"),
    )
    parser.add_argument("--json", action="store_true", help=wording.t("print the result as JSON"))
    parser.add_argument(
        "--quick", action="store_true", help=wording.t("a small shop and few rounds, for a look")
    )
    parser.add_argument(
        "--dir", type=Path, help=wording.t("keep the made shop in this folder and use it again")
    )
    parser.add_argument("--window", type=int, metavar="SCANS", help=argparse.SUPPRESS)
    return parser


def _big_shop(
    folder: Path, size: Size, room: BenchRoom, progress: Progress, wording: Wording
) -> BigShop:
    known = find_big_shop(folder)
    if known is not None and known.plan == size.plan:
        return known
    task = progress.add_task(wording.t("making the shop"), total=size.plan.members)
    made = make_big_shop(
        folder,
        size.plan,
        new_shop=room.new_shop,
        open_till=room.open_till,
        rules=room.rules,
        on_progress=lambda count: progress.update(task, completed=count),
    )
    progress.remove_task(task)
    return made


def _measure(
    big: BigShop, size: Size, room: BenchRoom, progress: Progress, wording: Wording
) -> Iterator[Figure]:
    steps: tuple[Callable[[], list[Figure]], ...] = (
        lambda: measure_pricing(runs=size.pricing_runs),
        lambda: _at_the_till(big, size, room),
        lambda: measure_window(room.program, big.folder, scans=size.window_scans),
    )
    task = progress.add_task(wording.t("measuring"), total=len(steps))
    for step in steps:
        yield from step()
        progress.advance(task)


def _at_the_till(big: BigShop, size: Size, room: BenchRoom) -> list[Figure]:
    with room.open_till(big.folder) as (shop, store):
        open_and_sign_in(shop, store.lane)
        till = AtTheTill(shop, store, big)
        figures = measure_heart(shop.desk.state.program, facts=size.facts)
        figures.append(measure_scans(till, size.rounds.scans))
        figures.append(measure_search(till, size.rounds.searches))
        figures.append(measure_sales(till, size.rounds.sales))
    return figures


def _serve(folder: Path, scans: int, room: BenchRoom) -> int:
    """The other process: the window of the same shop."""
    big = find_big_shop(folder)
    assert big is not None, "the process outside has made the shop"
    return room.watch_window(
        folder, lambda watched, store: serve_window(big, scans, watched, store)
    )


def _as_json(big: BigShop, figures: Sequence[Figure], size: Size) -> dict[str, object]:
    return {
        "machine": {"system": platform.platform(), "python": platform.python_version()},
        "members": big.made.members,
        "products": big.made.products,
        "built_s": big.made.built_s,
        "quick": size is QUICK_SIZE,
        "figures": [
            {
                "what": figure.what,
                "says": WHAT[figure.what],
                "figure": round(figure.measured, 3),
                "unit": figure.unit,
                "budget": figure.budget,
                "holds": figure.holds,
                "compared": {name: _short(value) for name, value in figure.compared.items()},
            }
            for figure in figures
        ],
        "all_hold": all(figure.holds for figure in figures),
    }


def _short(value: float | str) -> float | str:
    return round(value, 3) if isinstance(value, float) else value


def _say(big: BigShop, figures: Sequence[Figure], wording: Wording) -> None:
    print(
        wording.t(
            "{members} members, {products} products, made in {seconds} s",
            members=f"{big.made.members:,}",
            products=f"{big.made.products:,}",
            seconds=big.made.built_s,
        )
    )
    for figure in figures:
        compared = ", ".join(f"{name} {_short(value)}" for name, value in figure.compared.items())
        print(
            f"{'✓' if figure.holds else '✗'} {wording.t(WHAT[figure.what])}: "
            f"{figure.measured:.2f} {figure.unit} (≤ {figure.budget:g})  {compared}"
        )
