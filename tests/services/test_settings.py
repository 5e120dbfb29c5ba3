"""Settings one by one at the till: who may, what is refused, what is left in the trail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.devices.terminals import HandConfirmedTerminal
from app.domain.money import Money
from app.domain.payment import PaymentAttempt
from app.domain.rights import Limit
from app.domain.setting_kind import ValueRefused
from app.domain.setting_registry import REGISTRY, settings_in
from app.domain.settings import Settings
from app.services.answers import PaymentUnderWay, SignInFirst
from app.services.approval import ActForbidden, ApprovalNeeded, Approved, approve_with_badge
from app.services.payment import (
    ask_terminal,
    finish_payment,
    pay_cash,
    query_terminal,
    set_payment_aside,
    start_payment,
)
from app.services.refund_answers import GivingBackUnknown
from app.services.refund_payment import (
    confirm_refund,
    finish_giving_back,
    give_back_in_cash,
    open_tries,
    query_terminal_back,
)
from app.services.rights import change_rights
from app.services.scan import scan_code
from app.services.settings import (
    SettingChanged,
    SettingNotPossible,
    change_setting,
    change_together,
    read_settings,
    reset_setting,
    reset_settings,
)
from app.services.staff import lock_till
from app.services.tender import AskTenderBack, ask_tender_back, remove_tender
from tests.real_shop import OIL, RealShop, copy_shop
from tests.services.conftest import restarted, trail
from tests.services.parts import cash
from tests.services.refunds import Scripted, chosen, sold, tried
from tests.services.test_approval import changed


def settings_of(shop: RealShop) -> Settings:
    return shop.shop.desk.state.settings


def details(shop: RealShop) -> list[tuple[str, dict[str, str]]]:
    """Every change of a setting in the trail, with before and after."""
    entries = shop.store.lane.submit(lambda work: work.audit.entries()).result()
    return [
        (each.entry.subject, dict(each.entry.details))
        for each in entries
        if each.entry.action == "settings_changed"
    ]


def test_every_setting_is_read_with_value_default_and_who_may(shop: RealShop) -> None:
    found = shop.do(read_settings)
    assert [each.setting for each in found.settings] == list(REGISTRY)
    columns = found.of("receipt_columns")
    assert (columns.value, columns.default) == ("48", "48")
    assert found.of("over_short_limit_minor").value == "20.00"
    assert found.of("store_name").value == "人民路店"
    assert dict(found.roles)["cashier"] == "not_allowed"
    assert dict(found.roles)["manager"] == "allowed"
    with pytest.raises(KeyError):
        found.of("no_such_setting")


def test_a_change_holds_at_once_and_after_a_restart(shop: RealShop) -> None:
    shop.sign_in("王芳")
    answer = shop.do(change_setting, identifier="receipt_columns", typed="４２")
    assert isinstance(answer, SettingChanged)
    assert answer.changed == ("receipt_columns",)
    assert answer.state.settings.receipt_columns == 42
    assert details(shop)[-1] == ("receipt_columns", {"before": "48", "after": "42"})
    assert restarted(shop).state.settings.receipt_columns == 42


@pytest.mark.parametrize("typed", ["31", "57"])
def test_columns_beside_the_paper_are_refused_and_nothing_changes(
    shop: RealShop, typed: str
) -> None:
    shop.sign_in("王芳")
    before, trace = settings_of(shop), trail(shop)
    answer = shop.do(change_setting, identifier="receipt_columns", typed=typed)
    assert answer == SettingNotPossible("receipt_columns", ValueRefused("out_of_range", 32, 56))
    assert settings_of(shop) == before
    assert trail(shop) == trace


def test_everybody_chooses_look_and_text_and_leaves_no_trace(shop: RealShop) -> None:
    trace = trail(shop)
    for identifier, typed in (("text_scale", "130"), ("theme", "dark"), ("sound_percent", "20")):
        assert isinstance(
            shop.do(change_setting, identifier=identifier, typed=typed), SettingChanged
        )
    mine = settings_of(shop)
    assert (mine.text_scale, mine.theme, mine.sound_percent) == (130, "dark", 20)
    assert trail(shop) == trace


def test_a_cashier_may_not_change_what_is_the_shops(shop: RealShop) -> None:
    answer = shop.do(change_setting, identifier="blind_count", typed="off")
    assert answer == ActForbidden("change_settings")
    assert shop.do(reset_setting, identifier="store_name") == ActForbidden("change_settings")
    assert settings_of(shop).blind_count is True


def test_the_same_value_again_needs_nobody_and_leaves_no_trace(shop: RealShop) -> None:
    trace = trail(shop)
    answer = shop.do(change_setting, identifier="blind_count", typed="on")
    assert isinstance(answer, SettingChanged)
    assert answer.changed == ()
    assert trail(shop) == trace


def test_nobody_changes_anything_at_a_locked_till(shop: RealShop) -> None:
    shop.do(lock_till)
    assert shop.do(change_setting, identifier="theme", typed="dark") == SignInFirst()


def test_where_the_role_asks_for_a_yes_the_change_completes_by_itself(shop: RealShop) -> None:
    shop.sign_in("王芳")
    asks = changed("cashier", "change_settings", Limit(verdict="approval"))
    shop.do(change_rights, rights=asks)
    shop.sign_in("李明")
    needed = shop.do(change_setting, identifier="receipt_return_s", typed="20")
    assert isinstance(needed, ApprovalNeeded)
    assert settings_of(shop).receipt_return_s == 8
    yes = shop.do(approve_with_badge, request_id=needed.request_id, badge=shop.badges["王芳"])
    assert isinstance(yes, Approved)
    assert isinstance(yes.answer, SettingChanged)
    assert settings_of(shop).receipt_return_s == 20
    assert details(shop)[-1] == ("receipt_return_s", {"before": "8", "after": "20"})
    entries = shop.store.lane.submit(lambda work: work.audit.entries()).result()
    said = next(each.entry for each in entries if each.entry.action == "approved")
    told = dict(said.details)
    assert (said.subject, told["before"], told["after"]) == ("receipt_return_s", "8", "20")


def test_one_setting_and_a_whole_group_go_back_to_what_ships(shop: RealShop) -> None:
    shop.sign_in("王芳")
    shop.do(change_together, typed={"receipt_columns": "32", "scan_gap_ms": "90"})
    answer = shop.do(reset_setting, identifier="scan_gap_ms")
    assert isinstance(answer, SettingChanged)
    assert answer.changed == ("scan_gap_ms",)
    answer = shop.do(reset_settings, group="equipment")
    assert isinstance(answer, SettingChanged)
    assert "receipt_columns" in answer.changed
    after = shop.do(read_settings)
    for setting in settings_in("equipment"):
        one = after.of(setting.identifier)
        assert one.value == one.default
    assert settings_of(shop).store_name == "人民路店"
    assert {subject for subject, _ in details(shop)} >= {"scan_gap_ms", "receipt_columns"}


# ------------------------------------------------------------------ terminals


@pytest.fixture
def bank() -> Scripted:
    return Scripted()


@pytest.fixture
def till(tmp_path: Path, bank: Scripted) -> Iterator[RealShop]:
    """王芳 at a till whose mobile payments go through the bank, cards through her hands."""
    made = copy_shop(tmp_path, terminals={"mobile": bank.bank, "card": HandConfirmedTerminal()})
    made.sign_in("王芳")
    yield made
    made.close()


def exchanged(till: RealShop) -> object:
    """What the till says to another terminal for mobile payments; the settings stay honest."""
    before = settings_of(till)
    answer = till.do(change_setting, identifier="mobile_terminal", typed="by_hand")
    if answer == PaymentUnderWay():
        assert settings_of(till) == before
    return answer


def asked(till: RealShop, kind: str, part: Money | None = None) -> PaymentAttempt:
    """A payment whose terminal was asked; what it said is settled."""
    attempt: PaymentAttempt = till.do(start_payment, kind=kind, part=part).attempt
    result = ask_terminal(shop=till.shop, attempt=attempt)
    till.do(finish_payment, attempt_id=attempt.attempt_id, result=result)
    return attempt


def test_a_terminal_that_is_asked_is_not_exchanged(shop: RealShop) -> None:
    shop.sign_in("王芳")
    shop.do(scan_code, text=OIL)
    shop.do(start_payment, kind="card")
    assert shop.shop.desk.state.attempt is not None
    other = "by_hand" if settings_of(shop).card_terminal == "simulated" else "simulated"
    answer = shop.do(change_setting, identifier="card_terminal", typed=other)
    assert answer == PaymentUnderWay()


def test_a_terminal_that_took_a_part_of_the_sale_is_not_exchanged(till: RealShop) -> None:
    till.do(scan_code, text=OIL)
    asked(till, "mobile", Money(1_000))
    assert till.shop.desk.state.attempt is None
    assert exchanged(till) == PaymentUnderWay()
    back = till.do(remove_tender, place=0)
    assert isinstance(back, AskTenderBack)
    assert till.shop.desk.state.basket.giving_back
    assert exchanged(till) == PaymentUnderWay()
    moved = ask_tender_back(shop=till.shop, tender=back.tender, key=back.key)
    till.do(remove_tender, place=0, back=moved)
    assert isinstance(exchanged(till), SettingChanged)


def test_a_part_in_cash_waits_for_no_terminal(till: RealShop) -> None:
    till.do(scan_code, text=OIL)
    cash(till, 1_000)
    assert till.shop.desk.state.basket.tenders
    assert isinstance(exchanged(till), SettingChanged)


def test_a_terminal_that_is_still_to_be_asked_is_not_exchanged(
    till: RealShop, bank: Scripted
) -> None:
    till.do(scan_code, text=OIL)
    bank.behaviour = "time_out"
    attempt = asked(till, "mobile")
    till.do(set_payment_aside, attempt_id=attempt.attempt_id)
    assert exchanged(till) == PaymentUnderWay()
    till.do(pay_cash)
    assert exchanged(till) == PaymentUnderWay(), "it is asked at night, for the manager"
    result = query_terminal(shop=till.shop, attempt=attempt)
    till.do(finish_payment, attempt_id=attempt.attempt_id, result=result)
    assert isinstance(exchanged(till), SettingChanged)


def test_what_only_the_cashier_can_say_of_a_separate_terminal_is_no_hindrance(
    till: RealShop,
) -> None:
    till.do(scan_code, text=OIL)
    attempt = asked(till, "card")
    till.do(set_payment_aside, attempt_id=attempt.attempt_id)
    assert isinstance(exchanged(till), SettingChanged)


def test_a_terminal_that_may_have_given_money_back_is_not_exchanged(
    till: RealShop, bank: Scripted
) -> None:
    sale_id = sold(till, OIL, kind="mobile")
    state = chosen(till, sale_id, (0, 1))
    bank.behaviour = "time_out"
    assert isinstance(
        tried(till, till.do(confirm_refund, refund_id=state.refund_id)), GivingBackUnknown
    )
    assert exchanged(till) == PaymentUnderWay()
    till.do(give_back_in_cash, refund_id=state.refund_id)
    till.do(confirm_refund, refund_id=state.refund_id)
    assert exchanged(till) == PaymentUnderWay(), "it is asked at night, for the manager"
    (left,) = till.do(lambda shop, work: open_tries(work=work))
    result = query_terminal_back(shop=till.shop, attempt=left)
    till.do(finish_giving_back, attempt_id=left.attempt_id, result=result)
    assert isinstance(exchanged(till), SettingChanged)


# ------------------------------------------------------------------ once it is kept


def test_devices_hear_of_a_change_once_it_is_kept(shop: RealShop) -> None:
    heard: list[Settings] = []
    shop.shop = replace(shop.shop, equip=heard.append)
    shop.sign_in("王芳")
    shop.do(change_setting, identifier="receipt_columns", typed="99")
    assert heard == []
    shop.do(change_setting, identifier="receipt_columns", typed="32")
    shop.do(change_setting, identifier="drawer", typed="on")
    assert [each.receipt_columns for each in heard] == [32, 32]
    assert heard[-1].drawer is True


def test_no_setting_has_another_name(shop: RealShop) -> None:
    with pytest.raises(KeyError):
        shop.do(change_setting, identifier="no_such_setting", typed="1")
