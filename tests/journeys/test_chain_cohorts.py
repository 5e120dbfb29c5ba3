"""The whole chain's cohorts at a till of it, by keys; without head office the shop's own stand."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

import pytest
from PySide6.QtCore import Qt

from app.domain.chain_behind import BehindTold, BehindWanted
from app.domain.link import Link
from app.domain.server_answer import NoAnswer
from app.services.joining import NewMember, join_member
from tests.journeys.cashier import Cashier
from tests.journeys.chain_counter import ChainCashier
from tests.journeys.test_chain_figures import count_at_head_office
from tests.real_shop import MILK, OIL
from tests.screens.scene import Scene, WaitingTerminal
from tests.screens.scenes_chain_figures import ChainTold
from tests.screens.scenes_desk import ALT, as_manager, wait
from tests.screens.scenes_figures import open_figures, people_page
from tests.sync.joined.made_chain import Chain
from tests.ui import keys, walking
from tests.ui.real_window import wait_until
from ui.segments.controller import SegmentsController

pytestmark = [pytest.mark.journey, pytest.mark.slow]
Key = Qt.Key


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


def test_the_cohorts_of_all_stores_are_a_key_away(chain: Chain, at: ChainCashier) -> None:
    each_store_gets_a_member(chain)
    page = opened(Scene(at.cashier, "zh_CN", WaitingTerminal()))
    at.until(lambda: new_buyers(page) == ["1"], "this shop's own")
    assert page.screen.cohorts.whose.isVisible()
    at.cashier.press(Key.Key_1, ALT)
    at.until(lambda: new_buyers(page) == ["2"], "those of both stores")
    assert "谁又回来了 · 全部门店" in at.cashier.texts()
    at.cashier.press(Key.Key_Return)
    assert "只有本店的同期群能列出名单" in page.screen.notice.sentence
    assert not page.screen.is_behind
    at.cashier.press(Key.Key_3, ALT)
    assert [cell.text for cell in page.screen.cohorts.table.rows[0].cells][1] == "2"
    assert walking.clipped(page.screen) == []

    chain.first.line.switch(on=False)
    at.cashier.press(Key.Key_2, ALT)  # judged again, and asked again
    at.until(lambda: "总部没有应答" in page.screen.notice.sentence, "nobody tells")
    at.until(lambda: new_buyers(page) == ["1"], "this shop's own stand")
    at.cashier.press(Key.Key_1, ALT)
    at.until(lambda: "总部没有应答" in page.screen.notice.sentence, "nobody tells still")
    assert new_buyers(page) == ["1"] and not page.cohorts.told.chain
    at.cashier.press(Key.Key_Return)
    at.until(lambda: page.screen.is_behind, "who it is")
    chain.first.line.switch(on=True)


def test_nobody_has_to_wait_for_head_office(cashier: Cashier) -> None:
    parts, answers = cashier.handle.parts, Event()

    class Slow(ChainTold):
        def behind(self, asked: BehindWanted) -> BehindTold | NoAnswer:  # type: ignore[override] # as there
            assert answers.wait(30)
            return super().behind(asked)

    parts.shop = replace(parts.shop, server=Slow(Link("online", 1)))
    scene = Scene(cashier, "zh_CN", WaitingTerminal())
    page = opened(scene)
    keys.press(cashier.window, Key.Key_1, ALT)
    wait_until(page.screen.busy.isVisible)
    keys.press(cashier.window, Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    wait_until(lambda: not page.screen.busy.isVisible())
    answers.set()
    cashier.settle()
    assert new_buyers(page) == [], "nobody waited for it"
    answers.clear()
    keys.press(cashier.window, Key.Key_1, ALT)
    keys.press(cashier.window, Key.Key_2, ALT)  # judged meanwhile: the question stands
    wait_until(lambda: not page.counting.is_running)
    answers.set()
    wait(scene, lambda: len(new_buyers(page)) == 12)
    assert not page.screen.busy.isVisible()
    cashier.press(Key.Key_1, ALT)
    wait(scene, lambda: new_buyers(page) == [])


def test_a_shop_of_its_own_offers_no_chain(cashier: Cashier) -> None:
    page = opened(Scene(cashier, "zh_CN", WaitingTerminal()))
    assert not page.screen.cohorts.whose.isVisible()
    cashier.press(Key.Key_1, ALT)
    assert not page.cohorts.told.chain
