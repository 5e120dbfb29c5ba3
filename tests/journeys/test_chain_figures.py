"""The whole chain's figures at a till of it, by keys: asked of head office; without it the shop's
own stand, and a sentence says why."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.domain.money import Money
from app.services.figures import figures_today
from app.services.joining import Joined, NewMember, join_member
from sync.server.figure_count import count_unit
from sync.server.figures import slice_figures
from tests.journeys.chain_counter import ChainCashier
from tests.real_shop import MILK, OIL
from tests.screens.scene import Scene, WaitingTerminal
from tests.screens.scenes_desk import ALT, as_manager
from tests.screens.scenes_figures import board, is_read, open_figures
from tests.sync.joined.made_chain import Chain
from ui import formatting
from ui.figures.controller import FiguresController
from ui.kit.pick_dialog import PickDialog
from ui.navigation import ToMember

pytestmark = [pytest.mark.journey, pytest.mark.slow]
Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


def is_of_chain(page: FiguresController) -> bool:
    found = page.slice.found
    return found is not None and found.of_chain


def count_at_head_office(chain: Chain) -> None:
    write, tenant = chain.office.ready.database.write, chain.office.ready.tenant.tenant
    while write(lambda connection: count_unit(connection, tenant)):
        pass


def opened_to_the_last_receipt(at: ChainCashier, page: FiguresController) -> int:
    """Enter upon Enter from the first tile: days of the chain, receipts of the day; what they come
    to. Then back to the tiles."""
    table = page.screen.behind.table
    at.cashier.press(Key.Key_Return)
    at.until(lambda: page.screen.is_behind and bool(table.rows), "the days of the chain")
    at.cashier.press(Key.Key_Return)
    at.until(lambda: table.rows[0].key.startswith(("receipt:", "elsewhere:")), "its receipts")
    reader = page.behind.drill.page
    assert reader is not None and not reader.has_more
    whole = reader.told_minor
    assert formatting.money(Money(whole), currency="CNY") in page.screen.behind.words
    for _ in table.rows:
        if not table.current_key.startswith("elsewhere:"):
            at.cashier.press(Key.Key_Down)
    at.cashier.press(Key.Key_Return)
    assert "请到其门店" in page.screen.behind.notice.sentence
    at.cashier.press(Key.Key_Escape)
    at.cashier.press(Key.Key_Escape)
    at.until(lambda: not page.screen.is_behind, "back at the tiles")
    return whole


def a_stranger(chain: Chain) -> str:
    """Somebody who joins in the other store, and has never been here."""
    second = chain.second
    joined = second.do(
        join_member, new=NewMember(name="周小川", consents=frozenset({"membership"}))
    )
    assert isinstance(joined, Joined)
    second.sell(OIL)
    assert chain.first.real.store.lane.run(lambda work: work.members.get(joined.member_id)) is None
    return joined.member_id


def a_member_of_the_other_store_is_opened(
    at: ChainCashier, page: FiguresController, chain: Chain
) -> None:
    """Enter on the row of somebody this till does not know: head office is asked for her."""
    behind = page.screen.behind
    for _ in range(3):
        at.cashier.press(Key.Key_Right)
    at.cashier.press(Key.Key_Return)
    at.until(lambda: page.screen.is_behind and bool(behind.table.rows), "members of the chain")
    places = [at for at, row in enumerate(behind.table.rows) if row.key.startswith("stranger:")]
    assert len(places) == 1, [row.key for row in behind.table.rows]
    for _ in range(places[0]):
        at.cashier.press(Key.Key_Down)
    chain.first.line.switch(on=False)
    at.cashier.press(Key.Key_Return)
    at.until(lambda: "现在联系不上总部" in behind.notice.sentence, "it says so")
    assert page.screen.is_behind
    chain.first.line.switch(on=True)
    chain.first.until_online()
    at.cashier.press(Key.Key_Return)
    at.until(lambda: at.cashier.at(ToMember), "she is told of")
    at.until(lambda: "周*" in " ".join(at.cashier.texts()), "and shown")
    at.cashier.press(Key.Key_Escape)
    at.until(lambda: page.screen.is_behind, "back in the list")
    at.cashier.press(Key.Key_Escape)
    at.until(lambda: not page.screen.is_behind, "back at the tiles")
    for _ in range(3):
        at.cashier.press(Key.Key_Left)


def saved_as_it_stands(at: ChainCashier, page: FiguresController, folder: Path) -> None:
    """Nobody tells the cohorts: the figures on the screen are a file all the same."""
    page.file.folder = folder
    at.cashier.press(Key.Key_E, CONTROL)
    at.cashier.type("2")
    at.until(lambda: "文件中没有同期群" in page.screen.notice.sentence, "saved without cohorts")
    [file] = folder.glob("*.csv")
    said = file.read_text("utf-8-sig")
    assert "总部没有给出同期群" in said and "全部门店" not in said


def test_the_chain_is_two_keys_away_and_the_shop_stands_without_a_line(
    chain: Chain, at: ChainCashier, tmp_path: Path
) -> None:
    chain.first.sell(MILK)
    a_stranger(chain)
    for counter in chain.both:
        counter.line.sync_now()
        counter.until_sent()
    count_at_head_office(chain)
    scene = Scene(at.cashier, "zh_CN", WaitingTerminal())
    as_manager(scene)
    open_figures(scene)
    page = board(scene)
    days = page.slice.wanted.days
    at.cashier.press(Key.Key_2, ALT)
    last = len(next(at.cashier.shown(PickDialog)).rows)
    at.cashier.type(str(last))
    at.until(lambda: is_of_chain(page), "head office told")
    ready = chain.office.ready
    told = ready.database.read(lambda c: slice_figures(c, ready.tenant.tenant, days))
    tile = {each.name: each.value for each in page._board.view.tiles} if page._board else {}
    sales = next(each for each in told if each.id == "sales").numerator
    assert days.last == figures_today(shop=at.counter.real.shop) and sales >= 2
    assert formatting.points(sales) in tile.values()
    notes = page.screen.notes.text()
    assert page.screen.till.text() == "全部门店" and "总部" in notes
    a_member_of_the_other_store_is_opened(at, page, chain)
    net = opened_to_the_last_receipt(at, page)
    assert net == next(each for each in told if each.id == "net_paid").numerator
    at.until(lambda: page.slice.hours is not None, "the day hour by hour")
    chain.first.line.switch(on=False)
    at.cashier.press(Key.Key_Return)
    at.until(lambda: "总部没有应答" in page.screen.notice.sentence, "nobody tells")
    assert is_of_chain(page) and not page.screen.is_behind, "it stays where it was"
    saved_as_it_stands(at, page, tmp_path / "files")
    at.cashier.press(Key.Key_2, ALT)
    at.cashier.type(str(last))
    at.until(lambda: "总部没有应答" in page.screen.notice.sentence, "it says so")
    at.until(lambda: is_read(page) and not is_of_chain(page), "the shop's own stand")
    assert page.screen.till.text() == "全店"
    chain.first.line.switch(on=True)
