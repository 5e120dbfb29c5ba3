"""Files of the privacy room: a copy of one's data, the proof of an erasure, whom a breach concerns.

Owns: what each file is called and says, cells that no spreadsheet calculates. Does not own: what
stands in them (app/services), pages (paper.py), writing whole or not at all (ui/file_errand.py).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.domain.page import Page
from app.services.breach import BreachAsked, BreachList, list_breach
from app.services.data_copy import CopyGiven, copy_bytes, copy_of_data
from app.services.erasure import ErasureStanding
from app.wording import Wording
from ui import formatting
from ui.file_errand import FileErrand, write_whole
from ui.printing.pdf import pages_pdf
from ui.privacy.paper import copy_pages, proof_pages
from ui.privacy.view_model import answer_words, card_of, when_in
from ui.window_lane import WindowLane

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class PrivacyFile(FileErrand):
    """One file at a time, of whichever kind."""

    def copy(self, member_id: str) -> None:
        """A copy of somebody's data: to read, and beside it for programs."""
        if self._is_running:
            return
        self._is_running = True
        shop, lane = self._parts.shop, WindowLane(self._parts.runner)
        self._parts.runner.run_aside(
            lambda: copy_of_data(shop=shop, lane=lane, member_id=member_id),
            self._begun,
            self._failed,
        )

    def prove(self, standing: ErasureStanding) -> None:
        """The proof of an erasure, to hand out."""
        if self._is_running:
            return
        self._is_running = True
        parts, shop = self._parts, self._parts.shop
        name = shop.desk.state.settings.store_name
        when = when_in(shop.desk.state.program.timezone)
        card = card_of(standing, parts.wording)
        now_ms = shop.now().wall_ms
        pages = proof_pages(standing.proof, card, name, now_ms, (when, parts.wording))
        self._write_pages("erasure", pages)

    def tell_breach(self, asked: BreachAsked) -> None:
        """Whom to tell, as a table."""
        if self._is_running:
            return
        self._is_running = True
        shop, lane = self._parts.shop, WindowLane(self._parts.runner)
        self._parts.runner.run_aside(
            lambda: list_breach(shop=shop, lane=lane, asked=asked), self._listed, self._failed
        )

    def _begun(self, answer: object) -> None:
        if not isinstance(answer, CopyGiven):
            self._refuse(lambda wording: answer_words(answer, wording)[0])
            return
        when = when_in(self._parts.shop.desk.state.program.timezone)
        pages = copy_pages(answer.data, when, self._parts.wording)
        self._write_pages("member", pages, beside=copy_bytes(answer.data))

    def _write_pages(self, kind: str, pages: Sequence[Page], *, beside: bytes = b"") -> None:
        pdf = pages_pdf(pages)

        def write(path: Path) -> None:
            if beside:
                write_whole(path.with_suffix(".json"), [beside])
            write_whole(path, [pdf])

        self._write(kind, self._parts.shop.identity.device, "pdf", write)

    def _listed(self, answer: object) -> None:
        if not isinstance(answer, BreachList):
            self._refuse(lambda wording: answer_words(answer, wording)[0])
            return
        text = breach_csv(answer, self._parts.wording).encode("utf-8-sig")
        device = self._parts.shop.identity.device
        self._write("breach", device, "csv", lambda path: write_whole(path, [text]))

    def _saved(self, path: Path, wording: Wording) -> str:
        if path.with_suffix(".json").exists():
            return wording.t("Saved as {path}, and beside it as JSON.", path=path)
        return wording.t("Saved as {path}", path=path)

    def _not_written(self, why: str, wording: Wording) -> str:
        return wording.t(
            "The file could not be written: {why}. Make room or choose another folder, then try "
            "again.",
            why=why,
        )


def breach_csv(found: BreachList, wording: Wording) -> str:
    """One line a member; what of his data lay on this till stands in the last column."""
    t = wording.t
    out = io.StringIO()
    table: Any = csv.writer(out)
    table.writerow(
        [t("Member"), t("Name"), t("Phone"), t("Member since"), t("Last here"), t("Data")]
    )
    for row in found.rows:
        last = "" if row.last_visit is None else formatting.day(row.last_visit)
        cells = [row.member_id, row.name, row.phone, formatting.day(row.joined), last,
                 " ".join(row.had)]  # fmt: skip
        table.writerow([_guarded(cell) for cell in cells])
    return out.getvalue()


def _guarded(cell: str) -> str:
    """A cell that a spreadsheet would calculate is shown as text."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
