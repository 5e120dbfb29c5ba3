"""A camera's frame: grey pixels, and what was seen in one.

Owns: the picture as plain bytes, the answers of reading it. Does not own: reading
(app/devices/code_reader.py), cameras (ui/camera). It stands here because devices and ui never meet.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from app.domain.codes import Code


@dataclass(frozen=True, slots=True)
class GreyFrame:
    """Rows of `width` grey pixels, 0 black to 255 white, a new row every `stride` bytes."""

    pixels: bytes = field(repr=False)
    width: int
    height: int
    stride: int

    def __post_init__(self) -> None:
        assert self.width > 0 and self.height > 0, f"an empty frame: {self}"
        assert self.stride >= self.width, f"rows overlap: {self}"
        needed = self.stride * (self.height - 1) + self.width
        assert len(self.pixels) >= needed, f"{len(self.pixels)} pixels for {self}"


@dataclass(frozen=True, slots=True)
class CodeSeen:
    """One of the shop's own codes, its check character right."""

    code: Code


@dataclass(frozen=True, slots=True)
class OtherCodeSeen:
    """A code, and none of ours: a poster, a wallet's payment code. What it says is not kept."""


@dataclass(frozen=True, slots=True)
class NoCodeSeen:
    """Nothing that could be read."""


Sight = CodeSeen | OtherCodeSeen | NoCodeSeen
