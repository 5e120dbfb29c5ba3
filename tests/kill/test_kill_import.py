"""A till is killed (-9) while it imports members, makes one of two, keeps a photo: the import goes
on after the next start and has everybody once; the others happened whole or not at all."""

from __future__ import annotations

import shutil
import signal
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.domain.facts import MemberJoined, PointsAdjusted, read_fact
from app.services.complaint_photo import read_photo
from app.services.complaint_view import read_complaint
from app.services.member_import import NoImport, import_standing
from app.services.verify import VerifyReport, verify_store
from app.store.waiting_lane import WaitingLane
from tests.kill.disk_child import asker
from tests.kill.import_child import (
    COUNT,
    PICTURE,
    PLACES,
    begin_import,
    go_on,
    merge,
    photo,
    two_of_one,
)
from tests.kill.run import _Child
from tests.kill.shop import OpenTill, Place, keys_in_files, make_kill_shop, open_as_till, sign_in

pytestmark = pytest.mark.no_cover  # its lines are counted where nothing is killed


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str], str]:
    """A shop with a person who is in it twice and complains, to be copied; their ids, the case."""
    keys_in_files()
    place = Place(tmp_path_factory.mktemp("shop"))
    make_kill_shop(place)
    child = _Child(two_of_one, place.folder)
    child.finish()
    return place.folder, child.heard[-1]["ids"], child.heard[-1]["case"]


def killed(target: Any, *wanted: object) -> list[dict[str, Any]]:
    child = _Child(target, *wanted)
    child.hear_out()
    assert child.process.exitcode == -signal.SIGKILL
    return child.heard


def is_sound(till: OpenTill) -> None:
    report, lane = VerifyReport(), WaitingLane(till.store.lane)
    list(verify_store(lane=lane, identity=till.shop.identity, report=report))
    assert report.faults == []


def test_an_import_goes_on_behind_its_last_committed_row(
    made: tuple[Path, list[str], str], tmp_path: Path
) -> None:
    shutil.copytree(made[0], tmp_path, dirs_exist_ok=True)
    killed(begin_import, tmp_path, "keeping")
    begun = _Child(begin_import, tmp_path, "")  # half a file is none: it is begun anew
    begun.finish()
    left = [
        killed(go_on, tmp_path, units, place)[0]["left"]
        for units, place in ((1, "in the unit"), (0, "behind the commit"), (0, "in the unit"))
    ]
    assert left == [COUNT, COUNT - 20, COUNT - 40]
    last = _Child(go_on, tmp_path, -1, "")
    last.finish()
    assert [each["left"] for each in last.heard] == [COUNT - 40, 0]
    with open_as_till(Place(tmp_path), Random(0)) as till:
        facts = till.store.lane.run(lambda work: list(work.facts.all_facts(0, 10_000)))
        read = [read_fact(each.data) for each in facts]
        joined = [each for each in read if isinstance(each, MemberJoined)]
        assert len(joined) == COUNT + 2
        given = Counter(each.member for each in read if isinstance(each, PointsAdjusted))
        assert (len(given), set(given.values())) == (COUNT - 1, {1})
        is_sound(till)


@pytest.mark.parametrize("place", PLACES)
def test_two_made_one_and_a_photo_are_whole_or_not_at_all(
    place: str, made: tuple[Path, list[str], str], tmp_path: Path
) -> None:
    folder, ids, case = made
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    if place == "the last line of the trail":
        assert killed(merge, tmp_path, ids, place) == []
    assert killed(photo, tmp_path, case, place) == []
    with open_as_till(Place(tmp_path), Random(0)) as till:
        sign_in(till)
        do = asker(till)
        assert do(import_standing) == NoImport()
        known = till.store.lane.run(lambda work: [work.members.get(each) for each in ids])
        assert [each.status for each in known if each is not None] == ["active", "active"]
        assert do(read_complaint, case_id=case).photos == ()
        is_sound(till)
    for act, about in ((merge, ids), (photo, case)):
        child = _Child(act, tmp_path, about, "")
        child.finish()
    with open_as_till(Place(tmp_path), Random(0)) as till:
        sign_in(till)
        do = asker(till)
        known = till.store.lane.run(lambda work: [work.members.get(each) for each in ids])
        assert sorted(each.status for each in known if each is not None) == ["active", "merged"]
        [kept] = do(read_complaint, case_id=case).photos
        assert do(read_photo, case_id=case, photo_id=kept) == PICTURE
        is_sound(till)
