"""Campaigns controller: which campaign is looked at, issuing what is still to issue, ending one.

Owns: the list that is shown, the current one and its result. Does not own: widgets (screen.py),
texts (view_model.py), planning (wizard_controller.py). Coupons that were still to be issued when
the window was closed are issued as soon as somebody comes here again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtWidgets import QWidget

from app.domain.campaign_record import CampaignRecord
from app.domain.campaign_result import CampaignResult
from app.services.campaign_plan import CampaignList, list_campaigns
from app.services.campaign_poster import has_poster
from app.services.campaign_publish import (
    CampaignIsOver,
    CouponsIssued,
    end_campaign,
    issue_next,
)
from app.services.campaign_result import ChainResult, ask_chain_result, read_result
from app.services.shop import Shop
from app.services.staff import lock_till
from app.services.till_state import TillState
from app.wording import Wording
from ui.campaign_intents import ToCampaignDraft, ToCampaigns
from ui.campaigns.poster_file import PosterErrand
from ui.campaigns.screen import CampaignsScreen
from ui.campaigns.tier_page import end_words
from ui.campaigns.view_model import TABS, ChainTold, Tab, detail_view, list_view, tab_of
from ui.file_errand import Say
from ui.key_map import Action, KeyAction
from ui.navigation import Destination, ScreenController, ToDesk
from ui.window_lane import WindowLane
from ui.window_parts import WindowParts


class CampaignsController(ScreenController):
    """The manager's campaigns."""

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self._parts = parts
        self._all: tuple[CampaignRecord, ...] = ()
        self._today: date | None = None
        self._tab: Tab = "running"
        self._current = 0
        self._wanted = self._new = ""
        self._result: CampaignResult | None = None
        self._can_send = False
        self._chain = ChainTold()
        self._left: dict[str, int] = {}
        self._asks_to_end = False
        self.screen = screen = CampaignsScreen()
        screen.back_requested.connect(self.back)
        screen.new_requested.connect(self.plan_new)
        screen.edit_requested.connect(self.go_on)
        screen.end_requested.connect(self.end)
        screen.poster_requested.connect(self.save_poster)
        self._posters = PosterErrand(parts, self)
        self._posters.said.connect(self._say)
        screen.chosen.connect(self._choose)
        screen.tab_chosen.connect(self._show_tab)
        self.speak(parts.wording)

    @property
    def widget(self) -> QWidget:
        return self.screen

    def enter(self, to: Destination) -> None:
        self.screen.notice.show_banner("")
        self.screen.setFocus()
        self._wanted = to.campaign_id if isinstance(to, ToCampaigns) else ""
        self._new = self._wanted if isinstance(to, ToCampaigns) and to.is_new else ""
        self._current, self._left = 0, {}
        self._parts.ask(list_campaigns, self._listed)

    def take_scan(self, text: str) -> bool:
        """Nothing is sold here: the tone says that it was not taken."""
        self._parts.notifier.signal("scan_error")
        return True

    def show_state(self, state: TillState) -> None:
        self._draw()

    def speak(self, wording: Wording) -> None:
        choose = (Action.CHOOSE_2, Action.CHOOSE_4, Action.CHOOSE_3)
        keys = (Action.CHOOSE_1, Action.CONFIRM, *choose)
        self.screen.set_words(wording, hints=[self._parts.keys.hint(each) for each in keys])
        self._draw()

    def key_actions(self) -> Sequence[KeyAction]:
        t = self._parts.wording.t
        return (
            KeyAction(Action.LINE_UP, t("Campaign above"), partial(self._step, -1)),
            KeyAction(Action.LINE_DOWN, t("Campaign below"), partial(self._step, 1)),
            KeyAction(Action.CONFIRM, t("Go on with the draft"), self.go_on),
            KeyAction(Action.CHOOSE_1, t("New campaign"), self.plan_new),
            KeyAction(Action.CHOOSE_2, t("End it now"), self.end),
            KeyAction(Action.CHOOSE_3, t("Running, drafts, ended"), self._next_tab),
            KeyAction(Action.CHOOSE_4, t("Poster as a PDF"), self.save_poster),
            KeyAction(Action.LOCK, t("Lock, change the cashier"), self._lock),
            KeyAction(Action.BACK, t("One step back"), self.back),
        )

    # ------------------------------------------------------------------ acts

    def back(self) -> None:
        """Esc: to the desk."""
        self._parts.navigation.go(ToDesk())

    def plan_new(self) -> None:
        """Begin with the templates."""
        self._parts.navigation.go(ToCampaignDraft())

    def go_on(self) -> None:
        """Enter: the draft that is marked, the poster of what was published just now; where there
        is nothing yet, a new one."""
        record = self._record()
        if self._offers_poster(record):
            self.save_poster()
        elif record is None and not self._shown():
            self.plan_new()
        elif record is not None and record.state == "draft":
            self._parts.navigation.go(ToCampaignDraft(record.plan.campaign_id))

    def end(self) -> None:
        """The marked campaign, at the second time: it is said first what it means."""
        record = self._record()
        if record is None or record.state not in ("waiting", "published"):
            return
        if not self._asks_to_end:
            self._asks_to_end = True
            said = end_words(record.plan, self._parts.wording)
            self.screen.notice.show_banner(said, tone="warning")
            return
        self._asks_to_end = False
        self._parts.ask(end_campaign, self._ended, campaign_id=record.plan.campaign_id)

    def save_poster(self) -> None:
        """The marked campaign's poster, for a printer elsewhere."""
        record = self._record()
        if record is not None and has_poster(record):
            self._posters.save(record)

    def _say(self, say: Say, tone: str) -> None:
        self.screen.notice.show_banner(say(self._parts.wording), tone=tone)

    def _ended(self, answer: object) -> None:
        t = self._parts.wording.t
        is_over = isinstance(answer, CampaignIsOver)
        said = t("The campaign is ended.") if is_over else t("It could not be ended.")
        self.screen.notice.show_banner(said, tone="success" if is_over else "danger")
        self._parts.ask(list_campaigns, self._listed)

    def _listed(self, answer: object) -> None:
        if not isinstance(answer, CampaignList):
            self.back()
            return
        self._all, self._today = answer.campaigns, answer.today
        self._can_send = answer.can_send
        places = [each.plan.campaign_id for each in self._all]
        if self._wanted in places:
            self._tab = tab_of(self._all[places.index(self._wanted)], answer.today)
            self._current = [each.plan.campaign_id for each in self._shown()].index(self._wanted)
        self._wanted = ""
        self._choose(min(self._current, max(0, len(self._shown()) - 1)))
        if self._offers_poster(self._record()):
            self._say(_poster_offered, "info")
        self._issue()

    def _offers_poster(self, record: CampaignRecord | None) -> bool:
        """Whether it was published just now, and members claim it by a poster."""
        is_new = record is not None and record.plan.campaign_id == self._new
        return is_new and self._can_send and record is not None and has_poster(record)

    def _issue(self) -> None:
        """Go on with whatever has coupons to issue, one after the other."""
        for each in self._all:
            campaign = each.plan.campaign_id
            if each.state in ("waiting", "published") and self._left.get(campaign, 1):
                issued = partial(self._issued, campaign)
                self._parts.ask(issue_next, issued, campaign_id=campaign)
                return

    def _issued(self, campaign: str, answer: object) -> None:
        before = self._left.get(campaign)
        self._left[campaign] = answer.left if isinstance(answer, CouponsIssued) else 0
        if isinstance(answer, CouponsIssued) and answer.done:
            self._draw()
        if before and not self._left[campaign]:
            self._ask_result()
        self._issue()

    # ------------------------------------------------------------------ looking

    def _shown(self) -> list[CampaignRecord]:
        today = self._today
        return [] if today is None else [e for e in self._all if tab_of(e, today) == self._tab]

    def _record(self) -> CampaignRecord | None:
        shown = self._shown()
        return shown[self._current] if self._current < len(shown) else None

    def _show_tab(self, tab: str) -> None:
        self._tab = next(each for each in TABS if each == tab)
        self._choose(0)

    def _next_tab(self) -> None:
        self._show_tab(TABS[(TABS.index(self._tab) + 1) % len(TABS)])

    def _step(self, by: int) -> None:
        if self._shown():
            self._choose(max(0, min(len(self._shown()) - 1, self._current + by)))

    def _choose(self, place: int) -> None:
        if place != self._current:
            self.screen.notice.show_banner("")
        self._current, self._result, self._asks_to_end = place, None, False
        self._chain = ChainTold()
        self._ask_result()
        self._draw()

    def _ask_result(self) -> None:
        record = self._record()
        if record is None or record.state == "draft":
            return
        lane = WindowLane(self._parts.runner)
        self._parts.ask_aside(
            _read, partial(self._read, record.plan.campaign_id), lane=lane, record=record
        )
        if self._can_send:
            self._chain = ChainTold(is_asked=True, is_waiting=True)
            came = partial(self._chain_came, record.plan.campaign_id)
            self._parts.ask_aside(ask_chain_result, came, record=record)

    def _chain_came(self, campaign: str, answer: object) -> None:
        record = self._record()
        if record is not None and record.plan.campaign_id == campaign:
            result = answer if isinstance(answer, ChainResult) else None
            self._chain = ChainTold(is_asked=True, result=result)
            self._draw()

    def _read(self, campaign: str, answer: object) -> None:
        record = self._record()
        if record is not None and record.plan.campaign_id == campaign:
            self._result = answer if isinstance(answer, CampaignResult) else None
            self._draw()

    def _lock(self) -> None:
        self._parts.ask(lock_till)

    def _draw(self) -> None:
        if self._today is None or self._parts.live.state is None:
            return
        program, wording = self._parts.shop.desk.state.program, self._parts.wording
        view = list_view(self._all, self._today, self._tab, program, wording)
        self.screen.render_view(view, self._current)
        record = self._record()
        detail = None
        if record is not None:
            left = self._left.get(record.plan.campaign_id, 0)
            detail = detail_view(
                record, self._result, self._chain, left, self._today, program, wording
            )
        self.screen.show_detail(detail)


def _read(*, shop: Shop, lane: WindowLane, record: CampaignRecord) -> object:
    """Beside the lane, which it asks in small units."""
    return read_result(shop=shop, lane=lane, record=record)


def _poster_offered(wording: Wording) -> str:
    return wording.t("Members claim it by a poster: Enter saves it as a PDF to print.")
