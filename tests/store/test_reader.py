"""The reader beside the lane: its own thread, what was committed before, and nobody waits for it.

Owns: that. Does not own: the lane (test_lane.py), what a page reads (tests of its service).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial

import pytest
from sqlalchemy import text

from app.store.errors import StoreBug, StoreClosed
from app.store.opening import OpenStore
from app.store.reader import Reader
from app.store.unit_of_work import UnitOfWork
from tests.store.rows import count_settings, put_setting, setting_names

WAIT_S = 30
MANY = 400_000


class Held:
    """A question that is under way until it is let go."""

    def __init__(self, store: OpenStore) -> None:
        self._started, self._go = threading.Event(), threading.Event()
        self.answer = store.lane.look(self._read)
        assert self._started.wait(WAIT_S)

    def _read(self, unit: UnitOfWork) -> tuple[int, int]:
        before = count_settings(unit)
        self._started.set()
        assert self._go.wait(WAIT_S)
        return before, count_settings(unit)

    def let_go(self) -> tuple[int, int]:
        self._go.set()
        return self.answer.result(WAIT_S)


def test_sales_go_on_while_it_reads_and_it_sees_one_state(store: OpenStore) -> None:
    store.lane.submit(put_setting("shop", "人民路店"))
    held = Held(store)
    store.lane.submit(put_setting("till", "02")).result(WAIT_S)
    assert held.let_go() == (1, 1), "the state it began with"
    store.lane.submit(put_setting("city", "上海"))
    assert len(store.lane.look(setting_names).result(WAIT_S)) == 3, "what was handed in before"
    thread = store.lane.look(lambda _: threading.current_thread()).result(WAIT_S)
    assert thread.name == "store-reader"


def test_it_cannot_write_and_what_fails_spoils_nothing(store: OpenStore) -> None:
    with pytest.raises(Exception, match="readonly"):
        store.lane.look(put_setting("shop", "人民路店")).result(WAIT_S)

    def wrong(unit: UnitOfWork) -> None:
        unit.connection.execute(text("SELECT * FROM nowhere"))

    with pytest.raises(StoreBug):
        store.lane.look(wrong).result(WAIT_S)
    assert store.lane.look(count_settings).result(WAIT_S) == 0
    in_memory = store.lane.look(
        lambda unit: unit.driver.execute("PRAGMA temp_store").fetchone()
    ).result(WAIT_S)
    assert in_memory == (2,), "names that are sorted never lie in a file of their own"


def forget(unit: UnitOfWork) -> None:
    unit.connection.execute(text("DELETE FROM setting"))
    unit.forget_traces()


def test_who_forgets_is_answered_when_the_log_is_empty_and_no_scan_waits_for_it(
    store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page reckons between two statements: the erasure waits for its end, the lane does not."""
    monkeypatch.setattr("app.store.lane.IDLE_S", 0.01)
    log = store.place.database.with_name(store.place.database.name + "-wal")
    store.lane.submit(put_setting("name", "张三丰")).result(WAIT_S)
    waits, still = [], Reader.still

    @contextmanager
    def noted(reader: Reader) -> Iterator[bool]:
        waits.append(reader._is_awaited)
        with still(reader) as is_still:
            yield is_still

    monkeypatch.setattr(Reader, "still", noted)
    held = Held(store)
    forgotten = store.lane.submit(forget)
    assert store.lane.read(count_settings).result(WAIT_S) == 0, "a scan goes on, and sees it"
    for till in ("01", "02", "03"):
        store.lane.submit(put_setting(till, "收银台")).result(WAIT_S)
        time.sleep(0.02)
    assert store.lane.run(lambda unit: unit.holds_traces)
    assert waits[0] is False and all(waits[1:]), "it was waited for once"
    next_page = store.lane.look(count_settings)
    assert not forgotten.done() and log.stat().st_size, "nobody is told yet that it is done"
    assert held.let_go() == (1, 1)
    forgotten.result(WAIT_S)
    assert log.stat().st_size == 0
    assert next_page.result(WAIT_S) == 3, "it was asked behind it, and is answered"
    assert not store.lane.run(lambda unit: unit.holds_traces)


def test_a_closing_store_answers_who_forgot_somebody(store: OpenStore) -> None:
    held = Held(store)
    forgotten = store.lane.submit(forget)
    store.lane.read(count_settings).result(WAIT_S)
    closing = threading.Thread(target=store.close)
    closing.start()
    held.let_go()
    closing.join(WAIT_S)
    assert forgotten.result(0) is None


def test_a_statement_under_way_is_cut_off_and_its_question_asked_anew(store: OpenStore) -> None:
    """A page of a year does not keep a sale, nor what is forgotten, waiting behind it."""
    log = store.place.database.with_name(store.place.database.name + "-wal")
    store.lane.submit(put_setting("name", "张三丰")).result(WAIT_S)
    begun: list[threading.Thread] = []
    first = threading.Event()

    def page(unit: UnitOfWork) -> int:
        begun.append(threading.current_thread())
        if len(begun) == 1:
            first.set()
            unit.driver.execute(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                " SELECT count(*) FROM n"
            ).fetchone()  # it has no end
        return count_settings(unit)

    answer = store.lane.look(page)
    assert first.wait(WAIT_S)
    store.lane.submit(forget).result(WAIT_S)
    assert log.stat().st_size == 0
    assert answer.result(WAIT_S) == 0, "as it is now"
    assert [thread.name for thread in begun] == ["store-reader"] * 2


def test_it_gives_way_to_the_cashier_amid_a_statement_but_not_for_ever(store: OpenStore) -> None:
    waits: list[bool] = []

    def cashier_waits() -> bool:
        waits.append(len(waits) < 5)
        return waits[-1]

    database = store.lane._database
    reader = Reader(database, cashier_waits, lambda: None, idle_s=0.01)
    threads = set()

    def long(unit: UnitOfWork) -> object:
        threads.add(threading.current_thread())
        return unit.driver.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
            " SELECT count(*) FROM n", (MANY,),
        ).fetchone()  # fmt: skip

    def asked(work: Callable[[UnitOfWork], object]) -> object:
        answer: Future[object] = Future()
        reader.take(work, answer)
        return answer.result(WAIT_S)

    assert asked(long) == (MANY,)
    assert waits[:6] == [True] * 5 + [False], "it looked again and again, and went on"
    opened = asked(lambda unit: unit.driver)
    while reader._connection is not None:
        time.sleep(0.01)
    assert asked(lambda unit: unit.driver) is not opened
    reader.close()
    assert len(threads) == 1


def test_a_closing_store_answers_what_was_asked_and_nothing_more(store: OpenStore) -> None:
    held = Held(store)
    waiting = store.lane.look(count_settings)
    closing = threading.Thread(target=partial(store.close))
    closing.start()
    held.let_go()
    closing.join(WAIT_S)
    assert waiting.result(WAIT_S) == 0
    with pytest.raises(StoreClosed):
        store.lane.look(count_settings).result(WAIT_S)
