"""The font of printed pages: the shipped Noto Sans SC, so that paper looks the same everywhere.

Owns: loading it under a name of its own, without the code points of radicals. Does not own: the
fonts of the window (ui/theme/fonts.py), painting (pdf.py).

Some Han share their glyph with a radical (人 U+4EBA with U+2F08) or a variant (胶 with U+3B35), and
Qt names a glyph in a PDF by its lowest code point: text copied from a receipt would hold characters
that no search finds. In memory those twins are therefore taken out of the font's character map.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import cache

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFontDatabase

_TWINS = range(0x2E80, 0x4E00)
"""Radicals and Extension A: what stands below the common Han."""
_COMMON_HAN = range(0x4E00, 0xA000)
_SHIPPED_NAME = "Noto Sans SC"
_OWN_NAME = "Paper SansSC"
assert len(_OWN_NAME) == len(_SHIPPED_NAME), "names are replaced in place"


@cache
def print_family() -> str:
    """The family that receipts and cards are set in. Needs a QGuiApplication."""
    from pylopdf_fonts_zh_cn import sans_path

    data = without_twins(sans_path().read_bytes())
    font_id = QFontDatabase.addApplicationFontFromData(QByteArray(data))
    families = QFontDatabase.applicationFontFamilies(font_id)
    if not families:
        raise RuntimeError("the shipped font for printing cannot be read: reinstall the program")
    return families[0]


def without_twins(font: bytes) -> bytes:
    """An OpenType font under our own name, each common Han the only owner of its glyph."""
    patched = bytearray(font)
    groups = [(at, *struct.unpack_from(">III", font, at)) for at in _character_groups(font)]
    common = {
        glyph + character - first
        for _, first, last, glyph in groups
        for character in range(first, last + 1)
        if character in _COMMON_HAN
    }
    for at, first, last, glyph in groups:
        if first in _TWINS and common.issuperset(range(glyph, glyph + last - first + 1)):
            # One code point that leads to no glyph: the map keeps its length and order.
            struct.pack_into(">III", patched, at, first, first, 0)
    own, shipped = (name.encode("utf-16-be") for name in (_OWN_NAME, _SHIPPED_NAME))
    return bytes(patched.replace(shipped, own))


def _character_groups(font: bytes) -> Iterator[int]:
    """Where the groups (first, last, glyph) of the full character maps (format 12) stand."""
    map_table = _table(font, b"cmap")
    (subtables,) = struct.unpack_from(">H", font, map_table + 2)
    for number in range(subtables):
        (offset,) = struct.unpack_from(">I", font, map_table + 4 + 8 * number + 4)
        subtable = map_table + offset
        (map_format,) = struct.unpack_from(">H", font, subtable)
        if map_format == 12:
            (groups,) = struct.unpack_from(">I", font, subtable + 12)
            yield from range(subtable + 16, subtable + 16 + 12 * groups, 12)


def _table(font: bytes, tag: bytes) -> int:
    (tables,) = struct.unpack_from(">H", font, 4)
    for number in range(tables):
        name, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * number)
        if name == tag:
            return int(offset)
    raise ValueError(f"no table {tag!r} in the font")
