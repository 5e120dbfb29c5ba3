"""Wizard controller: going on and back in the five pages, reckoning the last, publishing.

Owns: the draft that is planned and on which page one is. Does not own: texts (wizard_view.py),
widgets (wizard_screen.py), reading fields (form.py), what takes long (reckoning.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from msgspec.structs import replace as replace_struct
from PySide6.QtWidgets import QWidget

from app.domain.campaign import Template
from app.domain.campaign_record import CampaignRecord
from app.domain.campaign_template import TEMPLATES, plan_from
from app.domain.campaign_tier import tiers_to_try
from app.domain.message import MessageChoice
from app.domain.program import Program
from app.domain.program_problem import CURES
from app.services.campaign_plan import (
    CampaignList,
    DraftKept,
    keep_draft,
    list_campaigns,
    new_campaign_id,
)
from app.services.campaign_publish import (
    CampaignDrawnUp,
    CampaignOut,
    NotSound,
    RulesRefuse,
    publish_campaign,
)
from app.services.campaign_trial import keep_trial
from app.services.message import Way, way_of
from app.services.staff import lock_till
from app.services.till_state import TillState
from app.wording import Wording
from ui.campaign_intents import ToCampaignDraft, ToCampaigns
from ui.campaigns import words
from ui.campaigns.form import FIELD_OF, texts_of
from ui.campaigns.message_page import ORDER, both_first_words, reach_of
from ui.campaigns.reckoning import Reckoned, Reckoning
from ui.campaigns.wizard_screen import WizardScreen
from ui.campaigns.wizard_view import (
    AIM,
    AUDIENCE,
    BUDGET,
    OFFER,
    TRIAL,
    Draft,
    Told,
    audiences_of,
    page_view,
    read_page,
    with_tier,
)
from ui.key_map import Action, KeyAction
from ui.navigation import Destination, ScreenController
from ui.window_parts import WindowParts


class WizardController(ScreenController):
    """A new campaign, or a draft."""

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self._parts = parts
        self._draft: Draft | None = None
        self._step = AIM
        self._today = date.min
        self._categories: tuple[str, ...] = ()
        self._wanted = self._segment = ""
        self._drawn: CampaignDrawnUp | None = None
        self._busy = ("", 0, 0)
        self.screen = screen = WizardScreen()
        screen.back_requested.connect(self.back)
        screen.next_requested.connect(self.go_on)
        screen.row_chosen.connect(self._choose)
        screen.typed.connect(self._typed)
        screen.stop_requested.connect(self.back)
        self._reckoning = Reckoning(parts, self)
        self._reckoning.told.connect(self._tell)
        self._reckoning.finished.connect(self._reckoned)
        self.speak(parts.wording)

    @property
    def widget(self) -> QWidget:
        return self.screen

    def enter(self, to: Destination) -> None:
        self._draft, self._step = None, AIM
        self._wanted = to.campaign_id if isinstance(to, ToCampaignDraft) else ""
        self._segment = to.segment if isinstance(to, ToCampaignDraft) else ""
        self._parts.ask(list_campaigns, self._begin)

    def leave(self) -> None:
        self._reckoning.stop()

    def take_scan(self, text: str) -> bool:
        """Nothing is sold here: the tone says that it was not taken."""
        self._parts.notifier.signal("scan_error")
        return True

    def show_state(self, state: TillState) -> None:
        self._draw()

    def speak(self, wording: Wording) -> None:
        self.screen.set_words(wording)
        self._draw()

    def key_actions(self) -> Sequence[KeyAction]:
        t = self._parts.wording.t
        return (
            KeyAction(Action.CONFIRM, t("Go on; on the last page publish"), self.go_on),
            KeyAction(Action.LINE_UP, t("Choice above"), partial(self._move, -1)),
            KeyAction(Action.LINE_DOWN, t("Choice below"), partial(self._move, 1)),
            KeyAction(Action.LOCK, t("Lock, change the cashier"), self._lock),
            KeyAction(Action.BACK, t("One step back"), self.back),
        )

    # ------------------------------------------------------------------ going on and back

    def go_on(self) -> None:
        """Enter: what stands here is read; what is wrong keeps one here."""
        draft = self._draft
        if draft is None:
            return
        if self._step == TRIAL:
            self._publish(draft)
            return
        draft = read_page(draft, self._step, self._program, self._categories, self._today)
        self._draft = draft
        if not draft.wrong:
            self._step += 1
            if self._step == BUDGET:
                said = both_first_words(draft.plan, self._program, self._parts.shop.words_for)
                self._draft = draft = replace(draft, first_words=said)
            if self._step == TRIAL:
                self._reckon(draft)
        self._draw()
        self.screen.focus_first()

    def back(self) -> None:
        """Esc: one page back; from the first one to the list, the draft is kept by then."""
        self._reckoning.stop()
        self._busy = ("", 0, 0)
        if self._step == AIM:
            self._parts.navigation.go(ToCampaigns())
            return
        self._step -= 1
        if self._draft is not None:
            self._draft = replace(self._draft, wrong=(), told=Told())
        self._draw()
        self.screen.focus_first()

    @property
    def _program(self) -> Program:
        return self._parts.shop.desk.state.program

    # ------------------------------------------------------------------ choosing and typing

    def _begin(self, answer: object) -> None:
        if not isinstance(answer, CampaignList):
            self._parts.navigation.go(ToCampaigns())
            return
        self._today, self._categories = answer.today, answer.categories
        draft = _draft_in(answer, self._wanted)
        if self._segment in answer.segments:
            new, self._step = self._from("win_back", answer), AUDIENCE
            draft = _for_segment(new, self._segment, self._program, self._parts.wording)
        self._draft = draft or self._from(TEMPLATES[0], answer)
        self._draw()
        self.screen.focus_first()

    def _from(self, template: Template, listed: CampaignList) -> Draft:
        title = self._parts.wording.t(words.TEMPLATES[template][0])
        category = listed.categories[0] if listed.categories else ""
        campaign = new_campaign_id(shop=self._parts.shop)
        tiers = tiers_to_try(self._program)
        trial = tiers[0] if tiers else None
        plan = plan_from(template, campaign, title, listed.today, category, trial)
        return Draft(plan, texts_of(plan), segments=listed.segments, can_send=listed.can_send)

    def _choose(self, place: int) -> None:
        draft = self._draft
        if draft is None:
            return
        if self._step == AIM:
            listed = CampaignList(
                (), self._today, self._categories, draft.segments, draft.can_send
            )  # fmt: skip
            self._draft = self._from(TEMPLATES[place], listed)
        elif self._step == AUDIENCE:
            audience = audiences_of(draft, self._program)[place]
            plan = replace_struct(draft.plan, audience=audience)
            self._draft = replace(draft, plan=plan, wrong=())
        elif self._step == OFFER:
            self._draft = with_tier(draft, tiers_to_try(self._program)[place])
        elif self._step == BUDGET:
            self._draft = replace(draft, way=ORDER[place], wrong=())
        self._draw()

    def _move(self, by: int) -> None:
        rows = self.screen.rows
        if rows and self._draft is not None:
            view = page_view(self._step, self._draft, self._program, self._parts.wording)
            self._choose(max(0, min(len(rows) - 1, view.current + by)))

    def _typed(self, name: str, text: str) -> None:
        """What is typed stays, whatever comes of it; what was wrong of it is no more said."""
        draft = self._draft
        if draft is not None:
            left = tuple(e for e in draft.wrong if FIELD_OF.get(e.field, e.field) != name)
            self._draft = replace(draft, texts={**draft.texts, name: text}, wrong=left)
            if left != draft.wrong:
                self._draw()

    # ------------------------------------------------------------------ the last page

    def _reckon(self, draft: Draft) -> None:
        self._draft = replace(draft, told=Told(is_working=True))
        self._drawn = None
        self._busy = ("audience", 0, 0)
        self._keep(None, partial(self._kept_first, draft.plan.campaign_id))

    def _keep(self, reached: int | None, then: Callable[[object], object]) -> None:
        draft, shop = self._draft, self._parts.shop
        assert draft is not None, "only a draft is kept"
        zh, en = (shop.words_for(each) for each in ("zh_CN", "en"))
        said = words.both_words(draft.plan, self._program, zh, en)
        self._parts.ask(
            keep_draft, then, plan=draft.plan, words=said, reached=reached, message=draft.message
        )  # fmt: skip

    def _kept_first(self, campaign: str, answer: object) -> None:
        draft = self._draft
        if draft is not None and draft.plan.campaign_id == campaign and self._step == TRIAL:
            if isinstance(answer, DraftKept):
                self._reckoning.begin(draft.plan)
            else:
                self._parts.navigation.go(ToCampaigns())

    def _tell(self, what: str, done: int, of: int) -> None:
        self._busy = (what, done, of)
        self._draw_busy()

    def _reckoned(self, answer: object) -> None:
        draft = self._draft
        self._busy = ("", 0, 0)
        if draft is None or self._step != TRIAL or not isinstance(answer, Reckoned):
            self._draw()
            return
        self._drawn = answer.drawn
        told = _told_of(answer)
        self._draft = replace(draft, told=told)
        campaign = draft.plan.campaign_id
        self._parts.ask(keep_trial, campaign_id=campaign, done=answer.trial)
        self._keep(told.reached, self._kept_last)

    def _kept_last(self, answer: object) -> None:
        draft = self._draft
        if draft is not None and isinstance(answer, DraftKept):
            told = replace(draft.told, warnings=answer.warnings)
            self._draft = replace(draft, wrong=answer.problems, told=told)
        self._draw()

    def _publish(self, draft: Draft) -> None:
        view = page_view(TRIAL, draft, self._program, self._parts.wording)
        if view.can_go_on:
            self._draft = replace(draft, told=replace(draft.told, is_working=True))
            campaign = draft.plan.campaign_id
            self._parts.ask(
                publish_campaign, self._published, campaign_id=campaign, drawn=self._drawn
            )
            self._draw()

    def _published(self, answer: object) -> None:
        draft, t = self._draft, self._parts.wording.t
        if isinstance(answer, CampaignOut):
            is_given = not answer.record.plan.is_rule
            self._parts.tell(_waits if answer.waits else _is_given if is_given else _is_out)
            self._parts.navigation.go(ToCampaigns(answer.record.plan.campaign_id, is_new=True))
            return
        if draft is None:
            return
        told = replace(draft.told, is_working=False, refused=t("It could not be published."))
        if isinstance(answer, RulesRefuse):
            why = answer.problems[0]
            told = replace(told, refused=t(CURES[why.code], value=why.value, other=why.other))
        wrong = answer.problems if isinstance(answer, NotSound) else draft.wrong
        self._draft = replace(draft, wrong=wrong, told=told)
        self._draw()

    # ------------------------------------------------------------------ drawing

    def _lock(self) -> None:
        self._parts.ask(lock_till)

    def _draw(self) -> None:
        if self._draft is None or self._parts.live.state is None:
            return
        view = page_view(self._step, self._draft, self._program, self._parts.wording)
        self.screen.render_view(view, self._parts.wording)
        self._draw_busy()

    def _draw_busy(self) -> None:
        what, done, of = self._busy
        t = self._parts.wording.t
        self.screen.show_busy(_busy_words(t, what, done, of), done, of, t("Stop"))


def _told_of(answer: Reckoned) -> Told:
    """What the last page shows of it."""
    drawn, counted = answer.drawn, answer.counted
    return Told(
        reached=drawn.reached if drawn else None,
        control=drawn.control if drawn else 0,
        without_consent=counted.without_consent,
        left_out=counted.left_out,
        not_invited=len(counted.members) - drawn.reached - drawn.control if drawn else 0,
        trial=answer.trial,
        by_way=reach_of(answer.ways),
    )


def _busy_words(t: Callable[..., str], what: str, done: int, of: int) -> str:
    if what == "audience":
        return t("Counting members… {done} of {of}", done=f"{done:,}", of=f"{of:,}")
    if what:
        return t("Trying it on past sales… {done} of {of}", done=f"{done:,}", of=f"{of:,}")
    return ""


def _draft_in(listed: CampaignList, wanted: str) -> Draft | None:
    """The draft to go on with, where it is still one."""
    for each in listed.campaigns:
        if each.plan.campaign_id == wanted and each.state == "draft":
            return _draft_of(each, listed)
    return None


def _draft_of(record: CampaignRecord, listed: CampaignList) -> Draft:
    texts, message = texts_of(record.plan), record.message
    way: Way = "none"
    if message is not None:
        texts |= {"text_zh": message.text_zh, "text_en": message.text_en}
        way = way_of(MessageChoice(channels=message.channels))
    return Draft(
        record.plan, texts, segments=listed.segments, can_send=listed.can_send, way=way
    )  # fmt: skip


def _for_segment(draft: Draft, segment: str, program: Program, wording: Wording) -> Draft:
    """A coupon for a group of the figures: who it is for is chosen already."""
    audience = replace_struct(draft.plan.audience, who="chosen", segment=segment)
    plan = replace_struct(draft.plan, audience=audience)
    if segment != "dormant":
        group = words.audience_words(audience, program, wording)
        plan = replace_struct(plan, title=wording.t("Coupon: {group}", group=group))
    return replace(draft, plan=plan, texts=texts_of(plan))


def _is_out(wording: Wording) -> str:
    return wording.t("The campaign is out. Coupons are being issued where it has any.")


def _is_given(wording: Wording) -> str:
    return wording.t("The campaign is out. Its members are given their tier now.")


def _waits(wording: Wording) -> str:
    return wording.t("The campaign waits for head office: it is in force as soon as that hears.")
