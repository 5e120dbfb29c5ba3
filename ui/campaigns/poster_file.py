"""The poster of a campaign as a file: a sheet in Chinese and one in English, to print.

Owns: asking for its link, which sheets there are, what is said of it. Does not own: the layout of a
sheet (app/devices, handed in), painting (ui/printing), writing files (ui/file_errand.py).
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from app.domain.campaign_poster import PosterLink
from app.domain.campaign_record import CampaignRecord
from app.domain.phone_page import NoPages
from app.domain.server_answer import Declined
from app.services.campaign_poster import ask_poster
from app.wording import Wording
from ui.file_errand import FileErrand, write_whole
from ui.printing.pdf import pages_pdf
from ui.window_parts import WindowParts


class PosterErrand(FileErrand):
    """One poster at a time."""

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parts, parent)
        self._record: CampaignRecord | None = None

    def save(self, record: CampaignRecord) -> None:
        """Ask head office for its link, and write the sheets."""
        if not self._is_running:
            self._is_running, self._record = True, record
            self._parts.ask_aside(ask_poster, self._begun, record=record)

    def _begun(self, answer: object) -> None:
        lay_out, record = self._parts.renderers.poster_pages, self._record
        if not isinstance(answer, PosterLink) or record is None or lay_out is None:
            self._refuse(lambda wording: _no_link(answer, wording))
            return
        pdf = pages_pdf(lay_out(record, answer.url))
        device = self._parts.shop.identity.device
        self._write("poster", device, "pdf", lambda path: write_whole(path, [pdf]))

    def _saved(self, path: Path, wording: Wording) -> str:
        return wording.t("Saved as {path}", path=path)

    def _not_written(self, why: str, wording: Wording) -> str:
        return wording.t("The poster could not be saved: {why}.", why=why)


def _no_link(answer: object, wording: Wording) -> str:
    t = wording.t
    if isinstance(answer, NoPages):
        return t(
            "There is no poster: customers' phones cannot reach the server. Head office gives it "
            "its address."
        )
    if isinstance(answer, Declined) and answer.code == "unknown_campaign":
        return t("Head office has not put it in force yet. Try again in a moment.")
    return t("Head office does not answer. The poster's code comes from there; try again later.")
