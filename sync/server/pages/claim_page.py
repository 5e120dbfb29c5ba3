"""The claim page: a one-time link of the till or the receipt becomes a member's card link.

Owns: asking first, using the link once. Does not own: who gets such a link (link.py), the card.
"""

from __future__ import annotations

from dataclasses import dataclass

from sync.server.pages.card_page import card_path, put_card
from sync.server.pages.front import Answer, Asked, Moved, Shown, Shut, opened
from sync.server.pages.ports import Pages, PageWork
from sync.server.pages.secret_link import (
    PREFIX,
    card_token_after,
    is_token,
    new_token,
    submission_hash,
)


@dataclass(frozen=True)
class ClaimPage:
    """Nothing of the member is shown before the link was used: programs that look at links ahead
    of people only ever see a button, and use nothing up."""

    pages: Pages

    def show(self, work: PageWork, asked: Asked) -> Answer:
        """The button."""
        held = opened(work, self.pages, asked, "claim")
        if isinstance(held, Shut):
            return held
        if held.used_with is not None:
            return Shut("used")
        words = asked.words
        return Shown(
            "claim.html",
            words.t("Your member card"),
            {
                "says": words.t("Open your member card on this phone. This link works once."),
                "does": words.t("Open my card"),
                "action": f"{PREFIX}/claim/{asked.token}{asked.suffix}",
                "submission": new_token(self.pages.chance),
            },
        )

    def use(self, work: PageWork, asked: Asked) -> Answer:
        """Once; the same button pressed twice is one use."""
        pages = self.pages
        held = opened(work, pages, asked, "claim")
        if isinstance(held, Shut):
            return held
        submission = asked.form.get("submission", "")
        if not is_token(submission):
            return self.show(work, asked)
        used_with = submission_hash(pages.secret, submission)
        now_ms = pages.clock.wall_ms()
        is_first = work.tokens.use(held.token_hash, used_with=used_with, now_ms=now_ms)
        token = card_token_after(pages.secret, asked.token, submission)
        if not is_first:
            now = work.tokens.find(held.token_hash)
            is_same = now is not None and now.used_with == used_with
            return Moved(card_path(token)) if is_same else Shut("used")
        if held.member is None:
            return Shut("gone")
        put_card(work, pages, token, held.member, held.store)
        return Moved(card_path(token))
