"""A camera in the hand of a test: real frames into a real video sink, and a plug to pull.

Owns: what `QtCamera` would tell, on a machine that has no camera. Does not own: looking at frames.
"""

from __future__ import annotations

from PIL import Image
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QVideoFrame, QVideoSink

from ui.camera.camera_state import CameraState
from ui.camera.controller import CameraController
from ui.navigation import ScanByCamera
from ui.window_parts import WindowParts


class HandCamera(QObject):
    """As `QtCamera`; `begins`: the state that starting it comes to."""

    state_changed = Signal(object)

    def __init__(
        self,
        parent: QObject | None = None,
        wanted: str = "",
        *,
        begins: CameraState = CameraState.STARTING,
    ) -> None:
        super().__init__(parent)
        self.sink = QVideoSink(self)
        self.state = CameraState.STARTING
        self.begins, self.count = begins, 1
        self.wanted, self.name = wanted, "Front camera"
        self.starts = self.stops = self.nexts = 0

    def start(self) -> None:
        self.starts += 1
        self.come_to(self.begins)

    def stop(self) -> None:
        self.stops += 1

    def use_next(self) -> None:
        self.nexts += 1
        self.name = "Rear camera"
        self.come_to(CameraState.STARTING)

    def come_to(self, state: CameraState) -> None:
        """What the system tells: unplugged, no picture, there again."""
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)

    def show(self, picture: Image.Image, times: int = 1) -> None:
        """So many frames of this picture."""
        for _ in range(times):
            self.come_to(CameraState.RUNNING)
            self.sink.setVideoFrame(video_frame(picture))


def video_frame(picture: Image.Image) -> QVideoFrame:
    """A frame in colour, as Qt hands over what a camera sent compressed."""
    colour = picture.convert("RGBA")
    data, form = colour.tobytes(), QImage.Format.Format_RGBA8888
    image = QImage(data, colour.width, colour.height, 4 * colour.width, form)
    return QVideoFrame(image.convertToFormat(QImage.Format.Format_RGB32))


def plug_in(parts: WindowParts, *, begins: CameraState = CameraState.STARTING) -> list[HandCamera]:
    """From now on the camera of this window is one in the hand; each opening adds its own."""
    made: list[HandCamera] = []

    def make(parent: QObject, wanted: str) -> HandCamera:
        made.append(HandCamera(parent, wanted, begins=begins))
        return made[-1]

    parts.navigation.add_dialog(ScanByCamera, lambda intent: CameraController(parts, intent, make))
    return made
