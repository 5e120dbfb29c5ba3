"""Scenes of the tier desk: its lists, a member with his history, the form, what it refuses.

Owns: how each of them comes about, by what a person does. Does not own: opening the window.
"""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.store.unit_of_work import UnitOfWork
from tests.real_shop import SILVER_PHONE
from tests.screens.scene import TILL_SIZES, Scene, Shot
from tests.screens.scenes_complaints import a_photo
from tests.screens.scenes_desk import ALT, CONTROL, as_manager
from ui.navigation import ToTiers
from ui.tiers.controller import TiersController
from ui.tiers.form import TierForm
from ui.tiers.form_acts import FormActs
from ui.tiers.ladder import LadderDialog

Key = Qt.Key


def _open(scene: Scene) -> None:
    scene.cashier.handle.parts.navigation.go(ToTiers())
    scene.cashier.settle()


def _find(scene: Scene, text: str = SILVER_PHONE) -> None:
    scene.cashier.type("/")
    scene.cashier.type(text)
    scene.cashier.press(Key.Key_Return)


def falling(scene: Scene) -> None:
    """Who will lose his tier unless he buys."""
    as_manager(scene)
    _open(scene)
    for _ in range(3):
        scene.cashier.press(Key.Key_3, ALT)


def ladder(scene: Scene) -> None:
    """L: what each tier asks and gives."""
    as_manager(scene)
    _open(scene)
    scene.cashier.type("l")
    scene.cashier.settle()


def form(scene: Scene) -> None:
    """王小红 is to have gold: tier and reason chosen, the evidence typed."""
    as_manager(scene)
    _open(scene)
    _find(scene)
    scene.cashier.type("t21C-1042")


def form_photos(scene: Scene) -> None:
    """With two photos of another shop's card."""
    form(scene)
    acts = _acts(scene)
    for colour in ("#7a5c3e", "#336699"):
        assert acts.form is not None
        acts._add_photo(acts.form, a_photo(colour))
    scene.cashier.settle()


def photos(scene: Scene) -> None:
    """A cashier asked with photos; one of them is at another till still."""
    _open(scene)
    _find(scene)
    scene.cashier.type("t22")
    acts = _acts(scene)
    for colour in ("#7a5c3e", "#336699", "#5c7a3e"):
        assert acts.form is not None
        acts._add_photo(acts.form, a_photo(colour))
    scene.cashier.press(Key.Key_Return, CONTROL)
    scene.cashier.read(_take_one_away)
    as_manager(scene)
    _open(scene)
    scene.cashier.settle()


def _take_one_away(work: UnitOfWork) -> None:
    work.connection.exec_driver_sql(
        "DELETE FROM photo WHERE photo_id = (SELECT max(photo_id) FROM photo)"
    )


def _acts(scene: Scene) -> FormActs:
    current = scene.cashier.handle.parts.navigation.current
    assert isinstance(current, TiersController)
    return current.acts


def refused(scene: Scene) -> None:
    """The same, ending before it begins."""
    form(scene)
    opened = next(iter(scene.cashier.shown(TierForm)))
    opened.last_day.setText("2026-11-01")
    scene.cashier.press(Key.Key_Return, CONTROL)


def waiting(scene: Scene) -> None:
    """A cashier asked; a manager looks at it."""
    _open(scene)
    _find(scene)
    scene.cashier.type("t21C-1042")
    scene.cashier.press(Key.Key_Return, CONTROL)
    as_manager(scene)
    _open(scene)


def given(scene: Scene) -> None:
    """Gold by hand, with its history."""
    form(scene)
    scene.cashier.press(Key.Key_Return, CONTROL)


SHOTS = (
    Shot("tiers", "ladder", ladder, LadderDialog, TILL_SIZES[:2]),
    Shot("tiers", "ladder-150", ladder, LadderDialog, TILL_SIZES[1:2], scale_percent=150),
    Shot("tiers", "falling", falling, ToTiers, TILL_SIZES),
    Shot("tiers", "waiting", waiting, ToTiers, TILL_SIZES),
    Shot("tiers", "waiting-150", waiting, ToTiers, TILL_SIZES[:2], scale_percent=150),
    Shot("tiers", "given", given, ToTiers, TILL_SIZES[:2]),
    Shot("tiers", "form", form, TierForm, TILL_SIZES),
    Shot("tiers", "form-150", form, TierForm, TILL_SIZES[:2], scale_percent=150),
    Shot("tiers", "form-photos", form_photos, TierForm, TILL_SIZES[:2]),
    Shot("tiers", "form-photos-150", form_photos, TierForm, TILL_SIZES[:2], scale_percent=150),
    Shot("tiers", "photos", photos, ToTiers, TILL_SIZES[:2]),
    Shot("tiers", "refused", refused, TierForm, TILL_SIZES[:2]),
)
