"""A disk that really fails while a sale is being confirmed: EIO out of fsync and pwrite.

The till is a process of its own over the real encrypted file; the fault comes out of a small
library loaded before libc. What must hold is what test_doubtful_commit.py says of an injected
fault: the desk follows the file, the sale stands or is still in the basket, never both.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.kill.checks import Told, faults, look
from tests.kill.disk_child import DIED, ORDER_PLACE
from tests.kill.shop import Place, keys_in_files, make_kill_shop

SOURCE = Path(__file__).with_name("failing_disk.c")
COMPILER = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
UNCERTAIN = "E-STORE-06"

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="LD_PRELOAD and /proc are Linux's"),
    pytest.mark.skipif(COMPILER is None, reason="no C compiler to make the failing disk with"),
]


@pytest.fixture(scope="module")
def failing_disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that fails a call when it is told to."""
    library = tmp_path_factory.mktemp("disk") / "failing_disk.so"
    assert COMPILER is not None
    command = [COMPILER, "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl"]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return library


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop that has sold nothing yet, to be copied."""
    keys_in_files()
    folder = tmp_path_factory.mktemp("shop")
    make_kill_shop(Place(folder))
    return folder


@dataclass(frozen=True, slots=True)
class TillOnDisk:
    """A shop and the disk it lies on."""

    place: Place
    library: Path

    def confirm(self, order: str, then: str) -> tuple[int, list[dict[str, Any]], bool]:
        """Let the till confirm a sale; its exit code, what it said, whether the disk failed."""
        told = self.place.folder / "order"
        world = os.environ | {"LD_PRELOAD": str(self.library), ORDER_PLACE: str(told)}
        command = [sys.executable, "-m", "tests.kill.disk_child", str(self.place.folder)]
        till = subprocess.run(
            [*command, order, then],
            cwd=SOURCE.parents[2],
            env=world,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        said = [json.loads(line) for line in till.stdout.splitlines()]
        assert said, till.stderr
        return till.returncode, said, told.with_name("order.hit").exists()


@pytest.fixture
def till(tmp_path: Path, furnished: Path, failing_disk: Path) -> TillOnDisk:
    shutil.copytree(furnished, tmp_path, dirs_exist_ok=True)
    return TillOnDisk(Place(tmp_path), failing_disk)


def told_by(said: list[dict[str, Any]]) -> Told:
    told = Told()
    for line in said:
        told.hear(line)
    return told


ORDERS = [
    pytest.param("pwrite -wal once", False, id="one write of the log"),
    pytest.param("pwrite -wal ever", False, id="every write of the log"),
    pytest.param("fsync -wal once", False, id="one sync of the log"),
    # The log cannot be put away while it cannot be synced: opened anew, the sale is read from it.
    pytest.param("fsync -wal ever", True, id="every sync of the log"),
]


@pytest.mark.no_cover  # what its processes run is counted by the tests beside it
@pytest.mark.parametrize(("order", "stands"), ORDERS)
def test_a_till_that_goes_on_follows_its_file(till: TillOnDisk, order: str, stands: bool) -> None:
    code, said, failed = till.confirm(order, "stays")
    assert failed, "the disk was never asked"
    assert code == 0
    first, _, trying, *doubts, after, last = said
    assert doubts == [{"doubtful": UNCERTAIN}] * (2 if order.endswith("ever") else 1)
    assert after["staff"] == "李明", "whoever is signed in stays"
    found = look(till.place)
    if stands:
        assert after["lines"] == ["towel"], "the next basket, not the sold one"
        assert after["last_sale"] == trying["basket"]
        assert found.sales.keys() == {first["sold"], trying["basket"], last["sold"]}
    else:
        assert after["lines"] == ["milk", "towel"], "it was lost: the basket is still there"
        assert after["basket"] == trying["basket"] == last["sold"]
        assert found.sales.keys() == {first["sold"], last["sold"]}
    before = frozenset({trying["basket"]})
    assert faults(told_by(said), found, before, till.place) == []


@pytest.mark.parametrize(
    ("call", "stands"),
    [
        pytest.param("pwrite", False, id="half a log"),
        pytest.param("fsync", True, id="a log written whole is replayed"),
    ],
)
def test_a_till_that_dies_of_it_is_opened_with_the_sale_or_its_basket(
    till: TillOnDisk, call: str, stands: bool
) -> None:
    code, said, failed = till.confirm(f"{call} -wal once", "dies")
    assert failed, "the disk was never asked"
    assert code == DIED
    assert said[-1] == {"doubtful": UNCERTAIN}
    found = look(till.place)
    assert faults(told_by(said), found, frozenset(), till.place) == []
    assert (said[2]["basket"] in found.sales) is stands
