"""Fixtures of the pages: a shop with pages, served. Owns nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sync.server.database import ServerDatabase
from tests.sync.server.pages.served import PhoneShop, phone_shop, served


@pytest.fixture
def shop(on_sqlite: ServerDatabase, tenant: str) -> Iterator[PhoneShop]:
    """A shop whose pages are open."""
    with served(phone_shop(on_sqlite, tenant)) as open_shop:
        yield open_shop
