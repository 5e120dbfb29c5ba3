"""Links: what a till shows as a code, so that a customer's phone finds a page.

Owns: giving out links for joining, for claiming a card and for posters, and how long they live.
Does not own: the pages, printing or showing the code (the till), tokens at rest (../page_token.py).
"""

from __future__ import annotations

from sqlalchemy import Connection

from app.domain.campaign import OFFER_PREFIX
from sync.protocol import PageGiven, PageWanted, PosterGiven, PosterWanted, Refusal
from sync.server.campaign_claim import Poster
from sync.server.device import Device
from sync.server.page_token import PageToken
from sync.server.pages.books import ServerBooks
from sync.server.pages.ports import Pages, PageWork
from sync.server.pages.secret_link import PREFIX, new_token, poster_token, token_hash
from sync.server.web.ports import Act

JOIN_MS = 30 * 60_000
"""Shown on a screen, for the customer in front of it."""
CLAIM_MS = 48 * 3_600_000
"""On a receipt, for the evening at home."""


def page_act(pages: Pages, books: ServerBooks) -> Act[PageWanted, PageGiven]:
    """What answers a till that asks for a link: Acts.page."""

    def act(connection: Connection, device: Device, asked: PageWanted, _now_ms: int) -> PageGiven:
        return give_page(books.over(connection), pages, asked, store=device.store)

    return act


def give_page(work: PageWork, pages: Pages, asked: PageWanted, *, store: str) -> PageGiven:
    """A one-time link for a customer of this store; each call gives another one.

    Refused: no_public_url (no phone could reach it), unknown_member (nobody, or not active).
    """
    now_ms = pages.clock.wall_ms()
    if pages.public_url is None:
        return PageGiven(refusal=Refusal(code="no_public_url"), server_ms=now_ms)
    member = None
    if asked.page == "claim":
        told = work.members.member(asked.member) if asked.member else None
        if told is None or told.status != "active":
            refusal = Refusal(code="unknown_member", fields={"member": asked.member or ""})
            return PageGiven(refusal=refusal, server_ms=now_ms)
        member = told.member
    token = new_token(pages.chance)
    ends_ms = now_ms + (JOIN_MS if asked.page == "join" else CLAIM_MS)
    hashed = token_hash(pages.secret, token)
    work.tokens.put(PageToken(hashed, asked.page, store, member, now_ms, ends_ms))
    url = f"{pages.public_url.rstrip('/')}{PREFIX}/{asked.page}/{token}"
    return PageGiven(url=url, ends_ms=ends_ms, server_ms=now_ms)


def give_poster(
    work: PageWork, pages: Pages, asked: PosterWanted, *, tenant: str, store: str
) -> PosterGiven:
    """The link on a campaign's poster; whoever asks again hears the same.

    Refused: no_public_url (no phone could reach it), unknown_campaign (nothing of it is in force).
    """
    now_ms = pages.clock.wall_ms()
    if pages.public_url is None:
        return PosterGiven(refusal=Refusal(code="no_public_url"), server_ms=now_ms)
    if pages.program().offer(f"{OFFER_PREFIX}{asked.campaign}") is None:
        refusal = Refusal(code="unknown_campaign", fields={"campaign": asked.campaign})
        return PosterGiven(refusal=refusal, server_ms=now_ms)
    token = poster_token(pages.secret, tenant, asked.campaign)
    work.posters.keep(token_hash(pages.secret, token), Poster(asked.campaign, store))
    url = f"{pages.public_url.rstrip('/')}{PREFIX}/poster/{token}"
    return PosterGiven(url=url, server_ms=now_ms)
