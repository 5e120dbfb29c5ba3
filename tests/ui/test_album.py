"""The album of pictures misses no screen, dialog or sheet that the window can show."""

import importlib
import pkgutil
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

import main
import ui
from app.commands.demo.making import DemoFiles
from app.commands.joined_till import Till
from app.commands.training import Practice
from app.devices.print_queue import PrintQueue
from app.devices.printers import NoPrinter
from tests.real_shop import RealShop
from tests.screens.album import SHOTS, name_of, take_all
from ui.application import Application
from ui.kit.dialogs import KitDialog
from ui.kit.right_sheet import RightSheet
from ui.open_window import WindowWishes, open_window


def all_kinds_of(base: type) -> set[str]:
    """Every class below `base` in ui, whoever imports it."""
    for module in pkgutil.walk_packages(ui.__path__, "ui."):
        importlib.import_module(module.name)
    found: set[str] = set()
    left: list[type] = list(base.__subclasses__())
    while left:
        kind = left.pop()
        found.add(kind.__name__)
        left += kind.__subclasses__()
    return found


@pytest.fixture
def shot_names() -> set[str]:
    return {name_of(shot.shows) for shot in SHOTS}


def test_every_registered_screen_and_dialog_is_in_the_album(
    real_shop: RealShop, application: Application, shot_names: set[str], tmp_path: Path
) -> None:
    printing = PrintQueue(NoPrinter())
    till = Till(real_shop.shop, real_shop.store, printing)
    practice = Practice(tmp_path / "training", DemoFiles(tmp_path), main.new_shop)
    wishes = WindowWishes(screens=main._screens(till, None, practice))
    opened = open_window(application, real_shop.shop, real_shop.store.lane, wishes)
    navigation = opened.parts.navigation
    registered = {name_of(kind) for kind in (*navigation._makers, *navigation._openers)}
    opened.close()
    printing.close()
    opened.window.deleteLater()
    assert len(registered) > 5
    assert registered - shot_names == set()


@pytest.mark.parametrize("base", [KitDialog, RightSheet])
def test_every_dialog_and_sheet_is_in_the_album(base: type, shot_names: set[str]) -> None:
    assert all_kinds_of(base) - shot_names == set()


def test_names_of_pictures_are_unique() -> None:
    names = [shot.name for shot in SHOTS]
    assert len(names) == len(set(names))


def test_a_shot_is_taken_in_all_looks_and_the_contact_sheet_names_them(
    tmp_path: Path, application: Application
) -> None:
    shots = [shot for shot in SHOTS if shot.name == "why-walk-in"]
    pictures = take_all(tmp_path, application, shots)
    assert [picture.name for picture in pictures] == [
        f"why-walk-in-{language}-{theme}-1366x768.png"
        for language in ("zh", "en")
        for theme in ("light", "dark")
    ]
    images = [QImage(str(picture)) for picture in pictures]
    assert {image.size().toTuple() for image in images} == {(1366, 768)}
    assert len({bytes(image.constBits()) for image in images}) == 4, "four different looks"
    page = (tmp_path / "index.html").read_text("utf-8")
    assert all(picture.name in page for picture in pictures)
