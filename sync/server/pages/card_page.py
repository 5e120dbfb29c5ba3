"""The card page: the member's e-card on his own phone, with a pass that renews itself.

Owns: the page, the picture of the pass, a new link in place of the old one. Does not own: what a
card says (shown_card.py), passes (member_pass.py), how somebody comes to a card link (join_page.py,
claim_page.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.moment import Moment
from app.wording import Wording
from sync.server.page_token import PageToken
from sync.server.pages import figures
from sync.server.pages.code_picture import qr_svg
from sync.server.pages.front import Answer, Asked, Moved, Picture, Shown, Shut, opened
from sync.server.pages.invite import invitation, invite_address, keep_invite
from sync.server.pages.joining import today
from sync.server.pages.member_pass import PASS_SECONDS, RENEW_SECONDS, signed_pass
from sync.server.pages.ports import Pages, PageWork
from sync.server.pages.secret_link import PREFIX, card_token_after, is_token, new_token, token_hash
from sync.server.pages.shown_card import Known, known, present_card
from sync.server.pages.survey_page import invites

CARD_MS = 400 * 24 * 3_600_000
"""A card link lives as long as a till keeps its shop: then the member asks for a new one."""


def card_path(token: str) -> str:
    """Where a card link leads."""
    return f"{PREFIX}/card/{token}"


def put_card(work: PageWork, pages: Pages, token: str, member: str, store: str) -> None:
    """Keep a new card link of a member."""
    now_ms = pages.clock.wall_ms()
    hashed = token_hash(pages.secret, token)
    work.tokens.put(PageToken(hashed, "card", store, member, now_ms, now_ms + CARD_MS))


@dataclass(frozen=True)
class CardPage:
    """The e-card of whoever holds the link."""

    pages: Pages

    def show(self, work: PageWork, asked: Asked) -> Answer:
        """The whole card."""
        found = self._found(work, asked)
        if isinstance(found, Shut):
            return found
        _, who = found
        pages, path = self.pages, card_path(asked.token)
        now = Moment(pages.clock.wall_ms(), 0, pages.boot_id).local(pages.shop_time.zone)
        view = {
            "card": present_card(who, pages.program(), today(pages), asked.words),
            "pass_source": f"{path}/pass.svg",
            "pass_seconds": PASS_SECONDS,
            "renew_seconds": RENEW_SECONDS,
            "link_action": f"{path}/new{asked.suffix}",
            "submission": new_token(pages.chance),
            "invite": invitation(work, pages, who, asked.words),
            "invite_source": f"{path}/invite.svg",
            "invite_action": f"{path}/invite{asked.suffix}",
            "invites": invites(work, pages, who, asked),
        }
        texts = _texts(asked.words, figures.clock(now), is_new="new" in asked.query)
        return Shown("card.html", asked.words.t("Member card"), view | texts)

    def picture(self, work: PageWork, asked: Asked) -> Answer:
        """A fresh pass as a picture; the card's number where the tier's id fits no pass."""
        who = self._who(work, asked)
        if isinstance(who, Shut):
            return who
        try:
            code = signed_pass(
                self.pages.signer(),
                member=who.member,
                tier=who.seen.tier,
                now_ms=self.pages.clock.wall_ms(),
            ).text
        except ValueError:
            code = who.card
        return Picture(qr_svg(code))

    def invite(self, work: PageWork, asked: Asked) -> Answer:
        """From now on the member has a link to pass on. Asked twice: one link."""
        found = self._found(work, asked)
        if isinstance(found, Shut):
            return found
        held, who = found
        keep_invite(work, self.pages, who, held.store)
        return Moved(f"{card_path(asked.token)}", {"invite": "1"})

    def invite_picture(self, work: PageWork, asked: Asked) -> Answer:
        """His link as a picture, for the friend beside him."""
        who = self._who(work, asked)
        if isinstance(who, Shut):
            return who
        address = invite_address(work, self.pages, who)
        return Picture(qr_svg(address)) if address else Shut("unknown")

    def renew_link(self, work: PageWork, asked: Asked) -> Answer:
        """End every card link of this member and go on under a new one. Asked twice: one link."""
        pages = self.pages
        submission = asked.form.get("submission", "")
        if not is_token(submission):
            return self.show(work, asked)
        token = card_token_after(pages.secret, asked.token, submission)
        made = work.tokens.find(token_hash(pages.secret, token))
        if made is not None and made.is_open("card", pages.clock.wall_ms()):
            return Moved(card_path(token))
        held = opened(work, pages, asked, "card")
        if isinstance(held, Shut) or held.member is None:
            return held if isinstance(held, Shut) else Shut("gone")
        work.tokens.end_cards(held.member, pages.clock.wall_ms())
        put_card(work, pages, token, held.member, held.store)
        return Moved(card_path(token))

    def _who(self, work: PageWork, asked: Asked) -> Known | Shut:
        found = self._found(work, asked)
        return found if isinstance(found, Shut) else found[1]

    def _found(self, work: PageWork, asked: Asked) -> tuple[PageToken, Known] | Shut:
        held = opened(work, self.pages, asked, "card")
        if isinstance(held, Shut):
            return held
        told = work.members.member(held.member) if held.member else None
        if told is None or told.status != "active":
            return Shut("gone")
        return held, known(told, self.pages.program(), today(self.pages))


def _texts(words: Wording, time: str, *, is_new: bool) -> dict[str, object]:
    return {
        "welcome": words.t("Welcome! You are a member now.") if is_new else "",
        "pass_alt": words.t("Your code for the till"),
        "pass_says": words.t("Show this code at the till. It renews by itself."),
        "pass_late": words.t(
            "The code could not be renewed. Check the connection; it goes on by itself."
        ),
        "points_title": words.t("Points"),
        "points_none": words.t("Nothing expires soon."),
        "invites_title": words.t("How was it?"),
        "coupons_title": words.t("Coupons"),
        "coupons_none": words.t("No coupons at the moment."),
        "as_of": words.t(
            "As of {time}. Purchases in a shop that is offline appear later.", time=time
        ),
        "invite_title": words.t("Invite a friend"),
        "invite_alt": words.t("Your invitation for a friend's camera"),
        "invite_pass_on": words.t("Let your friend scan it, or pass the link on:"),
        "invite_does": words.t("Show my invitation"),
        "link_title": words.t("Link seen by somebody else?"),
        "link_says": words.t(
            "Make a new link: this page moves to it, and the old link ends everywhere."
        ),
        "link_does": words.t("Make a new link"),
    }
