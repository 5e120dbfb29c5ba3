"""Links for customers' phones: a real till asks a real server, with and without an address."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.phone_page import NoPages, PageLink
from app.domain.server_answer import Declined, NoAnswer
from app.services.phone_page import NoPagesHere, PagesHere, pages_by_now, phone_link, phone_pages
from sync.server.tenant import set_public_url
from tests.sync.joined.made_chain import Chain, a_chain

pytestmark = pytest.mark.slow
PUBLIC = "https://vip.renmin.example"


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    with a_chain(tmp_path) as made:
        yield made


def test_a_till_gets_links_once_phones_can_reach_the_server(chain: Chain) -> None:
    shop, lane = chain.first.real.shop, chain.first.real.store.lane
    assert lane.run(lambda work: phone_pages(work=work)) == NoPagesHere("no_address")
    assert phone_link(shop=shop, page="join") == NoPages()
    assert pages_by_now(shop=shop) == NoPagesHere("no_address")
    ready = chain.office.ready
    tenant = chain.first.real.shop.identity.tenant
    ready.database.write(lambda connection: set_public_url(connection, tenant, PUBLIC))
    assert pages_by_now(shop=shop) == PagesHere(PUBLIC)
    join = phone_link(shop=shop, page="join")
    card = phone_link(shop=shop, page="claim", member_id=chain.member())
    assert isinstance(join, PageLink)
    assert isinstance(card, PageLink)
    assert join.url.startswith(f"{PUBLIC}/")
    assert join.url != card.url
    nobody = phone_link(shop=shop, page="claim", member_id="nobody")
    assert nobody == Declined("unknown_member")
    chain.pull_the_cables()
    assert phone_link(shop=shop, page="join") == NoAnswer()
