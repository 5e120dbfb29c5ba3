"""The lane: one thread, one transaction per unit of work, checkout first, changes after commit."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import text

from app.store.changes import NO_CHANGES, Changes
from app.store.errors import StoreBug, StoreClosed
from app.store.opening import OpenStore
from app.store.turn import Priority
from app.store.unit_of_work import UnitOfWork
from tests.store.rows import count_settings, put_setting, setting_names


def held_lane(store: OpenStore) -> threading.Event:
    """Keeps the lane busy until the event is set."""
    release, started = threading.Event(), threading.Event()

    def wait(_unit: UnitOfWork) -> None:
        started.set()
        release.wait(timeout=30)

    store.lane.submit(wait)
    assert started.wait(timeout=30)
    return release


def test_work_is_done_on_one_thread_of_its_own(store: OpenStore) -> None:
    threads = {
        store.lane.submit(lambda _: threading.current_thread()).result() for _ in range(5)
    } | {store.lane.read(lambda _: threading.current_thread()).result()}
    assert [thread.name for thread in threads] == ["store-lane"]


def test_work_behind_the_scenes_hears_that_somebody_waits(store: OpenStore) -> None:
    begun, handed_in = threading.Event(), threading.Event()

    def look(unit: UnitOfWork) -> tuple[bool, bool]:
        before = unit.is_waited_for()
        begun.set()
        assert handed_in.wait(timeout=30)
        return before, unit.is_waited_for()

    def beside(priority: Priority) -> tuple[bool, bool]:
        begun.clear()
        handed_in.clear()
        looking = store.lane.submit(look, priority=Priority.BACKGROUND)
        assert begun.wait(timeout=30)
        store.lane.submit(count_settings, priority=priority)
        handed_in.set()
        return looking.result(timeout=30)

    assert beside(Priority.CHECKOUT) == (False, True)
    assert beside(Priority.DESK) == (False, True)
    assert beside(Priority.BACKGROUND) == (False, False)


def test_what_is_answered_is_durable(store: OpenStore, reopened: Callable[[], OpenStore]) -> None:
    store.lane.submit(put_setting("shop", "人民路店")).result()
    store.close()
    assert reopened().lane.read(setting_names).result() == ["shop"]


class GoodsMissingError(Exception):
    """A stand-in for whatever a service may raise."""


def test_raising_rolls_back_everything(store: OpenStore) -> None:
    def half_done(unit: UnitOfWork) -> None:
        put_setting("half", "done")(unit)
        raise GoodsMissingError

    with pytest.raises(GoodsMissingError):
        store.lane.submit(half_done).result()
    assert store.lane.read(count_settings).result() == 0
    store.lane.submit(put_setting("next", "works")).result()
    assert store.lane.read(count_settings).result() == 1


def test_wrong_sql_is_our_bug_and_shows_no_parameters(store: OpenStore) -> None:
    def wrong(unit: UnitOfWork) -> None:
        unit.connection.execute(text("INSERT INTO nowhere VALUES (:phone)"), {"phone": "1380013"})

    with pytest.raises(StoreBug) as caught:
        store.lane.submit(wrong).result()
    assert "1380013" not in f"{caught.value} {caught.value.__cause__}"


def test_a_read_cannot_write(store: OpenStore) -> None:
    with pytest.raises(Exception, match="readonly"):
        store.lane.read(put_setting("shop", "人民路店")).result()
    store.lane.submit(put_setting("shop", "人民路店")).result()
    assert store.lane.read(count_settings).result() == 1


def test_checkout_goes_first_then_in_order(store: OpenStore) -> None:
    release = held_lane(store)
    done: list[str] = []

    def note(what: str) -> Callable[[UnitOfWork], None]:
        return lambda _: done.append(what)

    pulls = [
        store.lane.submit(note(f"pull {number}"), priority=Priority.BACKGROUND) for number in (1, 2)
    ]
    desk = store.lane.submit(note("desk"), priority=Priority.DESK)
    sales = [store.lane.submit(note(f"sale {number}")) for number in (1, 2)]
    look_up = store.lane.read(note("look-up"))
    release.set()
    for future in (*pulls, desk, *sales, look_up):
        future.result()
    assert done == ["sale 1", "sale 2", "look-up", "desk", "pull 1", "pull 2"]


A_WHILE_S = 20.0
"""Longer than any machine takes for the units of work of a test."""


@pytest.mark.parametrize("quiet_s", [0.0, A_WHILE_S], ids=["nobody draws", "a window draws"])
def test_the_window_draws_its_answer_before_a_pull_goes_on(
    store: OpenStore, quiet_s: float
) -> None:
    store.lane.let_draw(quiet_s)
    done: list[str] = []
    store.lane.submit(lambda _: done.append("scan 1")).result()
    pull = store.lane.submit(lambda _: done.append("pull"), priority=Priority.BACKGROUND)
    if not quiet_s:
        pull.result()
    store.lane.submit(lambda _: done.append("scan 2")).result()
    desk = store.lane.submit(lambda _: done.append("desk"), priority=Priority.DESK)
    desk.result()
    store.close()  # also ends the quiet: a closing till waits for nobody
    assert pull.result() is None
    waits = ["scan 1", "scan 2", "desk", "pull"]
    assert done == (waits if quiet_s else ["scan 1", "pull", "scan 2", "desk"])


def test_scans_without_end_do_not_hold_a_pull_back_for_ever(store: OpenStore) -> None:
    store.lane.let_draw(0.05)
    store.lane.submit(count_settings).result()
    pull = store.lane.submit(count_settings, priority=Priority.BACKGROUND)
    scans = 0
    while not pull.done():
        store.lane.submit(count_settings).result()
        scans += 1
    assert scans > 1, "it was not the end of the scans that let the pull through"


def test_a_cancelled_unit_of_work_is_not_run(store: OpenStore) -> None:
    release = held_lane(store)
    search = store.lane.submit(put_setting("typed", "li"))
    assert search.cancel()
    release.set()
    assert store.lane.read(count_settings).result() == 0


def test_changes_are_told_after_the_commit_only(store: OpenStore) -> None:
    told: list[tuple[Changes, object, list[str]]] = []
    heard = threading.Event()

    def listen(changes: Changes, initiator: object) -> None:
        told.append((changes, initiator, []))
        heard.set()

    def two_kinds(unit: UnitOfWork) -> None:
        put_setting("shop", "人民路店")(unit)
        unit.changed(Changes(members=True))

    def fails(unit: UnitOfWork) -> None:
        unit.changed(Changes(sales=True))
        raise GoodsMissingError

    end = store.lane.subscribe(listen)
    window = object()
    assert store.lane.submit(fails).exception() is not None
    store.lane.submit(lambda _: None).result()
    store.lane.submit(two_kinds, initiator=window).result()
    store.lane.read(count_settings).result()
    assert heard.is_set()
    assert told == [(Changes(settings=True, members=True), window, [])]
    end()
    store.lane.submit(put_setting("other", "x")).result()
    store.lane.read(count_settings).result()
    assert len(told) == 1


def test_a_failing_listener_does_not_stop_the_till(
    store: OpenStore, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(_changes: Changes, _initiator: object) -> None:
        raise GoodsMissingError

    store.lane.subscribe(breaks)
    store.lane.submit(put_setting("one", "1")).result()
    store.lane.submit(put_setting("two", "2")).result()
    assert store.lane.read(count_settings).result() == 2
    assert "subscriber" in caplog.text


def test_closing_finishes_what_was_handed_in(
    store: OpenStore, reopened: Callable[[], OpenStore]
) -> None:
    release = held_lane(store)
    handed_in = [
        store.lane.submit(put_setting(str(number), "x"), priority=Priority.BACKGROUND)
        for number in range(10)
    ]
    closer = threading.Thread(target=store.close)
    closer.start()
    release.set()
    closer.join()
    assert all(future.exception() is None for future in handed_in)
    with pytest.raises(StoreClosed):
        store.lane.submit(put_setting("late", "x")).result()
    assert not store.place.write_ahead_log.exists()
    assert reopened().lane.read(count_settings).result() == 10


def test_changes_unite() -> None:
    assert Changes(members=True) | Changes(sales=True) == Changes(members=True, sales=True)
    assert NO_CHANGES | Changes(members=True) == Changes(members=True)
    assert not NO_CHANGES
    assert Changes(outbox=True)
