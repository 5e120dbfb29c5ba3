"""What the key for the customer's own phone does in the join dialog.

Owns: asking for a link, what is said where there is none, from the code of joining to that of the
card. Does not own: whether such codes are shown at all (app/services/phone_page.py), widgets
(phone_code.py, dialog.py).
"""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.domain.phone_page import PageAnswer, PageKind, PageLink
from app.services.phone_page import (
    NoPagesHere,
    PagesHere,
    PhonePages,
    learn_pages,
    no_link_sentence,
    pages_by_now,
    phone_link,
    phone_pages,
)
from app.wording import Wording
from ui.join.dialog import JoinDialog
from ui.moment import local_time, time_words
from ui.window_parts import WindowParts


class PhoneCodeActs(QObject):
    """The key for it and what comes of a press: one opening of the dialog."""

    def __init__(self, parts: WindowParts, dialog: JoinDialog) -> None:
        super().__init__(dialog)
        self._parts, self._dialog = parts, dialog
        self._member_id: str | None = None
        self._answer: PageAnswer | None = None
        self._pages: PhonePages | None = None
        self._is_asking = False
        dialog.on_phone_requested.connect(self.press)

    def look(self) -> None:
        """Whether such codes are shown here; only then there is a key for them."""
        self._parts.look_up(phone_pages, self._told)

    def speak(self, wording: Wording) -> None:
        self._dialog.show_on_phone(self._label(wording) if self._has_pages else "")
        self._show(wording)

    def given(self, member_id: str) -> None:
        """He is a member now: from here on the code is that of his card."""
        self._member_id, self._answer = member_id, None
        self.speak(self._parts.wording)

    def press(self) -> None:
        """Ask for a new link; while one is shown, put it away."""
        if self._is_asking:
            return
        if isinstance(self._answer, PageLink):
            self._answer = None
            self._dialog.side.show_phone(False)
            self._put_away()
            return
        self._is_asking, self._answer = True, None
        self._dialog.side.show_phone(True)
        self._show(self._parts.wording)
        self._parts.ask_aside(
            phone_link, self._answered, on_error=self._failed,
            page=self._page, member_id=self._member_id,
        )  # fmt: skip

    @property
    def _page(self) -> PageKind:
        return "join" if self._member_id is None else "claim"

    @property
    def _has_pages(self) -> bool:
        return isinstance(self._pages, PagesHere)

    def _told(self, pages: PhonePages) -> None:
        if pages == NoPagesHere("no_address") and self._pages is None:
            self._parts.ask_aside(pages_by_now, self._told)
        elif isinstance(pages, PagesHere) and self._pages is not None:
            self._parts.look_up(learn_pages, lambda _done: None, address=pages.address)
        self._pages = pages
        if self._dialog.is_open:
            self.speak(self._parts.wording)

    def _label(self, wording: Wording) -> str:
        if self._member_id is not None:
            return wording.t("Card on his phone")
        return wording.t("Join on his phone")

    def _show(self, wording: Wording) -> None:
        title, answer, view = self._label(wording), self._answer, self._dialog.side.phone
        if self._is_asking:
            view.show_wait(title, wording.t("Asking for a link…"))
        elif isinstance(answer, PageLink):
            draw = self._parts.renderers.pay_qr
            matrix = draw(answer.url) if draw is not None else ()
            view.show_code(matrix, title, self._good_until(answer, wording))
        elif answer is not None:
            view.show_none(title, no_link_sentence(answer, self._page, wording))

    def _good_until(self, link: PageLink, wording: Wording) -> str:
        until = time_words(local_time(link.ends_ms, self._parts), self._parts.local_now())
        if self._member_id is not None:
            return wording.t(
                "He scans it with his phone and has the card there. It opens once, until {time}.",
                time=until,
            )
        return wording.t(
            "He scans it with his phone and agrees there himself. It opens once, until {time}.",
            time=until,
        )

    def _answered(self, answer: PageAnswer) -> None:
        self._is_asking, self._answer = False, answer
        if not self._dialog.is_open:
            return
        self._show(self._parts.wording)
        if isinstance(answer, PageLink):
            if self._parts.customer is not None:
                self._parts.customer.show_link(answer.url, self._page)
        else:
            self._parts.notifier.signal("scan_error")
            said = no_link_sentence(answer, self._page, self._parts.wording)
            self._parts.notifier.announce(said, urgent=True)

    def _put_away(self) -> None:
        if self._parts.customer is not None:
            self._parts.customer.put_away()

    def _failed(self, error: BaseException) -> None:
        self._is_asking = False
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)
