"""A coupon used twice, in the list of exceptions at the real window: which one it was."""

from __future__ import annotations

import pytest

from app.domain.settings import Language
from tests.journeys.cashier import Cashier
from tests.screens import scenes_promised as chain
from tests.screens import scenes_sync as acts
from tests.screens.scene import Scene, WaitingTerminal
from tests.screens.scenes_desk import as_manager
from ui.exceptions.controller import ExceptionsController
from ui.navigation import ToExceptions

pytestmark = pytest.mark.journey


@pytest.fixture
def scene(cashier: Cashier) -> Scene:
    """王芳 is at the till."""
    made = Scene(cashier, "zh_CN", WaitingTerminal())
    cashier.scan(cashier.shop.badges["李明"])
    as_manager(made)
    return made


@pytest.mark.parametrize(("language", "name"), [("zh_CN", "满150减15"), ("en", "¥15 off ¥150")])
def test_a_coupon_used_twice_is_named_by_its_offer_and_the_end_of_its_code(
    scene: Scene, language: Language, name: str
) -> None:
    acts.answer_all(scene)
    coupon = chain.coupon_of(scene, "coupon-150-15")
    chain.use_twice(scene, coupon)
    chain.use_twice(scene, "VBWK2H7XQ36W")
    acts.online(scene)
    parts = scene.cashier.handle.parts
    parts.language.use(language)
    parts.navigation.go(ToExceptions())
    scene.cashier.settle()
    current = parts.navigation.current
    assert isinstance(current, ExceptionsController)
    rows = [row.detail for row in current.screen._shown]
    known, unknown = f"{name} {coupon[0]}****{coupon[-4:]}", "****Q36W"
    assert [any(said in row for row in rows) for said in (known, unknown)] == [True, True]
    for place, said in enumerate((unknown, known)):
        scene.cashier.tap(current.screen.rows[place])
        told = {line.label: line.text for line in current.screen.lines_shown}
        assert told[parts.wording.t("Coupon")] == said
    assert coupon not in str(rows), "whoever reads the whole code could use it"
