"""Benchmark of the local store: search, scan, the durable sale and the start, on a full shop.

Owns: the store's figures of the budget (DESIGN.md "Budgets"), measured through the lane as the
window does it, while the lane applies units of work of 100 accounts back to back.
A benchmark is not a timed test: nothing here fails a build.
Run: python -m tests.bench.bench_store [--members N] [--products N] [--folder DIR]
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter_ns
from typing import Any, cast

import psutil  # type: ignore[import-untyped]  # its types are a package of their own
from sqlalchemy import event

from app.domain.account import MemberAccount
from app.domain.audit import AuditEntry
from app.domain.open_basket import OpenBasket
from app.domain.quote import Adjustment
from app.domain.sale import Sale
from app.domain.stored_fact import FactToAppend
from app.store.backups import BackupFolder
from app.store.database import connect_writer
from app.store.keys import KeyVault
from app.store.lane import StoreLane
from app.store.made_up import MadeUp, gtin, load, made_members
from app.store.opening import OpenStore, StoreSetting, create_store, open_store
from app.store.place import StorePlace
from app.store.recovery_code import new_recovery_code
from app.store.sqlcipher import SqlCipherConnection, SqlCipherCursor
from app.store.turn import Priority
from app.store.unit_of_work import UnitOfWork
from tests.store.builders import IDENTITY, a_fact, a_sale

ROUNDS = 400
SALES = 300
PULL_ACCOUNTS = 100
NOW = datetime(2026, 11, 21, 10, 32, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure beside its budget. `unit` is ms, times (a ratio) or MB."""

    what: str
    measured: float
    budget: float
    unit: str
    beside: str = ""
    """What else was measured in the same run, for comparison."""

    @property
    def holds(self) -> bool:
        return self.measured <= self.budget


def percentile(times_ns: Sequence[int], share: float) -> float:
    """In milliseconds."""
    ordered = sorted(times_ns)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] / 1e6


def timed(work: Callable[[], object]) -> int:
    start = perf_counter_ns()
    work()
    return perf_counter_ns() - start


# ------------------------------------------------------------------ the shop


def a_shop(folder: Path) -> StoreSetting:
    """Where the benchmark's store lies; its key in a file, as no keychain is asked."""
    place = StorePlace.in_folder(folder / "shop")
    vault = KeyVault(fall_back_folder=folder / "keys", keychain=None)
    return StoreSetting(place, vault, BackupFolder(place, folder / "backups"))


def fill(folder: Path, plan: MadeUp) -> StoreSetting:
    """A closed store with this many members and products."""
    setting = a_shop(folder)
    store = create_store(setting, code=new_recovery_code(), now=NOW)
    store.lane.run(lambda unit: unit.device.write(IDENTITY))
    load(store.lane, plan, on_progress=lambda count: _say(f"  {count:,} members"))
    store.close()
    return setting


def sample_ids(plan: MadeUp) -> list[tuple[str, str]]:
    """(member id, card code) of some members; ids and cards lie all over their trees."""
    people = list(made_members(replace(plan, members=min(plan.members, 2_000))))
    return [(person.member_id, person.card_code) for person in people]


def _apply_accounts(ids: Sequence[str], unit: UnitOfWork) -> None:
    accounts = unit.accounts.get_many(ids)
    for member_id, account in accounts.items():
        gained = {**account.gained, 24_320: account.gained.get(24_320, 0) + 7}
        accounts[member_id] = replace_gained(account, gained)
    unit.accounts.put_many(accounts)
    unit.members.visited_many(dict.fromkeys(ids, NOW.date()))


def replace_gained(account: MemberAccount, gained: dict[int, int]) -> MemberAccount:
    """The account with other gained points."""
    values = {name: getattr(account, name) for name in account.__struct_fields__}
    return MemberAccount(**{**values, "gained": gained})


@contextmanager
def a_pull(lane: StoreLane, ids: Sequence[str]) -> Iterator[list[int]]:
    """Units of work of 100 accounts back to back, as a pull will bring them; yields their ns."""
    stop, times = threading.Event(), list[int]()
    chance = random.Random(3)

    def serve() -> None:
        while not stop.is_set():
            some = chance.sample(ids, min(PULL_ACCOUNTS, len(ids)))
            work = partial(_apply_accounts, some)
            times.append(timed(lane.submit(work, priority=Priority.BACKGROUND).result))

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield times
    finally:
        stop.set()
        thread.join()


# ------------------------------------------------------------------ figures


def _typed(chance: random.Random) -> Iterator[str]:
    """What a cashier types, one letter more each time."""
    whole = [
        "wangxiaoming",
        "zhangwei",
        "lina",
        "zxm",
        "wjh",
        "王小明",
        "李娜",
        "小雨",
        "shanxiaojun",
    ]
    while True:
        text = chance.choice(whole)
        for end in range(1, len(text) + 1):
            yield text[:end]


def measure_search(lane: StoreLane) -> Figure:
    """Member search as you type, and last digits."""
    chance, times, digit_times = random.Random(1), list[int](), list[int]()
    for _, text in zip(range(ROUNDS), _typed(chance), strict=False):
        find = partial(_search, text)
        times.append(timed(lane.read(find).result))
        digits = f"{chance.randrange(10_000):04}"
        digit_times.append(timed(lane.read(partial(_last4, digits)).result))
    beside = f"last four digits p99 {percentile(digit_times, 0.99):.1f} ms"
    return Figure("member search as you type, p99", percentile(times, 0.99), 30, "ms", beside)


def _search(text: str, unit: UnitOfWork) -> object:
    return unit.members.search(text, 8)


def _last4(digits: str, unit: UnitOfWork) -> object:
    return unit.members.by_last_digits(digits, 9)


def _scan_product(code: str, unit: UnitOfWork) -> None:
    assert unit.products.by_barcode(code) is not None
    unit.baskets.save(OpenBasket(basket_id="bench", opened_ms=1))


def _scan_member(card: str, unit: UnitOfWork) -> None:
    holder = unit.members.by_card(card)
    assert holder is not None
    assert unit.members.get(holder.member_id) is not None
    assert unit.accounts.get(holder.member_id) is not None


def measure_scan(lane: StoreLane, plan: MadeUp, people: Sequence[tuple[str, str]]) -> Figure:
    """Scan to line (look-up and saved basket) and scan to member, during a pull."""
    chance, products, members = random.Random(2), list[int](), list[int]()
    with a_pull(lane, [member_id for member_id, _ in people]) as pull_times:
        for _ in range(ROUNDS):
            code = gtin(chance.randrange(1, plan.products + 1))
            products.append(timed(lane.submit(partial(_scan_product, code)).result))
            _, card = chance.choice(people)
            members.append(timed(lane.read(partial(_scan_member, card)).result))
    unit_ms = statistics.median(pull_times) / 1e6
    beside = (
        f"product p99 {percentile(products, 0.99):.1f} ms, member p99 "
        f"{percentile(members, 0.99):.1f} ms, a unit of {PULL_ACCOUNTS} accounts {unit_ms:.1f} ms"
    )
    return Figure("scan during a pull, p99", percentile(products + members, 0.99), 50, "ms", beside)


def _ten_lines(number: int, member_id: str) -> Sale:
    """The sale of the builders, its first line split over ten."""
    sale = a_sale(number, member_id)
    first = replace(sale.lines[0], net=sale.lines[0].net, adjustments=sale.lines[0].adjustments)
    free = [
        replace(sale.lines[1], number=count, line_id=str(count), adjustments=_nothing(str(count)),
                list_amount=sale.lines[1].list_amount - sale.lines[1].list_amount,
                net=sale.lines[1].net - sale.lines[1].net)
        for count in range(3, 11)
    ]  # fmt: skip
    return replace(sale, lines=(first, sale.lines[1], *free))


def _nothing(line_id: str) -> tuple[Adjustment, ...]:
    money = a_sale(1).total - a_sale(1).total
    return (Adjustment("tier:gold", "7", "tier", money, ((line_id, money),)),)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A sale ready to be confirmed: only its confirming is measured."""

    sale: Sale
    fact: FactToAppend
    audit: AuditEntry


def _ready(number: int, member_id: str) -> _Ready:
    fact = a_fact(number, member_id, data=b"x" * 1_200)
    return _Ready(_ten_lines(number, member_id), fact, AuditEntry(number, "li", "sale", fact.op_id))


def _confirm(ready: _Ready, unit: UnitOfWork) -> None:
    """Everything a confirmed member sale writes."""
    member_id = ready.sale.member_id
    assert member_id is not None
    unit.sales.add(ready.sale)
    unit.facts.append(ready.fact)
    account = unit.accounts.get(member_id)
    assert account is not None
    unit.accounts.put(member_id, account)
    unit.members.visited(member_id, NOW.date())
    unit.audit.append(ready.audit)
    unit.baskets.clear()


class _Noting:
    """A driver's connection that notes what is written through it."""

    def __init__(self, driver: SqlCipherConnection, notes: list[tuple[str, Any, bool]]) -> None:
        self._driver = driver
        self._notes = notes

    def execute(self, sql: str, parameters: Any) -> SqlCipherCursor:
        self._notes.append((sql, parameters, False))
        return self._driver.execute(sql, parameters)

    def executemany(self, sql: str, rows: Any) -> SqlCipherCursor:
        self._notes.append((sql, rows, True))
        return self._driver.executemany(sql, rows)


def measure_sale(setting: StoreSetting, people: Sequence[tuple[str, str]]) -> Figure:
    """A durable 10-line member sale against the same statements by bare SQLCipher."""
    twin = setting.place.folder / "twin.db"
    store = open_store(setting, now=NOW)
    store.lane.copy_to(twin).result()
    written: list[list[tuple[str, Any, bool]]] = []

    def note(_c: Any, _cur: Any, sql: str, parameters: Any, _ctx: Any, many: bool) -> None:
        written[-1].append((sql, parameters, many))

    def noted(ready: _Ready, unit: UnitOfWork) -> None:
        unit.driver = cast(SqlCipherConnection, _Noting(unit.driver, written[-1]))
        _confirm(ready, unit)

    recorded, measured = (
        [_ready(number, people[number % len(people)][0]) for number in range(first, first + SALES)]
        for first in (1, SALES + 1)
    )
    engine = store.lane.run(lambda unit: unit.connection.engine)
    event.listen(engine, "before_cursor_execute", note)
    for ready in recorded:
        written.append([])
        store.lane.run(partial(noted, ready))
    event.remove(engine, "before_cursor_execute", note)
    raw_till = connect_writer(twin, store.secrets.database_key)
    ours, raw = list[int](), list[int]()
    # One of ours, one of theirs: whatever else the machine does meets both alike.
    for ready, statements in zip(measured, written, strict=True):
        ours.append(timed(store.lane.submit(partial(_confirm, ready)).result))
        raw.append(timed(partial(_replay, raw_till, statements)))
    raw_till.close()
    store.close()
    twin.unlink()
    ours_ms, raw_ms = statistics.median(ours) / 1e6, statistics.median(raw) / 1e6
    beside = (
        f"ours {ours_ms:.2f} ms, raw SQLCipher {raw_ms:.2f} ms, p99 {percentile(ours, 0.99):.1f}"
    )
    return Figure("confirm a 10-line member sale", ours_ms / raw_ms, 2, "times", beside)


def _replay(till: SqlCipherConnection, statements: list[tuple[str, Any, bool]]) -> None:
    till.execute("BEGIN IMMEDIATE")
    for sql, parameters, many in statements:
        if many:
            till.executemany(sql, parameters)
        else:
            till.execute(sql, parameters).fetchall()
    till.execute("COMMIT")


def measure_start(setting: StoreSetting) -> list[Figure]:
    """From the key file to the first member on the lane; and what the process then holds."""
    store: list[OpenStore] = []

    def start() -> None:
        store.append(open_store(setting, now=NOW))
        store[0].lane.read(lambda unit: unit.members.all_ids(limit=1)).result()

    took_ms = timed(start) / 1e6
    resident_mb = psutil.Process().memory_info().rss / 1e6
    store[0].close()
    return [
        Figure("open the store (part of the cold start)", took_ms, 1_500, "ms"),
        Figure("resident memory of this process", resident_mb, 250, "MB"),
    ]


def measure_all(setting: StoreSetting, plan: MadeUp) -> list[Figure]:
    """All figures of a filled store."""
    figures = measure_start(setting)
    store = open_store(setting, now=NOW)
    people = sample_ids(plan)
    figures.append(measure_search(store.lane))
    with a_pull(store.lane, [member_id for member_id, _ in people]):
        busy = measure_search(store.lane)
    figures.append(replace(busy, what=f"{busy.what}, during a pull"))
    figures.append(measure_scan(store.lane, plan, people))
    store.close()
    figures.append(measure_sale(setting, people))
    return figures


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    """Fill a shop (or take one filled before) and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=1_000_000)
    parser.add_argument("--products", type=int, default=50_000)
    parser.add_argument("--folder", type=Path, help="keep the filled shop here")
    asked = parser.parse_args()
    plan = MadeUp(asked.members, asked.products)
    folder = asked.folder or Path(tempfile.mkdtemp(prefix="bench-store-"))
    setting = a_shop(folder)
    if not setting.place.database.exists():
        setting = fill(folder, plan)
    for figure in measure_all(setting, plan):
        verdict = "holds" if figure.holds else "MISSED"
        _say(
            f"{figure.what}: {figure.measured:.2f} {figure.unit} "
            f"(budget {figure.budget:g}) {verdict}  {figure.beside}"
        )
    if asked.folder is None:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
