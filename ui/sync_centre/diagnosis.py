"""Diagnosis: the file for whoever is asked for help leaves the till, told in the trail.

Owns: what is asked and said of it. Does not own: what stands in it (app/commands/doctor.py, joined
into the shop), its writing (ui/file_errand.py), where it is offered (controller.py).
"""

from __future__ import annotations

from pathlib import Path

from app.services.diagnosis import DiagnosisBegun, begin_diagnosis
from app.wording import Wording
from ui.file_errand import FileErrand, write_whole
from ui.machine_facts import window_facts
from ui.sync_centre.answers import answer_words


class Diagnosis(FileErrand):
    """The file of what is found on this till."""

    def begin(self) -> None:
        """Look at this till and write what is found."""
        self._ask(begin_diagnosis)

    def _begun(self, answer: object) -> None:
        if not isinstance(answer, DiagnosisBegun):
            self._refuse(lambda wording: answer_words(answer, wording))
            return
        self.said.emit(_looking, "info")
        facts, diagnose = window_facts(), self._parts.shop.diagnose
        self._write(
            "diagnostics", answer.device, "json", lambda path: write_whole(path, [diagnose(facts)])
        )

    def _saved(self, path: Path, wording: Wording) -> str:
        return wording.t(
            "Diagnostics are saved as {path}. No person's data is in it; send it to whoever helps "
            "you.",
            path=path,
        )

    def _not_written(self, why: str, wording: Wording) -> str:
        return wording.t(
            "Diagnostics could not be written: {why}. Nothing else is touched; make room, then "
            "export again.",
            why=why,
        )


def _looking(wording: Wording) -> str:
    return wording.t("Looking at this till…")
