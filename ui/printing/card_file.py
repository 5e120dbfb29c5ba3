"""A card as a file: a PDF of its own size, to print or to send; a member's, or a badge.

Owns: where it is written and what is said about it. Does not own: the card's layout (devices).
"""

from __future__ import annotations

from pathlib import Path

from ui.file_errand import documents
from ui.printing.pdf import page_pdf
from ui.window_parts import WindowParts


def save_card(parts: WindowParts, code: str, folder: Path | None, *, holder: str = "") -> str:
    """Write the card and say where it lies; empty where nothing lays cards out here.

    `holder`: who carries a badge; its file is called so, since its code is a key.
    """
    lay_out = parts.renderers.card_page
    if lay_out is None:
        return ""
    target = folder or documents()
    path = target / f"{holder or code}.pdf"
    t = parts.wording.t
    try:
        target.mkdir(parents=True, exist_ok=True)
        path.write_bytes(page_pdf(lay_out(code, parts.wording.language, holder)))
    except OSError:
        parts.notifier.signal("scan_error")
        return t("The card could not be saved in {folder}.", folder=target)
    return t("Saved as {path}", path=path)
