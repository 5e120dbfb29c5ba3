"""Fonts: one family stack for Chinese and Latin, tabular figures everywhere.

Owns: the stack of UI.md 3.1, loading the shipped Noto Sans SC where the desktop has no Chinese
font (bare Linux), making a QFont of a type token.
Does not own: sizes and weights (tokens.py).
"""

from PySide6.QtGui import QFont, QFontDatabase

STACK = (
    "Microsoft YaHei UI",
    "PingFang SC",
    "HarmonyOS Sans SC",
    "Noto Sans SC",
    "Noto Sans CJK SC",
    "Segoe UI",
    "sans-serif",
)
SHIPPED_FAMILY = "Noto Sans SC"
_TABULAR = "tnum"


def load_shipped_font() -> None:
    """Make a Chinese font available. Does nothing where the desktop already has one."""
    present = set(QFontDatabase.families())
    if present.intersection(STACK[:5]):
        return
    from pylopdf_fonts_zh_cn import sans_path  # 8 MB of font: only where it is needed

    QFontDatabase.addApplicationFont(str(sans_path()))


def families() -> list[str]:
    """The families of the stack this machine has, best first (unknown names cost look-ups)."""
    present = set(QFontDatabase.families())
    return [family for family in STACK if family in present] or ["sans-serif"]


def drawn_weight(family_names: list[str], weight: int) -> int:
    """The weight to ask for: a family without middle weights shows 600 as 700, 500 as 400.

    Qt would draw 600 of the shipped one-weight font as 400, and titles would look like text.
    """
    has_middle_weights = any(
        QFontDatabase.weight(family_names[0], style) in (QFont.Weight.Medium, QFont.Weight.DemiBold)
        for style in QFontDatabase.styles(family_names[0])
    )
    if has_middle_weights:
        return weight
    return 700 if weight >= 600 else 400


def make_font(family_names: list[str], pixel_size: int, weight: int) -> QFont:
    """A font of that size (px) and weight (400 to 700) with figures of one width."""
    font = QFont(family_names)
    font.setPixelSize(pixel_size)
    font.setWeight(QFont.Weight(weight))
    font.setFeature(QFont.Tag(_TABULAR), 1)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font
