"""Scenes of importing members: a file of another system, its columns and what is wrong in it.

Owns: how each of them comes about. Does not own: opening the window.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from tests.screens.scene import TILL_SIZES, Scene, Shot
from tests.screens.scenes_desk import ALT, as_manager, wait
from tests.screens.scenes_members import open_members
from ui.kit.dialogs import ConfirmDialog
from ui.navigation import ToMemberImport

Key = Qt.Key
_HEAD = ("姓名,手机,级别,可用积分,开卡门店", "Name,Mobile,Level,Points,Opened at")
_WRONG = ("无号,,普通,5,总店", "坏号,12,普通,5,总店", "王小红,13911112222,白金,80,总店",
          "=cmd,13911112223,普通,8,总店", "张三丰,13800138000,金卡,12.5,总店")  # fmt: skip


def empty(scene: Scene) -> None:
    as_manager(scene)
    open_members(scene.cashier)
    scene.cashier.press(Key.Key_F5)
    scene.cashier.settle()


def read(scene: Scene) -> None:
    """Alt+1 and a file; here typed."""
    empty(scene)
    page: Any = scene.cashier.handle.parts.navigation.current
    folder = Path(tempfile.mkdtemp())
    good = [f"{scene.say('顾客', 'Guest')} {n},1390000{n:04d},,{n * 10},A" for n in range(60)]
    path = folder / "members.csv"
    path.write_text("\n".join((scene.say(*_HEAD), *good, *_WRONG)), "utf-8")
    page.errand.folder = folder
    page.open_file(str(path))
    wait(scene, lambda: page.errand.count == len(good))


def done(scene: Scene) -> None:
    """F9, and nobody stops it."""
    read(scene)
    page: Any = scene.cashier.handle.parts.navigation.current
    page.errand._written = lambda path: None  # the picture names no folder of this machine
    scene.cashier.press(Key.Key_F9)
    wait(scene, lambda: page.errand.state == "done")


def stopped(scene: Scene) -> None:
    """Esc in the middle: it can go on, now or after a restart."""
    read(scene)
    page: Any = scene.cashier.handle.parts.navigation.current
    page.errand.moved.connect(lambda: page.errand.done and page.errand.stop())
    scene.cashier.press(Key.Key_F9)
    wait(scene, lambda: page.errand.state == "stopped")


def dropping(scene: Scene) -> None:
    """Alt+2: is the rest not wanted?"""
    stopped(scene)
    scene.cashier.press(Key.Key_2, ALT)


SHOTS = (
    Shot("member-import", "stopped", stopped, ToMemberImport, TILL_SIZES[:2]),
    Shot(
        "member-import", "stopped-150", stopped, ToMemberImport, TILL_SIZES[:2], scale_percent=150
    ),
    Shot("member-import", "dropping", dropping, ConfirmDialog, TILL_SIZES[:1]),
    Shot("member-import", "empty", empty, ToMemberImport, TILL_SIZES[:1]),
    Shot("member-import", "read", read, ToMemberImport, TILL_SIZES),
    Shot("member-import", "read-150", read, ToMemberImport, TILL_SIZES[:2], scale_percent=150),
    Shot("member-import", "done", done, ToMemberImport, TILL_SIZES[:1]),
)
