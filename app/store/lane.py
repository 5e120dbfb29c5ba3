"""The store lane: the one thread of the till that writes, and nearly all that it reads.

Owns: the thread, the transaction around each unit of work, reopening after an I/O error,
telling subscribers what changed, copying the file between two units of work.
Does not own: the order (turn.py), what is done inside a unit of work (services, unit_of_work.py),
reading long pages beside it (reader.py).

Checkout goes first. Work that is under way is never interrupted, therefore units of work are
short (a pull applies at most 100 accounts in one). Where a window listens, the work behind the
scenes waits a moment after each answer: it is drawn by the same interpreter.

Who forgets somebody is answered when the log holds nothing of him any more. Where a page is being
read meanwhile, the answer waits for it; the lane does not.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import nullcontext
from pathlib import Path
from typing import TypeVar

from app.store.changes import NO_CHANGES, Changes
from app.store.database import Database
from app.store.errors import (
    CommitUncertain,
    Damaged,
    DiskFault,
    StoreClosed,
    StoreError,
    mapped_errors,
)
from app.store.reader import Reader
from app.store.turn import Job, Priority, Turns
from app.store.unit_of_work import UnitOfWork

T = TypeVar("T")
Work = Callable[[UnitOfWork], T]
Subscriber = Callable[[Changes, object], None]

COPY_PAGES_PER_STEP = 512
"""2 MB: a copy lets a waiting sale through after each step."""
IDLE_S = 0.25

_log = logging.getLogger(__name__)


_SPOILING = (DiskFault, Damaged)
"""After these a connection tells nothing reliable any more: it is opened again."""


class StoreLane:
    """Takes units of work from any thread and runs them one after the other on its own."""

    def __init__(
        self, database: Database, make_unit_of_work: Callable[[Database], UnitOfWork]
    ) -> None:
        """Take over the open database and start the thread."""
        self._database = database
        self._make = make_unit_of_work
        self._turns = Turns()
        self._subscribers: list[Subscriber] = []
        self._needs_reopen = False
        self._after_reopen: Work[object] | None = None
        # A till that was killed left its log as it was, with pages that hold what is forgotten.
        self._owes_empty_log = self._wrote = True
        self._unanswered: list[Callable[[], None]] = []
        self._reader = Reader(database, self._turns.is_cashiers, self._empty_log_now)
        # A daemon: a forgotten close must not keep a dying program alive. The file survives it as
        # it survives a kill.
        self._thread = threading.Thread(target=self._serve, name="store-lane", daemon=True)
        self._thread.start()

    # -- from any thread

    def submit(
        self,
        work: Work[T],
        *,
        priority: Priority = Priority.CHECKOUT,
        initiator: object = None,
    ) -> Future[T]:
        """Run `work` in one transaction; it is durable when the future answers, and what it forgot
        is gone.

        The future raises what `work` raised (everything rolled back) or a StoreError.
        """
        future: Future[T] = Future()
        self._put(int(priority), future, lambda: self._write(work, future, initiator))
        return future

    def read(self, work: Work[T], *, priority: Priority = Priority.CHECKOUT) -> Future[T]:
        """Run `work` on one snapshot; a statement that writes raises StoreError."""
        future: Future[T] = Future()
        self._put(int(priority), future, lambda: self._read(work, future))
        return future

    def look(self, work: Work[T]) -> Future[T]:
        """As `read`, for what takes long: on a thread and a connection of its own, so that a sale
        does not wait for it. It sees whatever was handed in before."""
        future: Future[T] = Future()
        self._put(int(Priority.CHECKOUT), future, lambda: self._reader.take(work, future))
        return future

    def copy_to(self, target: Path) -> Future[None]:
        """Copy the whole database, as it is at the end, into a new file under the same key."""
        future: Future[None] = Future()
        self._put(int(Priority.BACKGROUND), future, lambda: self._copy(target, future))
        return future

    def run(self, work: Work[T], *, priority: Priority = Priority.BACKGROUND) -> T:
        """`submit` and wait: for nightly work, imports and commands. Never on the lane thread."""
        assert threading.current_thread() is not self._thread, "the lane would wait for itself"
        return self.submit(work, priority=priority).result()

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Call `subscriber(changes, initiator)` on the lane thread after each commit.

        Answers a function that ends the subscription.
        """
        self._subscribers.append(subscriber)
        return lambda: self._subscribers.remove(subscriber)

    def let_draw(self, quiet_s: float) -> None:
        """From now on background work begins no sooner than this after an answer to checkout.

        It does not wait longer than twice as long, whatever the cashier scans.
        """
        self._turns.let_draw(quiet_s)

    def when_reopened(self, work: Work[object]) -> None:
        """Run `work` each time the file was opened anew, before anything else.

        After a commit nobody knows the end of, memory may tell what the file does not.
        """
        self._after_reopen = work

    def close(self) -> None:
        """Finish what is queued, checkpoint, close the file, end the thread."""
        self._turns.close()
        self._thread.join()

    def _empty_log_now(self) -> None:
        # A lane that closes takes nothing more: it empties the log in the end.
        self._turns.put(int(Priority.CHECKOUT), self._checkpoint, lambda _: self._reader.go_on())

    def _put(self, priority: int, future: Future[T], run: Callable[[], None]) -> None:
        if not self._turns.put(priority, run, future.set_exception):
            future.set_exception(StoreClosed())

    # -- on the lane thread

    def _serve(self) -> None:
        while True:
            job = self._turns.next(IDLE_S if self._wrote else None)
            if job is None:
                self._checkpoint()
            elif job.is_last:
                break
            else:
                self._run_job(job)
                self._turns.done(job)
        self._reader.close()
        self._shut()

    def _run_job(self, job: Job) -> None:
        try:
            self._reopen_if_needed()
        except Exception as error:  # noqa: BLE001 (it belongs to whoever asked; the lane goes on)
            job.refuse(error)
            return
        job.run()

    def _write(self, work: Work[T], future: Future[T], initiator: object) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            unit = self._make(self._database)
            unit.is_waited_for = self._turns.is_waited_for
            unit.holds_traces = self._owes_empty_log
            answer = self._in_transaction(work, unit)
            waits = unit.leaves_traces and not self._checkpoint()
            _follow_up(unit)
        except BaseException as error:  # noqa: BLE001 (it belongs to whoever asked)
            future.set_exception(error)
            return
        self._wrote = True
        if waits:
            self._unanswered.append(lambda: future.set_result(answer))
        else:
            future.set_result(answer)
        if unit.changes != NO_CHANGES:
            _publish(tuple(self._subscribers), unit.changes, initiator)

    def _in_transaction(self, work: Work[T], unit: UnitOfWork) -> T:
        """Begin, work, commit; anything raised rolls back."""
        try:
            with mapped_errors():
                self._database.read_only_begin(False)
                transaction = self._database.connection.begin()
                try:
                    answer = work(unit)
                except BaseException:
                    transaction.rollback()
                    raise
                self._owes_empty_log |= unit.leaves_traces
        except _SPOILING:
            self._needs_reopen = True
            raise
        try:
            with mapped_errors():
                transaction.commit()
        except StoreError as error:
            self._needs_reopen = True
            if isinstance(error, DiskFault):
                raise CommitUncertain(error.detail) from error
            raise
        return answer

    def _read(self, work: Work[T], future: Future[T]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            unit = self._make(self._database)
            with mapped_errors():
                self._database.read_only_begin(True)
                with self._database.connection.begin() as transaction:
                    answer = work(unit)
                    transaction.rollback()
        except BaseException as error:  # noqa: BLE001 (as in _write)
            self._needs_reopen |= isinstance(error, _SPOILING)
            future.set_exception(error)
            return
        future.set_result(answer)

    def _copy(self, target: Path, future: Future[None]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            with mapped_errors():
                self._database.read_only_begin(False)
                _copy(self._database, target, self._let_checkout_through)
        except BaseException as error:  # noqa: BLE001 (as in _write)
            self._needs_reopen |= isinstance(error, _SPOILING)
            future.set_exception(error)
            return
        future.set_result(None)

    def _let_checkout_through(self, _status: int, _remaining: int, _total: int) -> None:
        """Between two steps of a copy. Writes of this same connection go into the copy too."""
        while not self._needs_reopen:
            job = self._turns.next_checkout()
            if job is None:
                return
            job.run()
        raise DiskFault("the copy ends: the file must be opened again")

    def _reopen_if_needed(self) -> None:
        if not self._needs_reopen:
            return
        self._database.reopen()
        self._needs_reopen = False
        if self._after_reopen is not None:
            try:
                unit = self._make(self._database)
                self._in_transaction(self._after_reopen, unit)
            except BaseException:
                self._needs_reopen = True
                raise
            _follow_up(unit)

    def _checkpoint(self, *, truncate: bool = False) -> bool:
        """False: the log has to be emptied and cannot be, because a page is being read. The reader
        says when it is done; until then who forgot somebody has no answer."""
        truncate, self._wrote, is_still = truncate or self._owes_empty_log, False, True
        try:
            with self._reader.still() if truncate else nullcontext(True) as is_still:
                truncate &= is_still
                if self._database.checkpoint(truncate=truncate) and truncate:
                    self._owes_empty_log = False
        except StoreError:
            # Nothing is lost: the log keeps what was committed until the next try.
            _log.warning("the checkpoint waits", exc_info=True)
        if is_still:
            self._answer()
        return is_still

    def _answer(self) -> None:
        unanswered, self._unanswered = self._unanswered, []
        for answer in unanswered:
            answer()

    def _shut(self) -> None:
        try:
            self._reopen_if_needed()
            self._database.read_only_begin(False)
            self._checkpoint(truncate=True)
        except StoreError:
            _log.warning("the file could not be opened again before closing", exc_info=True)
        _close(self._database)
        self._answer()


def _copy(database: Database, target: Path, between: Callable[[int, int, int], None]) -> None:
    copy = database.copy_to(target)
    try:
        database.raw.backup(copy, pages=COPY_PAGES_PER_STEP, progress=between)
        copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        copy.close()


def _close(database: Database) -> None:
    try:
        # Also on a full or broken disk: an open handle would keep the disk from being changed.
        database.close()
    except StoreError:
        _log.warning("the file was not closed cleanly", exc_info=True)


def _publish(subscribers: Sequence[Subscriber], changes: Changes, initiator: object) -> None:
    for subscriber in subscribers:
        try:
            subscriber(changes, initiator)
        except Exception:  # noqa: BLE001 (a listener's fault must not stop the selling)
            _log.exception("a subscriber of the store lane failed")


def _follow_up(unit: UnitOfWork) -> None:
    for callback in unit.callbacks:
        try:
            callback()
        except Exception:  # noqa: BLE001 (the commit stands; the caller must hear of it)
            _log.exception("what was to follow a commit failed")
