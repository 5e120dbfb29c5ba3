"""One question to a terminal: which answers are heard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest
from PySide6.QtCore import QObject

from app.domain.payment import Approved, Declined, Unknown
from ui.payment.terminal_talk import TerminalTalk

Answer = Callable[[object], object]


class Line:
    """Beside the lane: whoever is asked answers when the test says so."""

    def __init__(self) -> None:
        self.asked: list[tuple[Answer, Answer]] = []

    def ask_aside(
        self, slow: object, on_done: Answer, *, on_error: Answer, **wanted: object
    ) -> None:
        self.asked.append((on_done, on_error))


@pytest.fixture
def talking(qapp: object) -> tuple[TerminalTalk, Line, list[object]]:
    line, said = Line(), list[object]()
    parent = QObject()
    talk = TerminalTalk(cast("Any", line), parent)
    talk.setParent(None)
    talk.said.connect(said.append)
    return talk, line, said


def never(**_: object) -> Any:
    raise AssertionError("the line answers")


def test_an_answer_of_a_screen_that_was_left_settles_no_other_payment(
    talking: tuple[TerminalTalk, Line, list[object]],
) -> None:
    talk, line, said = talking
    talk.ask(never)
    talk.reset()
    line.asked[0][0](Approved("of the first customer"))
    assert said == []
    talk.ask(never)
    line.asked[0][0](Approved("of the first customer"))
    line.asked[1][0](Declined("other"))
    assert said == [Declined("other")]
    talk.stop()


def test_a_terminal_that_raises_has_said_unknown(
    talking: tuple[TerminalTalk, Line, list[object]],
) -> None:
    talk, line, said = talking
    talk.query(never)
    line.asked[0][1](OSError("the line broke"))
    assert said == [Unknown()]
