"""English pictures are English: Chinese in one of them is then a fault of the window."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.screens.album import SHOTS
from tests.screens.scene import open_scene
from ui.application import Application

LANGUAGE_KEY = "中"
"""The one Chinese word that belongs there: it switches to Chinese."""


def chinese(texts: list[str]) -> list[str]:
    return [
        text
        for text in texts
        if text != LANGUAGE_KEY and any("\u4e00" <= sign <= "\u9fff" for sign in text)
    ]


@pytest.mark.parametrize("name", ["till-100-lines", "receipt-story", "member-noted"])
def test_an_english_shop_has_english_goods_people_and_paper(
    application: Application, tmp_path: Path, name: str
) -> None:
    shot = next(each for each in SHOTS if each.name == name)
    scene = open_scene(shot, tmp_path / "shop", application, "en")
    try:
        assert chinese(scene.cashier.texts()) == []
        assert chinese(scene.cashier.at_till.printer.papers()) == []
    finally:
        scene.close()
