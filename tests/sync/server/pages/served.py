"""The pages served for tests: a real uvicorn on loopback, page tokens in a real database.

Owns: starting them, a phone's side over `requests`. Does not own: members (members.py), databases
(../conftest.py), what is asserted.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TypeVar

import requests
import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from litestar import Litestar
from sqlalchemy import Connection

from app.domain.program import Program
from app.domain.program_file import decode_program
from app.services.consent import load_consent_texts
from app.wording import load
from sync.protocol import PageWanted
from sync.server.campaign_claim import Posters
from sync.server.database import ServerDatabase
from sync.server.page_token import PageTokens
from sync.server.pages.link import give_page
from sync.server.pages.ports import PageLimits, Pages, PageWork, PassSigner
from sync.server.pages.router import pages_router
from sync.server.secret import ServerSecret
from sync.server.web.ports import Rate
from tests.sync.server.pages.members import CLAIM_SECRET, NOON_MS, STORE, Members
from tests.sync.server.pages.purchases import Purchases

ROOT = Path(__file__).resolve().parents[4]
TIMEOUT_S = 60
PUBLIC = "https://vip.renmin.example"
ZH = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"}
EN = {"Accept-Language": "en-GB,en;q=0.9"}
T = TypeVar("T")


@dataclass
class SetClock:
    """A clock that goes when a test moves it."""

    now_ms: int = NOON_MS

    def wall_ms(self) -> int:
        return self.now_ms

    def monotonic_ms(self) -> int:
        return self.now_ms - NOON_MS


@dataclass(frozen=True)
class BothBooks:
    """Page tokens in the real database, members in memory, one lock around both."""

    database: ServerDatabase
    tenant: str
    members: Members
    lock: threading.RLock = field(default_factory=threading.RLock)

    def read(self, work: Callable[[PageWork], T]) -> T:
        with self.lock:
            return self.database.read(lambda connection: work(self._work(connection)))

    def write(self, work: Callable[[PageWork], T]) -> T:
        with self.lock:
            return self.database.write(lambda connection: work(self._work(connection)))

    def _work(self, connection: Connection) -> PageWork:
        return PageWork(
            PageTokens(connection, self.tenant),
            self.members,
            Posters(connection, self.tenant),
            Purchases(self.members),
        )


@cache
def program() -> Program:
    read = decode_program((ROOT / "resources/programs/default.toml").read_text("utf-8"))
    assert isinstance(read, Program)
    return read


_CONSENTS = load_consent_texts(ROOT / "resources/consents")
_WORDINGS = {language: load(language) for language in ("zh_CN", "en")}


@dataclass
class PhoneShop:
    """A shop with pages, and what a test needs of both sides."""

    pages: Pages
    clock: SetClock
    members: Members
    key: Ed25519PrivateKey
    url: str = ""

    def link(self, page: str, member: str | None = None) -> str:
        """A link as a till gets it; the path only."""
        asked = PageWanted(page="claim" if page == "claim" else "join", member=member)
        given = self.pages.database.write(
            lambda work: give_page(work, self.pages, asked, store=STORE)
        )
        assert given.url is not None
        return given.url.removeprefix(PUBLIC)

    def card_link(self, member: str) -> str:
        """The card link of a member, as his phone came to it; the path only."""
        claim = self.link("claim", member)
        sent = self.post(claim, fields_of(self.get(claim).text))
        assert sent.status_code == 303, sent.text
        return sent.headers["Location"]

    def get(self, path: str, headers: dict[str, str] | None = None) -> requests.Response:
        return requests.get(
            self.url + path, headers=headers or EN, timeout=TIMEOUT_S, allow_redirects=False
        )

    def post(
        self, path: str, fields: dict[str, str], headers: dict[str, str] | None = None
    ) -> requests.Response:
        return requests.post(
            self.url + path, data=fields, headers=headers or EN, timeout=TIMEOUT_S,
            allow_redirects=False,
        )  # fmt: skip


def phone_shop(
    database: ServerDatabase, tenant: str, limits: PageLimits | None = None
) -> PhoneShop:
    """A shop of the default program, with nobody in it yet."""
    clock, members, key = SetClock(), Members(), Ed25519PrivateKey.generate()
    generous = Rate(10_000, 1_000)
    pages = Pages(
        database=BothBooks(database, tenant, members),
        secret=ServerSecret(bytes(range(32, 64))),
        claim_secret=lambda: CLAIM_SECRET,
        signer=lambda: PassSigner(7, key),
        program=program,
        consent_texts=_CONSENTS,
        clock=clock,
        boot_id="boot-1",
        wording=_WORDINGS.__getitem__,
        shop_name="人民路店",
        public_url=PUBLIC,
        limits=limits or PageLimits(address=generous, wrong=generous),
    )
    return PhoneShop(pages, clock, members, key)


@contextmanager
def served(shop: PhoneShop, app: Litestar | None = None) -> Iterator[PhoneShop]:
    """Serve the pages on a free port of loopback: alone, or in an application."""
    app = Litestar([], openapi_config=None, logging_config=None) if app is None else app
    app.register(pages_router(shop.pages))
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        running = uvicorn.Server(config)
        thread = threading.Thread(target=running.run, args=([listening],), daemon=True)
        thread.start()
        try:
            yield replace(shop, url=f"http://127.0.0.1:{listening.getsockname()[1]}")
        finally:
            running.should_exit = True
            thread.join(TIMEOUT_S)
            assert not thread.is_alive(), "the server did not stop"


# ------------------------------------------------------------------ reading a page


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.ticked: set[str] = set()
        self.texts: list[str] = []
        self.hidden = 0
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.gap(tag)
        match tag:
            case "script" | "style":
                self.hidden += 1
            case "select":
                self.select = said.get("name", "")
                self.fields[self.select] = ""
            case "option" if "selected" in said:
                self.fields[self.select] = said.get("value", "?")
            case "input" if said.get("type") in ("checkbox", "radio"):
                if "checked" in said:
                    self.fields[said["name"]] = said.get("value", "on")
                    self.ticked.add(said["name"])
            case "input":
                self.fields[said["name"]] = said.get("value", "")
            case _:
                pass

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style")
        self.gap(tag)

    def gap(self, tag: str) -> None:
        """Words of one line stand together, those of two blocks do not."""
        self.texts.append("" if tag in ("span", "b", "small") else " ")

    def handle_data(self, data: str) -> None:
        if self.hidden:
            return
        if self.select and self.fields.get(self.select) == "?":
            self.fields[self.select] = data.strip()
        self.texts.append(data)


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    return reader


def fields_of(html: str) -> dict[str, str]:
    """What a browser would send of the form on a page, nothing changed."""
    return {name: value for name, value in _read(html).fields.items() if name}


def ticked_on(html: str) -> set[str]:
    return _read(html).ticked


def text_of(html: str) -> str:
    """What a person reads, blanks as one."""
    return re.sub(r"\s+", " ", "".join(_read(html).texts)).strip()
