"""The receipts of a day: what is said above them where the list is cut, where some are not here."""

from __future__ import annotations

from datetime import date

from app.domain.money import Money
from app.services.figure_receipts import ReceiptRow, ReceiptsOfDay
from tests.real_shop import words_for
from ui.figures.drill import receipts_page

DAY = date(2026, 11, 21)
ROW = ReceiptRow("sale", "0200-0001", 0, Money(4_290), 2, "王芳", "", of_member=False)


def test_a_list_that_is_cut_says_the_whole_day_and_is_still_held_against_the_figure() -> None:
    day = ReceiptsOfDay(DAY, (ROW, ROW), Money(12_870), has_more=True)
    agreed, short = (receipts_page(day, told, words_for("en"), "CNY") for told in (12_870, 12_970))
    assert agreed.value == short.value == "¥128.70"
    assert agreed.sentences[1:] == ("Only the newest 2 are shown.",)
    assert short.sentences[1:] == (
        "Only the newest 2 are shown.",
        "¥1.00 more stands in receipts that only other tills hold.",
    )
