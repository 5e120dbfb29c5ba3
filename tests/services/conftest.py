"""Service tests run on the real thing: an encrypted file, the store lane, the pictures' shop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.services.opening import TillOpened
from app.services.shop import Desk
from tests.real_shop import RealShop, make_shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[RealShop]:
    """人民路店, its till open, 李明 signed in."""
    made = make_shop(tmp_path)
    made.sign_in()
    yield made
    made.close()


def restarted(shop: RealShop) -> TillOpened:
    """The process died and came back: an empty desk over the same store."""
    shop.shop = replace(shop.shop, desk=Desk())
    return shop.open()
