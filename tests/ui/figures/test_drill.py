"""The receipts of a day: what is said above them where the list is cut, where some are not here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.domain.money import Money
from app.domain.server_answer import Declined, NoAnswer, NoServer
from app.services.chain_behind import ChainReceiptsRead
from app.services.figure_receipts import ReceiptRow, ReceiptsOfDay
from tests.real_shop import words_for
from ui.figures.drill import chain_receipt_rows, chain_receipts_page, closed_row, receipts_page
from ui.figures.files import why_not
from ui.figures.untold import not_told_words

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


def test_why_head_office_tells_nothing_is_said_with_what_helps() -> None:
    """A program of before has no such address."""
    words = words_for("zh_CN")
    assert "升级总部" in not_told_words(Declined("not_found"), words)
    for answer in (NoAnswer(), NoServer(), Declined("internal")):
        assert "稍后再试" in not_told_words(answer, words)
        assert "没有写出文件" in why_not(answer, words)
    assert "升级总部" in why_not(Declined("not_found"), words), "a file is not had later either"


def test_the_list_of_a_day_of_the_chain_says_where_it_comes_to_something_else() -> None:
    words, day = words_for("zh_CN"), DAY
    agreed = chain_receipts_page(day, 12_870, None, words, "CNY")
    assert (agreed.value, len(agreed.sentences)) == ("¥128.70", 1)
    counting = chain_receipts_page(day, 12_870, 13_000, words, "CNY")
    assert "¥130" in counting.sentences[1]
    own, other = chain_receipt_rows(
        ChainReceiptsRead(
            (replace(ROW, store="renmin-road"), replace(ROW, store="lake-road")),
            "", has_more=False, stores={"renmin-road": "人民路店", "lake-road": "湖滨路店"},
        ),
        "renmin-road", "Asia/Shanghai", words, "CNY",
    )  # fmt: skip
    assert own.key == "receipt:0200-0001" and not closed_row(own.key, words)
    assert own.cells[2].text == "人民路店" and other.cells[2].text == "湖滨路店"
    assert "湖滨路店" in closed_row(other.key, words)
    assert len(own.cells) == len(agreed.columns)
