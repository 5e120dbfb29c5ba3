"""The poster page: a member scans the poster in the store, types his number and has the coupon.

Owns: the page with its one field, claiming once. Does not own: the poster's link (link.py), who has
claimed (../campaign_claim.py), what the coupon is worth (the program).

Whoever types a number need not be its owner: the answer is the same whether it is a member's or
not, and the coupon goes to nobody but the member.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.account import account_of
from app.domain.campaign import OFFER_PREFIX
from app.domain.campaign_claim import may_be_claimed, most_claims
from app.domain.codes import CodeKind
from app.domain.effects import CouponGiven
from app.domain.fact_parts import ProgramRef
from app.domain.facts import CouponIssued
from app.domain.keyed_hash import phone_claim
from app.domain.moment import Moment
from app.domain.offer import Offer
from app.domain.phone import Phone, parse_phone
from sync.protocol import MemberConfirmed
from sync.server.pages.front import Answer, Asked, Shown, Shut
from sync.server.pages.joining import FIELD_LENGTH_MAX, code_of, phone_words, today
from sync.server.pages.ports import Pages, PageWork
from sync.server.pages.secret_link import PREFIX, token_hash
from sync.server.tenant import new_id


@dataclass(frozen=True, slots=True)
class _Held:
    """What this poster gives today."""

    offer: Offer
    campaign: str
    store: str


@dataclass(frozen=True)
class PosterPage:
    """Claiming by whoever scans the poster."""

    pages: Pages

    def show(self, work: PageWork, asked: Asked) -> Answer:
        """The empty field."""
        held = self._held(work, asked)
        if isinstance(held, Shut):
            return held
        if self._is_gone(work, held):
            return self._gone(asked)
        return self._form(asked, held, "", "")

    def take(self, work: PageWork, asked: Asked) -> Answer:
        """The number that came; the same one again changes nothing."""
        held = self._held(work, asked, lock=True)
        if isinstance(held, Shut):
            return held
        typed = asked.form.get("phone", "")[:FIELD_LENGTH_MAX].strip()
        if "switch" in asked.form:
            return self._form(asked, held, typed, "")
        phone = parse_phone(typed)
        if not isinstance(phone, Phone):
            return self._form(asked, held, typed, phone_words(typed, phone, asked.words))
        holder = work.members.holder(phone_claim(self.pages.claim_secret(), phone.e164))
        told = None if holder is None else work.members.member(holder)
        if told is not None and told.status == "active" and not _has(told, held.offer.id):
            if self._is_gone(work, held):
                return self._gone(asked)
            if work.posters.claim(held.campaign, told.member):
                self._give(work, held, told)
        return self._done(asked, held)

    def _held(self, work: PageWork, asked: Asked, *, lock: bool = False) -> _Held | Shut:
        poster = work.posters.find(token_hash(self.pages.secret, asked.token), lock=lock)
        if poster is None:
            return Shut("unknown")
        offer = self.pages.program().offer(f"{OFFER_PREFIX}{poster.campaign}")
        if offer is None or not may_be_claimed(offer, today(self.pages)):
            return Shut("ended")
        return _Held(offer, poster.campaign, poster.store)

    def _is_gone(self, work: PageWork, held: _Held) -> bool:
        most = most_claims(held.offer)
        return most is not None and work.posters.claimed(held.campaign) >= most

    def _give(self, work: PageWork, held: _Held, told: MemberConfirmed) -> None:
        pages, program = self.pages, self.pages.program()
        now_ms = pages.clock.wall_ms()
        coupon = CouponGiven(coupon=code_of(CodeKind.COUPON, pages), offer=held.offer.id)
        fact = CouponIssued(
            op_id=new_id(now_ms, pages.chance),
            store=held.store,
            day=today(pages),
            clock=Moment(now_ms, pages.clock.monotonic_ms(), pages.boot_id, 0),
            member=told.member,
            effects=(coupon,),
            why="campaign",
            program=ProgramRef(program.id, program.version),
        )
        work.members.write_facts([fact], [])

    def _form(self, asked: Asked, held: _Held, typed: str, wrong: str) -> Shown:
        words = asked.words
        return Shown(
            "poster.html",
            _name(held.offer, asked),
            {
                "says": words.t("Type your mobile number: the coupon goes to your member card."),
                "label": words.t("Mobile number"),
                "does": words.t("Get the coupon"),
                "phone": typed,
                "wrong": wrong,
                "action": f"{PREFIX}/poster/{asked.token}{asked.suffix}",
            },
            status=422 if wrong else 200,
            keeps_form=True,
        )

    def _done(self, asked: Asked, held: _Held) -> Shown:
        words = asked.words
        says = words.t(
            "If this number is a member's, the coupon is on the member card now, once. Pay as a "
            "member until {day}. Not a member yet? Join at the till.",
            day="" if held.offer.when.ends is None else held.offer.when.ends.isoformat(),
        )
        return Shown("notice.html", words.t("Thank you"), {"says": says})

    def _gone(self, asked: Asked) -> Shown:
        words = asked.words
        says = words.t("All of these coupons have been claimed. Ask in the shop for other offers.")
        return Shown("notice.html", words.t("No more coupons"), {"says": says}, status=410)


def _has(told: MemberConfirmed, offer: str) -> bool:
    """Whether he was given one before, under whichever id."""
    return any(each.offer == offer for each in account_of(told.account).coupons.values())


def _name(offer: Offer, asked: Asked) -> str:
    return offer.name.zh if asked.words.is_chinese else offer.name.en
