"""Every kind of frame a camera sends becomes grey pixels; the worker looks at the newest."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.devices.code_reader import CodeReader
from app.domain.codes import CodeKind, random_code
from app.domain.frame import CodeSeen, GreyFrame, NoCodeSeen, Sight
from tests.camera.hand_camera import video_frame
from tests.camera.test_code_reader import CODE, phone
from ui.camera.frame_worker import FrameWorker, Looked
from ui.camera.frames import grey_of, preview_of
from ui.camera.sighting import GONE_MS, Sightings

Pixels = QVideoFrameFormat.PixelFormat
ROOM = QSize(480, 360)


def raw_frame(kind: QVideoFrameFormat.PixelFormat, picture: Image.Image) -> QVideoFrame:
    """The picture's brightness in a pixel format of cameras."""
    width, height = picture.size
    frame = QVideoFrame(QVideoFrameFormat(QSize(width, height), kind))
    assert frame.map(QVideoFrame.MapMode.WriteOnly)
    plane, row = memoryview(frame.bits(0)), frame.bytesPerLine(0)
    for y in range(height):
        line = picture.crop((0, y, width, y + 1)).tobytes()
        if kind in (Pixels.Format_YUYV, Pixels.Format_UYVY):
            first = 0 if kind is Pixels.Format_YUYV else 1
            whole = bytearray(b"\x80" * (2 * width))
            whole[first::2] = line
            line = bytes(whole)
        plane[y * row : y * row + len(line)] = line
    frame.unmap()
    return frame


@pytest.mark.parametrize(
    "kind",
    [
        Pixels.Format_NV12, Pixels.Format_NV21, Pixels.Format_YUV420P, Pixels.Format_YUV422P,
        Pixels.Format_YV12, Pixels.Format_Y8, Pixels.Format_YUYV, Pixels.Format_UYVY,
    ],
)  # fmt: skip
def test_brightness_is_taken_from_what_cameras_send(
    qapp: object, kind: QVideoFrameFormat.PixelFormat
) -> None:
    grey = grey_of(raw_frame(kind, phone()))
    assert grey is not None
    assert (grey.width, grey.height) == (640, 480)
    assert CodeReader().read(grey) == CodeSeen(CODE)


def test_frames_in_colour_go_through_an_image(qapp: object) -> None:
    grey = grey_of(video_frame(phone()))
    assert grey is not None
    assert CodeReader().read(grey) == CodeSeen(CODE)
    preview = preview_of(grey, ROOM)
    assert (preview.width(), preview.height()) == (480, 360)


def test_a_compressed_frame_is_unpacked(qapp: object) -> None:
    target = io.BytesIO()
    phone().save(target, format="JPEG", quality=80)
    form = QVideoFrameFormat(QSize(640, 480), Pixels.Format_Jpeg)
    frame = QVideoFrame(form)
    if not frame.map(QVideoFrame.MapMode.WriteOnly):
        pytest.skip("Qt gives no memory for compressed frames here")
    memoryview(frame.bits(0))[: target.tell()] = target.getvalue()
    frame.unmap()
    grey = grey_of(frame)
    assert grey is not None
    assert CodeReader().read(grey) == CodeSeen(CODE)


def test_an_empty_frame_is_none(qapp: object) -> None:
    assert grey_of(QVideoFrame()) is None


# ------------------------------------------------------------------ the worker


@pytest.fixture
def make_worker(qapp: object) -> Iterator[Callable[[Callable[[GreyFrame], Sight]], FrameWorker]]:
    made: list[FrameWorker] = []
    dialog = QObject()

    def make(read: Callable[[GreyFrame], Sight]) -> FrameWorker:
        made.append(FrameWorker(read, ROOM, dialog))
        return made[-1]

    yield make
    for worker in made:
        worker.stop()
        assert worker.wait(10)


Make = Callable[[Callable[[GreyFrame], Sight]], FrameWorker]


def shade(value: int) -> QVideoFrame:
    return raw_frame(Pixels.Format_Y8, Image.new("L", (64, 48), value))


def test_a_slow_look_sees_the_newest_frame_next(make_worker: Make, qtbot: QtBot) -> None:
    looked_at: list[int] = []
    first, go_on = threading.Event(), threading.Event()

    def read(frame: GreyFrame) -> Sight:
        looked_at.append(frame.pixels[0])
        first.set()
        assert go_on.wait(10)
        return NoCodeSeen()

    worker = make_worker(read)
    worker.offer(shade(1))
    assert first.wait(10)
    for value in (2, 3, 4):
        worker.offer(shade(value))
    heard: list[Looked] = []
    worker.looked.connect(heard.append)
    go_on.set()
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert looked_at == [1, 4]


def test_a_frame_that_cannot_be_read_does_not_end_the_camera(
    make_worker: Make, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def read(frame: GreyFrame) -> Sight:
        if frame.pixels[0] == 1:
            raise ValueError("a broken frame")
        return NoCodeSeen()

    worker = make_worker(read)
    heard: list[Looked] = []
    worker.looked.connect(heard.append)
    worker.offer(shade(1))
    qtbot.waitUntil(lambda: "could not be looked at" in caplog.text)
    worker.offer(QVideoFrame())
    worker.offer(shade(2))
    qtbot.waitUntil(lambda: len(heard) == 1)


def test_after_stop_nothing_is_heard(make_worker: Make, qtbot: QtBot) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def read(frame: GreyFrame) -> Sight:
        inside.set()
        assert go_on.wait(10)
        return NoCodeSeen()

    worker = make_worker(read)
    heard: list[Looked] = []
    worker.looked.connect(heard.append)
    worker.offer(shade(1))
    assert inside.wait(10)
    worker.stop()
    worker.offer(shade(2))
    go_on.set()
    assert worker.wait(10)
    qtbot.wait(20)
    assert heard == []


class _Dialog(QObject):
    """Goes amid a look, as the camera's does when Esc is pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Looked] = []
        self.worker = FrameWorker(lambda _: NoCodeSeen(), ROOM, self)
        self.worker.looked.connect(self.hear)

    def hear(self, looked: Looked) -> None:
        self.heard.append(looked)


def test_closing_amid_a_look_deletes_nothing_on_the_other_thread(qapp: QApplication) -> None:
    """The thread let go of the worker last, and Qt deleted it there: the whole till crashed."""
    for _ in range(100):
        dialog = _Dialog()
        worker = dialog.worker
        worker.offer(shade(1))
        qapp.processEvents()
        worker.offer(shade(2))
        worker.stop()
        dialog.deleteLater()
        del dialog, worker
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    for thread in threading.enumerate():
        if thread.name == "camera":
            thread.join(10)
            assert not thread.is_alive()


# ------------------------------------------------------------------ one showing is one scan

BADGE = random_code(CodeKind.STAFF, 77)
OTHER = random_code(CodeKind.MEMBER, 78)


@pytest.mark.parametrize(
    ("shown", "scans"),
    [
        pytest.param([(CODE, 0)], [True], id="once"),
        pytest.param([(CODE, at) for at in range(0, 10_000, 33)], [True] + [False] * 303,
                     id="held before the camera for ten seconds"),
        pytest.param([(CODE, 0), (CODE, GONE_MS - 1), (CODE, 2 * GONE_MS - 2)],
                     [True, False, False], id="seen now and then"),
        pytest.param([(CODE, 0), (CODE, GONE_MS)], [True, True], id="away and back"),
        pytest.param([(CODE, 0), (OTHER, 40)], [True, True], id="another member"),
        pytest.param([(BADGE, 0), (CODE, 40)], [False, True], id="a badge is none"),
    ],
)  # fmt: skip
def test_one_showing_is_one_scan(shown: list[tuple[object, int]], scans: list[bool]) -> None:
    sightings = Sightings()
    assert [sightings.is_scan(code, at_ms) for code, at_ms in shown] == scans  # type: ignore[arg-type]  # both are codes
