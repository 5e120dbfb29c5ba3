"""The whole chain's cohorts at a till of it, by keys; without head office the shop's own stand."""

from __future__ import annotations

import re
from dataclasses import replace
from threading import Event

import pytest
from PySide6.QtCore import Qt

from app.domain.chain_behind import BehindTold, BehindWanted
from app.domain.link import Link
from app.domain.server_answer import NoAnswer
from app.services.joining import NewMember, join_member
from app.services.staff import lock_till
from tests.journeys.cashier import Cashier
from tests.journeys.chain_counter import ChainCashier
from tests.journeys.test_chain_figures import count_at_head_office
from tests.real_shop import MILK, OIL
from tests.screens.scene import Scene, WaitingTerminal
from tests.screens.scenes_chain_figures import ChainTold
from tests.screens.scenes_desk import ALT, as_manager, wait
from tests.screens.scenes_figures import cohorts, open_figures, people_page
from tests.sync.joined.made_chain import Chain
from tests.ui import keys, walking
from tests.ui.real_window import wait_until
from ui.segments.controller import SegmentsController

pytestmark = [pytest.mark.journey, pytest.mark.slow]
Key = Qt.Key
NO = Qt.KeyboardModifier.NoModifier


def each_store_gets_a_member(chain: Chain) -> None:
    """Who joins and buys at either till is new to the other."""
    for counter, name in ((chain.first, "周小川"), (chain.second, "吴桂英")):
        counter.do(join_member, new=NewMember(name=name, consents=frozenset({"membership"})))
        counter.sell(MILK if counter is chain.first else OIL)
        counter.line.sync_now()
        counter.until_sent()
    count_at_head_office(chain)


def new_buyers(page: SegmentsController) -> list[str]:
    """The column of members, in the grid."""
    view = page.screen.cohorts.grid.view
    return [] if view is None else [row.total for row in view.rows]


def opened(scene: Scene) -> SegmentsController:
    """The third page of the figures."""
    as_manager(scene)
    open_figures(scene)
    scene.cashier.type("3")
    page = people_page(scene)
    wait(scene, lambda: not page.counting.is_running)
    return page


def is_quiet(page: SegmentsController) -> bool:
    """Nothing is said and nothing is under way, on either page."""
    said = page.screen.notice.sentence + page.screen.behind.notice.sentence
    return not said and not page.screen.busy.isVisible()


def test_the_cohorts_of_all_stores_are_a_key_away(chain: Chain, at: ChainCashier) -> None:
    each_store_gets_a_member(chain)
    page = opened(Scene(at.cashier, "zh_CN", WaitingTerminal()))
    at.until(lambda: new_buyers(page) == ["1"], "this shop's own")
    assert page.screen.cohorts.whose.isVisible()
    at.cashier.press(Key.Key_1, ALT)
    at.until(lambda: new_buyers(page) == ["2"], "those of both stores")
    assert "全部门店：谁又回来了" in at.cashier.texts()
    assert re.search(r"总部 .+ 的数字。", " ".join(at.cashier.texts()))
    at.cashier.press(Key.Key_Return)
    assert "只有本店的同期群能列出名单" in page.screen.notice.sentence
    assert not page.screen.is_behind
    at.cashier.press(Key.Key_3, ALT)
    assert [cell.text for cell in page.screen.cohorts.table.rows[0].cells][1] == "2"
    assert walking.clipped(page.screen) == []
    at.cashier.press(Key.Key_1, ALT)
    assert new_buyers(page) == ["1"] and is_quiet(page)

    chain.first.line.switch(on=False)
    at.cashier.press(Key.Key_1, ALT)
    at.until(lambda: "现在显示的是本店的" in page.screen.notice.sentence, "nobody tells")
    assert new_buyers(page) == ["1"] and not page.cohorts.told.chain
    at.cashier.press(Key.Key_Return)
    at.until(lambda: page.screen.is_behind, "who it is")
    assert is_quiet(page), "the list is whole"
    chain.first.line.switch(on=True)


class Slow(ChainTold):
    """Head office takes its time, and counts who asks."""

    def __init__(self) -> None:
        super().__init__(Link("online", 1))
        self.answers, self.asked = Event(), 0

    def behind(  # type: ignore[override] # ToldLine never hears of a chain
        self, asked: BehindWanted
    ) -> BehindTold | NoAnswer:
        self.asked += 1
        assert self.answers.wait(30)
        return super().behind(asked)


@pytest.fixture
def slow(cashier: Cashier) -> Slow:
    line = Slow()
    cashier.handle.parts.shop = replace(cashier.handle.parts.shop, server=line)
    return line


@pytest.mark.parametrize("stopped_by", [(Key.Key_Escape, NO), (Key.Key_1, ALT)])
def test_nobody_has_to_wait_for_head_office(
    cashier: Cashier, slow: Slow, stopped_by: tuple[Qt.Key, Qt.KeyboardModifier]
) -> None:
    scene = Scene(cashier, "zh_CN", WaitingTerminal())
    page = opened(scene)
    keys.press(cashier.window, Key.Key_1, ALT)
    wait_until(page.screen.busy.isVisible)
    keys.press(cashier.window, *stopped_by)
    wait_until(lambda: is_quiet(page))
    slow.answers.set()
    cashier.settle()
    assert new_buyers(page) == [] and slow.asked == 1, "nobody waited for it"


def test_what_is_judged_meanwhile_asks_nothing_anew(cashier: Cashier, slow: Slow) -> None:
    scene = Scene(cashier, "zh_CN", WaitingTerminal())
    page = opened(scene)
    keys.press(cashier.window, Key.Key_1, ALT)
    keys.press(cashier.window, Key.Key_2, ALT)
    wait_until(lambda: not page.counting.is_running)
    assert page.screen.busy.isVisible(), "the question stands"
    slow.answers.set()
    wait(scene, lambda: len(new_buyers(page)) == 12)
    cashier.press(Key.Key_Down)
    marked = page.cohorts.marked

    keys.press(cashier.window, Key.Key_2, ALT)
    keys.press(cashier.window, Key.Key_Escape)  # stops judging, or leaves: asks nobody
    cashier.settle()
    assert is_quiet(page) and slow.asked == 1
    open_figures(scene)
    cashier.type("3")
    wait(scene, lambda: not page.counting.is_running)
    assert new_buyers(page) == [] and slow.asked == 1, "the shop's own come first"
    cashier.press(Key.Key_1, ALT)
    wait(scene, lambda: len(new_buyers(page)) == 12)
    assert page.cohorts.marked == marked, "the month that was looked at"
    cashier.press(Key.Key_1, ALT)
    assert new_buyers(page) == [] and is_quiet(page) and slow.asked == 2


def test_the_month_that_is_marked_is_marked_in_both(cashier: Cashier) -> None:
    scene = Scene(cashier, "zh_CN", WaitingTerminal())
    cohorts(scene)
    page = people_page(scene)
    parts = cashier.handle.parts
    parts.shop = replace(parts.shop, server=ChainTold(Link("online", 1)))
    marked = page.cohorts.marked
    assert marked is not None and len(new_buyers(page)) == 1
    cashier.press(Key.Key_1, ALT)
    wait(scene, lambda: len(new_buyers(page)) == 12)
    assert page.cohorts.marked == marked
    cashier.press(Key.Key_1, ALT)
    assert len(new_buyers(page)) == 1 and page.cohorts.marked == marked


def test_who_may_not_see_them_is_told_so(cashier: Cashier, slow: Slow) -> None:
    scene = Scene(cashier, "zh_CN", WaitingTerminal())
    page = opened(scene)
    cashier.press(Key.Key_2)  # the groups: nothing of head office is said there
    cashier.press(Key.Key_3)
    cashier.handle.parts.ask(lock_till)
    cashier.settle()
    page.cohorts.told.switch()
    cashier.settle()
    assert slow.asked == 0 and "你的角色不能查看报表" in page.screen.notice.sentence


def test_a_shop_of_its_own_offers_no_chain(cashier: Cashier) -> None:
    page = opened(Scene(cashier, "zh_CN", WaitingTerminal()))
    assert not page.screen.cohorts.whose.isVisible()
    cashier.press(Key.Key_1, ALT)
    assert not page.cohorts.told.chain
