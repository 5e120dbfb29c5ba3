"""Which of a machine's screens is the customer's."""

import pytest
from PySide6.QtCore import QRect

from ui.customer_display.screens import second_place

TILL = QRect(0, 0, 1366, 768)
RIGHT = QRect(1366, 0, 1024, 600)
ABOVE = QRect(0, -1080, 1920, 1080)

PLACES = [
    pytest.param([], None, id="one screen"),
    pytest.param([RIGHT], 0, id="a second one"),
    pytest.param([TILL], None, id="it mirrors the till"),
    pytest.param([QRect(0, 0, 1024, 768)], None, id="it mirrors a part of the till"),
    pytest.param([TILL, RIGHT], 1, id="a mirror and a second one"),
    pytest.param([QRect(), ABOVE], 1, id="one that is not ready yet"),
    pytest.param([RIGHT, ABOVE], 0, id="the first of two"),
]


@pytest.mark.parametrize(("others", "wanted"), PLACES)
def test_the_customers_screen_is_the_first_that_is_not_the_tills(
    others: list[QRect], wanted: int | None
) -> None:
    assert second_place(TILL, others) == wanted
