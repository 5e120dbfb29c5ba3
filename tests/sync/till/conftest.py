"""What the tests of the till's end share: an enrolled till whose server knows nothing yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.till.a_till import SyncedTill
from tests.sync.till.small_server import SmallServer


@pytest.fixture
def till(tmp_path: Path) -> Iterator[SyncedTill]:
    """人民路店, enrolled."""
    made = SyncedTill(tmp_path / "till")
    made.enrol(SmallServer())
    yield made
    made.close()
