"""Epochs of enrolments: the first keeps the chain, each later one begins two new ones."""

from __future__ import annotations

import pytest

from app.domain.enrolment import epoch_to_ask, epoch_to_renew


@pytest.mark.parametrize(
    ("current", "used", "again", "asked"),
    [
        pytest.param(1, (), False, 1, id="the first time: its chain goes on"),
        pytest.param(3, (1, 2), False, 3, id="restored before it ever enrolled"),
        pytest.param(1, (1,), True, 3, id="again: one epoch for old facts, one for new"),
        pytest.param(4, (1, 3, 6), True, 8, id="above every epoch it ever used"),
    ],
)
def test_the_epoch_that_is_asked_for(
    current: int, used: tuple[int, ...], again: bool, asked: int
) -> None:
    assert epoch_to_ask(current, used, again=again) == asked


@pytest.mark.parametrize(
    ("given", "used", "renewed"),
    [
        pytest.param(1, (1,), None, id="its chain goes on"),
        pytest.param(3, (1,), 2, id="old facts get the one below"),
        pytest.param(9, (1, 4), 8, id="the server knew of more epochs"),
        pytest.param(2, (1,), None, id="no room for one below"),
    ],
)
def test_the_epoch_of_facts_that_are_pushed_again(
    given: int, used: tuple[int, ...], renewed: int | None
) -> None:
    assert epoch_to_renew(given, used) == renewed
