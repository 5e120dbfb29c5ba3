"""Scenes of the camera: looking, a code of somebody else, no camera, unplugged.

Owns: what lies before the camera. Does not own: opening the window.
"""

from __future__ import annotations

from random import Random

from PIL import Image
from PySide6.QtCore import Qt

from tests.camera.hand_camera import HandCamera, plug_in
from tests.camera.scenes import empty_scenes, scene
from tests.camera.test_code_reader import poster
from tests.screens.scene import TILL_SIZES, Scene, Shot
from tests.screens.scenes_till import story, walk_in
from tests.ui.real_window import wait_until
from ui.camera.camera_state import CameraState
from ui.camera.controller import CameraController
from ui.navigation import LookUpMember, ScanByCamera

CONTROL = Qt.KeyboardModifier.ControlModifier


def opened(scene: Scene, *, begins: CameraState = CameraState.STARTING) -> HandCamera:
    walk_in(scene)
    cameras = plug_in(scene.cashier.handle.parts, begins=begins)
    scene.cashier.press(Qt.Key.Key_O, CONTROL)
    return cameras[-1]


def show(scene: Scene, camera: HandCamera, picture: Image.Image) -> None:
    """Until the dialog has drawn what came of it."""
    controller = scene.cashier.handle.parts.navigation.dialog
    assert isinstance(controller, CameraController)
    camera.show(picture)
    wait_until(lambda: not controller.dialog.preview.image.isNull())


def looking(made: Scene) -> None:
    """A phone comes into view and is too far out of focus to be read yet."""
    camera = opened(made)
    camera.count = 2
    far = scene("clean", Random("7/picture")).picture
    show(made, camera, far.resize((80, 60)).resize((640, 480), Image.Resampling.BICUBIC))


def other_code(made: Scene) -> None:
    camera = opened(made)
    counter = next(empty_scenes(7, 1)).picture
    counter.paste(poster("https://example.org/menu").resize((200, 200)), (230, 140))
    show(made, camera, counter)


def starting(made: Scene) -> None:
    opened(made)


def none(made: Scene) -> None:
    opened(made, begins=CameraState.NO_CAMERA)


def unplugged(made: Scene) -> None:
    opened(made).come_to(CameraState.GONE)


def in_use(made: Scene) -> None:
    opened(made, begins=CameraState.NO_PICTURE)


def look_up(made: Scene) -> None:
    story(made)
    made.cashier.press(Qt.Key.Key_F3)


SHOTS: tuple[Shot, ...] = (
    Shot("camera", "looking", looking, ScanByCamera, TILL_SIZES),
    Shot("camera", "other-code", other_code, ScanByCamera),
    Shot("camera", "starting", starting, ScanByCamera),
    Shot("camera", "none", none, ScanByCamera),
    Shot("camera", "unplugged", unplugged, ScanByCamera),
    Shot("camera", "in-use-150", in_use, ScanByCamera, TILL_SIZES[1:2], scale_percent=150),
    Shot("camera", "look-up", look_up, LookUpMember),
)
