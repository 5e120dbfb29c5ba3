"""The pages on the whole server: a till's link, a customer's phone, and every shop knows him.

Owns: the way through everything that is real. Does not own: what each page shows (the others).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.domain.codes import Code, parse_code
from app.domain.keyed_hash import phone_claim
from app.domain.member_pass import SignedPass, read_pass
from app.services.consent import load_consent_texts
from app.wording import load
from sync.protocol import (
    Enrolled,
    LookUp,
    LookUpAnswer,
    PageGiven,
    PageWanted,
    PassKey,
    PassKeysChanged,
    PullAnswer,
    decoded,
)
from sync.server.database import ServerDatabase
from sync.server.join import Ready, app_of, make_ready
from sync.server.publish import publish_program
from sync.server.secret import ServerSecret, system_chance
from sync.server.tenant import set_public_url
from tests.sync.server.chain import Chain, Machine
from tests.sync.server.conftest import KINDS
from tests.sync.server.pages.served import EN, ROOT, TIMEOUT_S, fields_of, program, text_of
from tests.sync.server.pages.test_card_page import scanned
from tests.sync.server.web.served import Caller, serving_app

PUBLIC = "https://vip.renmin.example"
CLAIM_SECRET = bytes(range(32))


@dataclass
class Whole:
    """A server with its pages, and a till of it."""

    ready: Ready
    url: str
    till: Caller
    who: Enrolled

    def asks(self, page: PageWanted) -> PageGiven:
        answer = self.till.post("/ask/page", page)
        assert answer.status_code == 200, answer.text
        return decoded(answer.content, PageGiven)

    def phone(self, path: str, fields: dict[str, str] | None = None) -> requests.Response:
        address = self.url + path.removeprefix(PUBLIC)
        kind = "GET" if fields is None else "POST"
        return requests.request(
            kind, address, data=fields, headers=EN, timeout=TIMEOUT_S, allow_redirects=False
        )


@pytest.fixture(params=KINDS)
def whole(
    request: pytest.FixtureRequest, brought_up: Callable[[str], ServerDatabase]
) -> Iterator[Whole]:
    """A published program, a till that brought the key of phones, a public address."""
    database = brought_up(request.param)
    ready = make_ready(database, ServerSecret(system_chance(32)), name="人民茶庄")
    assert isinstance(ready, Ready)
    toml = (ROOT / "resources/programs/default.toml").read_text("utf-8")
    tenant, now_ms = ready.tenant.tenant, time.time_ns() // 1_000_000
    database.write(lambda c: publish_program(c, tenant, program(), toml, now_ms))
    code = database.write(lambda c: Chain(c, ready.secret).code(now_ms=now_ms))
    texts = load_consent_texts(ROOT / "resources/consents")
    with serving_app(app_of(ready, load, texts)) as url:
        till = Caller(url, Machine())
        answer = till.post("/enrol", till.machine.asks(code, claim_secret=CLAIM_SECRET))
        assert answer.status_code == 200, answer.text
        till.prove()
        yield Whole(ready, url, till, decoded(answer.content, Enrolled))


def test_without_a_public_address_there_is_no_link(whole: Whole) -> None:
    given = whole.asks(PageWanted(page="join"))
    assert (given.url, given.refusal and given.refusal.code) == (None, "no_public_url")


def test_a_customer_joins_on_his_phone_and_shows_a_pass_that_tills_can_check(whole: Whole) -> None:
    tenant = whole.ready.tenant.tenant
    whole.ready.database.write(lambda c: set_public_url(c, tenant, PUBLIC))
    link = whole.asks(PageWanted(page="join")).url
    assert link is not None and link.startswith(PUBLIC)
    form = fields_of(whole.phone(link).text) | {"phone": "139 0013 9000", "name": "李雷",
                                                "membership": "1"}  # fmt: skip
    sent = whole.phone(link, form)
    assert sent.status_code == 303, text_of(sent.text)
    card = sent.headers["Location"]
    assert "人民茶庄" in text_of(whole.phone(card).text)
    claim = phone_claim(CLAIM_SECRET, "+8613900139000")
    found = decoded(whole.till.post("/ask/lookup", LookUp(claim=claim)).content, LookUpAnswer)
    [member] = found.members
    assert b"\xe6\x9d\x8e\xe9\x9b\xb7" in (member.profile or b"")
    assert whole.asks(PageWanted(page="claim", member=member.member)).url is not None

    shown = parse_code(scanned(_pass_of(whole, card)))
    assert isinstance(shown, Code)
    signed = read_pass(shown)
    assert isinstance(signed, SignedPass)
    assert signed.claims.member == member.member
    keys = {int(key.key_id): key.public for key in _pass_keys(whole)}
    public = Ed25519PublicKey.from_public_bytes(keys[signed.claims.key_number])
    public.verify(signed.signature, signed.signed)


def _pass_of(whole: Whole, card: str) -> str:
    """Its picture; the first pass key is made behind the server's start."""
    for _ in range(1_000):
        answer = whole.phone(f"{card.partition('?')[0]}/pass.svg")
        if answer.status_code == 200:
            return answer.text
        assert answer.status_code == 503, answer.text
        time.sleep(0.02)
    raise AssertionError("no pass")


def _pass_keys(whole: Whole) -> list[PassKey]:
    answer = whole.till.get("/v1/pull", {"stream": "chain", "after": 0, "wait": 0})
    events = [each.event for each in decoded(answer.content, PullAnswer).events]
    return [key for each in events if isinstance(each, PassKeysChanged) for key in each.keys]
