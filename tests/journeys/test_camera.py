"""The camera at the till: by key and by tap, one phone is one member, every way it fails."""

from __future__ import annotations

import io
from functools import partial

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtMultimedia import QCamera

from app.devices.cards import card_png
from app.domain.codes import Code, CodeKind, parse_code, random_code
from tests.camera.hand_camera import HandCamera, plug_in, video_frame
from tests.camera.test_code_reader import PAYMENT, poster
from tests.journeys.cashier import Cashier
from tests.real_shop import MILK
from tests.screens.scene import TILL_SIZES, draw
from tests.ui import keys, walking
from tests.ui.real_window import wait_until
from ui.application import Application
from ui.camera.camera_state import CameraState
from ui.camera.controller import CameraController
from ui.camera.dialog import CameraDialog
from ui.camera.qt_camera import QtCamera
from ui.key_map import Action
from ui.kit.choice_row import ChoiceRow
from ui.member_lookup.dialog import LookUpDialog
from ui.navigation import ScanByCamera, ToSettings
from ui.sounds import Sound
from ui.till.more_dialog import MoreDialog

pytestmark = pytest.mark.journey
CONTROL = Qt.KeyboardModifier.ControlModifier


def phone_of(code: Code) -> Image.Image:
    """The code on a phone, before the camera."""
    frame = Image.new("L", (640, 480), 90)
    frame.paste(Image.open(io.BytesIO(card_png(code, pixels_per_module=7))).convert("L"), (180, 90))
    return frame


def member_code(cashier: Cashier, name: str) -> Code:
    code = parse_code(cashier.shop.cards[name])
    assert isinstance(code, Code)
    return code


def opened_camera(cashier: Cashier, made: list[HandCamera]) -> HandCamera:
    cashier.press(Qt.Key.Key_O, CONTROL)
    assert list(cashier.shown(CameraDialog))
    return made[-1]


def dialog_of(cashier: Cashier) -> CameraDialog:
    (dialog,) = cashier.shown(CameraDialog)
    return dialog


def controller_of(cashier: Cashier) -> CameraController:
    dialog = cashier.handle.parts.navigation.dialog
    assert isinstance(dialog, CameraController)
    return dialog


def show(cashier: Cashier, camera: HandCamera, picture: Image.Image, times: int = 4) -> None:
    """Frames, each looked at before the next one comes."""
    looked: list[object] = []
    controller = cashier.handle.parts.navigation.dialog
    assert isinstance(controller, CameraController)
    controller.worker.looked.connect(looked.append)
    for number in range(times):
        camera.show(picture)
        wait_until(partial(_has, looked, number + 1))
        cashier.settle()
        if not list(cashier.shown(CameraDialog)):
            return


def _has(looked: list[object], count: int) -> bool:
    return len(looked) >= count


@pytest.fixture
def cameras(cashier: Cashier) -> list[HandCamera]:
    return plug_in(cashier.handle.parts)


def test_a_phone_puts_its_member_on_the_sale_and_the_camera_is_given_back(
    cashier: Cashier, cameras: list[HandCamera]
) -> None:
    cashier.scan(MILK)
    cashier.sounds.clear()
    camera = opened_camera(cashier, cameras)
    worker = controller_of(cashier).worker
    show(cashier, camera, phone_of(member_code(cashier, "张三丰")))
    assert cashier.panel.name_masked
    assert not list(cashier.shown(CameraDialog))
    assert cashier.sounds == [Sound.MEMBER_OK]
    assert camera.stops == 1
    assert worker.wait(10)
    assert cashier.till.screen.input.edit.text() == ""
    assert len(cashier.state.lines) == 1


def test_by_mouse_alone_from_more_and_from_the_look_up(
    cashier: Cashier, cameras: list[HandCamera]
) -> None:
    cashier.tap(cashier.till.screen.key_bar.key(Action.MORE))
    (more,) = cashier.shown(MoreDialog)
    (tile,) = [t for t in more.tiles if t.accessibleName() == "摄像头扫码"]
    assert isinstance(tile, ChoiceRow)
    cashier.tap(tile)
    cashier.tap(dialog_of(cashier).back)
    assert cameras[-1].stops == 1
    cashier.press(Qt.Key.Key_F3)
    (look_up,) = cashier.shown(LookUpDialog)
    cashier.tap(look_up.camera)
    show(cashier, cameras[-1], phone_of(member_code(cashier, "张三丰")))
    assert cashier.panel.name_masked
    assert not list(cashier.shown(LookUpDialog))


def test_the_key_opens_it_in_the_look_up_and_esc_is_one_step_back(
    cashier: Cashier, cameras: list[HandCamera]
) -> None:
    cashier.press(Qt.Key.Key_F3)
    cashier.press(Qt.Key.Key_O, CONTROL)
    assert not list(cashier.shown(LookUpDialog))
    cashier.press(Qt.Key.Key_Escape)
    assert not list(cashier.shown(CameraDialog))
    assert list(cashier.shown(LookUpDialog))
    assert cameras[-1].stops == 1


def test_a_code_in_view_for_long_is_one_scan(cashier: Cashier, cameras: list[HandCamera]) -> None:
    """Nobody has this card: it is said once, however long it is shown."""
    cashier.sounds.clear()
    camera = opened_camera(cashier, cameras)
    show(cashier, camera, phone_of(random_code(CodeKind.MEMBER, 4711)), times=8)
    assert cashier.sounds == [Sound.SCAN_ERROR]
    assert dialog_of(cashier).notice_text
    assert cashier.state.member is None


@pytest.mark.parametrize("text", [PAYMENT, "https://example.org/menu"], ids=["payment", "poster"])
def test_other_codes_charge_nothing_and_ring_nothing_up(
    cashier: Cashier, cameras: list[HandCamera], text: str
) -> None:
    cashier.scan(MILK)
    cashier.sounds.clear()
    camera = opened_camera(cashier, cameras)
    show(cashier, camera, poster(text).resize((360, 360)).crop((-140, -60, 500, 420)))
    assert dialog_of(cashier).notice_text == "这不是本店的会员码。"
    assert cashier.sounds == []
    assert len(cashier.state.lines) == 1
    assert cashier.handle.parts.navigation.dialog is not None


def test_a_badge_before_the_camera_signs_nobody_in(
    cashier: Cashier, cameras: list[HandCamera]
) -> None:
    badge = parse_code(cashier.shop.badges["王芳"])
    assert isinstance(badge, Code)
    before = cashier.state.staff
    camera = opened_camera(cashier, cameras)
    show(cashier, camera, phone_of(badge))
    assert cashier.state.staff == before
    assert dialog_of(cashier).notice_text == "这不是本店的会员码。"


def test_goods_scanned_beside_it_go_to_the_basket_and_the_dialog_stays(
    cashier: Cashier, cameras: list[HandCamera]
) -> None:
    opened_camera(cashier, cameras)
    cashier.scan(MILK)
    assert len(cashier.state.lines) == 1
    assert dialog_of(cashier).is_open


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (CameraState.NO_CAMERA, "没有连接摄像头。"),
        (CameraState.NOT_ALLOWED, "本程序无权使用摄像头。"),
        (CameraState.NO_PICTURE, "摄像头没有画面，"),
    ],
    ids=["none", "not allowed", "held by another program"],
)
def test_a_camera_that_cannot_be_used_says_why_and_enter_tries_again(
    cashier: Cashier, state: CameraState, sentence: str
) -> None:
    cameras = plug_in(cashier.handle.parts, begins=state)
    cashier.scan(MILK)
    camera = opened_camera(cashier, cameras)
    dialog = dialog_of(cashier)
    assert dialog.sentence.startswith(sentence)
    cashier.press(Qt.Key.Key_Return)
    assert camera.starts == 2
    cashier.tap(dialog.again)
    assert camera.starts == 3
    cashier.press(Qt.Key.Key_Escape)
    assert not list(cashier.shown(CameraDialog))
    assert len(cashier.state.lines) == 1


def test_a_camera_pulled_out_while_scanning_loses_nothing_and_goes_on_by_itself(
    cashier: Cashier, cameras: list[HandCamera]
) -> None:
    cashier.scan(MILK)
    camera = opened_camera(cashier, cameras)
    show(cashier, camera, Image.new("L", (640, 480), 120), times=2)
    assert dialog_of(cashier).preview.isVisible()
    camera.come_to(CameraState.GONE)
    cashier.settle()
    dialog = dialog_of(cashier)
    assert dialog.sentence.startswith("摄像头已拔出。")
    assert not dialog.preview.isVisible()
    assert len(cashier.state.lines) == 1
    show(cashier, camera, phone_of(member_code(cashier, "张三丰")))
    assert cashier.panel.name_masked


def test_another_camera_is_one_tap(cashier: Cashier, cameras: list[HandCamera]) -> None:
    camera = opened_camera(cashier, cameras)
    assert not dialog_of(cashier).other.isVisible()
    camera.count = 2
    camera.show(Image.new("L", (640, 480), 120))
    cashier.settle()
    cashier.tap(dialog_of(cashier).other)
    assert camera.nexts == 1
    cashier.press(Qt.Key.Key_Escape)
    assert cashier.state.settings.camera == "Rear camera"
    assert opened_camera(cashier, cameras).wanted == "Rear camera"


def test_locking_the_till_gives_the_camera_back(
    cashier: Cashier, cameras: list[HandCamera]
) -> None:
    camera = opened_camera(cashier, cameras)
    cashier.handle.parts.navigation.close_dialog()
    cashier.settle()
    assert camera.stops == 1
    assert not list(cashier.shown(LookUpDialog))


def test_from_the_devices_it_is_only_tried(cashier: Cashier, cameras: list[HandCamera]) -> None:
    cashier.handle.parts.navigation.go(ToSettings())
    cashier.handle.parts.navigation.open_dialog(ScanByCamera())
    cashier.settle()
    cashier.sounds.clear()
    show(cashier, cameras[-1], phone_of(member_code(cashier, "张三丰")))
    assert dialog_of(cashier).notice_text == "已读到会员码，摄像头正常。"
    assert cashier.sounds == [Sound.SCAN_OK]
    assert cashier.state.member is None


@pytest.mark.parametrize("state", [*CameraState], ids=lambda state: str(state.value))
def test_every_state_has_names_sizes_and_room(
    cashier: Cashier, application: Application, state: CameraState
) -> None:
    cameras = plug_in(cashier.handle.parts, begins=state)
    camera = opened_camera(cashier, cameras)
    camera.count = 2
    dialog, cut = dialog_of(cashier), []
    if state is CameraState.RUNNING:
        show(cashier, camera, poster("https://example.org").resize((640, 480)), times=1)
    for scale in (100, 150):
        application.theme.use(scale_percent=scale)
        for language in ("zh_CN", "en"):
            cashier.handle.parts.language.use(language)
            for size in TILL_SIZES:
                cashier.window.resize(*size)
                draw()
                place = f"{language} {scale} {size}"
                cut += [f"{place}: {found}" for found in walking.clipped(dialog)]
                cut += [f"{place} outside: {found}" for found in walking.outside(dialog)]
    assert cut == []
    assert walking.nameless(dialog) == []
    assert walking.too_small(dialog) == []
    assert walking.unreachable(dialog) == []


def test_a_scan_into_every_widget_presses_and_closes_nothing(
    cashier: Cashier, cameras: list[HandCamera]
) -> None:
    camera = opened_camera(cashier, cameras)
    camera.count = 2
    camera.come_to(CameraState.GONE)
    dialog = dialog_of(cashier)
    for number, gap_ms in enumerate((8, 16, 35), start=1):
        for widget in (dialog.back, dialog.other, dialog.again):
            widget.setFocus()
            before = (camera.starts, camera.nexts, pieces(cashier))
            keys.scan(cashier.window, MILK, gap_ms=gap_ms)
            cashier.settle()
            assert dialog.is_open
            assert (camera.starts, camera.nexts) == before[:2], number
            assert pieces(cashier) == before[2] + 1


def pieces(cashier: Cashier) -> int:
    return sum(line.quantity.thousandths for line in cashier.state.lines) // 1000


def test_another_language_is_said_at_once(cashier: Cashier, cameras: list[HandCamera]) -> None:
    camera = opened_camera(cashier, cameras)
    camera.come_to(CameraState.GONE)
    cashier.handle.parts.language.use("en")
    cashier.settle()
    assert dialog_of(cashier).sentence.startswith("The camera was unplugged.")


# ------------------------------------------------------------------ the machine's own camera


@pytest.fixture
def own_camera(qapp: object) -> QtCamera:
    return QtCamera()


def test_a_machine_without_a_camera_says_so(own_camera: QtCamera) -> None:
    assert own_camera.count == 0, "this test is for machines without a camera"
    told: list[CameraState] = []
    own_camera.state_changed.connect(told.append)
    own_camera.start()
    own_camera.use_next()
    own_camera.stop()
    assert told == [CameraState.NO_CAMERA]


def test_the_till_opens_it_and_says_that_there_is_none(cashier: Cashier) -> None:
    """Nothing in the hand: the way main.py joins it."""
    cashier.press(Qt.Key.Key_O, CONTROL)
    assert dialog_of(cashier).sentence.startswith("没有连接摄像头。")
    cashier.press(Qt.Key.Key_Escape)


def test_frames_make_it_run_and_a_pulled_plug_is_noticed(own_camera: QtCamera) -> None:
    """Its device vanished from the list of the system: here there was none at all."""
    own_camera._camera = QCamera(own_camera)
    told: list[CameraState] = []
    own_camera.state_changed.connect(told.append)
    own_camera._camera.errorOccurred.connect(own_camera._on_error)
    own_camera.sink.setVideoFrame(video_frame(Image.new("L", (640, 480), 120)))
    own_camera._on_devices()
    own_camera.sink.setVideoFrame(video_frame(Image.new("L", (640, 480), 121)))
    assert told == [CameraState.RUNNING, CameraState.GONE]
