"""Controller of the figures: what is marked, what a key does, what is drawn.

Owns: the mark, which chart, what is said. Does not own: the slice and its figures
(slice_reader.py), widgets (screen.py, panels.py), texts (view_model.py, chart.py), what stands
behind a figure (behind.py), counting (counting.py), files (files.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import cast

from PySide6.QtWidgets import QWidget

from app.domain.figures import FigureId
from app.services.spreadsheet import Form
from app.services.staff import lock_till
from app.services.till_state import TillState
from app.wording import Wording
from ui.figure_intents import ToFigures, ToSegments
from ui.figures.behind import Behind
from ui.figures.board import Board
from ui.figures.chart import CHARTS, drawn_of
from ui.figures.counting import CountingStrip, asking_words
from ui.figures.dialogs import FigureDialogs
from ui.figures.files import FigureFile
from ui.figures.marks import Mark, Way, kept, moved
from ui.figures.screen import FiguresScreen
from ui.figures.slice_reader import SliceReader
from ui.figures.span import span_between
from ui.figures.untold import may_not_see, not_told_words
from ui.figures.view_model import figures_view, head_view, of_chain
from ui.key_map import Action, KeyAction
from ui.navigation import Destination, ScreenController, ToDesk
from ui.window_parts import WindowParts

FIGURES, SEGMENTS, COHORTS = range(3)


class FiguresController(ScreenController):
    """The dashboard. Whoever comes back to it finds the same days."""

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self._parts = parts
        self._board: Board | None = None
        self.mark = Mark()
        self._chart, self._as_table = 0, False
        self._said: tuple[Callable[[Wording], str], str] | None = None
        self.screen = screen = FiguresScreen()
        self.slice = SliceReader(parts, self)
        self._strip = CountingStrip(parts, self.slice.counting, screen.show_busy)
        self.behind = Behind(parts, screen.behind, screen.show_behind, self)
        self.dialogs = FigureDialogs(parts, screen, self)
        self.file = FigureFile(parts, self)
        self._connect(screen)
        self.speak(parts.wording)

    def _connect(self, screen: FiguresScreen) -> None:
        for signal in (screen.head.back_requested, screen.behind.back_requested):
            signal.connect(self.back)
        for signal in (screen.export_requested, screen.behind.export_requested):
            signal.connect(self.ask_export)
        screen.page_chosen.connect(self.show_page)
        screen.period_requested.connect(self.ask_period)
        screen.till_requested.connect(self.ask_till)
        screen.chart_requested.connect(self.next_chart)
        screen.table_requested.connect(self.switch_table)
        screen.stop_requested.connect(self._stop)
        screen.arrow.connect(self._arrow)
        screen.opened.connect(self._tapped)
        self.slice.came.connect(self._strip.end_gathering)
        self.slice.came.connect(self._draw)
        self.slice.gathering.connect(self._strip.tell_gathering)
        self.slice.refused.connect(self._refused)
        self.dialogs.period_chosen.connect(self.slice.choose_period)
        self.dialogs.span_chosen.connect(self.slice.use)
        self.dialogs.till_chosen.connect(self.slice.choose_till)
        self.dialogs.chain_chosen.connect(self.slice.choose_chain)
        self.slice.asking.connect(self._strip.tell_asking)
        self.behind.chains.asking.connect(self._asking)
        self.behind.chains.unanswered.connect(
            lambda answer: self._say(partial(not_told_words, answer), "warning")
        )
        self.slice.unreachable.connect(partial(self._say, _out_of_reach, "warning"))
        self.dialogs.form_chosen.connect(self._export)
        self.file.said.connect(self._say)

    @property
    def widget(self) -> QWidget:
        return self.screen

    def enter(self, to: Destination) -> None:
        self._said = None
        self.screen.hush()
        if isinstance(to, ToFigures) and to.resumes and self.behind.resume():
            return
        self.behind.close()
        self.screen.setFocus()
        self.screen.head.show_pages(are_there=self._parts.navigation.can_go(ToSegments))
        self.slice.begin()

    def leave(self) -> None:
        self.slice.leave()
        self._strip.end_gathering()
        self.dialogs.close()

    def take_scan(self, text: str) -> bool:
        """Nothing is sold here: the tone says that it was not taken."""
        self._parts.notifier.signal("scan_error")
        return True

    def show_state(self, state: TillState) -> None:
        self._draw()

    def speak(self, wording: Wording) -> None:
        self.screen.set_words(wording, self._parts.keys.hint)
        self.dialogs.close()
        self.behind.drill.say_again()
        if self._said is not None:
            self._say(*self._said)
        self._draw()

    def key_actions(self) -> Sequence[KeyAction]:
        t = self._parts.wording.t
        shared = (
            KeyAction(Action.EXPORT, t("Export"), self.ask_export),
            KeyAction(Action.LOCK, t("Lock, change the cashier"), self._lock),
            KeyAction(Action.BACK, t("One step back"), self.back),
        )
        if self.screen.is_behind:
            return (*self.behind.key_actions(), *shared)
        return (
            KeyAction(Action.CONFIRM, t("Open what stands behind it"), self.open_mark),
            KeyAction(Action.WHY, t("Open what stands behind it"), self.open_mark),
            KeyAction(Action.LINE_UP, t("Figure above"), partial(self._arrow, "up")),
            KeyAction(Action.LINE_DOWN, t("Figure below"), partial(self._arrow, "down")),
            KeyAction(Action.CHOOSE_1, t("Choose the days"), self.ask_period),
            KeyAction(Action.CHOOSE_2, t("Choose a till"), self.ask_till),
            KeyAction(Action.CHOOSE_3, t("The chart as a table, or as a chart"), self.switch_table),
            KeyAction(Action.CHOOSE_4, t("Other chart"), self.next_chart),
            *shared,
        )

    # ------------------------------------------------------------------ acts

    def back(self) -> None:
        """Esc: stop counting, one page out, then the desk."""
        if self.screen.is_behind:
            self.behind.drill.back()
        elif self._strip.is_shown:
            self._stop()
        else:
            self._parts.navigation.go(ToDesk())

    def _stop(self) -> None:
        """Nobody wants to wait for what is asked or counted."""
        self.behind.chains.drop_waiting()
        self.slice.stop()

    def show_page(self, place: int) -> None:
        """1, 2, 3: figures, segments, cohorts."""
        if place == FIGURES:
            self.behind.close()
        elif self._parts.navigation.can_go(ToSegments):
            self._parts.navigation.go(ToSegments("cohorts" if place == COHORTS else "segments"))

    def ask_period(self) -> None:
        if self.slice.span is not None:
            self.dialogs.ask_period(self.slice.span, self.slice.today)

    def ask_till(self) -> None:
        if self.slice.found is not None:
            chain = self.slice.chain
            self.dialogs.ask_till(self.slice.tills, self.slice.till, of_chain=chain)

    def ask_export(self) -> None:
        if self.slice.found is not None and not self.file.is_running:
            self.dialogs.ask_form()

    def next_chart(self) -> None:
        self._chart = (self._chart + 1) % len(CHARTS)
        self._draw()

    def switch_table(self) -> None:
        """The table says what the chart shows."""
        self._as_table = not self._as_table
        self._draw()

    def open_mark(self) -> None:
        """Enter: the receipts of a day, nearer days, or what stands behind a figure."""
        found, board = self.slice.found, self._board
        if found is None or board is None:
            return
        key = board.key_at(self.mark)
        if self.mark.zone == "point":
            self._open_days(key)
        elif key == "dormant" and self._parts.navigation.can_go(ToSegments):
            self._parts.navigation.go(ToSegments("segments", "dormant"))
        else:
            self.behind.open_figure(cast(FigureId, key), found)

    def _open_days(self, key: str) -> None:
        """`key` empty: an hour of the only day."""
        found = self.slice.found
        assert found is not None, "there is a chart"
        first, _, last = key.partition("/")
        if last:
            self.slice.use(span_between(date.fromisoformat(first), date.fromisoformat(last)))
        else:
            self.behind.open_day(date.fromisoformat(first) if first else found.days.first, found)

    def _lock(self) -> None:
        self._parts.ask(lock_till)

    # ------------------------------------------------------------------ what is said

    def _refused(self, answer: object) -> None:
        self.screen.notice.show_banner(may_not_see(self._parts.wording), tone="danger")

    def _asking(self, is_asked: bool) -> None:
        self._said = None
        self.screen.hush()
        if is_asked and self.screen.is_behind:
            sentence = asking_words(self._parts.wording)
            self.screen.behind.notice.show_banner(sentence, tone="info")
            self._parts.notifier.announce(sentence)
        elif is_asked:
            self._strip.tell_asking()
        else:
            self._strip.end_gathering()

    def _export(self, form: str) -> None:
        figure = self.behind.people_of
        if figure is not None:
            self.file.people(figure, self.slice.wanted, cast(Form, form))
        elif self.behind.is_answers:
            self.file.answers(self.slice.wanted, cast(Form, form))
        else:
            self.file.figures(self.slice.wanted, cast(Form, form), self.slice.found)

    def _say(self, say: Callable[[Wording], str], tone: str) -> None:
        self._said = (say, tone)
        sentence = say(self._parts.wording)
        self.screen.notice.show_banner(sentence, tone=tone)
        self.screen.behind.notice.show_banner(sentence, tone=tone)
        self._parts.notifier.announce(sentence)

    # ------------------------------------------------------------------ the mark

    def _arrow(self, way: str) -> None:
        if self._board is not None:
            self._put_mark(moved(self.mark, cast(Way, way), self._board.shape))

    def _tapped(self, mark: Mark) -> None:
        """A tap marks it, and opens it."""
        self._put_mark(mark)
        self.open_mark()

    def _put_mark(self, mark: Mark) -> None:
        if self._board is not None:
            self.mark = mark
            self.screen.show_mark(mark, self._board.meaning_at(mark, self._parts.wording))
            self._parts.notifier.announce(self._board.words_at(mark))

    # ------------------------------------------------------------------ drawing

    def _draw(self) -> None:
        live, span, found = self._parts.live.state, self.slice.span, self.slice.found
        if live is None or span is None:
            return
        wording, currency = self._parts.wording, live.program.currency
        shop = self._parts.shop
        zone, own = shop.desk.state.program.timezone, shop.identity.till_number
        head = head_view(span, self.slice.till, found, own, zone, wording)
        if self.slice.chain:
            head = of_chain(head, found, self.slice.as_of_ms, zone, wording)
        self.screen.render_head(head)
        if found is not None:
            drawn = drawn_of(CHARTS[self._chart], found, self.slice.hours, wording, currency)
            self._board = board = Board(
                figures_view(found, wording, currency), drawn, self._as_table
            )
            self.screen.render_figures(board.view)
            self.screen.render_chart(drawn, as_table=self._as_table)
            self.mark = kept(self.mark, board.shape)
            self.screen.show_mark(self.mark, board.meaning_at(self.mark, wording))
        self._strip.draw()


def _out_of_reach(wording: Wording) -> str:
    return wording.t(
        "Head office does not answer: the figures of the whole chain come from there. Those of "
        "this shop stand as ever; try again later."
    )
