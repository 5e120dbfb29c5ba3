"""A till is killed (-9) while sales are put aside and taken back: each stands in exactly one place.

On the till, among the held ones, sold, or given up - never in two of them, never in none.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.domain.facts import SALE_KINDS
from app.services.verify import VerifyReport, verify_store
from app.store.unit_of_work import UnitOfWork
from app.store.waiting_lane import WaitingLane
from tests.kill.hold_child import keep_holding
from tests.kill.run import _Child
from tests.kill.shop import Place, keys_in_files, make_kill_shop, open_as_till

pytestmark = pytest.mark.no_cover  # its lines are counted where nothing is killed

KILLS = 10


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the file has each basket, by its id."""

    on_till: frozenset[str]
    held: tuple[str, ...]
    sold: frozenset[str]
    faults: tuple[str, ...]


def look(place: Place) -> Kept:
    """Open the shop as the next start would, and verify the file."""
    with open_as_till(place, Random(0)) as till:
        report = VerifyReport()
        lane = WaitingLane(till.store.lane)
        for _ in verify_store(lane=lane, identity=till.shop.identity, report=report):
            pass
        return lane.run(lambda work: _read(work, [fault.what for fault in report.faults]))


def _read(work: UnitOfWork, faults: list[str]) -> Kept:
    basket = work.baskets.load()
    on_till = {basket.basket_id} if basket is not None and not basket.is_empty else set()
    stored = work.facts.all_facts(0, 1_000_000)
    return Kept(
        frozenset(on_till),
        tuple(held.hold_id for held in work.holds.open_holds()),
        frozenset(fact.op_id for fact in stored if fact.kind in SALE_KINDS),
        tuple(faults),
    )


@dataclass(slots=True)
class HoldKills:
    """A run on one file: what tills have said of each basket, last word first to be believed."""

    place: Place
    chance: Random
    kills: int = 0
    last: dict[str, str] = field(default_factory=dict)
    """The last that was answered about a basket: held, recalled, sold, voided."""
    trying: dict[str, str] = field(default_factory=dict)
    """What was under way with it when the till died."""

    def begin(self) -> None:
        keys_in_files()
        make_kill_shop(self.place)

    def kill_once(self) -> list[str]:
        """Start a till, kill it close to one of its steps; everything that must not be."""
        seed = f"{self.kills}-{self.chance.random()}"
        child = _Child(keep_holding, self.place.folder, seed, None)
        wanted = self.chance.choice(("hold", "recall", "pay", "void"))
        steps = self.chance.randint(1, 4)
        while steps and (message := child.next_message()) is not None:
            steps -= message.get("trying") == wanted
        time.sleep(self.chance.uniform(0, 0.01))
        child.kill()
        self.kills += 1
        self.hear(child.heard)
        kept = look(self.place)
        found = self.faults(kept)
        for basket, step in self.trying.items():
            # Done, but nobody lived to say so: from now on it must stay where it is.
            if (self._places(kept, basket) or ["gone"]) == [_PLACE[_DONE[step]]]:
                self.last[basket] = _DONE[step]
        return found

    def hear(self, heard: Sequence[dict[str, Any]]) -> None:
        self.trying = {}
        for message in heard:
            if "trying" in message:
                self.trying = {message["basket"]: message["trying"]}
            for what in ("held", "recalled", "sold", "voided"):
                if what in message:
                    self.last[message[what]] = what
                    self.trying = {}

    def faults(self, kept: Kept) -> list[str]:
        """What is lost, doubled or in the wrong place."""
        found = [f"verify: {fault}" for fault in kept.faults]
        if len(set(kept.held)) != len(kept.held):
            found.append("one basket is held twice")
        for basket, said in self.last.items():
            places = self._places(kept, basket)
            allowed = {_PLACE[said]}
            if basket in self.trying:
                allowed.add(_PLACE[_DONE[self.trying[basket]]])
            if len(places) > 1 or not ({*places} or {"gone"}) <= allowed:
                found.append(f"{basket} was {said}, is {places}, under way {self.trying}")
        return found

    def _places(self, kept: Kept, basket: str) -> list[str]:
        stands = {"till": kept.on_till, "held": kept.held, "sold": kept.sold}
        return [place for place, ids in stands.items() if basket in ids]


_PLACE = {"held": "held", "recalled": "till", "sold": "sold", "voided": "gone"}
_DONE = {"hold": "held", "recall": "recalled", "pay": "sold", "void": "voided"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> HoldKills:
    """A shop after some kills."""
    made = HoldKills(Place(tmp_path_factory.mktemp("kill hold")), Random(7))
    made.begin()
    for _ in range(KILLS):
        assert made.kill_once() == []
    return made


def test_every_basket_stands_in_exactly_one_place(run: HoldKills) -> None:
    assert {"held", "sold"} <= set(run.last.values()), "the kills were not all at the beginning"


def test_a_till_goes_on_where_it_was_killed(run: HoldKills) -> None:
    child = _Child(keep_holding, run.place.folder, "at last", 6)
    child.finish()
    run.hear(child.heard)
    assert run.faults(look(run.place)) == []


# ------------------------------------------------------------------ a test of the tester


def test_what_is_lost_or_doubled_is_found(run: HoldKills, tmp_path: Path) -> None:
    kept = look(run.place)
    held = next(basket for basket, said in run.last.items() if said == "held")
    lost = Kept(kept.on_till - {held}, tuple(h for h in kept.held if h != held), kept.sold, ())
    assert any(held in fault for fault in run.faults(lost))
    doubled = Kept(kept.on_till, (*kept.held, held), kept.sold | {held}, ())
    assert any("twice" in fault or held in fault for fault in run.faults(doubled))
