"""Controller of the segments: which group or cell is marked, who is behind it, what is done.

Owns: the page in front, the marked group, reading, judging where it is due. Does not own: widgets
(screen.py, pages.py), texts (view_model.py), cohorts (cohort_board.py), members (people.py),
campaigns (ui/campaigns).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal, cast

from PySide6.QtWidgets import QWidget

from app.services.segments import Group, GroupsRead, read_groups
from app.services.spreadsheet import Form
from app.services.staff import lock_till
from app.services.till_state import TillState
from app.wording import Wording
from ui.campaign_intents import ToCampaignDraft
from ui.figure_intents import ToFigures, ToSegments
from ui.figures.counting import Counting, CountingStrip
from ui.figures.dialogs import FigureDialogs
from ui.figures.files import FigureFile
from ui.figures.untold import may_not_see
from ui.key_map import Action, KeyAction
from ui.navigation import Destination, ScreenController, ToDesk, ToMember
from ui.segments.cohort_board import CohortBoard
from ui.segments.people import PeopleReader
from ui.segments.screen import SegmentsScreen
from ui.segments.view_model import (
    GROUPS,
    GroupView,
    group_columns,
    group_rows,
    group_view,
    notes_of,
)
from ui.window_parts import WindowParts

FIGURES, SEGMENTS, COHORTS = range(3)
Page = Literal["segments", "cohorts"]


class SegmentsController(ScreenController):
    """Groups and cohorts."""

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self._parts = parts
        self._page: Page = "segments"
        self._found: GroupsRead | None = None
        self._group: Group = "dormant"
        self.screen = screen = SegmentsScreen()
        self.people = PeopleReader(parts, self)
        self.counting = Counting(parts, self)
        self._strip = CountingStrip(parts, self.counting, screen.show_busy)
        self.cohorts = CohortBoard(parts, screen.cohorts, self._strip, self)
        self.dialogs = FigureDialogs(parts, screen, self)
        self.file = FigureFile(parts, self)
        self._connect(screen, parts)
        self.speak(parts.wording)

    def _connect(self, screen: SegmentsScreen, parts: WindowParts) -> None:
        for signal in (screen.back_requested, screen.behind.back_requested):
            signal.connect(self.back)
        screen.behind.export_requested.connect(self.ask_export)
        screen.behind.table.opened.connect(
            lambda key: parts.navigation.go(ToMember(key, back="segments"))
        )
        screen.behind.table.near_end.connect(self.people.more)
        screen.page_chosen.connect(self.show_page)
        screen.across.connect(self._step_across)
        screen.count_requested.connect(self.judge)
        screen.stop_requested.connect(self._stop)
        screen.groups.table.current_changed.connect(self._marked)
        screen.groups.table.opened.connect(lambda _: self.open_mark())
        screen.groups.campaign_requested.connect(self.plan)
        screen.groups.members_requested.connect(self.open_mark)
        screen.cohorts.pressed.connect(self._tapped)
        self.cohorts.moved.connect(screen.hush)
        self.cohorts.said.connect(self._say)
        self.people.came.connect(self._people_came)
        self.counting.finished.connect(self._counted)
        self.dialogs.form_chosen.connect(self._export)
        self.file.said.connect(self._say)

    @property
    def widget(self) -> QWidget:
        return self.screen

    @property
    def group(self) -> Group:
        """The marked group."""
        return self._group

    def enter(self, to: Destination) -> None:
        self.screen.hush()
        resumes = isinstance(to, ToSegments) and to.resumes and bool(self.people.rows)
        self.screen.show_behind(resumes)
        if isinstance(to, ToSegments) and not resumes:
            self._page = to.page
            self._group = next((each for each in GROUPS if each == to.group), self._group)
        self._read()
        self.cohorts.told.begin()
        self.counting.begin(judges=True)

    def leave(self) -> None:
        self._stop()
        self.dialogs.close()

    def take_scan(self, text: str) -> bool:
        """Nothing is sold here: the tone says that it was not taken."""
        self._parts.notifier.signal("scan_error")
        return True

    def show_state(self, state: TillState) -> None:
        self._draw()

    def speak(self, wording: Wording) -> None:
        self.screen.set_words(wording.t("Figures"), wording, self._parts.keys.hint)
        self.dialogs.close()
        self.screen.hush()
        self.screen.show_behind(False)
        self._draw()

    def key_actions(self) -> Sequence[KeyAction]:
        t, table = self._parts.wording.t, self.screen.behind.table
        shared = (
            KeyAction(Action.LOCK, t("Lock, change the cashier"), self._lock),
            KeyAction(Action.BACK, t("One step back"), self.back),
        )
        if self.screen.is_behind:
            return (
                KeyAction(Action.CONFIRM, t("Open the member"), table.open_current),
                KeyAction(Action.LINE_UP, t("Member above"), partial(table.step, -1)),
                KeyAction(Action.LINE_DOWN, t("Member below"), partial(table.step, 1)),
                KeyAction(Action.EXPORT, t("Export"), self.ask_export),
                *shared,
            )
        plan = (KeyAction(Action.CHOOSE_1, t("Plan a coupon"), self.plan),)
        return (
            KeyAction(Action.CONFIRM, t("Who they are"), self.open_mark),
            KeyAction(Action.LINE_UP, t("Row above"), partial(self._step, -1)),
            KeyAction(Action.LINE_DOWN, t("Row below"), partial(self._step, 1)),
            *(plan if self._page == "segments" else self.cohorts.key_actions),
            KeyAction(Action.CHOOSE_2, t("Re-evaluate"), self.judge),
            *shared,
        )

    # ------------------------------------------------------------------ acts

    def back(self) -> None:
        """Esc: out of the members, stop asking and judging, then the desk."""
        if self.screen.is_behind:
            self.people.close()
            self.screen.show_behind(False)
        elif self._strip.is_shown:
            self._stop()
        else:
            self._parts.navigation.go(ToDesk())

    def _stop(self) -> None:
        """Nobody wants to wait for what is asked or judged."""
        self.counting.stop()
        self.cohorts.told.drop_waiting()

    def show_page(self, place: int) -> None:
        """1, 2, 3: figures, segments, cohorts."""
        if place == FIGURES:
            self._parts.navigation.go(ToFigures())
            return
        self._page = "cohorts" if place == COHORTS else "segments"
        self.cohorts.told.drop_waiting()
        self.screen.hush()
        self.screen.show_behind(False)
        self._draw()

    def judge(self) -> None:
        """Once more, also where it was done today."""
        self.counting.begin(judges=True, anyway=True)

    def plan(self) -> None:
        """A coupon for the marked group, in the wizard of campaigns."""
        if self._found is None or not self._may_plan:
            return
        view = self._view_of(self._found)
        if view.act == "coupon" and view.segment:
            self._parts.navigation.go(ToCampaignDraft(segment=view.segment))

    def _view_of(self, found: GroupsRead) -> GroupView:
        currency = self._parts.state.program.currency
        return group_view(self._group, found, self._parts.wording, currency)

    @property
    def _may_plan(self) -> bool:
        staff = self._parts.state.staff
        is_there = self._parts.navigation.can_go(ToCampaignDraft)
        return is_there and staff is not None and "manage_program" in staff.permissions

    def open_mark(self) -> None:
        """Enter: who is in the group, or who of the cohort came."""
        if self._page == "segments" and self._found is not None:
            view = self._view_of(self._found)
            self.people.open_group(self._group, view)
        elif self._page == "cohorts":
            self.cohorts.open_mark(self.people)

    def ask_export(self) -> None:
        if self.people.group is not None and not self.file.is_running:
            self.dialogs.ask_form()

    def _export(self, form: str) -> None:
        if self.people.group is not None:
            self.file.group(self.people.group, cast(Form, form))

    def _people_came(self, is_first: bool) -> None:
        behind = self.screen.behind
        if is_first:
            behind.render_view(self.people.view, self.people.rows)
            behind.export.setVisible(self.people.group is not None)
            self.screen.show_behind(True)
        else:
            behind.table.add_rows(self.people.rows[len(behind.table.rows) :])

    def _lock(self) -> None:
        self._parts.ask(lock_till)

    # ------------------------------------------------------------------ the mark

    def _step(self, by: int) -> None:
        if self._page == "segments":
            self.screen.groups.table.step(by)
        else:
            self.cohorts.step(by, 0)

    def _step_across(self, by: int) -> None:
        if self._page == "cohorts":
            self.cohorts.step(0, by)

    def _marked(self, key: str) -> None:
        found = next((each for each in GROUPS if each == key), None)
        if found is not None and found != self._group:
            self._group = found
            self._draw_group()

    def _tapped(self, row: int, column: int) -> None:
        self.cohorts.mark(row, column)
        if not self.cohorts.told.chain:
            self.open_mark()

    # ------------------------------------------------------------------ reading and judging

    def _read(self) -> None:
        self._parts.read_page(read_groups, self._groups_came)

    def _groups_came(self, answer: object) -> None:
        if not isinstance(answer, GroupsRead):
            self.screen.notice.show_banner(may_not_see(self._parts.wording), tone="danger")
            return
        self._found = answer
        self._draw()

    def _counted(self, changed: bool, is_whole: bool) -> None:
        if changed:
            self._read()
            self.cohorts.told.read()

    def _say(self, say: Callable[[Wording], str], tone: str) -> None:
        sentence = say(self._parts.wording)
        here = self.screen.behind if self.screen.is_behind else self.screen
        here.notice.show_banner(sentence, tone=tone)
        self._parts.notifier.announce(sentence)

    # ------------------------------------------------------------------ drawing

    def _draw(self) -> None:
        live, found = self._parts.live.state, self._found
        self.screen.show_page(COHORTS if self._page == "cohorts" else SEGMENTS)
        if live is None or found is None:
            return
        wording, groups = self._parts.wording, self.screen.groups
        self.screen.notes.setText(notes_of(found, wording))
        rows = group_rows(found, wording, live.program.currency)
        groups.show_groups(group_columns(wording), rows, self._group)
        self._draw_group()
        self.cohorts.draw()
        self._strip.draw()

    def _draw_group(self) -> None:
        if self._found is not None:
            view = self._view_of(self._found)
            self.screen.groups.show_group(view, may_plan=self._may_plan)
