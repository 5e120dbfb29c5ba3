"""Diagnostics for whoever helps, saved at the real window: what is in them, and in whose hands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.journeys.cashier import Cashier
from tests.screens import scenes_sync as acts
from tests.screens.scene import Scene, WaitingTerminal
from tests.screens.scenes_desk import as_manager, wait
from ui.application import Application
from ui.navigation import ToSync
from ui.sync_centre.controller import SyncController

pytestmark = pytest.mark.journey
Key = Qt.Key


@pytest.fixture
def scene(cashier: Cashier) -> Scene:
    """王芳 is at the till."""
    made = Scene(cashier, "zh_CN", WaitingTerminal())
    cashier.scan(cashier.shop.badges["李明"])
    as_manager(made)
    return made


def centre_of(scene: Scene) -> SyncController:
    current = scene.cashier.handle.parts.navigation.current
    assert isinstance(current, SyncController)
    return current


@pytest.mark.parametrize("is_alone", [False, True])
def test_whoever_is_at_the_till_saves_diagnostics_that_name_nobody(
    scene: Scene, tmp_path: Path, is_alone: bool
) -> None:
    cashier = scene.cashier
    if not is_alone:
        acts.offline(scene)
    cashier.press(Key.Key_F12)
    cashier.scan(cashier.shop.badges["李明"])
    cashier.handle.parts.navigation.go(ToSync())
    cashier.settle()
    centre = centre_of(scene)
    centre.diagnosis.folder = tmp_path / "out"
    cashier.tap(centre.screen.diagnosis)
    wait(scene, lambda: list((tmp_path / "out").glob("*.json")))
    cashier.settle()
    (file,) = (tmp_path / "out").iterdir()
    assert file.name.startswith("zhanggui-diagnostics-")
    assert centre.screen.notice.sentence == (
        f"诊断包已保存为 {file}。里面没有任何人的资料，可以直接发给技术支持。"
    )
    written = file.read_text("utf-8")
    told = json.loads(written)
    assert told["store"]["counts"]["member"] == len(cashier.shop.members)
    assert told["folder"]["open_now"] is True
    assert told["window"]["qt"]
    assert (told["sync"]["enrolled"] is None) is is_alone
    member = cashier.shop.members["张三丰"]
    for secret in ("张三丰", "李明", "13800138000", member, str(Path.home())):
        assert secret not in written, secret
    assert cashier.read(lambda work: work.audit.entries())[-1].entry.action == "diagnosis_exported"


def test_diagnostics_that_cannot_be_written_say_why(scene: Scene, tmp_path: Path) -> None:
    acts.offline(scene)
    acts.open_centre(scene)
    centre = centre_of(scene)
    (tmp_path / "taken").write_text("a file", "utf-8")
    centre.diagnosis.folder = tmp_path / "taken"
    scene.cashier.tap(centre.screen.diagnosis)
    wait(scene, lambda: centre.screen.notice.sentence.startswith("诊断包写不进去："))
    assert list(tmp_path.glob("*.tmp")) == []
    centre.diagnosis.folder = tmp_path / "free"
    scene.cashier.tap(centre.screen.diagnosis)
    wait(scene, lambda: centre.screen.notice.sentence.startswith("诊断包已保存为"))


def test_where_the_head_has_no_room_the_key_stands_at_the_end_of_the_side(
    scene: Scene, application: Application
) -> None:
    acts.offline(scene)
    acts.open_centre(scene)
    screen, window = centre_of(scene).screen, scene.cashier.window
    for scale, width, is_in_head in ((100, 1024, True), (150, 1366, True), (150, 1024, False)):
        application.theme.use(scale_percent=scale)
        scene.cashier.handle.parts.language.use("en")
        window.resize(width, 768)
        scene.cashier.settle()
        assert screen.diagnosis.isVisible() is is_in_head, (scale, width)
        assert screen.side.diagnosis.isVisible() is not is_in_head, (scale, width)
        assert screen.minimumSizeHint().width() <= width, (scale, width)
    application.theme.use(scale_percent=100)


def test_nobody_who_is_not_signed_in_has_them_made(scene: Scene, tmp_path: Path) -> None:
    acts.offline(scene)
    acts.open_centre(scene)
    centre = centre_of(scene)
    centre.diagnosis.folder = tmp_path / "out"
    scene.cashier.press(Key.Key_F12)
    centre.diagnosis.begin()
    wait(scene, lambda: centre.screen.notice.sentence == "请先登录。")
    assert not (tmp_path / "out").exists()
