"""Controller of the library: which entry, which cause, and what somebody changes.

Owns: the half that is shown, its current row, the way back. Does not own: widgets (screen.py),
texts (view_model.py), writing an entry (entry_acts.py), rights and records (services).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from app.domain.complaint_row import CauseCount
from app.domain.solution import Solution
from app.services.solution_library import (
    CauseReport,
    Library,
    SolutionVersion,
    cases_behind,
    read_library,
    report_causes,
    solution_story,
)
from app.services.staff import lock_till
from app.services.till_state import TillState
from app.wording import Wording
from ui.complaints.answers import refusal_words
from ui.key_map import Action, KeyAction
from ui.navigation import Destination, ScreenController, ToComplaints, ToSolutions
from ui.solutions.entry_acts import EntryActs
from ui.solutions.screen import SolutionsScreen
from ui.solutions.view_model import (
    DAY_MS,
    PERIODS,
    LibraryTold,
    Table,
    cases_table,
    cause_title,
    causes_table,
    entries_table,
    entry_view,
)
from ui.window_parts import WindowParts

ENTRIES, CAUSES = 0, 1


class SolutionsController(ScreenController):
    """What helped before, and why people complained."""

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self._parts = parts
        self._part, self._period, self._text = ENTRIES, 0, ""
        self._library: Library | None = None
        self._story: tuple[SolutionVersion, ...] = ()
        self._current = ""
        self._report: CauseReport | None = None
        self._behind: CauseCount | None = None
        self._cases: Table | None = None
        self._case = ""
        """Which of them was opened."""
        self._back: ToComplaints | None = None
        self.screen = screen = SolutionsScreen()
        self.acts = EntryActs(parts, screen, self._written)
        screen.back_requested.connect(self.back)
        screen.part_chosen.connect(self.show_part)
        screen.period_chosen.connect(self.show_period)
        screen.new_requested.connect(self.write_new)
        screen.change_requested.connect(self.open_current)
        screen.retire_requested.connect(self.retire)
        screen.look.committed.connect(self._look_for)
        screen.table.opened.connect(lambda _: self.open_current())
        screen.table.current_changed.connect(self._moved)
        self.speak(parts.wording)

    @property
    def widget(self) -> QWidget:
        return self.screen

    def enter(self, to: Destination) -> None:
        self.screen.notice.show_banner("")
        self.screen.setFocus()
        assert isinstance(to, ToSolutions), "the window leads here only so"
        self._part = CAUSES if to.causes else ENTRIES
        self._behind, self._text, self._case, self._back = None, "", "", to.back
        self.screen.look.clear()
        if to.left is not None:
            self._period, self._behind, self._case = to.left
        self._read()

    def leave(self) -> None:
        self.acts.close()

    def take_scan(self, text: str) -> bool:
        """Nothing is sold here: the tone says that it was not taken."""
        self._parts.notifier.signal("scan_error")
        return True

    def show_state(self, state: TillState) -> None:
        self._draw()

    def speak(self, wording: Wording) -> None:
        hint = self._parts.keys.hint
        hints = [hint(each) for each in (Action.CHOOSE_1, Action.CHOOSE_2, Action.WHY)]
        self.screen.set_words(wording, hints)
        self.screen.notice.show_banner("")
        self._draw()

    def key_actions(self) -> Sequence[KeyAction]:
        t, table = self._parts.wording.t, self.screen.table
        return (
            KeyAction(Action.CONFIRM, t("Open the row"), self.open_current),
            KeyAction(Action.LINE_UP, t("Row above"), partial(table.step, -1)),
            KeyAction(Action.LINE_DOWN, t("Row below"), partial(table.step, 1)),
            KeyAction(Action.CHOOSE_1, t("New entry"), self.write_new),
            KeyAction(Action.CHOOSE_2, t("Retire, or let it serve again"), self.retire),
            KeyAction(Action.WHY, t("Look in the library"), self._focus_look),
            KeyAction(Action.LOCK, t("Lock, change the cashier"), self._lock),
            KeyAction(Action.BACK, t("One step back"), self.back),
        )

    # ------------------------------------------------------------------ acts

    def back(self) -> None:
        """Esc: from the cases to their causes, from a search to everything, back where he was."""
        if self._part == CAUSES and self._behind is not None:
            self._behind = None
            self._draw()
        elif self._part == ENTRIES and (self._text or self.screen.look.text()):
            self.screen.look.clear()
            self._look_for("")
        else:
            self._parts.navigation.go(self._back or ToComplaints())

    def show_part(self, part: int) -> None:
        """The entries or the causes."""
        self._part, self._behind = part, None
        self._read()

    def show_period(self, place: int) -> None:
        """Of the last so many days."""
        self._period, self._behind = place, None
        self._read()

    def open_current(self) -> None:
        """Enter: change an entry; show the cases of a cause; go to a case. In the search: look."""
        if self.screen.look.edit.hasFocus():
            self._look_for(self.screen.look.text().strip())
        elif self._part == ENTRIES:
            self.acts.change(self._entry())
        elif self._behind is None:
            self._open_cause()
        elif self.screen.table.current_key:
            self._case = self.screen.table.current_key
            left = (self._period, self._behind, self._case)
            back = ToSolutions(causes=True, left=left, back=self._back)
            self._parts.navigation.go(ToComplaints(self._case, back))

    def write_new(self) -> None:
        if self._part == ENTRIES:
            self.acts.write(self._told().topics)

    def retire(self) -> None:
        """It is suggested no more, or again; what it said stays."""
        entry = self._entry()
        if self._part == ENTRIES and entry is not None:
            self.acts.retire(entry)

    def _focus_look(self) -> None:
        if self._part == ENTRIES:
            self.screen.look.edit.setFocus()
            self.screen.look.edit.selectAll()

    def _look_for(self, text: str) -> None:
        self._text = text
        self.screen.setFocus()
        self._read()

    def _open_cause(self) -> None:
        rows = self._report.rows if self._report is not None else ()
        key = self.screen.table.current_key
        self._case = ""
        self._behind = next((each for each in rows if f"{each.topic}/{each.cause}" == key), None)
        self._read_cases()

    def _lock(self) -> None:
        self._parts.ask(lock_till)

    # ------------------------------------------------------------------ reading

    def _read(self) -> None:
        if self._part == ENTRIES:
            self._parts.ask(read_library, self._came, text=self._text)
        else:
            since, until = self._span()
            self._parts.ask(report_causes, self._reported, since_ms=since, until_ms=until)
            self._read_cases()

    def _read_cases(self) -> None:
        self._cases = None
        row = self._behind
        if row is not None:
            since, until = self._span()
            self._parts.ask(
                cases_behind, self._found, since_ms=since, until_ms=until, topic=row.topic,
                cause=row.cause,
            )  # fmt: skip

    def _span(self) -> tuple[int, int]:
        now_ms = self._parts.shop.now().wall_ms
        return now_ms - PERIODS[self._period][0] * DAY_MS, now_ms + 1

    def _came(self, answer: object) -> None:
        self._library = answer if isinstance(answer, Library) else None
        if self._library is None:
            self._refuse(answer)
        ids = [each.solution_id for each in self._library.entries] if self._library else []
        if self._current not in ids:
            self._current = ids[0] if ids else ""
        self._read_story()
        self._draw()

    def _reported(self, answer: object) -> None:
        self._report = answer if isinstance(answer, CauseReport) else None
        if self._report is None:
            self._refuse(answer)
        self._draw()

    def _found(self, answer: object) -> None:
        if isinstance(answer, tuple):
            self._cases = cases_table(answer, self._told())
        self._draw()

    def _moved(self, key: str) -> None:
        if self._part == ENTRIES and key and key != self._current:
            self._current = key
            self._read_story()

    def _read_story(self) -> None:
        self._story = ()
        if self._current:
            self._parts.ask(solution_story, self._story_came, solution_id=self._current)
        self._draw_entry()

    def _story_came(self, answer: object) -> None:
        if isinstance(answer, tuple):
            self._story = answer
        self._draw_entry()

    def _written(self, sentence: str, solution_id: str) -> None:
        self.screen.notice.show_banner(sentence, tone="success")
        self._parts.notifier.announce(sentence)
        self.screen.setFocus()
        self._current = solution_id or self._current
        self._read()

    def _refuse(self, answer: object) -> None:
        sentence = refusal_words(answer, self._parts.wording)
        self.screen.notice.show_banner(sentence, tone="danger")
        self._parts.notifier.announce(sentence, urgent=True)

    # ------------------------------------------------------------------ drawing

    def _entry(self) -> Solution | None:
        entries = self._library.entries if self._library is not None else ()
        return next((each for each in entries if each.solution_id == self._current), None)

    def _told(self) -> LibraryTold:
        program = self._parts.shop.desk.state.program
        rules = program.complaints
        currency = program.prices.currency
        return LibraryTold(
            self._parts.wording, currency, program.timezone, rules.topics, rules.causes
        )

    def _draw(self) -> None:
        if self._parts.live.state is None:
            return
        t, told = self._parts.wording.t, self._told()
        heading, current, table, empty = "", "", None, ""
        if self._part == ENTRIES and self._library is not None:
            table, current = entries_table(self._library, told), self._current
            empty = t("Nothing helped with that so far. Write down what does.")
        elif self._part == CAUSES and self._behind is not None:
            table, heading, current = self._cases, cause_title(self._behind, told), self._case
        elif self._part == CAUSES and self._report is not None:
            table, current = causes_table(self._report, told), self.screen.table.current_key
            empty = t("Nobody complained in this time.")
        self.screen.render_part(self._part, self._period, heading)
        self.screen.render_table(table or ((), ()), current, empty or t("One moment …"))
        self._draw_entry()

    def _draw_entry(self) -> None:
        entry = self._entry()
        view = entry_view(entry, self._story, self._told()) if entry is not None else None
        self.screen.render_entry(view, self._parts.wording.t("Choose an entry to read it."))
