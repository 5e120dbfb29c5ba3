"""Audit controller: what is looked for, which entry is read, how whole the chain is.

Owns: the filters and what a key does. Does not own: searching (trail_search.py), the walk along
the chain (chain_check.py), exporting (export.py), widgets (screen.py), texts (view_model.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from app.domain.audit_search import AuditCriteria
from app.services.audit_search import (
    AboutFound,
    AboutUnknown,
    TrailSize,
    find_about,
    trail_size,
)
from app.services.staff import lock_till
from app.services.till_state import TillState
from app.wording import Wording
from ui.arrival import place_to_begin
from ui.audit.chain_check import ChainCheck
from ui.audit.export import TrailExport
from ui.audit.filter_choice import FilterChoice
from ui.audit.keys import audit_keys
from ui.audit.screen import AuditScreen
from ui.audit.story import Told, story_view, trail_row
from ui.audit.story_reader import StoryReader, told_of
from ui.audit.trail_search import TrailSearch
from ui.audit.view_model import (
    ChainState,
    Filters,
    Found,
    audit_view,
    criteria_of,
    wider,
)
from ui.key_map import KeyAction
from ui.navigation import Destination, ScreenController, ToAudit, ToDesk
from ui.window_parts import WindowParts


class AuditController(ScreenController):
    """The audit log; nothing here changes an entry."""

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self._parts = parts
        self._filters = Filters()
        self._people: dict[str, str] = {}
        self._last = 0
        self._looked = (0, 0)
        self.search = TrailSearch(parts, self)
        self.chain = ChainCheck(parts, self)
        self.screen = AuditScreen(self.search)
        self.export = TrailExport(parts, self.screen, self._told, self)
        self._choice = FilterChoice(parts, self.screen, self)
        self._reader = StoryReader(parts, self.screen.table, self)
        self._join()
        self.speak(parts.wording)

    def _join(self) -> None:
        screen, search = self.screen, self.search
        screen.back_requested.connect(self.back)
        screen.export_requested.connect(self.ask_export)
        screen.widen_requested.connect(self.widen)
        screen.clear_requested.connect(self.clear_about)
        screen.proof_requested.connect(self.check_or_stop)
        screen.filter_requested.connect(self.choose)
        screen.about.committed.connect(self._look_for)
        self._reader.came.connect(self._draw)
        search.went_on.connect(self._went_on)
        search.arrived.connect(self._arrived)
        search.refused.connect(self._refused)
        self.chain.changed.connect(self._chain_changed)
        self._choice.chosen.connect(self._use)
        self.export.said.connect(self._say)
        self.export.told.connect(self._count_again)

    @property
    def widget(self) -> QWidget:
        return self.screen

    @property
    def filters(self) -> Filters:
        """What is looked for now."""
        return self._filters

    def enter(self, to: Destination) -> None:
        self._filters = Filters()
        self.screen.about.clear()
        self.screen.notice.show_banner("")
        self.screen.table.setFocus()
        self._draw()
        self._parts.ask(trail_size, self._sized)
        self.chain.begin()
        if isinstance(to, ToAudit) and to.about:
            self._look_for(to.about)

    def leave(self) -> None:
        self.search.stop()
        self.chain.stop()
        self.export.put_away()
        self._reader.forget()
        self._choice.put_away()

    def take_scan(self, text: str) -> bool:
        """A receipt, a member's card, a badge: what was done to or by it."""
        self._choice.put_away()
        self._look_for(text)
        return True

    def show_state(self, state: TillState) -> None:
        self._draw()

    def speak(self, wording: Wording) -> None:
        t = wording.t
        self._choice.put_away()
        self.screen.set_words(
            back=t("Back to the desk"),
            export=t("Export"),
            about=t("Scan or type: receipt no., member card or phone, badge"),
            clear=t("Look for something else"),
            filters={"period": t("Period"), "person": t("Person"), "group": t("Kind of act")},
            hint=self._parts.keys.hint,
        )
        headers = (t("Time"), t("Who"), t("What"), t("About"))
        self.screen.table.set_words(
            t("Audit log"), headers, lambda row: trail_row(row, self._told())
        )
        self.screen.notice.show_banner("")
        self._draw()

    def key_actions(self) -> Sequence[KeyAction]:
        return audit_keys(self, self._parts.wording)

    # ------------------------------------------------------------------ acts

    def back(self) -> None:
        """Esc: stop what runs, let go of what is looked for, then the desk."""
        if self.export.is_running:
            self.export.stop()
        elif self._filters.about is not None or self.screen.about.text():
            self.clear_about()
        elif self._parts.navigation.can_go(ToDesk):
            self._parts.navigation.go(ToDesk())
        else:
            self._parts.navigation.go(place_to_begin(self._parts.state, self._parts.navigation))

    def choose(self, which: str) -> None:
        """Open the list of one filter: period, person or group."""
        self._choice.ask(which, self._filters, self._people)

    def widen(self) -> None:
        """The next wider period."""
        filters = wider(self._filters)
        if filters is not None:
            self._use(filters)
        self.screen.table.setFocus()

    def clear_about(self) -> None:
        self.screen.about.clear()
        self.screen.table.setFocus()
        if self._filters.about is not None:
            self._use(replace(self._filters, about=None))

    def check_or_stop(self) -> None:
        """The button beside the proof: check, stop, or show where it breaks."""
        chain = self.chain.state
        if chain.how == "running":
            self.chain.stop()
        elif chain.how == "broken":
            self._show_entry(chain.number)
        else:
            self.chain.begin()

    def ask_export(self) -> None:
        if not self.search.is_searching and self.search.count:
            self.export.ask(self._criteria(), self.search.numbers)

    def focus_about(self) -> None:
        self.screen.about.edit.setFocus()

    def lock(self) -> None:
        self._parts.ask(lock_till)

    def _look_for(self, text: str) -> None:
        if text:
            self._parts.ask(find_about, self._looked_up, text=text)
        else:
            self.clear_about()

    def _show_entry(self, number: int) -> None:
        """Bring an entry into sight, whatever was looked for."""
        place = self.search.place_of(number)
        if place is None:
            self._use(Filters(period="all"))
            place = self._last - number
        self.screen.table.go_to(place)
        self.screen.table.setFocus()

    # ------------------------------------------------------------------ answers

    def _use(self, filters: Filters) -> None:
        self._filters = filters
        self._reader.forget()
        self.search.begin(self._criteria(), self._last)
        self._draw()

    def _criteria(self) -> AuditCriteria:
        return criteria_of(self._filters, self._parts.local_now(), self._zone)

    def _sized(self, answer: object) -> None:
        if not isinstance(answer, TrailSize):
            self._refused(answer)
            return
        self._people = dict(answer.people)
        self._last = answer.last
        self._use(self._filters)

    def _count_again(self) -> None:
        """An export is an entry itself."""
        self._parts.ask(trail_size, self._sized)

    def _looked_up(self, answer: object) -> None:
        t = self._parts.wording.t
        if isinstance(answer, AboutFound):
            self.screen.about.clear()
            self.screen.table.setFocus()
            # Whoever asks about a receipt wants its whole story, not that of today.
            self._use(replace(self._filters, about=answer, period="all"))
        elif isinstance(answer, AboutUnknown):
            self._parts.notifier.signal("scan_error")
            words = t("No receipt, member or badge of this shop")
            self.screen.about.show_error(words)
            self._parts.notifier.announce(words, urgent=True)
        else:
            self._refused(answer)

    def _refused(self, answer: object) -> None:
        """Somebody who may not: nothing is shown."""
        self._last = 0
        self.search.begin(self._criteria(), 0)
        self._say(self._parts.wording.t("Your role may not see the audit log."), "danger")

    def _went_on(self, looked: int, last: int) -> None:
        self._looked = (looked, last)
        self._draw()

    def _arrived(self, first: int, last: int) -> None:
        if not self.screen.table.currentIndex().isValid():
            self.screen.table.go_to(0)

    def _chain_changed(self, chain: ChainState) -> None:
        broken = chain.number if chain.how == "broken" else 0
        if broken and broken != self.screen.table.broken:
            self._parts.notifier.signal("need_attention")
        self.screen.table.show_broken(broken)
        self._draw()

    def _say(self, sentence: str, tone: str) -> None:
        self.screen.notice.show_banner(sentence, tone=tone)
        self._parts.notifier.announce(sentence)

    # ------------------------------------------------------------------ drawing

    @property
    def _zone(self) -> str:
        return self._parts.shop.desk.state.program.timezone

    def _told(self) -> Told:
        return told_of(self._parts, {**self.search.people, **self._people})

    def _draw(self) -> None:
        if self._parts.live.state is None:
            return
        wording, (looked, last) = self._parts.wording, self._looked
        view = audit_view(
            self._filters,
            Found(self.search.count, looked, last),
            self.chain.state,
            self._people,
            wording,
            till=self._parts.shop.identity.till_number,
            zone=self._zone,
        )
        self.screen.render_view(view)
        known = self._reader.story
        story = story_view(known, self._told()) if known is not None else None
        is_chosen = view.empty or self.screen.table.currentIndex().isValid()
        hint = "" if is_chosen else wording.t("Choose an entry to read its story.")
        self.screen.story.show_story(story, hint)
