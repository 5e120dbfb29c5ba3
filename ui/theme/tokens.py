"""Tokens: the colours of UI.md 3.3 and mockups/README, the type scale, the numbers of the grid.

Owns: every colour literal of the window, and which pairs must keep which contrast.
Does not own: where a colour is used (qss.py, ui/kit).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

Tokens = Mapping[str, str]


class Scheme(Enum):
    """What the user chose. SYSTEM follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high_contrast"


class Density(Enum):
    """Finger-sized for the till, compact for the desk."""

    TILL = "till"
    DESK = "desk"


LIGHT: Tokens = {
    "bg_app": "#F4F6F8",
    "bg_surface": "#FFFFFF",
    "bg_sunken": "#E9EDF1",
    "bg_selected": "#DCEBFA",
    "row_current": "#EDF4FC",
    "hairline": "#E6EBF0",
    "text_primary": "#16202A",
    "text_secondary": "#4A5866",
    "text_disabled": "#8A96A3",
    "border_control": "#7A8896",
    "border_subtle": "#D5DCE3",
    "primary": "#0B5CAD",
    "on_primary": "#FFFFFF",
    "primary_hover": "#094E93",
    "primary_pressed": "#083F77",
    "focus": "#0B5CAD",
    "success": "#16703C",
    "success_bg": "#E3F4E9",
    "warning": "#8A4B00",
    "warning_bg": "#FFF1D6",
    "danger": "#B3261E",
    "danger_bg": "#FDE7E5",
    "danger_hover": "#951F18",
    "on_danger": "#FFFFFF",
    "info": "#0B5CAD",
    "info_bg": "#E3EEFA",
    "offline": "#5B4A00",
    "offline_bg": "#FFE9A8",
    "member": "#6B3FA0",
    "member_bg": "#F1E9FA",
    "saving": "#A8200D",
    "regular": "#4A5866",
    "regular_bg": "#E9EDF1",
    "silver": "#54606C",
    "silver_bg": "#E9EDF1",
    "gold": "#7A5200",
    "gold_bg": "#FBF0D3",
    "diamond": "#6B3FA0",
    "diamond_bg": "#F1E9FA",
    "chart_1": "#0B5CAD",
    "chart_2": "#B45309",
    "chart_3": "#16703C",
    "chart_4": "#8E3B8A",
    "chart_5": "#4A5866",
    "chart_soft": "#B9D3EC",
    "scrim": "#16202A",
    "paper": "#FFFFFF",
    "ink": "#11161B",
}

DARK: Tokens = {
    "bg_app": "#12171C",
    "bg_surface": "#1B222A",
    "bg_sunken": "#0D1115",
    "bg_selected": "#1F3A56",
    "row_current": "#1C2F44",
    "hairline": "#262F38",
    "text_primary": "#EEF2F6",
    "text_secondary": "#B1BDC9",
    "text_disabled": "#6C7885",
    "border_control": "#7F8D9B",
    "border_subtle": "#2E3842",
    "primary": "#5AA9F5",
    "on_primary": "#06223D",
    "primary_hover": "#7ABAF7",
    "primary_pressed": "#96C9F9",
    "focus": "#8CC4FA",
    "success": "#6FD497",
    "success_bg": "#11301E",
    "warning": "#FFC266",
    "warning_bg": "#37270B",
    "danger": "#FF9C94",
    "danger_bg": "#3D1512",
    "danger_hover": "#FFB3AD",
    "on_danger": "#3B0A06",
    "info": "#8CC4FA",
    "info_bg": "#12293F",
    "offline": "#FFDD77",
    "offline_bg": "#3A2F06",
    "member": "#CFB0F5",
    "member_bg": "#2C1E3F",
    "saving": "#FF9C94",
    "regular": "#B1BDC9",
    "regular_bg": "#2A333C",
    "silver": "#C3CDD6",
    "silver_bg": "#2A333C",
    "gold": "#F2C14E",
    "gold_bg": "#33280F",
    "diamond": "#CFB0F5",
    "diamond_bg": "#2C1E3F",
    "chart_1": "#5AA9F5",
    "chart_2": "#FFB454",
    "chart_3": "#6FD497",
    "chart_4": "#E3A3DF",
    "chart_5": "#B1BDC9",
    "chart_soft": "#27496B",
    "scrim": "#05080B",
    "paper": "#FFFFFF",
    "ink": "#11161B",
}

_BLACK, _WHITE, _YELLOW, _PALE = "#000000", "#FFFFFF", "#FFFF00", "#FFFFB0"
_HIGH_CONTRAST_GROUPS: Mapping[str, tuple[str, ...]] = {
    _BLACK: (
        *("bg_app", "bg_surface", "bg_sunken", "on_primary", "on_danger", "scrim", "ink"),
        *("success_bg", "warning_bg", "danger_bg", "info_bg", "offline_bg", "member_bg"),
        *("regular_bg", "silver_bg", "gold_bg", "diamond_bg"),
    ),
    _WHITE: (
        *("text_primary", "text_secondary", "border_control", "border_subtle", "hairline"),
        *("success", "info", "member", "saving", "regular", "silver", "diamond", "paper"),
        *("chart_1", "chart_3", "chart_4", "chart_5"),
    ),
    _YELLOW: ("primary", "focus", "warning", "danger", "offline", "gold", "chart_2"),
    _PALE: ("primary_hover", "primary_pressed", "danger_hover"),
    "#B0B0B0": ("text_disabled",),
    "#003A6B": ("bg_selected", "row_current", "chart_soft"),
}
HIGH_CONTRAST: Tokens = {
    name: colour for colour, names in _HIGH_CONTRAST_GROUPS.items() for name in names
}

TOKENS: Mapping[Scheme, Tokens] = {
    Scheme.LIGHT: LIGHT,
    Scheme.DARK: DARK,
    Scheme.HIGH_CONTRAST: HIGH_CONTRAST,
}

# Text that must read at 4.5 : 1 on its ground, and control edges that must read at 3 : 1.
_STATES = ("success", "warning", "danger", "info", "offline", "member")
_TIERS = ("regular", "silver", "gold", "diamond")
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *((text, ground) for text in ("text_primary", "text_secondary") for ground in (
        "bg_surface", "bg_app", "bg_selected", "row_current", "bg_sunken",
    )),
    *((state, f"{state}_bg") for state in _STATES),
    *((state, "bg_surface") for state in _STATES),
    *((tier, f"{tier}_bg") for tier in _TIERS),
    *((tier, "bg_surface") for tier in _TIERS),
    ("saving", "bg_surface"),
    ("saving", "row_current"),
    ("primary", "bg_surface"),
    ("primary", "bg_selected"),
    ("on_primary", "primary"),
    ("on_primary", "primary_hover"),
    ("on_primary", "primary_pressed"),
    ("on_danger", "danger"),
    ("on_danger", "danger_hover"),
    ("ink", "paper"),
)  # fmt: skip
CONTROL_PAIRS: tuple[tuple[str, str], ...] = (
    ("border_control", "bg_surface"),
    ("border_control", "bg_app"),
    ("border_control", "row_current"),
    ("focus", "bg_surface"),
    ("focus", "bg_app"),
    ("focus", "bg_selected"),
    ("text_disabled", "bg_surface"),
    *((f"chart_{number}", "bg_surface") for number in range(1, 6)),
)

# Type: name -> (px at 100 %, weight)
TYPE: Mapping[str, tuple[int, int]] = {
    "caption": (12, 400),
    "body": (14, 400),
    "label": (15, 500),
    "body_l": (16, 400),
    "key": (18, 500),
    "title": (20, 600),
    "h1": (24, 600),
    "figure": (28, 600),
    "amount": (32, 600),
    "amount_xl": (48, 700),
    "display": (64, 700),
}
SCALES_PERCENT = (100, 115, 130, 150)

RADIUS_INPUT, RADIUS_CARD, RADIUS_DIALOG = 4, 8, 12


@dataclass(frozen=True, slots=True)
class Sizes:
    """Control heights in px at 100 %."""

    primary: int
    button: int
    input: int
    row: int
    row_current: int
    target: int  # the smallest thing a finger must hit
    icon: int


SIZES: Mapping[Density, Sizes] = {
    Density.TILL: Sizes(
        primary=64, button=48, input=56, row=64, row_current=80, target=48, icon=24
    ),
    Density.DESK: Sizes(
        primary=40, button=36, input=36, row=36, row_current=36, target=32, icon=20
    ),
}


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two `#RRGGBB` colours, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
