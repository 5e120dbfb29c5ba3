"""The pages for members' phones over the server's own rooms.

Owns: what they stand on for one tenant - his number key, program and pass key as they are now -
and the act that gives tills their links. Does not own: any page (pages/), the address phones find
them at (tenant.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from litestar import Router
from sqlalchemy import Connection

from app.domain.consent import ConsentText, Purpose
from app.domain.program import Program
from app.wording import Wording
from sync.ports import Clock
from sync.protocol import PageGiven, PageWanted, PosterGiven, PosterWanted
from sync.server.database import ServerDatabase
from sync.server.device import Device
from sync.server.house import house_of
from sync.server.pages.books import ServerBooks
from sync.server.pages.link import give_page, give_poster
from sync.server.pages.ports import Pages, PassSigner
from sync.server.pages.router import pages_router
from sync.server.promise import today
from sync.server.publish import signing_key
from sync.server.published import in_force, programs
from sync.server.secret import ServerSecret, system_chance
from sync.server.tenant import Tenant, claim_secret, new_id, read_tenant
from sync.server.web.ports import Act
from sync.server.web.problem import BUSY_SECONDS, Trouble

ConsentTexts = Mapping[Purpose, ConsentText]


class PhonePages:
    """Of one worker, for one tenant."""

    def __init__(
        self,
        database: ServerDatabase,
        secret: ServerSecret,
        tenant: Tenant,
        clock: Clock,
        words: tuple[ConsentTexts, Callable[[str], Wording]],
    ) -> None:
        self._database, self._secret, self._tenant = database, secret, tenant.tenant
        self._house = house_of(secret)
        self._clock = clock
        texts, wording = words
        self._books = ServerBooks(database, self._tenant, self._house, clock)
        self._pages = Pages(
            database=self._books,
            secret=secret,
            claim_secret=self._claim_secret,
            signer=self._signer,
            program=self._program,
            consent_texts=texts,
            clock=clock,
            boot_id=new_id(clock.wall_ms(), system_chance),
            wording=wording,
            shop_name=tenant.name,
        )

    def router(self) -> Router:
        """Their routes."""
        return pages_router(self._pages)

    @property
    def act(self) -> Act[PageWanted, PageGiven]:
        """What answers a till that asks for a link: Acts.page. The address is read each time: head
        office may give one while the server runs."""

        def act(
            connection: Connection, device: Device, asked: PageWanted, _now_ms: int
        ) -> PageGiven:
            url = read_tenant(connection, device.tenant).public_url
            pages = replace(self._pages, public_url=url)
            return give_page(self._books.over(connection), pages, asked, store=device.store)

        return act

    @property
    def poster_act(self) -> Act[PosterWanted, PosterGiven]:
        """What answers a till that asks for a poster's link: Acts.poster."""

        def act(
            connection: Connection, device: Device, asked: PosterWanted, _now_ms: int
        ) -> PosterGiven:
            url = read_tenant(connection, device.tenant).public_url
            pages = replace(self._pages, public_url=url)
            work = self._books.over(connection)
            return give_poster(work, pages, asked, tenant=device.tenant, store=device.store)

        return act

    def _claim_secret(self) -> bytes:
        """The first till brought it: without one no link was ever given out."""
        return self._database.read(
            lambda connection: claim_secret(
                connection, self._secret, self._tenant, brought=None, chance=system_chance
            )
        )

    def _signer(self) -> PassSigner:
        now_ms = self._clock.wall_ms()
        key = self._database.read(
            lambda connection: signing_key(connection, self._tenant, now_ms, self._house)
        )
        if key is None:
            raise Trouble("busy", retry_after_s=BUSY_SECONDS)
        return PassSigner(int(key.key_id), key.private)

    def _program(self) -> Program:
        known = self._database.read(lambda connection: programs(connection, self._tenant))
        program = in_force(known.values(), today(self._clock.wall_ms()))
        if program is None:
            raise Trouble("busy", retry_after_s=BUSY_SECONDS)
        return program
