"""The runner: answers come home to the GUI thread, errors too, and nobody waits."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from weakref import ref

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from ui.runner import Runner


class Desk(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.answers: list[object] = []
        self.errors: list[BaseException] = []
        self.threads: list[threading.Thread] = []

    def done(self, answer: object) -> None:
        self.answers.append(answer)
        self.threads.append(threading.current_thread())

    def failed(self, error: BaseException) -> None:
        self.errors.append(error)
        self.threads.append(threading.current_thread())


class OneThread(ThreadPoolExecutor):
    """A lane with nobody to read beside it."""

    look = ThreadPoolExecutor.submit


@pytest.fixture
def lane() -> Iterator[OneThread]:
    with OneThread(1, thread_name_prefix="lane") as made:
        yield made


@pytest.fixture
def runner(qapp: QApplication, lane: OneThread) -> Iterator[Runner]:
    made = Runner(lane)
    yield made
    made.close()


@pytest.mark.parametrize("door", ["run", "look", "run_aside"])
def test_work_leaves_and_its_answer_comes_home(runner: Runner, qtbot: QtBot, door: str) -> None:
    desk = Desk()
    worked_in: list[threading.Thread] = []

    def work() -> int:
        worked_in.append(threading.current_thread())
        return 42

    getattr(runner, door)(work, desk.done, desk.failed)
    qtbot.waitUntil(lambda: desk.answers == [42])
    assert desk.threads == [threading.main_thread()]
    assert worked_in != [threading.main_thread()]


def test_an_error_comes_home_too(runner: Runner, qtbot: QtBot) -> None:
    desk = Desk()
    runner.run(lambda: 1 // 0, desk.done, desk.failed)
    qtbot.waitUntil(lambda: bool(desk.errors))
    assert isinstance(desk.errors[0], ZeroDivisionError)
    assert desk.threads == [threading.main_thread()]


def test_an_error_nobody_waits_for_is_logged(
    runner: Runner, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    runner.run(lambda: 1 // 0, lambda answer: None)
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert "nobody waits" in caplog.text


def test_busy_is_told_once_for_many(runner: Runner, qtbot: QtBot) -> None:
    told: list[bool] = []
    gate, desk = threading.Event(), Desk()
    runner.busy_changed.connect(told.append)
    for _ in range(3):
        runner.run(gate.wait, desk.done)
    assert told == [True]
    gate.set()
    qtbot.waitUntil(lambda: told == [True, False])
    assert desk.answers == [True] * 3


def test_answers_keep_the_order_of_the_lane(runner: Runner, qtbot: QtBot) -> None:
    desk = Desk()
    for number in range(200):
        runner.run(partial(int, number), desk.done)
    qtbot.waitUntil(lambda: len(desk.answers) == 200)
    assert desk.answers == list(range(200))


def test_a_deleted_screen_gets_no_answer(runner: Runner, qtbot: QtBot) -> None:
    desk, gate = Desk(), threading.Event()
    runner.run(gate.wait, desk.done)
    answers = desk.answers
    delete(desk)
    gate.set()
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert answers == []


def test_no_other_thread_lets_go_of_a_receiver(
    runner: Runner, lane: OneThread, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lane holds what it did last until it does something else; a QObject would end there."""
    kept, submit = list[object](), lane.submit

    def kept_submit(work: Callable[[], object]) -> object:
        kept.append(submit(work))
        return kept[-1]

    monkeypatch.setattr(lane, "submit", kept_submit)
    desk, gate = Desk(), threading.Event()
    gone = ref(desk)
    runner.run(gate.wait, desk.done, desk.failed)
    gate.set()
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert desk.answers == [True]
    del desk
    assert kept and gone() is None


def test_after_close_nothing_arrives(qapp: QApplication, lane: OneThread, qtbot: QtBot) -> None:
    runner, desk = Runner(lane), Desk()
    runner.run(lambda: 1, desk.done)
    runner.close()
    lane.submit(lambda: None).result()
    qapp.processEvents()
    assert desk.answers == []


def test_a_timer_that_comes_due_after_close_begins_nothing(lane: OneThread) -> None:
    runner, begun = Runner(lane), list[int]()
    runner.run_aside(lambda: begun.append(1), lambda _: None)
    runner.close()
    runner.run_aside(lambda: begun.append(2), lambda _: None)
    lane.submit(lambda: None).result()
    assert 2 not in begun


def test_work_beside_the_lane_is_awaited_and_not_told_as_busy(runner: Runner, qtbot: QtBot) -> None:
    told: list[bool] = []
    runner.busy_changed.connect(told.append)
    may_end = threading.Event()
    runner.run_aside(lambda: may_end.wait(10), lambda answer: None)
    assert runner.is_busy
    may_end.set()
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert told == [], "the till is not busy: a terminal is"
