"""The stop page: the link in each message, by which whoever got it ends them all with one tap.

Owns: asking first, withdrawing the consent, saying that it is done. Does not own: the link
(../messages/stop_link.py), what a withdrawal ends (app/domain/consent.py).
Nothing of the member is shown: the link may have been passed on. A look at it ends nothing, for
programs look at links ahead of people; mail programs that offer it themselves send the form.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.account import account_of
from app.domain.consent import withdraw
from app.domain.facts import ConsentChanged
from app.domain.moment import Moment
from sync.protocol import MemberConfirmed
from sync.server.pages.front import Answer, Asked, Shown, Shut, opened
from sync.server.pages.joining import today
from sync.server.pages.ports import Pages, PageWork
from sync.server.pages.secret_link import PREFIX
from sync.server.tenant import new_id

PURPOSE = "marketing"
"""What every message needs."""


@dataclass(frozen=True)
class StopPage:
    """Again and again the same: who gets no messages is told so."""

    pages: Pages

    def show(self, work: PageWork, asked: Asked) -> Answer:
        """The button, or that it was used already."""
        told = self._who(work, asked)
        if isinstance(told, Shut):
            return told
        if told is None or not _gets_any(told):
            return self._done(asked)
        words = asked.words
        return Shown(
            "claim.html",
            words.t("Unsubscribe"),
            {
                "says": words.t(
                    "One tap, and {shop} sends you no more messages. Your membership, points and "
                    "coupons stay as they are.",
                    shop=self.pages.shop_name,
                ),
                "does": words.t("No more messages"),
                "action": f"{PREFIX}/stop/{asked.token}{asked.suffix}",
                "submission": "",
            },
        )

    def take(self, work: PageWork, asked: Asked) -> Answer:
        """Withdraw, once; asked again it is done already."""
        told = self._who(work, asked)
        if isinstance(told, Shut):
            return told
        ended = None if told is None else withdraw(account_of(told.account), (PURPOSE,))
        if told is None or ended is None:
            return self._done(asked)
        pages = self.pages
        now_ms = pages.clock.wall_ms()
        fact = ConsentChanged(
            op_id=new_id(now_ms, pages.chance),
            store=told.home_store,
            day=today(pages),
            clock=Moment(now_ms, pages.clock.monotonic_ms(), pages.boot_id, 0),
            member=told.member,
            effects=(ended,),
            channel="web",
        )
        work.members.write_facts([fact], [])
        return self._done(asked)

    def _who(self, work: PageWork, asked: Asked) -> MemberConfirmed | Shut | None:
        """None = nobody who could get any: erased."""
        held = opened(work, self.pages, asked, "stop")
        if isinstance(held, Shut):
            return held
        told = work.members.member(held.member) if held.member else None
        return None if told is None or told.status == "erased" else told

    def _done(self, asked: Asked) -> Shown:
        words = asked.words
        says = words.t(
            "{shop} sends you no more messages. If you want them again, please say so in the shop.",
            shop=self.pages.shop_name,
        )
        return Shown("notice.html", words.t("You are unsubscribed"), {"says": says})


def _gets_any(told: MemberConfirmed) -> bool:
    return withdraw(account_of(told.account), (PURPOSE,)) is not None
