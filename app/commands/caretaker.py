"""The caretaker: what the calendar owes once a day, a backup, a look at the disk.

Owns: when it is time, and its one thread. Does not own: the nightly rules (services/nightly.py),
backups (store/backups.py). A till that was off at night does it after it was switched on.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import partial

from app.domain.ids import OpId
from app.services.agreement_keeping import LastCompared, tend_agreement
from app.services.churn_keeping import judge_churn
from app.services.complaint_watch import note_overdue
from app.services.erasure import report_erasures
from app.services.figure_keeping import count_facts, judge_members
from app.services.forgetting import forget_old
from app.services.grant_keeping import tend_grants
from app.services.nightly import run_night
from app.services.ports import Lane
from app.services.recommendation import forget_habits, learn_habits
from app.services.reservation import void_leftovers
from app.services.retention import apply_retention
from app.services.shop import Shop
from app.services.tier_desk import walk_all
from app.store.backups import BackupReason
from app.store.disk import MEGABYTE, DiskRoom, free_bytes, judge_room
from app.store.erased_list import keep_listed
from app.store.lane import StoreLane
from app.store.opening import OpenStore
from app.store.unit_of_work import UnitOfWork

LOOK_EVERY_S = 60
TRY_AGAIN_S = 600
IDS_A_UNIT = 500
NIGHT_HOUR = 3
"""Local hour from which on the night of the day is due."""

_log = logging.getLogger(__name__)


def _forgotten(after: str, work: UnitOfWork) -> Sequence[str]:
    return work.erasures.ids_after(after, IDS_A_UNIT)


def everybody_forgotten(lane: StoreLane) -> Iterator[str]:
    """Every id, a few in each unit of work: nobody who sells waits for all of them."""
    after = ""
    while ids := lane.run(partial(_forgotten, after)):
        yield from ids
        after = ids[-1]


class Caretaker:
    """Runs the night when it is due. `stop()` lets a unit of work that is under way finish.

    `on_low_disk` is called on the caretaker's thread with the megabytes that are left,
    `on_night` once a night: whoever can say it asks what became of payments left open.
    """

    def __init__(
        self,
        shop: Shop,
        store: OpenStore,
        lane: Lane,
        *,
        on_low_disk: Callable[[int], None],
        on_night: Callable[[], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._shop, self._store, self._lane, self._now = shop, store, lane, now
        self._on_low_disk, self._on_night = on_low_disk, on_night
        self._night_of: date | None = None
        self._asked_for = set[OpId]()
        self._compared = LastCompared()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="caretaker", daemon=True)

    def start(self) -> None:
        """Look every minute from now on."""
        self._thread.start()

    def stop(self) -> None:
        """No night begins any more."""
        self._stopped.set()

    def is_due(self) -> bool:
        """Whether no nightly backup was made since this morning's hour."""
        now = self._now().astimezone()
        if now.hour < NIGHT_HOUR:
            return False
        made = [
            kept.made.astimezone().date()
            for kept in self._store.backups.own()
            if kept.reason is BackupReason.NIGHTLY
        ]
        return now.date() not in made

    def do_night(self) -> None:
        """The nightly work, then a checked backup: it holds what the night wrote.

        Where only the backup failed, the work of the day is not done again with the next try.
        """
        today = self._now().astimezone().date()
        if self._night_of != today:
            run_night(shop=self._shop, lane=self._lane)
            forget_old(shop=self._shop, lane=self._lane)
            self._look_through_members()
            self._night_of = today
            self._on_night()
        self._store.back_up(BackupReason.NIGHTLY, now=self._now())

    def _look_through_members(self) -> None:
        """What the desk wants to know tomorrow; none of it keeps the backup from being made."""
        shop, lane = self._shop, self._lane
        self._try(partial(walk_all, shop=shop, lane=lane))
        if shop.desk.committed is not None:
            self._try(partial(apply_retention, shop=shop, lane=lane))
        self._try(partial(forget_habits, lane=lane))
        self._try(partial(judge_members, shop=shop, lane=lane, keep_on=self._goes_on))
        self._try(partial(judge_churn, shop=shop, lane=lane, keep_on=lambda _: self._goes_on()))

    def _try(self, act: Callable[[], object]) -> None:
        """Do it; where it fails it is done again with the next look, or the next night."""
        try:
            act()
        except Exception:  # noqa: BLE001 (one that always fails must not end every other)
            _log.warning("the caretaker left something undone", exc_info=True)

    def look(self) -> bool:
        """Do what is due now; False where it failed and is to be tried again in a while."""
        try:
            self.look_at_disk()
            if self._shop.desk.committed is not None:
                void_leftovers(shop=self._shop, lane=self._lane)
                tend_grants(shop=self._shop, lane=self._lane, asked=self._asked_for)
                tend_agreement(shop=self._shop, lane=self._lane, last=self._compared)
                self._try(partial(note_overdue, shop=self._shop, lane=self._lane))
                self._try(partial(report_erasures, shop=self._shop, lane=self._lane))
                self._try(self._list_erased)
                self._back_up_what_is_due()
                count_facts(shop=self._shop, lane=self._lane)
                learn_habits(lane=self._lane, keep_on=self._goes_on)
        except Exception:  # noqa: BLE001 (a folder that is gone must not end every night to come)
            _log.warning("the caretaker will try again", exc_info=True)
            return False
        return True

    def _list_erased(self) -> None:
        """Who was forgotten stands beside the backups: older ones do not know it."""
        if self._store.backups.folder.is_dir():
            keep_listed(self._store.backups.folder, everybody_forgotten(self._store.lane))

    def _back_up_what_is_due(self) -> None:
        """The night, or the first backup of all: the journal of facts has nothing to follow yet."""
        if self.is_due():
            self.do_night()
        elif not self._store.backups.own():
            self._store.back_up(BackupReason.HAND, now=self._now())

    def _watch(self) -> None:
        wait_s = LOOK_EVERY_S
        while not self._stopped.wait(wait_s):
            wait_s = LOOK_EVERY_S if self.look() else TRY_AGAIN_S

    def _goes_on(self) -> bool:
        return not self._stopped.is_set()

    def look_at_disk(self) -> None:
        """Say so when room is running out."""
        free = free_bytes(self._store.place.folder)
        if judge_room(free) is not DiskRoom.PLENTY:
            self._on_low_disk(free // MEGABYTE)
