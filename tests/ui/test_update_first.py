"""A till that opens no further says so for as long as it stands, and offers no set-up."""

from pytestqt.qtbot import QtBot

from app.store.unit_of_work import UnitOfWork
from tests.real_shop import MILK, RealShop
from tests.services.conftest import make_rules_unreadable
from tests.ui.opened import open_on
from ui.application import Application
from ui.trouble.window import TroubleWindow


def test_a_till_older_than_its_rules_asks_for_an_update(
    real_shop: RealShop, application: Application, qtbot: QtBot
) -> None:
    make_rules_unreadable(real_shop)
    made = open_on(real_shop, application, qtbot)
    try:
        assert made.window.banner.isVisible()
        assert made.window.banner.sentence.endswith("请更新收银程序后再启动。")
        made.scan(MILK)
        assert made.handle.parts.navigation.here is None, "no wizard, no till"
    finally:
        made.close()


def test_the_request_to_update_is_said_anew_in_the_other_language(
    real_shop: RealShop, application: Application, qtbot: QtBot
) -> None:
    make_rules_unreadable(real_shop)
    made = open_on(real_shop, application, qtbot)
    try:
        made.window.switch_language()
        made.settle()
        assert made.window.banner.isVisible()
        assert made.window.banner.sentence.endswith("then start it again.")
    finally:
        made.close()


def test_a_basket_that_cannot_be_read_is_said_and_not_pressed_away(
    real_shop: RealShop, application: Application, qtbot: QtBot
) -> None:
    cut_off = (b'{"basket_id"',)

    def damage(unit: UnitOfWork) -> None:
        unit.connection.exec_driver_sql("UPDATE basket SET data = ?", cut_off)

    real_shop.store.lane.run(damage)
    made = open_on(real_shop, application, qtbot)
    try:
        (page,) = made.window.findChildren(TroubleWindow)
        assert page.isVisible() and page.view.code == "E-STORE-09"
        assert not made.window.header.isVisible()
        made.scan(MILK)
        assert made.handle.parts.navigation.here is None, "a full store is not opened half"
    finally:
        made.close()
