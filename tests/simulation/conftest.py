"""What the worlds of these tests share: files of tills and servers made once for each process."""

from __future__ import annotations

import pytest

from app.commands.simulation_room import ROOM
from sync.simulation.scenario import Templates


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    return Templates(ROOM, tmp_path_factory.mktemp("worlds"))
