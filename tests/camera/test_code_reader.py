"""The camera's reader: our codes out of frames, nothing out of anything else, costly passes seldom.

`python -m tests.camera` measures 480 pictures; here a few of every class are read.
"""

from __future__ import annotations

import io
from random import Random

import pytest
import qrcode
from PIL import Image
from PySide6.QtWidgets import QApplication

from app.devices.cards import card_bars, card_png
from app.devices.code_reader import RETRY_EVERY, WIDTH_MAX, CodeReader
from app.domain.codes import CodeKind, random_code
from app.domain.frame import CodeSeen, GreyFrame, NoCodeSeen, OtherCodeSeen, Sight
from tests.camera.figures import RETRIES_MAX, Figures, grey_frame, measure, missed
from tests.camera.scenes import CLASSES, empty_scenes, scene, scenes
from tests.devices.test_cards import painted_bars

CODE = random_code(CodeKind.MEMBER, 0x6E21_0D5C_77A1_93)
PAYMENT = "134567890123456789"


def phone(size: tuple[int, int] = (640, 480), *, at: tuple[int, int] = (40, 60)) -> Image.Image:
    """The picture sent to a phone, in a frame of its own."""
    frame = Image.new("L", size, 90)
    frame.paste(Image.open(io.BytesIO(card_png(CODE, pixels_per_module=7))).convert("L"), at)
    return frame


def poster(text: str) -> Image.Image:
    """Somebody else's QR."""
    made = qrcode.QRCode(border=4, box_size=6)
    made.add_data(text)
    picture: Image.Image = made.make_image().get_image().convert("L")
    return picture


def read(picture: Image.Image) -> Sight:
    return CodeReader().read(grey_frame(picture))


def test_a_few_of_every_class_are_read_and_none_is_wrong(qapp: QApplication) -> None:
    figures = measure(scenes(7, 5 * len(CLASSES)), empty_scenes(7, 6))
    assert list(missed(figures, timed=False)) == []
    assert figures.images == dict.fromkeys(CLASSES, 5)
    assert figures.retries_a_frame <= RETRIES_MAX


def test_the_same_seed_makes_the_same_pixels(qapp: QApplication) -> None:
    for kind in CLASSES:
        first, again, other = (scene(kind, Random(f"{seed}/{kind}")) for seed in (7, 7, 8))
        assert first.picture.tobytes() == again.picture.tobytes()
        assert first.picture.tobytes() != other.picture.tobytes()
        assert first.code == again.code != other.code


def test_a_limit_that_is_missed_is_named() -> None:
    figures = Figures()
    figures.images.update(dict.fromkeys(CLASSES, 10))
    figures.read.update({**dict.fromkeys(CLASSES, 10), "tilt": 9, "small": 0, "glare": 0})
    figures.wrong.append("clean: another code for M1")
    figures.frames, figures.retries, figures.base_ms = 10, 4, [40.0]
    faults = list(missed(figures, timed=True))
    assert [fault.partition(":")[0] for fault in faults] == [
        "tilt", "overall", "wrong decodes", "0.400 retries a frame, at most every third",
        "base pass",
    ]  # fmt: skip


def test_rows_may_be_longer_than_the_picture() -> None:
    """Cameras pad their rows; what lies in the padding is no picture."""
    picture = phone()
    stride = picture.width + 64
    rows = picture.tobytes()
    padded = b"".join(
        rows[start : start + 640].ljust(stride, b"\x7f") for start in range(0, len(rows), 640)
    )
    assert CodeReader().read(GreyFrame(padded, 640, 480, stride)) == CodeSeen(CODE)
    without_last = padded[: stride * 479 + 640]
    assert CodeReader().read(GreyFrame(without_last, 640, 480, stride)) == CodeSeen(CODE)


def test_a_large_frame_is_read_at_half_its_size() -> None:
    frame = phone((2 * WIDTH_MAX, 1440), at=(300, 200))
    assert read(frame) == CodeSeen(CODE)


def test_bars_are_read_and_a_wrong_check_character_is_not_ours() -> None:
    bars = painted_bars(card_bars(CODE), 2)
    frame = Image.new("L", (640, 480), 255)
    frame.paste(bars, (100, 200))
    assert read(frame) == CodeSeen(CODE)
    wrong = CODE.text[:-1] + ("A" if CODE.text[-1] != "A" else "B")
    assert read(poster(wrong)) == OtherCodeSeen()


@pytest.mark.parametrize(
    "text", [PAYMENT, "https://example.org/menu", "6901234567892", "WIFI:S:shop;;"],
    ids=["payment code", "address", "goods", "network"],
)  # fmt: skip
def test_other_codes_are_seen_and_not_kept(text: str) -> None:
    sight = read(poster(text))
    assert sight == OtherCodeSeen()
    assert text not in repr(sight)


def test_a_poster_behind_the_phone_does_not_hide_the_code() -> None:
    frame = phone()
    frame.paste(poster("https://example.org/menu").resize((180, 180)), (420, 240))
    assert read(frame) == CodeSeen(CODE)


def test_costly_passes_are_made_every_third_frame_without_a_code() -> None:
    reader, nothing, code = CodeReader(), Image.new("L", (640, 480), 128), phone()
    for _ in range(3 * RETRY_EVERY + 1):
        assert reader.read(grey_frame(nothing)) == NoCodeSeen()
    assert (reader.frames, reader.retries) == (3 * RETRY_EVERY + 1, 3)
    for _ in range(5):
        assert reader.read(grey_frame(code)) == CodeSeen(CODE)
    assert reader.retries == 3


def test_a_frame_that_cannot_be_is_a_bug() -> None:
    for bad in ((b"", 0, 1, 0), (b"abc", 2, 2, 2), (b"abcd", 2, 2, 1)):
        with pytest.raises(AssertionError):
            GreyFrame(*bad)
