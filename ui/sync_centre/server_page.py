"""Server page of the settings: which server this till belongs to, and being let in at one.

Owns: its widgets, what is asked in which order, keeping what was typed. Does not own: enrolling
(app/services/enrolment.py), codes (the server gives them).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout

from app.domain.server_answer import EnrolAnswer, Enrolled, EnrolRefused, EnrolStep
from app.services.enrolment import MayEnrol, enrol, enrol_sentence, may_enrol
from app.services.phone_page import (
    NoPagesHere,
    PagesHere,
    PhonePages,
    hidden_sentence,
    learn_pages,
    pages_by_now,
    phone_pages,
)
from app.services.sync_state import Belongs, belongs
from app.wording import N_, Wording
from ui import formatting
from ui.header_words import till_name
from ui.key_map import Action, KeyAction
from ui.kit.buttons import PrimaryButton
from ui.kit.feedback import Banner, Busy
from ui.kit.fields import FieldRow, TillLineEdit
from ui.kit.panels import Card
from ui.kit.text import Text
from ui.moment import local_time
from ui.settings.editor import scrolling
from ui.settings.fact_list import Fact, FactList
from ui.settings.page import PageWidget, SettingsPage
from ui.sync_centre.answers import answer_words
from ui.sync_centre.view_model import lets_in_anew
from ui.sync_centre.words import OF_THE_ADDRESS, OF_THE_CODE, STEPS
from ui.window_parts import WindowParts

ADDRESS_LENGTH_MAX, CODE_LENGTH_MAX = 200, 40


class ServerPage(PageWidget):
    """Where this till belongs, or the two fields that let it in."""

    _stepped = Signal(str)

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self._parts = parts
        self._belongs: Belongs | None = None
        self._refused: EnrolRefused | None = None
        self._step: EnrolStep | None = None
        self._pages: PhonePages | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        card = Card(padding=(20, 20), spacing=12)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(card)
        self._title = Text(role="h1", weight=600)
        self.notice = Banner()
        self._busy = Busy()
        self.connect_key = PrimaryButton(icon="cloud", hint="Enter")
        self.connect_key.clicked.connect(self.connect_till)
        card.body.addWidget(self._title)
        card.body.addWidget(self.notice)
        card.body.addWidget(scrolling(self._build_inside()), 1)
        card.body.addWidget(self._busy)
        card.body.addWidget(self.connect_key)
        self._stepped.connect(self._show_step, Qt.ConnectionType.QueuedConnection)
        self.speak(parts.wording)

    def _build_inside(self) -> Card:
        inside = Card(kit="plain", padding=(0, 0))
        self.list = FactList()
        self._says = Text(role="body_l", wrap=True)
        self.address = TillLineEdit()
        self.address.setMaxLength(ADDRESS_LENGTH_MAX)
        self.code = TillLineEdit()
        self.code.setMaxLength(CODE_LENGTH_MAX)
        self.address_row = FieldRow("", self.address, required=True)
        self.code_row = FieldRow("", self.code, required=True)
        self.hidden = Text(role="body", tone="text_secondary", wrap=True)
        rows = (self.list, self._says, self.address_row, self.code_row, self.hidden)
        for widget in rows:
            inside.body.addWidget(widget)
        inside.body.addStretch(1)
        return inside

    # ------------------------------------------------------------------ the settings ask

    def enter(self) -> None:
        self._refused = None
        self.notice.show_banner("")
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._parts.ask(belongs, self._told)
        self._parts.look_up(phone_pages, self._pages_told)

    def leave(self) -> None:
        """A code is for one place: it does not stand here for the next one who comes."""
        self.code.clear()

    def key_actions(self) -> Sequence[KeyAction]:
        t = self._parts.wording.t
        return (
            KeyAction(Action.CONFIRM, t("Connect this till"), self.connect_till, self._can_connect),
        )

    def take_scan(self, text: str) -> bool:
        """What stands on the slip may be a QR code: it is taken as if it had been typed."""
        if not self._can_connect():
            return False
        (self.address if "://" in text else self.code).setText(text)
        return True

    def speak(self, wording: Wording) -> None:
        t = wording.t
        self._title.setText(t("Server"))
        self.connect_key.set_label(t("Connect this till"))
        self.address.setAccessibleName(t("Address of the server"))
        self.code.setAccessibleName(t("One-time code"))
        self.address_row.set_words(
            t("Address of the server"), t("as head office says it, such as https://shop.example")
        )
        self.code_row.set_words(t("One-time code"), t("good for one till and one day"))
        self._draw()

    # ------------------------------------------------------------------ acts

    def connect_till(self) -> None:
        """Let this till in. Pressed twice it is one."""
        if not self._can_connect():
            return
        t = self._parts.wording.t
        self._refused = None
        for row, field in ((self.address_row, self.address), (self.code_row, self.code)):
            missing = not field.text().strip()
            row.show_error(t("Type it in as it stands on the slip.") if missing else "")
            if missing:
                field.setFocus()
                return
        self._step = "reaching"
        self.notice.show_banner("")
        self._draw()
        self._parts.ask(may_enrol, self._may, on_error=self._failed)

    def _may(self, answer: object) -> None:
        if not isinstance(answer, MayEnrol):
            self._step = None
            self._say(answer_words(answer, self._parts.wording), "danger")
            self._draw()
            return
        name = till_name(self._parts.shop.identity.till_number, self._parts.wording)
        self._parts.ask_aside(
            enrol, self._answered, on_error=self._failed, address=self.address.text(),
            code=self.code.text(), name=name, tell=self._stepped.emit,
        )  # fmt: skip

    def _answered(self, answer: EnrolAnswer) -> None:
        self._step = None
        if isinstance(answer, Enrolled):
            self.code.clear()
            self._say(self._parts.wording.t("This till belongs to the server now."), "success")
            self._parts.ask(belongs, self._told)
            self._parts.look_up(phone_pages, self._pages_told)
        else:
            self._refused = answer
            self._parts.notifier.signal("scan_error")
            self._draw()
            said = enrol_sentence(answer, self._parts.wording)
            self._parts.notifier.announce(said, urgent=True)
            at_code = answer.trouble in OF_THE_CODE
            (self.code if at_code else self.address).setFocus()

    @Slot(str)
    def _show_step(self, step: EnrolStep) -> None:
        if self._step is not None:
            self._step = step
            self._draw()

    def _failed(self, error: BaseException) -> None:
        self._step = None
        self._draw()
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)

    def _told(self, answer: Belongs | None) -> None:
        self._belongs = answer
        if answer is not None and not self.address.text():
            self.address.setText(answer.server)
        self._draw()

    def _pages_told(self, pages: PhonePages) -> None:
        if pages == NoPagesHere("no_address") and pages != self._pages:
            self._parts.ask_aside(pages_by_now, self._pages_told)
        elif isinstance(pages, PagesHere) and self._pages is not None:
            self._parts.look_up(learn_pages, lambda _done: None, address=pages.address)
        self._pages = pages
        self._draw()

    # ------------------------------------------------------------------ drawing

    def _can_connect(self) -> bool:
        """Not while it is tried, and not where this till belongs already."""
        return self._step is None and self._asks()

    def _asks(self) -> bool:
        """Whether a code is wanted: nowhere at home yet, or not let in any more."""
        who, link = self._belongs, self._parts.shop.server.link()
        return who is None or who.must_enrol or lets_in_anew(link)

    def _say(self, sentence: str, tone: str) -> None:
        self.notice.show_banner(sentence, tone=tone)
        self._parts.notifier.announce(sentence, urgent=tone == "danger")

    def _draw(self) -> None:
        t, who = self._parts.wording.t, self._belongs
        asks = self._asks()
        self.list.setVisible(who is not None)
        if who is not None:
            self.list.show_facts(self._facts(who))
        self._says.setText(_says(who, self._parts.wording, asks=asks))
        hidden = self._pages if isinstance(self._pages, NoPagesHere) else None
        self.hidden.setText(hidden_sentence(hidden, self._parts.wording) if hidden else "")
        self.hidden.setVisible(hidden is not None)
        for widget in (self.address_row, self.code_row, self.connect_key):
            widget.setVisible(asks)
        for field in (self.address, self.code):
            field.setEnabled(self._step is None)
        self.connect_key.setEnabled(self._step is None)
        self._busy.setVisible(self._step is not None)
        self._busy.show_wait(t(STEPS[self._step]) if self._step is not None else "")
        if self._refused is not None:
            self._show_refusal(self._refused)

    def _show_refusal(self, refused: EnrolRefused) -> None:
        """Beside the field it is about; what was typed stays."""
        said = enrol_sentence(refused, self._parts.wording)
        self.address_row.show_error(said if refused.trouble in OF_THE_ADDRESS else "")
        self.code_row.show_error(said if refused.trouble in OF_THE_CODE else "")
        if refused.trouble not in OF_THE_ADDRESS | OF_THE_CODE:
            self.notice.show_banner(said, tone="danger")

    def _facts(self, who: Belongs) -> tuple[Fact, ...]:
        t = self._parts.wording.t
        since = formatting.moment(local_time(who.since_ms, self._parts))
        facts = (
            Fact(t("Store"), who.store_name),
            Fact(t("This till"), till_name(who.till_number, self._parts.wording)),
            Fact(t("Server"), who.server),
            Fact(t("Connected since"), since),
        )
        if not isinstance(self._pages, PagesHere):
            return facts
        return (*facts, Fact(t("Pages for customers' phones"), self._pages.address))


SERVER = SettingsPage(
    "server",
    N_("Server"),
    ServerPage,
    icon="cloud",
    finds=(N_("Sync"), N_("Address of the server"), N_("One-time code")),
)


def _says(who: Belongs | None, wording: Wording, *, asks: bool) -> str:
    """What this place is for, in the state it is in."""
    t = wording.t
    if who is None:
        return t(
            "This till keeps everything itself. Where head office runs a server, it gives a "
            "one-time code: then tills of all shops share their members, and sales go on without "
            "a network all the same."
        )
    if asks:
        return t("This till has to be let in again, with a new code. Nothing it wrote is lost.")
    return t("Sales go on without a network, and are uploaded by themselves.")
