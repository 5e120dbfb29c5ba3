"""The pages over the real server: who joins on his phone is a member in every shop.

Owns: joining, claiming and the card over the server's own tables, on SQLite and PostgreSQL. Does
not own: what the pages say (the tests of each page), pushes of tills.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import msgspec
import pytest

from app.domain.account import account_of
from app.domain.keyed_hash import phone_claim
from app.domain.member import PersonalData
from app.domain.view import view
from sync.protocol import PageWanted
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.device import Device
from sync.server.join import Ready, server_of
from sync.server.member import confirmed_members
from sync.server.pages.books import ServerBooks
from sync.server.pages.link import give_page, page_act
from sync.server.rebuild import verify
from sync.server.sender import SERVER_DEVICE
from sync.server.tenant import Tenant
from sync.server.web.app import make_app
from tests.sync.server.pages.members import CLAIM_SECRET, NOON_MS, STORE
from tests.sync.server.pages.served import (
    PhoneShop,
    fields_of,
    phone_shop,
    program,
    served,
    text_of,
)
from tests.sync.server.pages.test_join_page import LI, filled
from tests.sync.server.tills import Chain


@dataclass
class RealShop:
    """A shop whose pages stand on the server's own tables."""

    shop: PhoneShop
    chain: Chain

    def join(self, **changed: str) -> str:
        link = self.shop.link("join")
        sent = self.shop.post(link, filled(self.shop, link, **changed))
        assert sent.status_code == 303, text_of(sent.text)
        return sent.headers["Location"]

    def members(self) -> list[str]:
        return [row["member"] for row in self.chain.rows(t.member)]


@pytest.fixture
def real(database: ServerDatabase, tenant: str) -> Iterator[RealShop]:
    shop, chain = phone_shop(database, tenant), Chain(database, tenant, NOON_MS)
    books = ServerBooks(database, tenant, chain.house, shop.clock)
    ready = Ready(database, shop.pages.secret, Tenant(tenant, "人民路", None))
    app = make_app(server_of(ready, shop.pages.wording))
    with served(replace(shop, pages=replace(shop.pages, database=books)), app) as open_shop:
        yield RealShop(open_shop, chain)


def test_who_joins_on_his_phone_is_a_member_everywhere(real: RealShop) -> None:
    card = real.join(marketing="1")
    (member,) = real.members()
    told = real.chain.database.read(
        lambda connection: confirmed_members(
            connection, real.chain.tenant, [member], NOON_MS, real.chain.house
        )
    )[member]
    person = msgspec.json.decode(told.profile or b"{}", type=PersonalData)
    assert (person.phone, person.name, told.home_store) == ("+8613900139000", "李雷", STORE)
    seen = view(account_of(told.account), program(), date(2026, 11, 22))
    assert seen.balance == program().welcome.points
    assert seen.consents == {"membership", "marketing"}
    (claim,) = real.chain.rows(t.identity_claim)
    assert claim["claim"] == phone_claim(CLAIM_SECRET, "+8613900139000")
    heard = real.chain.feed(f"store:{STORE}")
    assert [(row["kind"], row["ref"]) for row in heard] == [("member", member)]
    assert "50 points" in text_of(real.shop.get(card).text)


def test_the_servers_facts_stand_in_nobodys_chain(real: RealShop) -> None:
    real.join(marketing="1")
    rows = sorted(real.chain.rows(t.op), key=lambda row: row["kind"])
    assert [
        (row["kind"], row["device"], row["epoch"], row["dseq"], row["state"]) for row in rows
    ] == [
        ("consent_changed.1", SERVER_DEVICE, 0, 0, "counted"),
        ("member_joined.1", SERVER_DEVICE, 0, 0, "counted"),
    ]
    assert real.chain.rows(t.place) == real.chain.rows(t.device_head) == []
    tenant = real.chain.tenant
    verified = real.chain.database.read(lambda connection: verify(connection, tenant))
    assert (verified.members, verified.differences) == (1, ())


def test_no_row_shows_the_person(real: RealShop) -> None:
    real.join()
    for table in t.METADATA.sorted_tables:
        said = str(real.chain.rows(table))
        assert "李雷" not in said and "13900139000" not in said, table.name


def test_the_same_phone_joins_once(real: RealShop) -> None:
    real.join()
    link = real.shop.link("join")
    again = real.shop.post(link, filled(real.shop, link))
    assert again.status_code == 422 and "Nice to see you again" in again.text
    assert len(real.members()) == 1


def test_a_member_claims_his_card_by_a_link_of_the_till(real: RealShop) -> None:
    real.join()
    (member,) = real.members()
    books = real.shop.pages.database
    given = books.write(
        lambda work: give_page(
            work, real.shop.pages, PageWanted(page="claim", member=member), store=STORE
        )
    )
    assert given.url is not None
    path = "/p/" + given.url.partition("/p/")[2]
    sent = real.shop.post(path, fields_of(real.shop.get(path).text))
    assert "李*" in text_of(real.shop.get(sent.headers["Location"]).text)
    pass_ = real.shop.get(f"{sent.headers['Location']}/pass.svg")
    assert pass_.status_code == 200 and pass_.text.startswith("<svg")


def test_a_till_asks_for_a_link_for_its_own_store(real: RealShop) -> None:
    books = real.shop.pages.database
    assert isinstance(books, ServerBooks)
    act = page_act(real.shop.pages, books)
    till = Device(
        tenant=real.chain.tenant, device="till-02", kind="till", store=STORE, store_number=3,
        store_name="人民路店", till_number=2, name="", rights=frozenset({"page"}), public_key=b"",
        epoch=1, enrolled_ms=NOON_MS,
    )  # fmt: skip
    given = real.chain.database.write(
        lambda connection: act(connection, till, PageWanted(page="join"), NOON_MS)
    )
    assert given.url is not None
    link = "/p/" + given.url.partition("/p/")[2]
    assert real.shop.post(link, filled(real.shop, link)).status_code == 303
    assert [row["home_store"] for row in real.chain.rows(t.member)] == [STORE]


def test_a_form_that_fails_half_way_leaves_nothing(
    real: RealShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = real.shop.link("join")
    fields = filled(real.shop, link)

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("sync.server.pages.join_page.put_card", broken)
        assert real.shop.post(link, fields).status_code == 507
    assert real.members() == [] and real.chain.rows(t.op) == []
    assert real.shop.post(link, fields).status_code == 303, "the same form, once there is room"
    assert LI["name"] and len(real.members()) == 1


def test_no_log_line_carries_a_link(real: RealShop, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    card = real.join()
    token = card.removeprefix("/p/card/").partition("?")[0]
    assert real.shop.get(card).status_code == 200
    assert real.shop.get(f"/p/card/{token}/pass.svg").status_code == 200
    ours = [each for each in caplog.records if each.name.startswith("sync.")]
    said = [f"{each.getMessage()} {vars(each)}" for each in ours]
    assert {vars(each).get("route") for each in ours} >= {"/p/card/{token}", "/p/join/{token}"}
    assert not [line for line in said if token in line or "13900139000" in line]


def test_tills_are_answered_as_before(real: RealShop) -> None:
    answer = real.shop.get("/v1/nothing")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert real.shop.get("/health").status_code == 200
