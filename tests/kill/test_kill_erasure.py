"""A till is killed (-9) while it forgets somebody, or its disk is full: the next try forgets her
whole, and no byte of her is left in the file or in its log."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from app.services.erasure import ErasureHolds, ask_erasure
from app.services.verify import VerifyReport, verify_store
from app.store.errors import DiskFull
from app.store.lane import IDLE_S
from app.store.opening import OpenStore
from app.store.waiting_lane import WaitingLane
from tests.kill.disk_child import ORDER_PLACE, asker
from tests.kill.erasure_child import OF_HER, PLACES, erase, join
from tests.kill.run import _Child
from tests.kill.shop import Place, keys_in_files, make_kill_shop, open_as_till, sign_in
from tests.kill.test_failing_disk import COMPILER
from tests.kill.test_failing_disk import failing_disk as failing_disk  # noqa: PLC0414 - a fixture
from tests.store.pages import decrypted_bytes, decrypted_file

pytestmark = pytest.mark.no_cover  # its lines are counted where nothing is killed
HELD = "when it holds and the log still has her"


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A shop in which she is a member, to be copied; her id."""
    keys_in_files()
    place = Place(tmp_path_factory.mktemp("shop"))
    make_kill_shop(place)
    child = _Child(join, place.folder)
    child.finish()
    return place.folder, child.heard[-1]["member"]


def left(data: bytes) -> int:
    return sum(each in data for each in OF_HER)


def forgotten_in_the_end(store: OpenStore) -> bool:
    """The till tidies up by itself, without being closed and without being asked for anything."""
    database, key = store.place.database, store.secrets.database_key
    until = time.monotonic() + 20
    while left(decrypted_file(database, key)) and time.monotonic() < until:
        time.sleep(2 * IDLE_S)
    return left(decrypted_file(database, key)) == 0


@pytest.mark.parametrize("place", PLACES)
def test_who_is_killed_while_forgetting_forgets_whole(
    place: str, joined: tuple[Path, str], tmp_path: Path
) -> None:
    made, member = joined
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    child = _Child(erase, tmp_path, member, place)
    child.hear_out()
    assert child.process.exitcode == -signal.SIGKILL
    at = Place(tmp_path)
    with open_as_till(at, Random(0)) as till:
        known = till.store.lane.run(lambda work: work.members.get(member))
        assert known is not None
        assert (known.status == "erased") is (place == HELD), "whole, or not at all"
        if place != HELD:
            assert left(decrypted_bytes(till.store)) == len(OF_HER)
            sign_in(till)
            done = asker(till)(ask_erasure, member_id=member, reason="本人要求")
            assert isinstance(done, ErasureHolds), done
        assert forgotten_in_the_end(till.store)
        report, lane = VerifyReport(), WaitingLane(till.store.lane)
        list(verify_store(lane=lane, identity=till.shop.identity, report=report))
        assert report.faults == []
        assert member in lane.run(lambda work: work.erasures.ids_after("", 9))
        key = till.store.secrets.database_key
        database = till.store.place.database
    assert left(decrypted_file(database, key)) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="LD_PRELOAD and /proc are Linux's")
@pytest.mark.skipif(COMPILER is None, reason="no C compiler to make the full disk with")
def test_a_full_disk_leaves_her_whole_or_nothing_of_her(
    joined: tuple[Path, str], tmp_path: Path, failing_disk: Path
) -> None:
    made, member = joined
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    world = os.environ | {"LD_PRELOAD": str(failing_disk), ORDER_PLACE: str(tmp_path / "order")}
    till = subprocess.run(
        [sys.executable, "-m", "tests.kill.erasure_child", str(tmp_path), member],
        cwd=Path(__file__).parents[2], env=world, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    said = [json.loads(line) for line in till.stdout.splitlines()]
    assert till.returncode == 0, till.stderr
    whole = len(OF_HER)
    refused, done, last = said
    assert (refused["refused"], refused["left"]) == (DiskFull.code, whole), "it stays as it was"
    assert done["done"], "it is committed: only the log could not be put away"
    assert done["left"] > 0, "her bytes stand in the file until there is room again"
    assert last == {"left": 0}
