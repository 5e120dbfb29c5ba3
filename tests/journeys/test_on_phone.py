"""Codes for the customer's own phone at the real window: asked for, shown, refused, hidden.

Owns: the join dialog and the page of the server in each of these states. Does not own: the pages
themselves (tests/sync/server/pages), the sentences (tests/services/test_phone_page.py).
"""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from app.domain.phone_page import NoPages, PageLink, PageWanted
from tests.journeys.cashier import Cashier
from tests.screens import scenes_sync as acts
from tests.screens.scene import Scene, WaitingTerminal
from tests.screens.scenes_desk import as_manager, wait
from tests.screens.scenes_devices import display
from tests.screens.scenes_till import join, joined
from tests.ui import walking
from ui.join.dialog import JoinDialog
from ui.navigation import ToSettings

pytestmark = pytest.mark.journey
Key = Qt.Key
SIZES = ((1024, 768), (1366, 768))


@pytest.fixture
def scene(cashier: Cashier) -> Scene:
    return Scene(cashier, "zh_CN", WaitingTerminal())


def dialog_of(scene: Scene) -> JoinDialog:
    (dialog,) = scene.cashier.shown(JoinDialog)
    return dialog


def test_the_customer_joins_by_himself_and_the_code_goes_away_again(scene: Scene) -> None:
    acts.join_on_phone(scene)
    dialog, side = dialog_of(scene), dialog_of(scene).side
    assert side.phone.isVisible()
    assert side.phone.qr.isVisible()
    assert "18:32" in side.phone.sentence.text()
    assert not side.pad.isVisible()
    scene.cashier.tap(dialog.on_phone)
    assert side.pad.isVisible()
    assert not side.phone.isVisible()


def test_the_customers_own_screen_shows_the_code_too(scene: Scene) -> None:
    shown = display(scene)
    assert shown.window is not None
    acts.join_on_phone(scene)
    view = shown.window.view
    assert view is not None
    assert (view.state, view.headline) == ("phone", "用手机成为会员")
    assert view.phone_code.startswith(acts.PAGES)
    assert acts.PAGES not in repr(view.phone_code and shown._link), "a link opens once: never told"
    for size in ((800, 480), (1024, 600), (1920, 1080)):
        shown.window.resize(*size)
        scene.cashier.settle()
        assert walking.clipped(shown.window) == walking.outside(shown.window) == []
        [code] = [each for each in shown.window.sentence._codes if each.isVisible()]
        assert code.height() <= shown.window.height()
    scene.cashier.press(Key.Key_Escape)
    scene.cashier.settle()
    assert shown.window.view is not None
    assert shown.window.view.state != "phone"


def test_a_long_address_still_fits_beside_the_form(scene: Scene) -> None:
    line = acts.online(scene, pages=acts.PAGES)
    line.phone = PageLink(f"{acts.PAGES}/{'a' * 120}", line.now_ms)
    join(scene)
    acts.press_on_phone(scene)
    side = dialog_of(scene).side
    assert not side.phone.qr.isVisible()
    assert walking.outside(dialog_of(scene)) == []


def test_once_he_is_a_member_the_code_is_that_of_his_card(scene: Scene) -> None:
    acts.card_on_phone(scene)
    line: Any = scene.cashier.handle.parts.shop.server
    [wanted] = line.wanted
    assert wanted.page == "claim"
    assert scene.cashier.read(lambda work: work.members.get(wanted.member_id)) is not None
    dialog = dialog_of(scene)
    assert dialog.side.phone.qr.isVisible()
    scene.cashier.tap(dialog.on_phone)
    assert dialog.side.qr.isVisible(), "the card is there again"


def test_without_a_connection_it_says_what_to_do_instead(scene: Scene) -> None:
    acts.no_link(scene)
    side = dialog_of(scene).side
    assert not side.phone.qr.isVisible()
    assert "收银台" in side.phone.sentence.text()
    scene.cashier.press(Key.Key_Space, text=" ")
    scene.cashier.press(Key.Key_Return)
    assert dialog_of(scene).is_saved, "he joins at the till all the same"


def test_where_no_phone_reaches_the_server_there_is_no_such_key(scene: Scene) -> None:
    line = acts.online(scene)
    join(scene)
    wait(scene, lambda: line.wanted == [PageWanted("join")])
    scene.cashier.settle()
    assert not dialog_of(scene).on_phone.isVisible()


def test_an_address_that_came_later_is_noticed(scene: Scene) -> None:
    line = acts.online(scene)
    line.phone = PageLink(f"{acts.PAGES}/p/join/abc", line.now_ms)
    join(scene)
    wait(scene, dialog_of(scene).on_phone.isVisible)


def test_a_shop_of_its_own_has_no_such_key_and_its_settings_say_why(scene: Scene) -> None:
    joined(scene)
    assert not dialog_of(scene).on_phone.isVisible()
    scene.cashier.press(Key.Key_Return)
    acts.server_page(scene)
    assert "不显示" in acts.page_of(scene).hidden.text()


@pytest.mark.parametrize("pages", [None, acts.PAGES])
def test_the_page_of_the_server_says_where_phones_find_it(scene: Scene, pages: str | None) -> None:
    as_manager(scene)
    line = acts.online(scene, pages=pages)
    line.phone = NoPages()
    scene.cashier.handle.parts.navigation.go(ToSettings("server"))
    scene.cashier.settle()
    page = acts.page_of(scene)
    assert page.hidden.isVisible() is (pages is None)
    assert (acts.PAGES in [fact.says for fact in page.list.facts]) is (pages is not None)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("scale", [100, 150])
def test_no_word_is_cut_and_everything_is_reached(scene: Scene, size: Any, scale: int) -> None:
    cashier = scene.cashier
    theme = cashier.handle.parts.theme
    theme.use(scale_percent=scale)
    cashier.window.resize(*size)
    try:
        acts.card_on_phone(scene)
        for language in ("zh_CN", "en"):
            cashier.handle.parts.language.use(language)
            cashier.settle()
            dialog = dialog_of(scene)
            assert walking.clipped(dialog) == walking.outside(dialog) == []
            assert walking.nameless(dialog) == walking.too_small(dialog) == []
            assert walking.unreachable(dialog) == []
    finally:
        theme.use(scale_percent=100)
