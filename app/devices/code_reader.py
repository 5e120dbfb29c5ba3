"""Code reader: finds the shop's own codes in a camera's frames.

Owns: the passes over one frame, how often the costly ones are made. Does not own: cameras and
windows (ui/camera), what a code means (domain/scanning.py), when the same code counts again.

Every frame gets the base pass. Where that finds nothing, at most every third frame gets the
retries: each was kept because it reads what the others do not (tests/camera measures them).

    smooth    neighbours are averaged: the noise of a dim counter
    spread    the light is evened out and every pixel made black or white: moire, haze
    enlarge   twice the size: far away, tilted; with `smooth` before it: dim and far away
    sharpen   edges are raised: out of focus, shaken
    soften    the grain goes, then twice the size: the dots of coarse screens

Only QR (Reed-Solomon corrects it) and Code 128 are looked for, and only a text whose check
character is right is one of our codes: a misread is nothing, never another member.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from app.domain.codes import Code, parse_code
from app.domain.frame import CodeSeen, GreyFrame, NoCodeSeen, OtherCodeSeen, Sight

if TYPE_CHECKING:
    from PIL.Image import Image

RETRY_EVERY = 3
"""A retry at most every so many frames."""
WIDTH_MAX = 1280
"""A larger frame is halved first: it costs four times as much and shows no more modules."""
_LOCAL_PX = 16
_MIDDLE = 128


class CodeReader:
    """One camera's reader; feed it every frame. Not for two threads at once."""

    def __init__(self) -> None:
        self._since_retry = 0
        self.frames = 0
        self.retries = 0

    def read(self, frame: GreyFrame) -> Sight:
        """What is seen in the frame."""
        self.frames += 1
        self._since_retry += 1
        picture = _picture(frame)
        sight = base_pass(picture)
        if not isinstance(sight, NoCodeSeen) or self._since_retry < RETRY_EVERY:
            return sight
        self._since_retry = 0
        self.retries += 1
        return retry_passes(picture)


def base_pass(picture: Image) -> Sight:
    """The picture as it is: dark and light swapped too, in every direction, halved too."""
    return _sight(picture)


def retry_passes(picture: Image) -> Sight:
    """The same picture treated in different ways, until one of them shows a code."""
    for treat in RETRIES:
        sight = _sight(treat(picture))
        if not isinstance(sight, NoCodeSeen):
            return sight
    return NoCodeSeen()


def _picture(frame: GreyFrame) -> Image:
    from PIL import Image

    size = (frame.width, frame.height)
    # Cameras leave the padding behind the last row away; Pillow wants it.
    pixels = frame.pixels.ljust(frame.stride * frame.height, b"\0")
    picture = Image.frombuffer("L", size, pixels, "raw", "L", frame.stride, 1)
    while picture.width > WIDTH_MAX:
        picture = picture.reduce(2)
    return picture


def _sight(picture: Image) -> Sight:
    """One of ours before anything else: a poster behind the phone must not hide it."""
    texts = list(_texts(picture))
    for text in texts:
        code = parse_code(text)
        if isinstance(code, Code):
            return CodeSeen(code)
    return OtherCodeSeen() if texts else NoCodeSeen()


def _texts(picture: Image) -> Iterator[str]:
    import zxingcpp

    formats = [zxingcpp.BarcodeFormat.QRCodeModel2, zxingcpp.BarcodeFormat.Code128]
    for found in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(formats)):
        yield found.text


# ------------------------------------------------------------------ the retries


def _smooth(picture: Image) -> Image:
    from PIL import ImageFilter

    return picture.filter(ImageFilter.BoxBlur(1))


def _spread(picture: Image) -> Image:
    from PIL import ImageChops, ImageFilter

    smooth = _smooth(picture)
    around = smooth.filter(ImageFilter.BoxBlur(_LOCAL_PX))
    return ImageChops.subtract(smooth, around, 1, _MIDDLE).point(_BLACK_OR_WHITE)


def _enlarge(picture: Image) -> Image:
    from PIL.Image import Resampling

    return picture.resize((picture.width * 2, picture.height * 2), Resampling.BICUBIC)


def _smooth_enlarge(picture: Image) -> Image:
    return _enlarge(_smooth(picture))


def _sharpen(picture: Image) -> Image:
    from PIL import ImageFilter

    return picture.filter(ImageFilter.UnsharpMask(2, 250, 0))


def _soften(picture: Image) -> Image:
    from PIL import ImageFilter

    return _enlarge(picture.filter(ImageFilter.GaussianBlur(1.5)))


_BLACK_OR_WHITE: Any = [0] * _MIDDLE + [255] * (256 - _MIDDLE)
RETRIES: tuple[Callable[[Image], Image], ...] = (
    _smooth,
    _spread,
    _enlarge,
    _sharpen,
    _smooth_enlarge,
    _soften,
)
