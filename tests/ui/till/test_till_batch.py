"""Goods with a batch at the till: their row says it, what ends soon is said."""

from __future__ import annotations

from tests.services.test_batch import label
from tests.ui.opened import Opened
from ui.sounds import Sound


def reasons(till: Opened) -> list[str]:
    return [row.reason for row in till.till.view.rows]


def test_the_row_says_batch_and_last_day(opened: Opened) -> None:
    opened.scan(label())
    assert reasons(opened) == ["批次 B20261101 ⋅ 有效期至 2026-11-30"]
    assert opened.till.screen.notice.isHidden()


def test_what_ends_today_is_said_aloud_and_does_not_stop_the_sale(opened: Opened) -> None:
    opened.scan(label(last_day="261121"))
    assert opened.till.screen.notice.sentence == "纯牛奶 250ml×12今天到期，请告诉顾客。"
    assert opened.sounds[-1] is Sound.NEED_ATTENTION
    assert reasons(opened) == ["批次 B20261101 ⋅ 今天到期"]
    opened.scan(label(last_day="261123", lot="B2"))
    assert "快到了" in reasons(opened)[1]


def test_a_numbered_piece_is_not_rung_up_twice(opened: Opened) -> None:
    numbered = label(more="21S000077")
    for _ in range(2):
        opened.scan(numbered)
    assert opened.till.screen.notice.sentence == "纯牛奶 250ml×12：这一件已经在购物篮里。"
    assert [row.quantity for row in opened.till.view.rows] == ["1"]
    assert not opened.till.view.rows[0].can_step
