"""Benchmark of the chain: every budget of the sync, in one run over real HTTP and PostgreSQL.

    python -m tests.bench.chain --json
    python -m tests.bench.chain --quick
    python -m tests.bench.chain --middle --only load

Owns: the order, the figures beside their budgets, the conditions they were measured under. Does
not own: the till (chain_till.py), the load (chain_load.py), the share of the database
(chain_sql.py). A benchmark is not a timed test: nothing here fails a build.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import psutil  # type: ignore[import-untyped]  # its types are a package of their own
from sqlalchemy import Connection

from app.domain.facts import canonical_bytes
from sync.protocol import PUSH_OPS_MAX, Push, Reserve
from sync.server.feed import Publication, publish, store_stream
from sync.server.member import add_to_working_set
from sync.server.sender import Sender
from tests.bench.chain_load import Speaker, say_all
from tests.bench.chain_made import (
    Links,
    Office,
    a_twin,
    an_office,
    fill,
    now_ms,
    people,
    sales,
)
from tests.bench.chain_sql import bare, dearest, noted
from tests.bench.chain_till import pull_while_selling, push_backlog, take_snapshot
from tests.bench.chain_work import Work
from tests.chain.till import Home, join_chain
from tests.domain.heart_builders import op
from tests.kill.shop import keys_in_files, make_kill_shop
from tests.sync.server.web.server_process import RunningServer

_FORKS = multiprocessing.get_context("forkserver")
PATIENCE_S = 3_600
TILLS_A_STORE = 4


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    backlog: int
    members: int
    snapshot: int
    tills: int
    seconds: int
    pushes: int
    """So many are run for the share of the database."""
    workers: int
    """Server processes for many tills; the other figures are those of one."""


WHOLE = Size(50_000, 20_000, 1_000_000, 200, 20, 50, 2)
MIDDLE = Size(10_000, 5_000, 100_000, 200, 10, 20, 2)
QUICK = Size(400, 100, 100, 4, 1, 2, 1)


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure beside its budget; `most` False: it should be no smaller."""

    what: str
    measured: float
    budget: float
    unit: str
    most: bool = True
    beside: dict[str, Any] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        return self.measured <= self.budget if self.most else self.measured >= self.budget


def percentile(times: Sequence[float], share: float) -> float:
    """In milliseconds, of times in seconds."""
    ordered = sorted(times)
    return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class _Child:
    """A till of its own process, and what it says."""

    def __init__(self, target: Callable[..., None], *arguments: object) -> None:
        self._pipe, theirs = _FORKS.Pipe()
        self._process = _FORKS.Process(target=target, args=(*arguments, theirs))
        self._process.start()
        theirs.close()

    def hear(self) -> dict[str, Any]:
        assert self._pipe.poll(PATIENCE_S), "the till hangs"
        said: dict[str, Any] = json.loads(self._pipe.recv_bytes())
        return said

    def go(self) -> None:
        self._pipe.send_bytes(b"go")

    def end(self) -> None:
        self._process.join(PATIENCE_S)
        assert self._process.exitcode == 0, "the till failed"


def a_till(office: Office, folder: Path, store: int, till: int) -> Home:
    """A shop whose till came in over the wire."""
    home = Home(folder / f"till-{store}-{till}", folder / "still.clock")
    home.folder.mkdir(parents=True)
    make_kill_shop(home.place)
    child = _Child(join_chain, home, office.server.url, office.code(store, till))
    child.hear()
    child.end()
    return home


# ------------------------------------------------------------------ the figures


def measure_push(office: Office, folder: Path, size: Size) -> Iterator[Figure]:
    """A backlog of one till, and the share of bare SQL that writes the same rows."""
    home = a_till(office, folder, 1, 1)
    fill(office, office.store(1), people(size.members))
    child = _Child(push_backlog, home, size.backlog, size.members)
    written = child.hear()
    work = Work(office)
    child.go()
    told = child.hear()
    worked = work.us_each(size.backlog) | {"till": round(told["worked_s"] * 1e6 / size.backlog)}
    child.end()
    rate = size.backlog / told["seconds"]
    shares = _shares(office, size)
    sql_s = shares.pop("bare_sql_s_per_sale") * size.backlog
    yield Figure(
        "push", rate, 5_000, "sales/s", most=False,
        beside={
            "sales": size.backlog, "bytes_per_sale": round(written["bytes"]),
            "seconds": round(told["seconds"], 2), "outcomes": told["outcomes"],
            "processor_us_per_sale": worked,
            "till_steps_s": {step: round(each, 2) for step, each in told["steps"].items()},
            "bare_sql_share": round(sql_s / told["seconds"], 3), **shares,
        },
    )  # fmt: skip
    yield Figure("till_memory_push", told["resident_mb"], 250, "MB")


def _shares(office: Office, size: Size) -> dict[str, Any]:
    """Three equal rows of pushes: noted, bare, profiled; each on a twin with the same members."""
    store, count = office.store(1), size.pushes * PUSH_OPS_MAX
    sender = Sender(office.tenant, "bench-till", store)
    ids = [each.member_id for each in people(size.members)]

    def pushes() -> list[Push]:
        links, made = Links(), sales(count, store, ids)
        found = []
        while part := list(islice(made, PUSH_OPS_MAX)):
            found.append(
                Push(ops=tuple(links.next(each.op_id, canonical_bytes(each)) for each in part))
            )
        return found

    same, first, second = pushes(), a_twin(office, "twin_1"), a_twin(office, "twin_2")
    ours_s, said = noted(first, same, sender, office.house)
    raw_s = bare(second.engine.url.render_as_string(hide_password=False), said)
    third = a_twin(office, "twin_3")
    steps = dearest(third, same, sender, office.house, 6)
    for each in (first, second, third):
        each.close()
    return {
        "bare_sql_s_per_sale": raw_s / count,
        "bare_sql_sales_per_s": round(count / raw_s),
        "ingest_in_process_sales_per_s": round(count / ours_s),
        "ingest_share_of_bare_sql": round(raw_s / ours_s, 3),
        "dearest_steps_of_ingest": steps,
    }


def measure_pull(office: Office, folder: Path, size: Size) -> Iterator[Figure]:
    """Everybody becomes known in a second store, while its till sells."""
    home, store = a_till(office, folder, 2, 1), office.store(2)
    ids = [each.member_id for each in people(size.members)]
    stream = store_stream(store)

    def show(part: Sequence[str]) -> None:
        def write(connection: Connection) -> None:
            pairs = [(each, store) for each in part]
            add_to_working_set(connection, office.tenant, pairs, now_ms())
            news = [Publication(stream, "member", each) for each in part]
            publish(connection, office.tenant, news)

        office.ready.database.write(write)

    for start in range(0, len(ids), 1_000):
        show(ids[start : start + 1_000])
    work = Work(office)
    child = _Child(pull_while_selling, home, stream, len(ids))
    told = child.hear()
    worked = work.us_each(len(ids)) | {"till": round(told["worked_s"] * 1e6 / len(ids))}
    child.end()
    assert told["known"] >= len(ids), told["known"]
    seconds = round(told["seconds"], 2)
    yield Figure(
        "pull", told["accounts"] / told["seconds"], 5_000, "accounts/s", most=False,
        beside={"accounts": told["accounts"], "seconds": seconds,
                "processor_us_per_account": worked},
    )  # fmt: skip
    yield Figure(
        "sale_during_pull_p99", percentile(told["waits_s"], 0.99), 50, "ms",
        beside={
            "sales": len(told["waits_s"]), "p50_ms": percentile(told["waits_s"], 0.5),
            "p99_without_pull_ms": percentile(told["quiet_s"], 0.99),
        },
    )  # fmt: skip
    yield Figure("till_memory_pull", told["resident_mb"], 250, "MB")


def measure_bootstrap(office: Office, folder: Path, size: Size) -> Iterator[Figure]:
    """A till takes a snapshot in; per million members."""
    home = a_till(office, folder, 3, 1)
    child = _Child(take_snapshot, home, size.snapshot)
    told = child.hear()
    child.end()
    assert told["known"] == size.snapshot
    yield Figure(
        "bootstrap", told["seconds"] * 1_000_000 / size.snapshot, 60, "s for 1M members",
        beside={"members": size.snapshot, "seconds": round(told["seconds"], 2),
                "file_mb": round(told["bytes"] / 1e6, 1),
                "processor_us_per_member": round(told["worked_s"] * 1e6 / size.snapshot)},
    )  # fmt: skip


def measure_load(office: Office, folder: Path, size: Size) -> Iterator[Figure]:
    """Tills that sell once a second each; then reservations at half as many a second."""
    del folder
    places = [(10 + each // TILLS_A_STORE, 1 + each % TILLS_A_STORE) for each in range(size.tills)]
    tokens = [office.token(*place) for place in places]
    with ExitStack() as stack:
        server = office.server
        if size.workers > 1:
            many = office.home.serving("--workers", str(size.workers))
            server = stack.enter_context(many)
        pushed = _answers(office, server, "push", _pushing(office, size, places, tokens))
        yield Figure(
            "push_of_many_tills_p99", pushed.pop("p99_ms"), 250, "ms",
            beside=pushed | {"tills": size.tills},
        )  # fmt: skip
        asked = _answers(office, server, "ask/reserve", _asking(size, tokens))
        yield Figure(
            "reserve_p99", asked.pop("p99_ms"), 50, "ms",
            beside=asked | {"per_second": size.tills / 2},
        )  # fmt: skip
    resident = psutil.Process(office.server.process.pid).memory_info().rss / 1e6
    yield Figure("server_memory", resident, 500, "MB")


def _pushing(
    office: Office, size: Size, places: Sequence[tuple[int, int]], tokens: Sequence[str]
) -> Iterator[Speaker]:
    ids = [each.member_id for each in people(size.members)]
    for number, ((store, _), token) in enumerate(zip(places, tokens, strict=True)):
        links, facts = Links(), sales(size.seconds, office.store(store), ids, number)
        pushes = [
            Push(ops=(links.next(each.op_id, canonical_bytes(each)),), final=True) for each in facts
        ]
        yield Speaker(token, pushes, number / size.tills, 1.0)


def _asking(size: Size, tokens: Sequence[str]) -> Iterator[Speaker]:
    chance, ids = Random(11), [each.member_id for each in people(size.members)]
    numbers = iter(range(1, 10**9))

    def wanted() -> Reserve:
        return Reserve(
            reservation=op(10**7 + next(numbers)), member=chance.choice(ids), points=1, seconds=60
        )

    for place, token in enumerate(tokens):
        yield Speaker(token, [wanted() for _ in range(size.seconds)], place / size.tills, 2.0)


def _answers(
    office: Office, server: RunningServer, path: str, speakers: Iterator[Speaker]
) -> dict[str, Any]:
    port, speaking = int(server.url.rpartition(":")[2]), list(speakers)
    work = Work(office, server)
    told = say_all(port, path, speaking)
    assert not told.wrong, told.wrong[:3]
    return {
        "p99_ms": percentile(told.took_s, 0.99),
        "p50_ms": percentile(told.took_s, 0.5),
        "p99_after_first_second_ms": percentile(told.later_s or told.took_s, 0.99),
        "answers": len(told.took_s),
        "processor_us_each": work.us_each(len(told.took_s)),
    }


PARTS: dict[str, Callable[[Office, Path, Size], Iterator[Figure]]] = {
    "push": measure_push,
    "pull": measure_pull,
    "load": measure_load,
    "bootstrap": measure_bootstrap,
}


def measure(folder: Path, size: Size, parts: Collection[str]) -> list[Figure]:
    """These parts, in one run."""
    figures: list[Figure] = []
    with ExitStack() as stack:
        office = stack.enter_context(an_office(folder, stack))
        if "push" not in parts:
            fill(office, office.store(1), people(size.members))
        for part, measured in PARTS.items():
            for figure in measured(office, folder, size) if part in parts else ():
                figures.append(figure)
                _say(figure)
    return figures


def conditions(size: Size) -> dict[str, Any]:
    """What the figures stand on."""
    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
        "postgres": "its defaults, fsync on; all on one machine",
        "size": asdict(size),
    }


def _say(figure: Figure) -> None:
    sign = "≤" if figure.most else "≥"
    verdict = "holds" if figure.holds else "MISSED"
    sys.stderr.write(
        f"{figure.what}: {figure.measured:,.1f} {figure.unit} ({sign} {figure.budget:,g}) {verdict}"
        f"  {figure.beside or ''}\n"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; the report on stdout."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="small, for a look")
    parser.add_argument("--middle", action="store_true", help="a fifth of it")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=tuple(PARTS))
    parser.add_argument("--snapshot", type=int, help="members of the bootstrap")
    parser.add_argument("--folder", type=Path, help="on the disk that is to be measured")
    asked = parser.parse_args(arguments)
    keys_in_files()
    size = QUICK if asked.quick else MIDDLE if asked.middle else WHOLE
    size = replace(size, snapshot=asked.snapshot or size.snapshot)
    began = conditions(size)
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        figures = measure(Path(folder), size, asked.only)
    if asked.json:
        told = [
            {"what": each.what, "figure": round(each.measured, 2), "unit": each.unit,
             "budget": each.budget, "holds": each.holds, "beside": each.beside}
            for each in figures
        ]  # fmt: skip
        sys.stdout.write(json.dumps({"conditions": began, "figures": told}, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
