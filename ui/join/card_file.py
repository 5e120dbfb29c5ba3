"""The member card as a file: a PDF of its own size, to print or to send.

Owns: where it is written and what is said about it. Does not own: the card's layout (devices).
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths

from ui.printing.pdf import page_pdf
from ui.window_parts import WindowParts


def save_card(parts: WindowParts, card_code: str, folder: Path | None) -> str:
    """Write the card and say where it lies; empty where nothing lays cards out here."""
    lay_out = parts.renderers.card_page
    if lay_out is None:
        return ""
    documents = QStandardPaths.StandardLocation.DocumentsLocation
    target = folder or Path(QStandardPaths.writableLocation(documents))
    path = target / f"{card_code}.pdf"
    t = parts.wording.t
    try:
        target.mkdir(parents=True, exist_ok=True)
        path.write_bytes(page_pdf(lay_out(card_code, parts.wording.language)))
    except OSError:
        parts.notifier.signal("scan_error")
        return t("The card could not be saved in {folder}.", folder=target)
    return t("Saved as {path}", path=path)
