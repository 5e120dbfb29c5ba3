"""`main.py replay`: ring up the Complete Journey baskets and compare the shop with the data.

Owns: the command line, progress, the words and figures. Does not own: the passes (passes.py).
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.commands.openings import BAD_INPUT, FAILED, NOT_POSSIBLE, OK
from app.commands.replay import source
from app.commands.replay.journey import Journey
from app.commands.replay.passes import Advance, NewShop, PassNumber, PassReport, Replay
from app.commands.replay.said import as_json, say
from app.commands.replay.source import SourceMissing
from app.wording import N_, Wording

INTERRUPTED = 130
COLLECT_AFTER = 50_000
"""A scan makes hundreds of small values that go by themselves; looking for rings every 700 of
them costs a tenth of the time."""
ReadJourney = Callable[[int | None], Journey | SourceMissing]
PASSES: dict[str, tuple[PassNumber, ...]] = {"1": (1,), "2": (2,), "both": (1, 2)}
STEPS = {
    "products": N_("products imported"),
    "baskets": N_("baskets rung up"),
    "verified": N_("records verified"),
    "compared": N_("sales compared"),
}


def run(
    arguments: Sequence[str],
    *,
    new_shop: NewShop,
    program: Path,
    wording: Wording,
    read_journey: ReadJourney = source.read_journey,
) -> int:
    """Replay; exit code 0 all agrees, 1 a difference, 2 bad arguments, 3 the data is missing."""
    options = _parser(wording).parse_args(arguments)
    if options.limit is not None and options.limit < 1:
        print(wording.t("--limit takes a number from 1."), file=sys.stderr)
        return BAD_INPUT
    if options.dir is not None and any((options.dir / f"pass{n}").exists() for n in (1, 2)):
        print(
            wording.t("There is a replay in {folder} already.", folder=options.dir), file=sys.stderr
        )
        return BAD_INPUT
    journey = read_journey(options.limit)
    if isinstance(journey, SourceMissing):
        print(_missing_words(journey, wording), file=sys.stderr)
        return NOT_POSSIBLE
    # A million rows that stay: the collector need not look at them again and again.
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, *gc.get_threshold()[1:])
    reports = _run_passes(options, journey, new_shop, program, wording)
    if options.json:
        print(json.dumps([as_json(report) for report in reports], indent=2))
    if any(report.interrupted for report in reports):
        print(wording.t("Stopped; what was done so far is kept."), file=sys.stderr)
        return INTERRUPTED
    return OK if all(report.agrees for report in reports) else FAILED


def _parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py replay",
        description=wording.t(
            "Ring up a year of a real grocery chain through the real till, and compare to the cent."
        ),
        epilog=wording.t("Example: {command}", command="main.py replay --limit 500 --pass both"),
    )
    parser.add_argument("--limit", type=int, help=wording.t("only the first so many baskets"))
    parser.add_argument(
        "--pass",
        dest="passes",
        choices=tuple(PASSES),
        default="both",
        help=wording.t("1: recorded prices; 2: prices by the program"),
    )
    parser.add_argument(
        "--dir", type=Path, help=wording.t("where the stores are made and kept; else for a while")
    )
    parser.add_argument("--json", action="store_true", help=wording.t("print the result as JSON"))
    return parser


def _missing_words(missing: SourceMissing, wording: Wording) -> str:
    return wording.t(
        "{package} is not installed. Get what replay needs with: {command}",
        package=missing.package,
        command="pip install -r .ci/requirements/replay.txt",
    )


def _run_passes(
    options: argparse.Namespace,
    journey: Journey,
    new_shop: NewShop,
    program: Path,
    wording: Wording,
) -> list[PassReport]:
    reports = []
    with _folder(options.dir) as folder:
        for number in PASSES[options.passes]:
            with _progress(wording, quiet=options.json) as advance:
                replay = Replay(
                    number,
                    journey,
                    new_shop,
                    program.read_text("utf-8"),
                    only_sold=options.limit is not None,
                    advance=advance,
                )
                report = replay.run(folder / f"pass{number}")
            reports.append(report)
            if not options.json:
                say(report, wording)
            if report.interrupted:
                break
    return reports


@contextmanager
def _folder(chosen: Path | None) -> Iterator[Path]:
    if chosen is not None:
        yield chosen
        return
    with tempfile.TemporaryDirectory(prefix="zhanggui-replay-") as made:
        yield Path(made)


@contextmanager
def _progress(wording: Wording, *, quiet: bool) -> Iterator[Advance]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), disable=quiet) as progress:
        tasks = {step: progress.add_task(wording.t(words), total=None, visible=False)
                 for step, words in STEPS.items()}  # fmt: skip

        def advance(step: str, done: int, of: int | None) -> None:
            progress.update(tasks[step], completed=done, total=of, visible=True)

        yield advance
