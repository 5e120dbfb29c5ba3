"""From an empty store to the first sale; settings; versions of the program and their notice."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.domain.money import Money
from app.domain.product import Product
from app.services.answers import NotAllowed, OpenShiftFirst
from app.services.approval import ActForbidden
from app.services.checkout import SaleDone
from app.services.opening import (
    SetUpFirst,
    TillOpened,
    UpdateFirst,
    open_till,
    refresh_desk,
)
from app.services.payment import pay_cash
from app.services.product import find_products
from app.services.program import (
    NoticeTooShort,
    ProgramAdded,
    ProgramUnreadable,
    VersionKnown,
    add_program,
    program_notices,
)
from app.services.scan import scan_code
from app.services.settings import (
    SettingChanged,
    SettingNotPossible,
    change_language,
    change_together,
)
from app.services.setup import (
    ManagerExists,
    NameMissing,
    NameTooLong,
    NameUnreadable,
    RecoveryWrong,
    SetUpAt,
    choose_language,
    choose_rules,
    confirm_recovery,
    first_manager,
    name_store,
    set_up_at,
)
from app.services.shift import CountFirst, ShiftBegan, open_shift
from app.services.staff import PinRefused, SignedIn, sign_in_with_pin, staff_tiles
from app.store.recovery_code import RecoveryCode, parse_recovery_code
from tests.real_shop import (
    IDENTITY,
    MILK,
    PROGRAM,
    RESOURCES,
    RealShop,
    bare_shop,
    recovery_code,
)
from tests.services.conftest import make_rules_unreadable, restarted, trail


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[RealShop]:
    """A machine before its set-up."""
    made = bare_shop(tmp_path)
    made.store.lane.submit(lambda work: work.device.write(IDENTITY)).result()
    yield made
    made.close()


class CodeOnPaper:
    """The recovery code of the store, as the wizard gets it."""

    def shown(self) -> str:
        return recovery_code().grouped

    def is_right(self, typed: str) -> bool:
        read = parse_recovery_code(typed)
        return isinstance(read, RecoveryCode) and read == recovery_code()


def test_five_steps_lead_to_the_first_sale(empty: RealShop) -> None:
    assert empty.do(open_till) == SetUpFirst(None)
    assert empty.do(lambda shop, work: set_up_at(work=work)) == SetUpAt("language")
    assert empty.do(choose_language, language="en") == SetUpAt("store")
    assert empty.do(name_store, name=" Corner Shop ", address="1 High St") == SetUpAt("manager")
    assert empty.do(first_manager, name="Ann", pin="2580") == SetUpAt("rules")
    assert empty.do(open_till) == SetUpFirst("rules"), "a crash resumes at the step"
    assert empty.do(choose_rules, toml=PROGRAM) == SetUpAt("recovery")
    paper = CodeOnPaper()
    assert empty.do(confirm_recovery, codes=paper, typed="wrong") == RecoveryWrong()
    assert empty.do(confirm_recovery, codes=paper, typed=paper.shown().lower()) == SetUpAt("done")
    opened = empty.do(open_till)
    assert isinstance(opened, TillOpened)
    settings = opened.state.settings
    assert (settings.store_name, settings.language) == ("Corner Shop", "en")
    assert settings.receipt_languages == ("en",)
    [tile] = empty.do(staff_tiles)
    assert isinstance(empty.do(sign_in_with_pin, staff_id=tile.staff_id, pin="2580"), SignedIn)
    tea = Product("tea", "Tea", "food", Money(450), ("6901028000062",))
    empty.do(lambda shop, work: work.products.put(tea))
    empty.do(scan_code, text="6901028000062")
    assert empty.do(pay_cash) == OpenShiftFirst("none"), "a new shop sells within shifts"
    assert isinstance(empty.do(open_shift), CountFirst), "nobody knows what lies in the drawer"
    assert isinstance(empty.do(open_shift, typed={"10": "20"}), ShiftBegan)
    assert isinstance(empty.do(pay_cash), SaleDone)


def test_a_shop_whose_rules_are_all_of_a_newer_product_is_never_set_up_again(
    shop: RealShop,
) -> None:
    make_rules_unreadable(shop)
    answer = shop.do(open_till)
    assert isinstance(answer, UpdateFirst)
    assert answer.settings == shop.shop.desk.state.settings


def test_wrong_input_stays_at_its_step(empty: RealShop) -> None:
    empty.do(choose_language, language="zh_CN")
    assert empty.do(name_store, name="  ") == NameMissing()
    assert empty.do(name_store, name="店" * 61) == NameTooLong(60)
    empty.do(name_store, name="人民路店")
    assert empty.do(first_manager, name="王芳", pin="1234") == PinRefused("too_common")
    assert empty.do(first_manager, name="", pin="2580") == NameMissing()
    assert empty.do(first_manager, name="芳" * 61, pin="2580") == NameTooLong(60)
    assert empty.do(first_manager, name="王芳\n店长", pin="2580") == NameUnreadable()
    assert empty.do(lambda shop, work: set_up_at(work=work)) == SetUpAt("manager")
    empty.do(first_manager, name="王芳", pin="2580")
    assert empty.do(first_manager, name="另一位", pin="2581") == ManagerExists()
    wrong = empty.do(choose_rules, toml=PROGRAM.replace("[redemption]", "[redemptions]"))
    assert isinstance(wrong, ProgramUnreadable)
    assert "redemptions" in wrong.message
    lines = PROGRAM.replace('amount = "15.00"', 'amount = "150.01"')
    absurd = empty.do(choose_rules, toml=lines)
    assert isinstance(absurd, ProgramUnreadable), "more off than what has to be spent"
    assert "150.01" in absurd.message
    assert empty.do(lambda shop, work: work.programs.all_programs()) == []


def test_going_back_keeps_the_place_reached(empty: RealShop) -> None:
    empty.do(choose_language, language="zh_CN")
    empty.do(name_store, name="人民路店")
    assert empty.do(choose_language, language="en") == SetUpAt("store")
    assert empty.do(lambda shop, work: set_up_at(work=work)) == SetUpAt("manager")


# ------------------------------------------------------------------ settings


def test_settings_other_than_ones_own_need_the_right(shop: RealShop) -> None:
    mine = {"theme": "dark", "text_scale": "130"}
    assert isinstance(shop.do(change_together, typed=mine), SettingChanged)
    theirs = {**mine, "scan_to_pay": "off"}
    before = shop.shop.desk.state.settings
    assert shop.do(change_together, typed=theirs) == ActForbidden("change_settings")
    assert shop.shop.desk.state.settings == before
    shop.sign_in("王芳")
    assert isinstance(shop.do(change_together, typed=theirs), SettingChanged)
    assert shop.do(change_language, language="en").state.settings.language == "en"
    wanted = replace(before, scan_to_pay=False, language="en")
    assert restarted(shop).state.settings == wanted


@pytest.mark.parametrize(
    ("identifier", "typed"),
    [
        pytest.param("receipt_columns", "20", id="too narrow"),
        pytest.param("scan_gap_ms", "1", id="too fast"),
        pytest.param("lock_after_s", "9999", id="too late"),
        pytest.param("weighed_weight", "19", id="no prefix"),
        pytest.param("internal_pattern", r"\d{1,18}", id="takes payments"),
        pytest.param("receipt_languages", "", id="no language"),
    ],
)
def test_a_setting_out_of_its_limits_is_named(shop: RealShop, identifier: str, typed: str) -> None:
    shop.sign_in("王芳")
    before = shop.shop.desk.state.settings
    answer = shop.do(change_together, typed={"theme": "dark", identifier: typed})
    assert isinstance(answer, SettingNotPossible)
    assert answer.identifier == identifier
    assert shop.shop.desk.state.settings == before


# ------------------------------------------------------------------ programs


def later(version: str, effective: str) -> str:
    toml = PROGRAM.replace('version = "2026.1"', f'version = "{version}"')
    toml = toml.replace("effective = 2025-11-01", f"effective = {effective}")
    toml = toml.replace("announced = 2025-10-01", "announced = 2026-11-21")
    return toml.replace('discount = "0.12"', 'discount = "0.20"')


def test_a_new_version_needs_its_notice_and_takes_over_on_its_day(shop: RealShop) -> None:
    assert shop.do(add_program, toml=PROGRAM) == NotAllowed("manage_program")
    shop.sign_in("王芳")
    assert shop.do(add_program, toml=PROGRAM) == VersionKnown("2026.1")
    short = shop.do(add_program, toml=later("2026.2", "2026-12-01"))
    assert isinstance(short, NoticeTooShort)
    assert short.earliest.isoformat() == "2026-12-21"
    added = shop.do(add_program, toml=later("2026.2", "2026-12-21"))
    assert isinstance(added, ProgramAdded)
    state = shop.do(refresh_desk)
    assert state.coming_program is not None
    [notice] = shop.do(lambda shop, work: program_notices(shop=shop))
    assert notice.version == "2026.2"
    shop.do(scan_code, text=shop.cards["张三丰"])
    assert shop.do(scan_code, text=MILK).state.totals.total == Money(5192)
    shop.clock.go_on(milliseconds=30 * 24 * 3600 * 1000)
    more = shop.do(scan_code, text=MILK).state
    assert more.totals.total == Money(2 * 4720), "by the program in force at its time"
    done = shop.do(pay_cash)
    sale = shop.do(lambda shop, work: work.sales.get(done.sale_id))
    assert sale.program_version == "2026.2"


def on_a_slow_till(shop: RealShop) -> None:
    """Each pricing takes 101 ms of work."""
    ticks = count(step=101_000_000)
    shop.shop = dataclasses.replace(shop.shop, stopwatch=lambda: next(ticks))


def test_a_version_whose_worst_basket_takes_too_long_is_refused(shop: RealShop) -> None:
    shop.sign_in("王芳")
    on_a_slow_till(shop)
    slow = shop.do(add_program, toml=later("2026.2", "2026-12-21"))
    assert isinstance(slow, ProgramUnreadable)
    assert [(each.code, each.path) for each in slow.problems] == [("too_slow", "offers")]
    assert "101 ms, more than 100" in slow.message
    kept = shop.do(lambda shop, work: work.programs.all_programs())
    assert [version.version for version in kept] == ["2026.1"]
    assert trail(shop)[-1] == "signed_in", "nothing was done"


def test_a_slow_till_can_be_set_up_with_the_rules_that_ship(empty: RealShop) -> None:
    on_a_slow_till(empty)
    for step in (
        lambda shop, work: choose_language(shop=shop, work=work, language="zh_CN"),
        lambda shop, work: name_store(shop=shop, work=work, name="人民路店"),
        lambda shop, work: first_manager(shop=shop, work=work, name="王芳", pin="2580"),
    ):
        empty.do(step)
    shipped = (RESOURCES / "programs" / "default.toml").read_text("utf-8")
    assert empty.do(choose_rules, toml=shipped) == SetUpAt("recovery")


# ------------------------------------------------------------------ goods


@pytest.mark.parametrize(
    ("text", "first"),
    [
        pytest.param("纯牛", "milk", id="name"),
        pytest.param("cnn", "milk", id="initials"),
        pytest.param("chunniunai", "milk", id="pinyin"),
        pytest.param(MILK, "milk", id="barcode"),
        pytest.param("oil", "oil", id="sku"),
    ],
)
def test_goods_are_found_as_one_types(shop: RealShop, text: str, first: str) -> None:
    found = shop.do(lambda shop, work: find_products(work=work, text=text))
    assert found.hits[0].sku == first
    assert shop.do(lambda shop, work: find_products(work=work, text="  ")).hits == ()
