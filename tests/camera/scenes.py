"""Scenes: member codes as the app renders them, held before a till's camera, in eight classes.

Owns: what is shown (the picture sent to a phone, the printed card), where and how badly.
Does not own: optics (optics.py), reading (app/devices/code_reader.py), counting (figures.py).

The camera is a webcam at the counter: 640 x 480, 65 degrees across, motion JPEG. On a phone the QR
of 21 modules is 36 to 50 mm wide, on the printed card 24 mm. Severity of each class:

    clean      a phone 12 to 25 cm away, a card 10 to 18 cm, held within 12 degrees of straight,
               light falling off by a third
    tilt       turned in the picture by any angle, turned away by 25 to 50 degrees
    dim        white is 40 to 90 of 255, black 8 to 20 below the noise of a camera at its highest
               gain (deviation 5 to 9 levels), light falling off by half
    dark mode  the phone shows light modules on a dark ground, at 45 to 100 % of its brightness
    glare      a lamp or a tube mirrored in the glass over up to a third of the code, white where it
               is strongest, and a haze over the rest
    moire      an old phone or tablet (90 to 160 dots an inch) whose grid beats with the sensor, and
               flicker that darkens stripes by up to half
    small      40 to 60 cm away: 1.7 to 2.6 pixels a module
    blurred    half out of focus by 0.3 to 0.6 of a module (deviation), half shaken by 0.5 to 1.4
               modules while the picture was taken

Every picture has lens blur, noise, compression and a counter with other things on it, among them
the bars of goods, which are no member's code.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageOps

from app.devices.cards import PrintedCard, card_page, card_png
from app.devices.codes import QR_QUIET_MODULES
from app.domain.codes import RANDOM_BITS, Code, CodeKind, random_code
from app.domain.page import Page, PlacedModules
from app.wording import load
from tests.camera import optics
from tests.camera.optics import HEIGHT, WIDTH, Pose
from tests.devices.pages import pdf_image
from ui.printing.pdf import page_pdf, text_width_um

CLASSES = ("clean", "tilt", "dim", "dark mode", "glare", "moire", "small", "blurred")
MODULES = 21
_CARD_MODULE_MM = 1.15
_CARD_SHARE = 0.3
"""So many members hold the printed card; it has no dark mode and no grid of dots."""
_PHONES_ONLY = ("dark mode", "moire")
_SOURCE_PX_PER_MM = 10
_PRINT_DPI = 254


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture. `code`: the member's code in it; empty: none at all."""

    kind: str
    code: str
    picture: Image.Image


@dataclass(frozen=True, slots=True)
class _Held:
    """A flat thing with a code. `module_mm`: one module of its QR; `code_at`: from its middle."""

    flat: Image.Image
    px_per_mm: float
    module_mm: float
    code_at: optics.Point = (0.0, 0.0)

    @property
    def is_card(self) -> bool:
        return self.module_mm == _CARD_MODULE_MM


def scenes(seed: int, images: int) -> Iterator[Scene]:
    """So many pictures, every class in turn; the same seed makes the same pixels."""
    for number in range(images):
        kind = CLASSES[number % len(CLASSES)]
        yield scene(kind, Random(f"{seed}/{kind}/{number}"))


def scene(kind: str, random: Random) -> Scene:
    """One picture of a class."""
    code = random_code(CodeKind.MEMBER, random.getrandbits(RANDOM_BITS))
    picture = _TAKE[kind](random, code)
    return Scene(kind, code.text, optics.compressed(picture, random.randint(65, 88)))


def empty_scenes(seed: int, images: int) -> Iterator[Scene]:
    """The counter with no member's code on it."""
    for number in range(images):
        random = Random(f"{seed}/empty/{number}")
        picture = optics.noisy(_counter(random), random, random.uniform(1.5, 9))
        yield Scene("empty", "", optics.compressed(picture, random.randint(65, 88)))


# ------------------------------------------------------------------ what is held


def _phone(code: Code, random: Random, *, dark: bool = False, light: float = 1.0) -> _Held:
    """A phone that shows the picture the shop sent, as wide as its screen."""
    screen_mm = random.uniform(58, 70)
    side_mm = screen_mm * random.uniform(0.86, 1.0)
    width = round(screen_mm * _SOURCE_PX_PER_MM)
    height = round(width * 1.7)
    sent = Image.open(BytesIO(card_png(code))).convert("L")
    side = round(side_mm * _SOURCE_PX_PER_MM)
    screen = Image.new("L", (width, height), random.choice((255, 255, 246, 24)))
    left, top = (width - side) // 2, round(height * random.uniform(0.16, 0.3))
    screen.paste(sent.resize((side, side), Image.Resampling.BICUBIC), (left, top))
    draw = ImageDraw.Draw(screen)
    draw.text((left, top - 60), "Renmin Road", fill=110, font_size=44)
    for row in range(3):
        y = top + side + 60 + 70 * row
        draw.rounded_rectangle((left, y, width - left - 40 * row, y + 34), 12, fill=150)
    if dark:
        screen = ImageOps.invert(screen)
    screen = optics.levels(screen, 10, 10 + 235 * light)
    edge = round(3 * _SOURCE_PX_PER_MM)
    whole = Image.new("L", (width + 2 * edge, height + 6 * edge), 20)
    whole.paste(screen, (edge, 3 * edge))
    middle = 3 * edge + top + side // 2  # the code is what is held before the camera
    reach = min(middle, whole.height - middle)
    whole = whole.crop((0, middle - reach, whole.width, middle + reach))
    module_mm = side_mm / (MODULES + 2 * QR_QUIET_MODULES)
    return _Held(whole, _SOURCE_PX_PER_MM, module_mm)


def _card(code: Code, random: Random) -> _Held:
    """The printed card, as the app lays it out and paints it."""
    page = card_page(PrintedCard("人民路店", code), load("zh_CN"), text_width_um)
    printed = pdf_image(page_pdf(page), _PRINT_DPI)
    paper = optics.levels(printed, 30, 235)
    return _Held(paper, _PRINT_DPI / 25.4, _CARD_MODULE_MM, _qr_middle_mm(page))


def _qr_middle_mm(page: Page) -> optics.Point:
    """Where the QR of a card is, from the middle of the card."""
    qr = next(mark for mark in page.marks if isinstance(mark, PlacedModules))
    half_um = qr.module_um * len(qr.rows) / 2
    return (
        (qr.x_um + half_um - page.width_um / 2) / 1000,
        (qr.y_um + half_um - page.height_um / 2) / 1000,
    )


def _held(code: Code, random: Random) -> _Held:
    is_card = random.random() < _CARD_SHARE
    return _card(code, random) if is_card else _phone(code, random)


# ------------------------------------------------------------------ the counter


def _counter(random: Random) -> Image.Image:
    """Wood, boxes, printed words and the bars of goods."""
    ground = Image.new("L", (WIDTH, HEIGHT), random.randint(60, 190))
    grain = Image.frombytes("L", (8, 240), random.randbytes(8 * 240)).resize((WIDTH, HEIGHT))
    ground = Image.blend(ground, grain.rotate(random.choice((0, 90, 12))), 0.12)
    draw = ImageDraw.Draw(ground)
    for _ in range(random.randint(3, 8)):
        x, y = random.randint(-60, WIDTH), random.randint(-60, HEIGHT)
        box = (x, y, x + random.randint(30, 260), y + random.randint(30, 200))
        draw.rectangle(box, fill=random.randint(15, 245), outline=random.randint(0, 255))
    for _ in range(random.randint(2, 6)):
        at = (random.randint(0, WIDTH - 80), random.randint(0, HEIGHT - 20))
        words = random.choice(("500 ml", "BEST BEFORE 2027", "NET 250 g", "SALE -20%"))
        draw.text(at, words, fill=random.randint(0, 255), font_size=random.randint(12, 34))
    if random.random() < 0.5:
        _goods_bars(ground, random)
    return optics.out_of_focus(optics.lit(ground, random, darkest=0.6), random.uniform(0.6, 1.6))


def _goods_bars(ground: Image.Image, random: Random) -> None:
    """The EAN-13 of something that lies on the counter."""
    from barcode.ean import EAN13

    pattern = EAN13("690" + f"{random.randrange(10**9):09d}").build()[0]
    module = random.choice((1, 2, 2, 3))
    bars = Image.new("L", (len(pattern) * module + 20 * module, 40 * module), 240)
    draw = ImageDraw.Draw(bars)
    for place, bit in enumerate(pattern):
        if bit != "0":
            x = (10 + place) * module
            draw.rectangle((x, 4 * module, x + module - 1, 34 * module), fill=25)
    bars = bars.rotate(random.uniform(-20, 20), expand=True, fillcolor=200)
    ground.paste(bars, (random.randint(-40, WIDTH - 80), random.randint(-20, HEIGHT - 40)))


# ------------------------------------------------------------------ the classes


def _near(random: Random, held: _Held) -> Pose:
    """Held as people hold it, the smaller card nearer; the code stays within the picture."""
    away_mm = random.uniform(100, 180) if held.is_card else random.uniform(120, 250)
    per_mm = optics.FOCAL_PX / away_mm
    side_mm = MODULES * held.module_mm
    room = max(0.0, min(90.0, HEIGHT / 2 - per_mm * side_mm * 0.75 - 10))
    return Pose(
        per_mm,
        random.uniform(-12, 12),
        random.uniform(-12, 12),
        random.uniform(-12, 12),
        (WIDTH / 2 + random.uniform(-room, room), HEIGHT / 2 + random.uniform(-room, room)),
        held.code_at,
    )


def _photo(random: Random, held: _Held, pose: Pose, *, blur_px: float | None = None) -> Image.Image:
    """It over the counter, through an ordinary lens."""
    picture = optics.over(_counter(random), optics.seen(held.flat, held.px_per_mm, pose))
    blur = random.uniform(0.4, 0.8) if blur_px is None else blur_px
    return optics.out_of_focus(picture, blur)


def _clean(random: Random, code: Code) -> Image.Image:
    held = _held(code, random)
    picture = _photo(random, held, _near(random, held))
    return optics.noisy(optics.lit(picture, random, darkest=0.65), random, random.uniform(1.5, 4))


def _tilt(random: Random, code: Code) -> Image.Image:
    held = _held(code, random)
    angle, way = random.uniform(25, 50), random.uniform(0, math.tau)
    pose = replace(
        _near(random, held),
        roll=random.uniform(0, 360),
        yaw=angle * math.cos(way),
        pitch=angle * math.sin(way),
    )
    picture = _photo(random, held, pose)
    return optics.noisy(optics.lit(picture, random, darkest=0.65), random, random.uniform(1.5, 4))


def _dim(random: Random, code: Code) -> Image.Image:
    held = _held(code, random)
    picture = optics.lit(_photo(random, held, _near(random, held)), random, darkest=0.5)
    black = random.uniform(8, 20)
    return optics.noisy(
        optics.levels(picture, black, random.uniform(40, 90)), random, random.uniform(5, 9)
    )


def _dark_mode(random: Random, code: Code) -> Image.Image:
    held = _phone(code, random, dark=True, light=random.uniform(0.45, 1))
    picture = _photo(random, held, _near(random, held))
    return optics.noisy(optics.lit(picture, random, darkest=0.65), random, random.uniform(1.5, 4))


def _glare(random: Random, code: Code) -> Image.Image:
    held = _held(code, random)
    pose = _near(random, held)
    side = MODULES * held.module_mm * pose.px_per_mm
    picture = _photo(random, held, pose)
    picture = optics.levels(picture, random.uniform(20, 80), 255)
    x = pose.at[0] + random.uniform(-0.6, 0.6) * side
    y = pose.at[1] + random.uniform(-0.6, 0.6) * side
    spot = _tube(random, x, y, side) if random.random() < 0.5 else _lamp(random, x, y, side)
    soft = side * random.uniform(0.02, 0.12)
    picture = optics.shine(picture, spot, random.uniform(0.5, 1.0), soft)
    return optics.noisy(picture, random, random.uniform(1.5, 4))


def _lamp(random: Random, x: float, y: float, side: float) -> list[optics.Point]:
    """A round lamp, 10 to 30 % of the code wide."""
    radius = side * random.uniform(0.05, 0.15)
    stretch = random.uniform(0.6, 1.6)
    steps = [math.tau * step / 24 for step in range(24)]
    return [(x + radius * math.cos(a), y + stretch * radius * math.sin(a)) for a in steps]


def _tube(random: Random, x: float, y: float, side: float) -> list[optics.Point]:
    """A tube right across the code, 4 to 12 % of it wide."""
    half, way = side * random.uniform(0.02, 0.06), random.uniform(0, math.pi)
    along = (side * math.cos(way), side * math.sin(way))
    across = (-half * math.sin(way), half * math.cos(way))
    return [
        (x + sign * along[0] + edge * across[0], y + sign * along[1] + edge * across[1])
        for sign, edge in ((1, 1), (1, -1), (-1, -1), (-1, 1))
    ]


def _moire(random: Random, code: Code) -> Image.Image:
    held = _dotted(_phone(code, random), random)
    pose = replace(_near(random, held), px_per_mm=optics.FOCAL_PX / random.uniform(110, 180))
    picture = optics.over(_counter(random), optics.seen(held.flat, held.px_per_mm, pose))
    picture = optics.out_of_focus(picture, random.uniform(0.3, 0.5))
    picture = optics.bands(picture, random, random.uniform(0, 0.5), random.uniform(30, 200))
    return optics.noisy(picture, random, random.uniform(1.5, 4))


def _dotted(held: _Held, random: Random) -> _Held:
    """The same screen made of dots with dark lines between them, 90 to 160 an inch."""
    pitch = 25.4 / random.uniform(90, 160) * held.px_per_mm
    gap = pitch * random.uniform(0.2, 0.4)
    fine = 3
    size = (held.flat.width * fine, held.flat.height * fine)
    columns = _comb(size[0], pitch * fine, gap * fine).resize((size[0], 1))
    rows = _comb(size[1], pitch * fine, gap * fine).rotate(90, expand=True)
    grid = ImageChops.multiply(columns.resize(size), rows.resize(size))
    return _Held(
        ImageChops.multiply(held.flat.resize(size), grid), held.px_per_mm * fine, held.module_mm
    )


def _comb(length: int, pitch: float, gap: float) -> Image.Image:
    teeth = bytes(40 if place % pitch < gap else 255 for place in range(length))
    return Image.frombytes("L", (length, 1), teeth)


def _small(random: Random, code: Code) -> Image.Image:
    held = _phone(code, random) if random.random() > _CARD_SHARE else _card(code, random)
    pose = replace(_near(random, held), px_per_mm=random.uniform(1.7, 2.6) / held.module_mm)
    picture = _photo(random, held, pose, blur_px=random.uniform(0.3, 0.6))
    return optics.noisy(optics.lit(picture, random, darkest=0.65), random, random.uniform(1.5, 4))


def _blurred(random: Random, code: Code) -> Image.Image:
    held = _held(code, random)
    pose = _near(random, held)
    module_px = held.module_mm * pose.px_per_mm
    if random.random() < 0.5:
        picture = _photo(random, held, pose, blur_px=module_px * random.uniform(0.3, 0.6))
    else:
        length = module_px * random.uniform(0.5, 1.4)
        picture = optics.shaken(_photo(random, held, pose), length, random.uniform(0, 180))
    return optics.noisy(optics.lit(picture, random, darkest=0.65), random, random.uniform(1.5, 4))


_TAKE: Mapping[str, Callable[[Random, Code], Image.Image]] = {
    "clean": _clean,
    "tilt": _tilt,
    "dim": _dim,
    "dark mode": _dark_mode,
    "glare": _glare,
    "moire": _moire,
    "small": _small,
    "blurred": _blurred,
}
