"""Scenes of learning a scanner: the code, a garbled scan, the proposal, the try, a serial port.

Owns: what is scanned. Does not own: opening the window.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from tests.screens.scene import TILL_SIZES, Scene, Shot
from tests.ui import keys
from tests.ui.real_window import wait_until
from ui.navigation import LearnScanner
from ui.scanner_wizard.controller import WizardController
from ui.scanner_wizard.learning import TEST_CODE
from ui.scanner_wizard.wizard_state import NothingCame, Rubbish, WizardState


def opened(scene: Scene) -> WizardController:
    parts = scene.cashier.handle.parts
    parts.navigation.open_dialog(LearnScanner())
    assert isinstance(parts.navigation.dialog, WizardController)
    return parts.navigation.dialog


def scan(scene: Scene, text: str = TEST_CODE, *, times: int = 1, gap_ms: int = 9) -> None:
    wizard = scene.cashier.handle.parts.navigation.dialog
    assert isinstance(wizard, WizardController)
    for _ in range(times):
        before = wizard.state
        keys.scan(scene.cashier.window, text, gap_ms=gap_ms)
        wait_until(partial(_has_gone_on, wizard, before))


def _has_gone_on(wizard: WizardController, before: WizardState) -> bool:
    return wizard.state is not before


def begun(scene: Scene) -> None:
    opened(scene)
    scan(scene, times=2)


def garbled(scene: Scene) -> None:
    opened(scene)
    scan(scene, 'QBCqbcà&é")!$')


def trying(scene: Scene) -> None:
    opened(scene)
    scan(scene, times=3, gap_ms=35)


def proved(scene: Scene) -> None:
    opened(scene)
    scan(scene, times=4)
    wizard = scene.cashier.handle.parts.navigation.dialog
    assert isinstance(wizard, WizardController)
    wizard.dialog.field.setFocus()
    scene.cashier.type("abc")


def nothing(scene: Scene) -> None:
    wizard = opened(scene)
    wizard._state = wizard.state.troubled(NothingCame())
    wizard._draw()


def rubbish(scene: Scene) -> None:
    """A machine with two ports, the scanner of one of them at another speed."""
    parts = scene.cashier.handle.parts
    found = ("/dev/ttyACM0", "/dev/ttyS0")
    parts.navigation.add_dialog(LearnScanner, lambda intent: WizardController(parts, lambda: found))
    wizard = opened(scene)
    wizard._state = replace(wizard.state, port="/dev/ttyACM0").troubled(Rubbish(9))
    wizard._draw()


SHOTS: tuple[Shot, ...] = (
    Shot("scanner", "begun", begun, LearnScanner, TILL_SIZES),
    Shot("scanner", "garbled", garbled, LearnScanner),
    Shot("scanner", "trying", trying, LearnScanner),
    Shot("scanner", "proved", proved, LearnScanner, TILL_SIZES[:2]),
    Shot("scanner", "nothing", nothing, LearnScanner),
    Shot("scanner", "rubbish-150", rubbish, LearnScanner, TILL_SIZES[1:2], scale_percent=150),
)
