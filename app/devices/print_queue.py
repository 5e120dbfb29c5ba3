"""The print queue: the one thread that talks to the printer, and what state it is in.

Owns: the thread, the order of jobs, the state a screen shows, trying again. Does not own: the
printers (printers.py), the words for the state. Asking never waits for the printer: a sale goes
on when the paper is out.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from app.devices.paper_rows import PrintedPaper
from app.devices.printers import (
    NoPrintReason,
    NotPrinted,
    NotThere,
    Printed,
    PrintResult,
    ReceiptPrinter,
)

_log = logging.getLogger(__name__)

JOBS_MAX = 100
"""More than a morning of receipts: what is beyond it is printed again from the sales."""


@dataclass(frozen=True, slots=True)
class Ready:
    """Nothing waits, the last job came out."""


@dataclass(frozen=True, slots=True)
class Busy:
    """`waiting` jobs are printing or in line."""

    waiting: int


@dataclass(frozen=True, slots=True)
class PrinterNotThere:
    """The last job found no printer. `kept` jobs wait for `try_again`.

    `in_part`: a piece of the first one came out; it is printed again whole and marked.
    """

    where: str
    kept: int
    in_part: bool = False


@dataclass(frozen=True, slots=True)
class PrinterFailed:
    """The last job was refused: `reason` is a code of printers.NotPrinted. `kept` jobs wait.

    `in_part`: a piece of the first one came out; it is printed again whole and marked.
    """

    reason: NoPrintReason
    kept: int
    in_part: bool = False


PrinterState = Ready | Busy | PrinterNotThere | PrinterFailed


@dataclass(frozen=True, slots=True)
class _Job:
    """A receipt to print, or the drawer to open where there is none.

    `again`: a piece of the receipt has come out before.
    """

    receipt: PrintedPaper | None
    again: bool = False

    def run(self, printer: ReceiptPrinter) -> PrintResult:
        if self.receipt is None:
            return printer.open_drawer()
        return printer.print_receipt(self.receipt, again=self.again)


class PrintQueue:
    """Prints one job after the other on a thread of its own; fits services' PrintQueue and Drawer.

    A receipt that could not be printed is kept, in order, for `try_again`; a new receipt tries
    the printer again by itself and the kept ones follow. A drawer pulse is never kept: a drawer
    that springs open minutes later is a theft. `on_change` is called on the print thread or the
    asking one, after each change of state, with the state; it must not ask the queue to close.
    """

    def __init__(
        self, printer: ReceiptPrinter, *, on_change: Callable[[PrinterState], None] | None = None
    ) -> None:
        self._printer = printer
        self._listeners = [on_change] if on_change is not None else []
        self._waiting: deque[_Job] = deque()
        self._kept: deque[_Job] = deque()
        self._running = self._telling = False
        self._trouble: NotThere | NotPrinted | None = None
        self._closing = False
        self._changed = threading.Condition()
        # A daemon: a printer that hangs must not keep a closed till alive.
        self._thread = threading.Thread(target=self._work, name="print", daemon=True)
        self._thread.start()

    def print_receipt(self, receipt: PrintedPaper) -> None:
        """Line it up and return at once."""
        self._line_up(_Job(receipt))

    def open_drawer(self) -> None:
        """Line the pulse up behind what is printing and return at once."""
        self._line_up(_Job(None))

    def try_again(self) -> None:
        """Put the kept receipts in line again, oldest first."""
        with self._changed:
            self._waiting.extendleft(reversed(self._kept))
            self._kept.clear()
            self._changed.notify_all()
        self._tell()

    def use_printer(self, printer: ReceiptPrinter) -> None:
        """Print the following jobs elsewhere (the setting was changed)."""
        with self._changed:
            self._printer = printer
            self._trouble = None
        self.try_again()

    def listen(self, on_change: Callable[[PrinterState], None]) -> None:
        """Tell this one too, under the rules of `on_change`. For as long as the queue lives."""
        self._listeners.append(on_change)

    def waiting(self) -> tuple[str, ...]:
        """The codes of the papers that are in line or kept, the next one first."""
        with self._changed:
            jobs = (*self._kept, *self._waiting)
            return tuple(job.receipt.code for job in jobs if job.receipt is not None)

    def state(self) -> PrinterState:
        """What a screen should say now."""
        with self._changed:
            return self._state()

    def wait_until_idle(self, timeout_s: float) -> bool:
        """Wait until nothing is in line and every listener knows how it ended.

        False where the time ran out first.
        """
        with self._changed:
            return self._changed.wait_for(
                lambda: not (self._waiting or self._running or self._telling), timeout=timeout_s
            )

    def close(self, timeout_s: float = 5.0) -> None:
        """Finish what is in line, within the time, and end the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(timeout_s)

    def _line_up(self, job: _Job) -> None:
        with self._changed:
            if self._closing:
                _log.warning("print job after closing: left out")
                return
            if job.receipt is not None:
                # The kept ones go first, so that papers come out in the order of the sales.
                self._waiting.extendleft(reversed(self._kept))
                self._kept.clear()
            self._waiting.append(job)
            self._forget_too_many(self._waiting)
            self._changed.notify_all()
        self._tell()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closing)
                if not self._waiting:
                    return
                job, printer = self._waiting.popleft(), self._printer
                self._running = True
            result = self._run(job, printer)
            with self._changed:
                self._running, self._telling = False, True
                self._settle(job, result)
            self._tell()
            with self._changed:
                self._telling = False
                self._changed.notify_all()

    def _run(self, job: _Job, printer: ReceiptPrinter) -> PrintResult:
        try:
            return job.run(printer)
        except Exception as bug:  # noqa: BLE001 - a bug in one receipt must not end a day's printing
            _log.exception("printing failed")
            return NotPrinted("other", type(bug).__name__)

    def _settle(self, job: _Job, result: PrintResult) -> None:
        if isinstance(result, Printed):
            # A drawer opens at a printer without paper: the kept receipts are not out yet.
            if job.receipt is not None or not self._kept:
                self._trouble = None
            return
        _log.warning("not printed: %s", result)
        self._trouble = result
        if self._closing:
            return
        # One failure speaks for all: the rest would only fail one by one, slowly.
        failed = [replace(job, again=job.again or result.in_part), *self._waiting]
        self._waiting.clear()
        self._kept.extend(waiting for waiting in failed if waiting.receipt is not None)
        self._forget_too_many(self._kept)

    def _forget_too_many(self, jobs: deque[_Job]) -> None:
        while len(jobs) > JOBS_MAX:
            jobs.popleft()
            _log.warning("more than %d receipts wait: the oldest is left out", JOBS_MAX)

    def _state(self) -> PrinterState:
        waiting = len(self._waiting) + self._running
        if waiting:
            return Busy(waiting)
        match self._trouble:
            case None:
                return Ready()
            case NotThere(where, in_part):
                return PrinterNotThere(where, len(self._kept), in_part)
            case NotPrinted(reason, _, in_part):
                return PrinterFailed(reason, len(self._kept), in_part)

    def _tell(self) -> None:
        state = self.state()
        for tell in self._listeners:
            tell(state)
