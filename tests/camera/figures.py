"""Figures: how many of a generator's pictures are read, how fast, and what must never happen.

Owns: counting, the table, the limits of the acceptance. Does not own: pictures (scenes.py).

A customer holds his code before the camera for some frames: a picture counts as read when one of
so many frames of it, as a `CodeReader` sees them, gives its code. The base pass alone is told too.
Times are those in which the thread worked: a machine that does other things is not measured.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from PIL import Image

from app.devices.code_reader import RETRY_EVERY, CodeReader, base_pass
from app.devices.machine import work_ns
from app.domain.frame import CodeSeen, GreyFrame, NoCodeSeen, Sight
from tests.camera.scenes import Scene

SURE_CLASSES = ("clean", "tilt", "dim", "dark mode")
SURE_PERCENT, OVERALL_PERCENT = 95, 85
BASE_MS_MAX = 15.0
RETRIES_MAX = 1 / 3


@dataclass
class Figures:
    """What came of all pictures. `wrong`: a code read where another, or none, was."""

    images: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    by_base: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    frames: int = 0
    retries: int = 0
    base_ms: list[float] = field(default_factory=list)
    retry_ms: list[float] = field(default_factory=list)

    @property
    def overall_percent(self) -> float:
        return 100 * self.read.total() / max(1, self.images.total())

    @property
    def base_median_ms(self) -> float:
        """Of the base pass over a counter without any code."""
        return statistics.median(self.base_ms) if self.base_ms else 0.0

    @property
    def retries_a_frame(self) -> float:
        return self.retries / max(1, self.frames)

    def percent(self, kind: str) -> float:
        return 100 * self.read[kind] / max(1, self.images[kind])

    def as_json(self) -> dict[str, object]:
        return {
            "images": self.images.total(),
            "rate_percent": {kind: round(self.percent(kind), 1) for kind in self.images},
            "base_pass_percent": {
                kind: round(100 * self.by_base[kind] / count, 1)
                for kind, count in self.images.items()
            },
            "overall_percent": round(self.overall_percent, 1),
            "wrong_decodes": len(self.wrong),
            "base_without_code_median_ms": round(self.base_median_ms, 2),
            "retry_frame_median_ms": round(statistics.median(self.retry_ms or [0.0]), 2),
            "retries_a_frame": round(self.retries_a_frame, 3),
        }


def measure(scenes: Iterable[Scene], empty: Iterable[Scene]) -> Figures:
    """Read every picture."""
    figures = Figures()
    for scene in scenes:
        _show(figures, scene)
    reader = CodeReader()
    for scene in empty:
        _show_counter(figures, scene, reader)
    return figures


def missed(figures: Figures, *, timed: bool) -> Iterator[str]:
    """Which limits are missed, in words. `timed`: the one in milliseconds too."""
    for kind in SURE_CLASSES:
        if figures.percent(kind) < SURE_PERCENT:
            yield f"{kind}: {figures.percent(kind):.1f} % of at least {SURE_PERCENT} %"
    if figures.overall_percent < OVERALL_PERCENT:
        yield f"overall: {figures.overall_percent:.1f} % of at least {OVERALL_PERCENT} %"
    if figures.wrong:
        yield f"wrong decodes: {figures.wrong}"
    if figures.retries_a_frame > RETRIES_MAX:
        yield f"{figures.retries_a_frame:.3f} retries a frame, at most every third"
    if timed and figures.base_median_ms > BASE_MS_MAX:
        yield f"base pass: {figures.base_median_ms:.1f} ms of at most {BASE_MS_MAX} ms"


def grey_frame(picture: Image.Image) -> GreyFrame:
    """The picture as a camera hands it over."""
    return GreyFrame(picture.tobytes(), picture.width, picture.height, picture.width)


def _show(figures: Figures, scene: Scene) -> None:
    figures.images[scene.kind] += 1
    figures.by_base[scene.kind] += _is_right(figures, scene, base_pass(scene.picture))
    reader = CodeReader()
    frame = grey_frame(scene.picture)
    for _ in range(RETRY_EVERY):
        if _is_right(figures, scene, reader.read(frame)):
            figures.read[scene.kind] += 1
            break
    figures.frames += reader.frames
    figures.retries += reader.retries


def _show_counter(figures: Figures, scene: Scene, reader: CodeReader) -> None:
    """The camera looks at an empty counter most of its time: one reader, frame after frame."""
    began = work_ns()
    sight = base_pass(scene.picture)
    figures.base_ms.append((work_ns() - began) / 1_000_000)
    _is_right(figures, scene, sight)
    retries, began = reader.retries, work_ns()
    _is_right(figures, scene, reader.read(grey_frame(scene.picture)))
    if reader.retries > retries:
        figures.retry_ms.append((work_ns() - began) / 1_000_000)
    figures.frames += 1
    figures.retries += reader.retries - retries


def _is_right(figures: Figures, scene: Scene, sight: Sight) -> bool:
    if isinstance(sight, NoCodeSeen):
        return False
    seen = sight.code.text if isinstance(sight, CodeSeen) else "another code"
    if seen != scene.code:
        figures.wrong.append(f"{scene.kind}: {seen} for {scene.code or 'nothing'}")
    return seen == scene.code
