"""Colleagues at the sign-in are masked, but never so that two of them are the same."""

from __future__ import annotations

import pytest

from app.services.staff import NewStaff, StaffSaved, StaffTile, put_new_staff
from tests.ui.opened import Opened
from ui.navigation import ToSignIn
from ui.sign_in.controller import SignInController
from ui.sign_in.screen import PersonTile
from ui.sign_in.view_model import shown_names


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        pytest.param(["李明", "张敏"], ["李*", "张*"], id="different"),
        pytest.param(["李明", "张敏", "张磊"], ["李*", "张敏", "张磊"], id="two Zhangs"),
        pytest.param(["张三丰", "张小丰"], ["张三丰", "张小丰"], id="three characters"),
        pytest.param(["Zhang Min", "Zhang Lei"], ["Zhang Min", "Zhang Lei"], id="Latin"),
        pytest.param(["张敏", "张三丰"], ["张*", "张*丰"], id="masks differ"),
    ],
)
def test_names_that_would_look_the_same_are_shown_whole(names: list[str], shown: list[str]) -> None:
    tiles = [StaffTile(name, name, "cashier", True, False) for name in names]
    found = shown_names(tiles)
    assert [found[name] for name in names] == shown


def test_two_zhangs_at_the_sign_in_can_be_told_apart(door: Opened) -> None:
    saved = door.shop.do(put_new_staff, person=NewStaff("张磊", "cashier", "4826"))
    assert isinstance(saved, StaffSaved)
    door.handle.parts.navigation.go(ToSignIn())
    door.settle()
    tiles = [tile for tile in door.window.findChildren(PersonTile) if tile.isVisible()]
    assert sorted(tile._name.whole_text for tile in tiles) == ["张敏", "张磊", "李*", "王*", "赵*"]
    assert all(tile.visibleRegion().boundingRect().width() == tile.width() for tile in tiles)
    current = door.handle.parts.navigation.current
    assert isinstance(current, SignInController)
    current._choose(saved.staff_id)
    assert current._view().prompt == "张磊 的密码"
