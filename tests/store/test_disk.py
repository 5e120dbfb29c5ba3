"""Low disk: the lines at which the till warns and stops."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.store.disk import (
    MEGABYTE,
    DiskRoom,
    free_bytes,
    judge_room,
    probe_room,
    takes_new_sales,
)
from app.store.errors import FolderGone


@pytest.mark.parametrize(
    ("free", "room"),
    [
        pytest.param(0, DiskRoom.FINISH_ONLY, id="nothing left"),
        pytest.param(100 * MEGABYTE - 1, DiskRoom.FINISH_ONLY, id="just below the stop line"),
        pytest.param(100 * MEGABYTE, DiskRoom.WARN, id="at the stop line"),
        pytest.param(500 * MEGABYTE - 1, DiskRoom.WARN, id="just below the warning line"),
        pytest.param(500 * MEGABYTE, DiskRoom.PLENTY, id="at the warning line"),
    ],
)
def test_what_the_free_space_allows(free: int, room: DiskRoom) -> None:
    assert judge_room(free) is room


def test_the_probe_asks_the_disk(tmp_path: Path) -> None:
    assert free_bytes(tmp_path) > 0
    assert probe_room(tmp_path) in DiskRoom


def test_a_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    for ask in (free_bytes, probe_room, takes_new_sales):
        with pytest.raises(FolderGone) as gone:
            ask(folder)
        assert gone.value.named == {"folder": str(folder)}
    folder.mkdir()
    assert takes_new_sales(folder) is (free_bytes(folder) >= 100 * MEGABYTE)
