"""The keys of a till: who may change them, what is refused, that they stay, and the trail."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.key_map import (
    ActFixed,
    Action,
    KeyChoice,
    KeyNotPossible,
    KeyTaken,
    OwnKey,
    keys_in_force,
)
from app.domain.rights import Limit
from app.services.answers import SignInFirst
from app.services.approval import ActForbidden, ApprovalNeeded, Approved, approve_with_badge
from app.services.key_map import (
    KeysChanged,
    KeysRefused,
    bind_key,
    choice_of,
    reset_key,
    swap_keys,
    use_keys,
)
from app.services.staff import sign_out
from tests.real_shop import RealShop
from tests.services.conftest import restarted, trail
from tests.services.test_approval import changed, last_details, use_rights

SWAPPED = (OwnKey("hold", "F6"), OwnKey("offers", "F4"))


@pytest.fixture
def managed(shop: RealShop) -> RealShop:
    """王芳 at the till."""
    shop.sign_in("王芳")
    return shop


def chosen(shop: RealShop) -> KeyChoice:
    """As it is stored, and as the desk holds it: never two stories."""
    stored = shop.store.lane.submit(lambda work: work.settings.read()).result()
    assert stored == shop.shop.desk.state.settings
    return choice_of(stored)


def test_a_preset_is_in_force_at_once_and_after_a_restart(managed: RealShop) -> None:
    answer = managed.do(use_keys, choice=KeyChoice("classic"))
    assert isinstance(answer, KeysChanged)
    assert answer.state.settings.key_preset == "classic"
    again = restarted(managed)
    assert again.state.settings.key_preset == "classic"
    assert chosen(managed) == KeyChoice("classic")
    assert last_details(managed, "keys_changed") == {"before": "standard", "after": "classic"}


def test_an_own_key_stays_over_a_restart_and_goes_when_given_back(managed: RealShop) -> None:
    assert isinstance(managed.do(bind_key, action=Action.DRAWER, key="Ctrl+Q"), KeysChanged)
    assert last_details(managed, "keys_changed") == {"before": "F10", "after": "Ctrl+Q"}
    restarted(managed)
    managed.sign_in("王芳")
    assert keys_in_force(chosen(managed))[Action.DRAWER] == ("Ctrl+Q",)
    assert isinstance(managed.do(reset_key, action=Action.DRAWER), KeysChanged)
    assert chosen(managed) == KeyChoice()


def test_two_acts_exchange_their_keys_and_the_trail_names_both(managed: RealShop) -> None:
    refused = managed.do(bind_key, action=Action.HOLD, key="F6")
    assert refused == KeysRefused(KeyTaken("F6", Action.OFFERS, can_swap=True))
    before = trail(managed)
    managed.do(swap_keys, action=Action.HOLD, other=Action.OFFERS)
    assert chosen(managed) == KeyChoice("standard", SWAPPED)
    assert trail(managed) == [*before, "keys_changed", "keys_changed"]
    managed.do(use_keys, choice=KeyChoice())
    assert chosen(managed) == KeyChoice()


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("q", KeyNotPossible("Q", "scanner")),
        ("Tab", KeyNotPossible("Tab", "scanner")),
        ("Alt+F4", KeyNotPossible("Alt+F4", "system")),
        ("Ctrl+V", KeyNotPossible("Ctrl+V", "text_field")),
        ("Enter", KeyTaken("Enter", Action.CONFIRM, can_swap=False)),
        ("F9", KeyTaken("F9", Action.PAY, can_swap=True)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_key_that_cannot_be_changes_nothing(managed: RealShop, key: str, why: Any) -> None:
    before = trail(managed)
    assert managed.do(bind_key, action=Action.HOLD, key=key) == KeysRefused(why)
    assert chosen(managed) == KeyChoice()
    assert trail(managed) == before


def test_a_choice_that_cannot_be_is_refused_as_a_whole(managed: RealShop) -> None:
    wrong = KeyChoice("western", (OwnKey("hold", "F9"),))
    assert isinstance(managed.do(use_keys, choice=wrong), KeysRefused)
    fixed = managed.do(swap_keys, action=Action.CONFIRM, other=Action.BACK)
    assert fixed == KeysRefused(ActFixed("back"))
    assert chosen(managed) == KeyChoice()


def test_the_same_again_leaves_no_trace(managed: RealShop) -> None:
    before = trail(managed)
    managed.do(use_keys, choice=KeyChoice())
    assert trail(managed) == before


def test_a_cashier_may_not_and_nobody_signed_in_neither(shop: RealShop) -> None:
    assert shop.do(use_keys, choice=KeyChoice("western")) == ActForbidden("change_settings")
    shop.do(sign_out)
    assert isinstance(shop.do(reset_key, action=Action.HOLD), SignInFirst)
    assert chosen(shop) == KeyChoice()


def test_where_the_role_asks_a_manager_says_yes_and_the_key_is_changed(shop: RealShop) -> None:
    use_rights(shop, changed("cashier", "change_settings", Limit(verdict="approval")))
    needed = shop.do(bind_key, action=Action.DRAWER, key="Ctrl+Q")
    assert isinstance(needed, ApprovalNeeded)
    assert chosen(shop) == KeyChoice()
    yes = shop.do(approve_with_badge, request_id=needed.request_id, badge=shop.badges["王芳"])
    assert isinstance(yes, Approved)
    assert isinstance(yes.answer, KeysChanged)
    assert chosen(shop).own == (OwnKey("drawer", "Ctrl+Q"),)
