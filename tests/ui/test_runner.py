"""The runner: answers come home to the GUI thread, errors too, and nobody waits."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from PySide6.QtCore import QObject
from shiboken6 import delete

from ui.runner import Runner


class Desk(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.answers, self.errors, self.threads = [], [], []

    def done(self, answer) -> None:
        self.answers.append(answer)
        self.threads.append(threading.current_thread())

    def failed(self, error) -> None:
        self.errors.append(error)
        self.threads.append(threading.current_thread())


@pytest.fixture
def lane():
    with ThreadPoolExecutor(1, thread_name_prefix="lane") as made:
        yield made


@pytest.fixture
def runner(qapp, lane):
    made = Runner(lane)
    yield made
    made.close()


@pytest.mark.parametrize("door", ["run", "run_aside"])
def test_work_leaves_and_its_answer_comes_home(runner, qtbot, door):
    desk, worked_in = Desk(), []

    def work():
        worked_in.append(threading.current_thread())
        return 42

    getattr(runner, door)(work, desk.done, desk.failed)
    qtbot.waitUntil(lambda: desk.answers == [42])
    assert desk.threads == [threading.main_thread()]
    assert worked_in != [threading.main_thread()]


def test_an_error_comes_home_too(runner, qtbot):
    desk = Desk()
    runner.run(lambda: 1 // 0, desk.done, desk.failed)
    qtbot.waitUntil(lambda: bool(desk.errors))
    assert isinstance(desk.errors[0], ZeroDivisionError)
    assert desk.threads == [threading.main_thread()]


def test_an_error_nobody_waits_for_is_logged(runner, qtbot, caplog):
    runner.run(lambda: 1 // 0, lambda answer: None)
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert "nobody waits" in caplog.text


def test_busy_is_told_once_for_many(runner, qtbot):
    told, gate, desk = [], threading.Event(), Desk()
    runner.busy_changed.connect(told.append)
    for _ in range(3):
        runner.run(gate.wait, desk.done)
    assert told == [True]
    gate.set()
    qtbot.waitUntil(lambda: told == [True, False])
    assert desk.answers == [True] * 3


def test_answers_keep_the_order_of_the_lane(runner, qtbot):
    desk = Desk()
    for number in range(200):
        runner.run(lambda n=number: n, desk.done)
    qtbot.waitUntil(lambda: len(desk.answers) == 200)
    assert desk.answers == list(range(200))


def test_a_deleted_screen_gets_no_answer(runner, qtbot):
    desk, gate = Desk(), threading.Event()
    runner.run(gate.wait, desk.done)
    answers = desk.answers
    delete(desk)
    gate.set()
    qtbot.waitUntil(lambda: not runner.is_busy)
    assert answers == []


def test_after_close_nothing_arrives(qapp, lane, qtbot):
    runner, desk = Runner(lane), Desk()
    runner.run(lambda: 1, desk.done)
    runner.close()
    lane.submit(lambda: None).result()
    qapp.processEvents()
    assert desk.answers == []
