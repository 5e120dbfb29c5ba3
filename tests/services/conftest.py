"""Service tests run on the real thing: an encrypted file, the store lane, the shop of the pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real_shop import RealShop, make_shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[RealShop]:
    """人民路店, its till open, 李明 signed in."""
    made = make_shop(tmp_path)
    made.sign_in()
    yield made
    made.close()
