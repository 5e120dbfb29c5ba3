"""Page holder: the pages of the settings that were opened, and which of them is in front.

Owns: making a page at its first visit, telling it that it comes and goes. Does not own: the pages,
the list of groups (controller.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.wording import Wording
from ui.settings.page import PageWidget, SettingsPage
from ui.window_parts import WindowParts


class PageHolder:
    """`show` puts a page in place of the values, or the values again."""

    def __init__(
        self,
        parts: WindowParts,
        pages: Sequence[SettingsPage],
        show: Callable[[PageWidget | None], None],
    ) -> None:
        self._parts, self._show = parts, show
        self.pages = pages
        self._made: dict[str, PageWidget] = {}
        self.current: PageWidget | None = None

    def has(self, identifier: str) -> bool:
        return any(page.identifier == identifier for page in self.pages)

    def open_page(self, identifier: str | None) -> None:
        """Bring a page to the front; None: none of them."""
        page = self._page(identifier) if identifier is not None else None
        if page is self.current:
            return
        if self.current is not None:
            self.current.leave()
        self.current = page
        self._show(page)
        if page is not None:
            page.enter()

    def speak(self, wording: Wording) -> None:
        """Also pages behind others speak the new language."""
        for page in self._made.values():
            page.speak(wording)

    def _page(self, identifier: str) -> PageWidget:
        if identifier not in self._made:
            page = next(each for each in self.pages if each.identifier == identifier)
            self._made[identifier] = page.make(self._parts)
        return self._made[identifier]
