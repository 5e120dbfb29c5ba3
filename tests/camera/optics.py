"""Optics: how a flat thing in front of a camera becomes a picture of 640 x 480 grey pixels.

Owns: perspective, lamps and shadows, lens blur and shake, noise, what a webcam's compression does.
Does not own: what lies in front of the camera and how badly (scenes.py).

Everything is drawn from the `Random` that is handed in: the same seed makes the same pixels.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT = 640, 480
FOCAL_PX = 500
"""A webcam that sees 65 degrees across."""

Point = tuple[float, float]
Matrix = tuple[tuple[float, float, float], ...]


@dataclass(frozen=True, slots=True)
class Pose:
    """How a flat thing is held: turned in degrees, `px_per_mm` where its middle is.

    `roll` turns it in the plane of the picture, `yaw` and `pitch` away from the camera; the point
    `about`, in mm from the middle of the thing, is seen `at` these pixels.
    """

    px_per_mm: float
    roll: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    at: Point = (WIDTH / 2, HEIGHT / 2)
    about: Point = (0.0, 0.0)


def seen(
    flat: Image.Image, source_px_per_mm: float, pose: Pose, *, oversample: int = 2
) -> Image.Image:
    """The flat thing as the sensor sees it, "LA": grey and how much of each pixel it covers.

    A pixel of the sensor gathers light over its whole area, `oversample` points a side of it;
    patterns finer than that beat with the pixels, as they do on a sensor.
    """
    forward = _homography(flat.size, source_px_per_mm, pose, oversample)
    a = _inverse(forward)
    coefficients = [value / a[2][2] for row in a for value in row][:8]
    size = (WIDTH * oversample, HEIGHT * oversample)
    layers = [flat.convert("L"), Image.new("L", flat.size, 255)]
    made = [
        layer.transform(size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC)
        for layer in layers
    ]
    if oversample > 1:
        made = [layer.reduce(oversample) for layer in made]
    return Image.merge("LA", made)


def _homography(size: tuple[int, int], source_px_per_mm: float, pose: Pose, scale: int) -> Matrix:
    """Source pixels to picture pixels, by a pinhole."""
    cos_y, sin_y = math.cos(math.radians(pose.yaw)), math.sin(math.radians(pose.yaw))
    cos_x, sin_x = math.cos(math.radians(pose.pitch)), math.sin(math.radians(pose.pitch))
    cos_z, sin_z = math.cos(math.radians(pose.roll)), math.sin(math.radians(pose.roll))
    # Columns of Rx * Ry * Rz for the two directions of the plane.
    across = (
        cos_y * cos_z,
        cos_x * sin_z + sin_x * sin_y * cos_z,
        sin_x * sin_z - cos_x * sin_y * cos_z,
    )
    down = (
        -cos_y * sin_z,
        cos_x * cos_z - sin_x * sin_y * sin_z,
        sin_x * cos_z + cos_x * sin_y * sin_z,
    )
    distance = FOCAL_PX / pose.px_per_mm
    mm = 1 / source_px_per_mm
    left, top = -size[0] / 2 * mm - pose.about[0], -size[1] / 2 * mm - pose.about[1]

    def row(place: int, middle: float) -> tuple[float, float, float]:
        w = (across[2], down[2], across[2] * left + down[2] * top)
        u = (across[place], down[place], across[place] * left + down[place] * top)
        first = (FOCAL_PX * u[0] + middle * w[0]) * mm
        second = (FOCAL_PX * u[1] + middle * w[1]) * mm
        return (
            scale * first,
            scale * second,
            scale * (FOCAL_PX * u[2] + middle * (w[2] + distance)),
        )

    depth = (across[2] * mm, down[2] * mm, across[2] * left + down[2] * top + distance)
    return (row(0, pose.at[0]), row(1, pose.at[1]), depth)


def _inverse(m: Matrix) -> Matrix:
    (a, b, c), (d, e, f), (g, h, i) = m
    det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    return (
        ((e * i - f * h) / det, (c * h - b * i) / det, (b * f - c * e) / det),
        ((f * g - d * i) / det, (a * i - c * g) / det, (c * d - a * f) / det),
        ((d * h - e * g) / det, (b * g - a * h) / det, (a * e - b * d) / det),
    )


def over(ground: Image.Image, thing: Image.Image) -> Image.Image:
    """Lay an "LA" thing over a grey ground."""
    grey, cover = thing.split()
    return Image.composite(grey, ground, cover)


def levels(picture: Image.Image, black: float, white: float) -> Image.Image:
    """Squeeze 0..255 between two grey values: exposure, or the light a screen gives."""
    return picture.point([round(black + (white - black) * value / 255) for value in range(256)])


def lit(picture: Image.Image, random: Random, *, darkest: float) -> Image.Image:
    """Uneven light: from full down to `darkest` (0 to 1) across the picture."""
    ramp = Image.linear_gradient("L").resize((WIDTH * 2, WIDTH * 2))
    turned = ramp.rotate(random.uniform(0, 360), Image.Resampling.BILINEAR)
    middle = turned.width // 2
    box = (middle - WIDTH // 2, middle - HEIGHT // 2, middle + WIDTH // 2, middle + HEIGHT // 2)
    return ImageChops.multiply(picture, levels(turned.crop(box), 255 * darkest, 255))


def out_of_focus(picture: Image.Image, radius_px: float) -> Image.Image:
    """The blur of a lens that is focused elsewhere."""
    return picture.filter(ImageFilter.GaussianBlur(radius_px)) if radius_px > 0 else picture


def shaken(picture: Image.Image, length_px: float, angle: float) -> Image.Image:
    """The thing moved this far while the picture was taken."""
    steps = max(2, math.ceil(length_px) + 1)
    dx = length_px * math.cos(math.radians(angle)) / (steps - 1)
    dy = length_px * math.sin(math.radians(angle)) / (steps - 1)
    mixed = picture
    for step in range(1, steps):
        coefficients = (1, 0, -dx * step, 0, 1, -dy * step)
        moved = picture.transform(
            picture.size, Image.Transform.AFFINE, coefficients, Image.Resampling.BILINEAR
        )
        mixed = Image.blend(mixed, moved, 1 / (step + 1))
    return mixed


def noisy(picture: Image.Image, random: Random, sigma: float) -> Image.Image:
    """Sensor noise, nearly Gaussian (the sum of four even ones)."""
    count = WIDTH * HEIGHT
    layers = [Image.frombytes("L", (WIDTH, HEIGHT), random.randbytes(count)) for _ in range(4)]
    noise = Image.blend(
        Image.blend(layers[0], layers[1], 0.5), Image.blend(layers[2], layers[3], 0.5), 0.5
    )
    # One even layer has a deviation of 73.9; the mean of four has half of it.
    strength = sigma / 36.95
    scaled = noise.point([round(128 + (value - 127.5) * strength) for value in range(256)])
    return ImageChops.add(picture, scaled, 1, -128)


def compressed(picture: Image.Image, quality: int) -> Image.Image:
    """Motion JPEG, as webcams send it over USB."""
    target = io.BytesIO()
    picture.save(target, format="JPEG", quality=quality)
    return Image.open(io.BytesIO(target.getvalue())).convert("L")


def bands(picture: Image.Image, random: Random, depth: float, period_px: float) -> Image.Image:
    """A screen that flickers, read line by line: darker stripes across the picture."""
    phase = random.uniform(0, math.tau)
    column = bytes(
        round(255 * (1 - depth * (0.5 + 0.5 * math.sin(phase + math.tau * y / period_px))))
        for y in range(HEIGHT)
    )
    stripes = Image.frombytes("L", (1, HEIGHT), column).resize((WIDTH, HEIGHT))
    return ImageChops.multiply(picture, stripes)


def shine(
    picture: Image.Image, spot: Sequence[Point], strength: float, soft_px: float
) -> Image.Image:
    """A lamp mirrored in glass: added light inside of a polygon with soft edges, 255 is white."""
    light = Image.new("L", (WIDTH, HEIGHT), 0)
    ImageDraw.Draw(light).polygon(list(spot), fill=round(255 * min(1.0, strength)))
    return ImageChops.add(picture, light.filter(ImageFilter.GaussianBlur(soft_px)))
