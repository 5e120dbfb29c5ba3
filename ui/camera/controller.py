"""Camera controller: one opening of the camera, from its first frame to the member on the sale.

Owns: which sight is a scan, closing on success, giving the camera back whatever happens.
Does not own: the camera (qt_camera.py), reading frames (main.py hands it in), what a code does: it
is heard like every scan (ScanRouter), so a camera types nothing and presses nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QElapsedTimer, QObject, SignalInstance
from PySide6.QtMultimedia import QVideoFrame, QVideoSink

from app.domain.codes import Code
from app.domain.frame import CodeSeen, NoCodeSeen, OtherCodeSeen
from app.services.find_member import MemberPutOn
from app.services.scan import scan_code
from app.services.settings import change_setting
from app.services.till_state import TillState
from app.wording import Wording
from ui.camera.camera_state import CameraState
from ui.camera.dialog import CameraDialog
from ui.camera.frame_worker import FrameWorker, Looked
from ui.camera.preview import SIZE
from ui.camera.sighting import WANTED, Sightings
from ui.camera.view_model import present
from ui.navigation import LookUpMember, ScanByCamera, ToTill
from ui.said import knows, said
from ui.scan_burst import Heard
from ui.window_parts import WindowParts


class Camera(Protocol):
    """What the controller needs of a camera (QtCamera)."""

    sink: QVideoSink
    state_changed: SignalInstance

    @property
    def state(self) -> CameraState: ...
    @property
    def name(self) -> str: ...
    @property
    def count(self) -> int: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...
    def use_next(self) -> None: ...


class CameraController(QObject):
    """One opening."""

    def __init__(
        self, parts: WindowParts, intent: ScanByCamera, make_camera: Callable[[QObject, str], Any]
    ) -> None:
        super().__init__(parts.navigation)
        self._parts, self._intent = parts, intent
        self._sightings = Sightings()
        self._refusal, self._has_other = "", False
        self._shown_code = ""
        # On the page of the devices it is only tried: nobody comes onto the sale behind it.
        self._is_trial = not isinstance(parts.navigation.here, ToTill)
        self._was_read = False
        self._is_put_away = False
        self._elapsed = QElapsedTimer()
        self._elapsed.start()
        front = parts.navigation.current
        make_reader = parts.renderers.code_reader
        assert front is not None, "a dialog lies over a screen"
        assert make_reader is not None, "without a reader the dialog is not registered"
        self._dialog = dialog = CameraDialog(front.widget, parts.wording)
        self.camera: Camera = make_camera(self, parts.settings.camera)
        self.worker = FrameWorker(make_reader(), SIZE, self)
        self.worker.looked.connect(self._on_looked)
        self.camera.sink.videoFrameChanged.connect(self._on_frame)
        self.camera.state_changed.connect(self._on_camera)
        dialog.again_requested.connect(self.camera.start)
        dialog.next_requested.connect(self._use_next)
        dialog.rejected.connect(self._on_back)
        dialog.finished.connect(self._on_closed)
        self._draw()
        dialog.open()
        self.camera.start()

    @property
    def dialog(self) -> CameraDialog:
        return self._dialog

    # ------------------------------------------------------------------ the window asks

    def take_scan(self, text: str) -> bool:
        """From the camera, or from the scanner beside it: what it is decides."""
        if self._is_trial:
            return False
        from_camera = text == self._shown_code
        self._shown_code = ""

        def answered(answer: Any) -> None:
            self._scanned(answer, from_camera=from_camera)

        self._parts.ask(scan_code, answered, text=text)
        return True

    def show_state(self, state: TillState) -> None:
        """The dialog shows nothing of the basket."""

    def speak(self, wording: Wording) -> None:
        self._refusal = ""
        self._dialog.retranslate(wording)
        self._draw()

    def close(self) -> None:
        self._is_put_away = True
        self._dialog.reject()

    # ------------------------------------------------------------------ the camera tells

    def _on_camera(self, state: CameraState) -> None:
        self._refusal, self._has_other = "", False
        self._draw()
        if state not in (CameraState.STARTING, CameraState.RUNNING):
            self._parts.notifier.signal("need_attention")
        self._parts.notifier.announce(self._dialog.sentence)

    def _use_next(self) -> None:
        """Another camera, the next time too."""
        self.camera.use_next()
        self._parts.ask(change_setting, identifier="camera", typed=self.camera.name)

    def _on_frame(self, frame: QVideoFrame) -> None:
        self.worker.offer(frame)

    def _on_looked(self, looked: Looked) -> None:
        if not self._dialog.is_open or self.camera.state is not CameraState.RUNNING:
            return
        self._dialog.preview.show_image(looked.preview)
        match looked.sight:
            case CodeSeen(code) if code.kind in WANTED:
                self._see(code)
            case CodeSeen() | OtherCodeSeen():
                self._say_other(is_there=True)
            case NoCodeSeen():
                self._say_other(is_there=False)

    def _see(self, code: Code) -> None:
        self._say_other(is_there=False)
        if not self._sightings.is_scan(code, self._elapsed.elapsed()):
            return
        if self._is_trial:
            self._parts.notifier.signal("scan_ok")
            self._was_read = True
            self._draw()
        else:
            self._shown_code = code.text
            hear = self._parts.hear
            assert hear is not None, "a window hears scans"
            hear(Heard(code.text))

    def _say_other(self, *, is_there: bool) -> None:
        """A poster or a payment code is said, without a tone: nobody scanned it on purpose."""
        if is_there != self._has_other:
            self._has_other = is_there
            self._draw()

    # ------------------------------------------------------------------ answers

    def _scanned(self, answer: Any, *, from_camera: bool) -> None:
        if not self._dialog.is_open:
            return
        if isinstance(answer, MemberPutOn):
            self._parts.notifier.signal("member_ok")
            self._dialog.accept()
            return
        if not knows(type(answer)):
            return
        words = said(answer, self._parts.state, self._parts.wording)
        if words.sound:
            self._parts.notifier.signal(words.sound)
        if words.sound == "scan_error":
            self._refusal = words.sentence
            self._parts.notifier.announce(words.sentence, urgent=True)
            self._draw()
        elif from_camera:
            self._dialog.accept()  # a coupon is on the sale

    def _on_back(self) -> None:
        if self._intent.from_look_up and not self._is_put_away:
            self._parts.navigation.open_dialog(LookUpMember())

    def _on_closed(self) -> None:
        self.worker.stop()
        self.camera.stop()
        self._parts.navigation.dialog_closed(self)
        self.deleteLater()

    def _draw(self) -> None:
        view = present(
            self.camera.state,
            self._parts.wording,
            cameras=self.camera.count,
            refusal=self._refusal,
            other=self._has_other,
            was_read=self._was_read,
        )
        self._dialog.render_view(view)
