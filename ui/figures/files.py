"""Files of figures: what stands on the screen, or the members behind a figure, as CSV or XLSX.

Owns: what each file is called and what is said of it. Does not own: what stands in it
(app/services/figure_export.py), writing whole or not at all (ui/file_errand.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from app.domain.figures import Days, FigureId
from app.domain.server_answer import Declined, NoAnswer, NoServer
from app.services.answers import NotAllowed
from app.services.chain_export import (
    export_chain_answers,
    export_chain_figures,
    export_chain_people,
)
from app.services.figure_export import FiguresExported, export_figures, export_people
from app.services.figures import FiguresRead, SpanTooLong
from app.services.segments import Group, export_group
from app.services.spreadsheet import Form
from app.services.survey_export import export_answers
from app.wording import Wording
from ui.figures.untold import is_too_old, may_not_see, not_told_words
from ui.file_errand import FileErrand, write_whole
from ui.window_lane import WindowLane
from ui.window_parts import WindowParts


@dataclass(frozen=True, slots=True)
class Slice:
    """Which figures."""

    days: Days
    beside: Days
    till: int | None
    chain: bool = False
    """All stores, as head office counts them."""


class FigureFile(FileErrand):
    """One file at a time."""

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parts, parent)
        self._form: Form = "xlsx"
        self._is_cut = self._lacks_cohorts = False

    def figures(self, wanted: Slice, form: Form, found: FiguresRead | None) -> None:
        """Everything the dashboard shows, with definitions, tenders, days and cohorts. `found`:
        what it shows."""
        if wanted.chain and found is not None:
            self._aside(partial(export_chain_figures, found=found), form)
            return
        self._form = form
        service = partial(
            export_figures, days=wanted.days, form=form, language=self._parts.wording.language,
            till=wanted.till, beside=wanted.beside, found=found,
        )  # fmt: skip
        self._ask(service)

    def people(self, figure: FigureId, wanted: Slice, form: Form) -> None:
        """The members behind a figure, masked."""
        if wanted.chain:
            self._aside(partial(export_chain_people, figure=figure, days=wanted.days), form)
            return
        self._aside(partial(export_people, figure=figure, days=wanted.days, till=wanted.till), form)

    def answers(self, wanted: Slice, form: Form) -> None:
        """What customers said, without their words."""
        if wanted.chain:
            self._aside(partial(export_chain_answers, days=wanted.days), form)
            return
        self._aside(partial(export_answers, days=wanted.days, till=wanted.till), form)

    def group(self, group: Group, form: Form) -> None:
        """The members of a segment or grade, masked."""
        self._aside(partial(export_group, group=group), form)

    def _aside(self, export: Callable[..., object], form: Form) -> None:
        """Have it gathered in small units beside the lane."""
        if self._is_running:
            return
        self._is_running, self._form = True, form
        parts = self._parts
        shop, lane, language = parts.shop, WindowLane(parts.runner), parts.wording.language
        parts.runner.run_aside(
            lambda: export(shop=shop, lane=lane, form=form, language=language),
            self._begun, self._failed,
        )  # fmt: skip

    def _begun(self, answer: object) -> None:
        if not isinstance(answer, FiguresExported):
            self._refuse(partial(why_not, answer))
            return
        self._is_cut, self._lacks_cohorts = answer.is_cut, answer.lacks_cohorts
        kind = answer.name.partition(".")[0].split("-", 1)[0]
        device = self._parts.shop.identity.device
        self._write(kind, device, self._form, lambda path: write_whole(path, [answer.data]))

    def _saved(self, path: Path, wording: Wording) -> str:
        if self._is_cut:
            return wording.t(
                "Saved as {path}. There are more members than one file holds: take fewer days at a "
                "time.",
                path=path,
            )
        if self._lacks_cohorts:
            return wording.t(
                "Saved as {path}. The cohorts are not in it: head office did not tell them.",
                path=path,
            )
        return wording.t("Saved as {path}", path=path)

    def _not_written(self, why: str, wording: Wording) -> str:
        return wording.t(
            "The file could not be written: {why}. Make room, then export again.", why=why
        )


def why_not(answer: object, wording: Wording) -> str:
    """Why there is no file, and what to do about it."""
    t = wording.t
    if isinstance(answer, SpanTooLong):
        return t("At most {days} days go into one file.", days=f"{answer.most_days:,}")
    if is_too_old(answer):
        return not_told_words(answer, wording)
    if isinstance(answer, NoServer | NoAnswer | Declined):
        return t("Head office does not answer: nothing was written. Try again later.")
    if isinstance(answer, NotAllowed):
        return may_not_see(wording)
    return t("Sign in first.")
