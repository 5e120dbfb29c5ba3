"""Qt camera: the camera of this machine, and in which state it is.

Owns: choosing it, asking for permission, starting it, noticing that it was unplugged, is held by
another program or sends no picture. Does not own: its frames (frame_worker.py), sentences.

Multimedia is loaded with the first opening, because a till starts often. Whatever goes wrong is a
state, never an exception: the till sells without a camera.
"""

from __future__ import annotations

import logging

from PySide6.QtCore import QCameraPermission, QCoreApplication, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtMultimedia import (
    QCamera,
    QCameraDevice,
    QCameraFormat,
    QMediaCaptureSession,
    QMediaDevices,
    QVideoSink,
)

from ui.camera.camera_state import CameraState

log = logging.getLogger(__name__)

NO_PICTURE_MS = 4_000
"""So long a camera may need for its first picture, and for any after it."""
_WANTED_SIZE = QSize(640, 480)
_FRAMES_MIN = 15


class QtCamera(QObject):
    """The camera. `sink` gets its frames.

    Signals:
        state_changed: arg: CameraState.
    """

    state_changed = Signal(object)

    def __init__(self, parent: QObject | None = None, wanted: str = "") -> None:
        super().__init__(parent)
        self._wanted = wanted
        self.sink = QVideoSink(self)
        self._state = CameraState.STARTING
        self._camera: QCamera | None = None
        self._device = QCameraDevice()
        self._session = QMediaCaptureSession(self)
        self._session.setVideoSink(self.sink)
        self._devices = QMediaDevices(self)
        self._devices.videoInputsChanged.connect(self._on_devices)
        self._patience = QTimer(self, singleShot=True, interval=NO_PICTURE_MS)
        self._patience.timeout.connect(self._on_no_picture)
        self.sink.videoFrameChanged.connect(self._on_frame)

    @property
    def state(self) -> CameraState:
        return self._state

    @property
    def name(self) -> str:
        """What the system calls the camera in use; empty for none yet."""
        return self._device.description()

    @property
    def count(self) -> int:
        """How many cameras this machine has."""
        return len(self._devices.videoInputs())

    def start(self) -> None:
        """Begin, or try again; `state_changed` says what came of it."""
        application = QCoreApplication.instance()
        assert application is not None
        permission = QCameraPermission()
        match application.checkPermission(permission):
            case Qt.PermissionStatus.Granted:
                self._open(self._chosen())
            case Qt.PermissionStatus.Undetermined:
                application.requestPermission(permission, self, self._on_permission)
            case _:
                self._tell(CameraState.NOT_ALLOWED)

    def stop(self) -> None:
        """Give the camera back: its lamp goes out."""
        self._patience.stop()
        if self._camera is not None:
            self._camera.errorOccurred.disconnect(self._on_error)
            self._camera.stop()
            self._camera.deleteLater()
            self._camera = None

    def use_next(self) -> None:
        """The next camera of this machine: tablets have one on either side."""
        inputs = self._devices.videoInputs()
        here = [device.id() for device in inputs]
        place = here.index(self._device.id()) + 1 if self._device.id() in here else 0
        if inputs:
            self._open(inputs[place % len(inputs)])

    def _on_permission(self, permission: object) -> None:
        self.start_if_allowed()

    def start_if_allowed(self) -> None:
        """The person answered the system's question."""
        application = QCoreApplication.instance()
        assert application is not None
        allowed = application.checkPermission(QCameraPermission()) is Qt.PermissionStatus.Granted
        if allowed:
            self._open(self._chosen())
        else:
            self._tell(CameraState.NOT_ALLOWED)

    def _chosen(self) -> QCameraDevice:
        """The one in use, else the one of the settings if it is there, else the system's first."""
        inputs = self._devices.videoInputs()
        for device in inputs:
            if device.id() == self._device.id():
                return device
        for device in inputs:
            if device.description() == self._wanted:
                return device
        return QMediaDevices.defaultVideoInput()

    def _open(self, device: QCameraDevice) -> None:
        self.stop()
        if device.isNull():
            self._tell(CameraState.NO_CAMERA)
            return
        self._device = device
        self._tell(CameraState.STARTING)
        self._camera = camera = QCamera(device, self)
        best = _best_format(device.videoFormats())
        if best is not None:
            camera.setCameraFormat(best)
        camera.errorOccurred.connect(self._on_error)
        self._session.setCamera(camera)
        self._patience.start()
        camera.start()

    def _on_frame(self) -> None:
        if self._camera is None and self._state is not CameraState.RUNNING:
            return
        self._patience.start()
        self._tell(CameraState.RUNNING)

    def _on_error(self, error: QCamera.Error, words: str) -> None:
        if error is QCamera.Error.NoError:
            return
        log.warning("the camera stopped: %s", words)
        # Not stopped in here: the camera itself is telling this.
        QTimer.singleShot(0, self, self._on_no_picture)

    def _on_no_picture(self) -> None:
        """Gone, or held by another program."""
        self.stop()
        ids = [device.id() for device in self._devices.videoInputs()]
        is_there = self._device.id() in ids
        self._tell(CameraState.NO_PICTURE if is_there else CameraState.GONE)

    def _on_devices(self) -> None:
        """Something was plugged in or pulled out."""
        ids = [device.id() for device in self._devices.videoInputs()]
        if self._camera is not None and self._device.id() not in ids:
            self._on_no_picture()
        elif self._camera is None and ids and self._state in CameraState.waiting():
            self.start()

    def _tell(self, state: CameraState) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)


def _best_format(formats: list[QCameraFormat]) -> QCameraFormat | None:
    """The one nearest to 640 x 480 that is no slide show: small frames are read fastest."""
    quick = [each for each in formats if each.maxFrameRate() >= _FRAMES_MIN] or formats
    return min(quick, key=_distance, default=None)


def _distance(form: QCameraFormat) -> tuple[bool, int]:
    size = form.resolution()
    too_small = size.width() < _WANTED_SIZE.width() or size.height() < _WANTED_SIZE.height()
    wanted = _WANTED_SIZE.width() * _WANTED_SIZE.height()
    return too_small, abs(size.width() * size.height() - wanted)
