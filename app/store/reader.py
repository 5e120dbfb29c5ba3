"""The reader beside the store lane: pages of the desk are read while the lane goes on selling.

Owns: its thread, its connection that cannot write, one snapshot for each question, giving way to
the cashier. Does not own: the order of questions and commits (lane.py hands over what it is asked,
in its turn), how a connection is opened (database.py).

The write-ahead log lets it read what was committed when it began; nobody waits for it. Who empties
the log, because it may hold what was forgotten, cuts off the statement under way; the question is
asked anew as soon as the log is empty. Who reckons between two statements cannot be cut off: the
lane goes on, hears of his end, and empties the log before anything more is read. With nothing to do
for a while it closes its connection, and its memory is given back.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection

from app.store.database import Database, driver_of
from app.store.errors import StoreError, mapped_errors
from app.store.unit_of_work import UnitOfWork

T = TypeVar("T")
Asked = Callable[[], None]

STEPS = 500
"""So many steps of SQLite apart it looks whether the cashier waits: less than a millisecond."""
PAUSE_S = 0.001
PAUSES_MAX = 300
"""In one question: then it is answered whatever happens meanwhile."""
PATIENCE_S = 0.02
"""Most statements are cut off within this; no scan waits longer for who reckons between two."""
IDLE_S = 30.0

_log = logging.getLogger(__name__)


class Reader:
    """Takes questions from the lane and answers them one after the other on its own thread."""

    def __init__(
        self,
        database: Database,
        cashier_waits: Callable[[], bool],
        when_still: Callable[[], object],
        idle_s: float = IDLE_S,
    ) -> None:
        """Nothing is opened and no thread runs before the first question. `when_still` hears, on
        the thread that read, that he is done whom `still` did not wait for."""
        self._database = database
        self._cashier_waits = cashier_waits
        self._when_still = when_still
        self._idle_s = idle_s
        self._asked: queue.SimpleQueue[Asked | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._connection: Connection | None = None
        self._gate = threading.Condition()
        self._is_reading = self._is_still = self._is_awaited = self._was_cut = False
        self._pauses = 0

    # -- on the lane thread

    def take(self, work: Callable[[UnitOfWork], T], future: Future[T]) -> None:
        """Answer this on one snapshot, of everything committed so far or later."""
        if self._thread is None:
            # A daemon, as the lane is.
            self._thread = threading.Thread(target=self._serve, name="store-reader", daemon=True)
            self._thread.start()
        self._asked.put(lambda: self._answer(work, future))

    @contextmanager
    def still(self) -> Iterator[bool]:
        """Nobody reads as long as this block runs: the statement under way is cut off, its question
        is asked anew behind it. False: he who reckons between two statements is not done yet; then
        nothing more is read before the next such block, and `when_still` says when to begin it.
        """
        with self._gate:
            self._is_still = True
            patience_s = 0 if self._is_awaited else PATIENCE_S
            self._is_awaited = not self._gate.wait_for(lambda: not self._is_reading, patience_s)
            is_still = not self._is_awaited
        try:
            yield is_still
        finally:
            if is_still:
                self.go_on()

    def go_on(self) -> None:
        """Nobody empties the log now: read."""
        with self._gate:
            self._is_still = False
            self._gate.notify_all()

    def close(self) -> None:
        """Answer what was asked, close the connection, end the thread."""
        if self._thread is not None:
            self.go_on()
            self._asked.put(None)
            self._thread.join()

    # -- on its own thread

    def _serve(self) -> None:
        while True:
            try:
                asked = self._asked.get(timeout=self._idle_s)
            except queue.Empty:
                self._let_go()
                # With nothing open there is nothing to close: it waits for as long as it takes.
                asked = self._asked.get()
            if asked is None:
                break
            asked()
        self._let_go()

    def _answer(self, work: Callable[[UnitOfWork], T], future: Future[T]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        while True:
            try:
                with self._reading():
                    answer = self._read(work)
            except BaseException as error:  # noqa: BLE001 (it belongs to whoever asked)
                if self._was_cut:
                    continue
                future.set_exception(error)
                return
            future.set_result(answer)
            return

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self._gate:
            self._gate.wait_for(lambda: not self._is_still)
            self._is_reading, self._was_cut = True, False
        self._pauses = 0
        try:
            yield
        except BaseException:
            # Whatever it was: the next question gets a connection that knows nothing of it.
            self._let_go()
            raise
        finally:
            with self._gate:
                self._is_reading = False
                self._gate.notify_all()
                is_awaited = self._is_awaited
            if is_awaited:
                self._when_still()

    def _read(self, work: Callable[[UnitOfWork], T]) -> T:
        with mapped_errors():
            connection = self._opened()
            unit = UnitOfWork(connection)
            with connection.begin() as transaction:
                answer = work(unit)
                transaction.rollback()
        return answer

    def _opened(self) -> Connection:
        if self._connection is None:
            self._connection = self._database.open_for_reading()
            driver_of(self._connection).set_progress_handler(self._give_way, STEPS)
        return self._connection

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            with mapped_errors():
                connection.invalidate()
                connection.close()
        except StoreError:
            _log.warning("a connection that only read was not closed cleanly", exc_info=True)

    def _give_way(self) -> int:
        """Called amid a statement; anything but 0 cuts it off: somebody waits until nobody reads.

        Both share one interpreter: the cashier gets it for himself.
        """
        while self._cashier_waits() and not self._is_still and self._pauses < PAUSES_MAX:
            self._pauses += 1
            time.sleep(PAUSE_S)
        self._was_cut |= self._is_still
        return int(self._is_still)
