"""The invitation page: what a member's friend sees first, and the way from it to joining.

Owns: the button, the one-time join link that says who invited. Does not own: joining
(join_page.py), the member's side of it (invite.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.member import masked_name
from sync.server.page_token import TRIES_MAX, PageToken
from sync.server.pages.front import Answer, Asked, Moved, Shown, Shut, opened
from sync.server.pages.joining import today
from sync.server.pages.link import JOIN_MS
from sync.server.pages.ports import Pages, PageWork
from sync.server.pages.secret_link import (
    PREFIX,
    is_token,
    join_token_after,
    new_token,
    token_hash,
)
from sync.server.pages.shown_card import Known, known

ASKED_MAX = 3
"""So many numbers that are members already may be typed behind one press of the button."""


@dataclass(frozen=True)
class InvitePage:
    """A link that many friends may open: each of them gets a link of his own by the button."""

    pages: Pages

    def show(self, work: PageWork, asked: Asked) -> Answer:
        """Who invites, and the button."""
        found = self._opened(work, asked)
        if isinstance(found, Shut):
            return found
        _, who = found
        words, name = asked.words, masked_name(who.person.name)
        says = words.t("A friend invites you to become a member. It takes half a minute.")
        if name:
            says = words.t(
                "{name} invites you to become a member. It takes half a minute.", name=name
            )
        return Shown(
            "claim.html",
            words.t("An invitation"),
            {
                "says": says,
                "does": words.t("Become a member"),
                "action": f"{PREFIX}/invite/{asked.token}{asked.suffix}",
                "submission": new_token(self.pages.chance),
            },
        )

    def take(self, work: PageWork, asked: Asked) -> Answer:
        """To the form; pressed twice it is one link."""
        pages, submission = self.pages, asked.form.get("submission", "")
        if not is_token(submission):
            return self.show(work, asked)
        found = self._opened(work, asked)
        if isinstance(found, Shut):
            return found
        held, who = found
        token = join_token_after(pages.secret, asked.token, submission)
        hashed, now_ms = token_hash(pages.secret, token), pages.clock.wall_ms()
        if work.tokens.find(hashed) is None:
            work.tokens.count_try(held.token_hash)
            work.tokens.put(
                PageToken(
                    hashed, "join", held.store, who.member, now_ms, now_ms + JOIN_MS,
                    tries=TRIES_MAX - ASKED_MAX,
                )
            )  # fmt: skip
        return Moved(f"{PREFIX}/join/{token}")

    def _opened(self, work: PageWork, asked: Asked) -> tuple[PageToken, Known] | Shut:
        held = opened(work, self.pages, asked, "invite")
        if isinstance(held, Shut):
            return held
        told = work.members.member(held.member) if held.member else None
        if told is None or told.status != "active":
            return Shut("gone")
        return held, known(told, self.pages.program(), today(self.pages))
