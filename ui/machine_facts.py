"""What a support person asks about the window of this machine: Qt, the screen, Chinese fonts.

Owns: finding that out without opening a window. For `main.py doctor`. Importing this module fails
where Qt itself cannot be loaded: that is an answer too.
"""

from __future__ import annotations

import os

from PySide6.QtCore import qVersion

from ui.application import has_display
from ui.theme.fonts import SHIPPED_FAMILY


def window_facts() -> dict[str, str]:
    """Version, platform and font, as words for a report."""
    return {
        "qt": qVersion() or "",
        "platform": os.environ.get("QT_QPA_PLATFORM", "") or ("native" if has_display() else ""),
        "shipped_font": SHIPPED_FAMILY if _shipped_font_is_there() else "",
    }


def _shipped_font_is_there() -> bool:
    try:
        from pylopdf_fonts_zh_cn import sans_path
    except ModuleNotFoundError:
        return False
    return sans_path().exists()
