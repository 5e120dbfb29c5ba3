"""The receipt printer at the other end of a line: asked first, then printed, then asked again.

Owns: how a paper is handed over so that half of one is noticed, and the drawer's pulse. Does not
own: the lines (printer_link.py), the status bytes (printer_status.py), what is printed
(receipt_escpos.py), keeping what did not come out (print_queue.py).

A printer that never answers is printed to unasked: many cheap ones are like that.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Callable

from app.devices.paper_rows import PrintedPaper
from app.devices.printer_link import Link, Patience, Place
from app.devices.printer_status import (
    ASK_BEHIND_LAST_LINE,
    ASK_OFFLINE_CAUSE,
    ASK_PAPER,
    PULSE_AT_ONCE,
    PrinterCondition,
    condition,
    is_behind_last_line,
    is_status,
)
from app.devices.printers import NotPrinted, NotThere, Printed, PrintResult, Typesetting
from app.devices.receipt_escpos import drawer_pulse_bytes, receipt_bytes


class LinkPrinter:
    """An ESC/POS printer on TCP, serial or USB. The line is opened for each job and given back:
    a printer in the network serves several tills."""

    def __init__(
        self, place: Place, typesetting: Typesetting, patience: Patience | None = None
    ) -> None:
        self._place = place
        self._typesetting = typesetting
        self._patience = patience or Patience()
        self._has_answered: bool | None = None
        """None: not known yet. False: it does not speak, asking again would only cost time."""
        self._tells_end = True

    def print_receipt(self, receipt: PrintedPaper, *, again: bool = False) -> PrintResult:
        """Hand the whole paper over and wait until it is out, where the printer can say so."""
        setting = self._typesetting
        data = receipt_bytes(receipt, setting.words_for, paper=setting.paper, again=again)
        return self._with_talk(lambda talk: self._print(talk, data))

    def open_drawer(self) -> PrintResult:
        """The pulse; at a printer without paper too: the change has to be given."""
        return self._with_talk(self._pulse)

    def _with_talk(self, act: Callable[[_Talk], PrintResult]) -> PrintResult:
        try:
            link = self._place.open(self._patience)
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EPERM):
                return NotPrinted("not_allowed", str(error))
            if error.errno == errno.EBUSY:
                return NotPrinted("busy", str(error))  # another program has the port
            return NotThere(self._place.where)
        talk = _Talk(link, self._patience.answer_s)
        try:
            return act(talk)
        except OSError as error:
            return self._broken(error, talk)
        finally:
            link.close()

    def _broken(self, error: OSError, talk: _Talk) -> PrintResult:
        if isinstance(error, TimeoutError) or "imeout" in type(error).__name__:
            # Serial and USB have time-outs of their own, which are no TimeoutError.
            return NotPrinted("no_answer", str(error), in_part=talk.has_begun)
        if error.errno == errno.ECONNABORTED and not talk.has_begun:
            return NotPrinted("busy", str(error))  # it took the call and hung up: another till's
        return NotThere(self._place.where, in_part=talk.has_begun)

    def _print(self, talk: _Talk, data: bytes) -> PrintResult:
        refusal = self._refusal(talk)
        if refusal is not None:
            return refusal
        talk.has_begun = True
        talk.link.send(data)
        if not self._has_answered or not self._tells_end:
            talk.link.drain(self._patience.answer_s)
            return Printed()
        return self._wait_for_end(talk)

    def _refusal(self, talk: _Talk) -> NotPrinted | None:
        """Why nothing should be sent now. It notices whether the printer speaks at all."""
        if self._has_answered is False:
            return None
        found = talk.ask()
        if found is None and self._has_answered:
            return NotPrinted("no_answer", "it used to answer")
        self._has_answered = found is not None
        return _refused(found)

    def _wait_for_end(self, talk: _Talk) -> PrintResult:
        deadline = time.monotonic() + self._patience.finish_s
        talk.link.send(ASK_BEHIND_LAST_LINE)
        found: PrinterCondition | None = None
        while time.monotonic() < deadline:
            talk.listen()
            if talk.is_through:
                return Printed()
            found = talk.ask()
            refusal = _refused(found, in_part=True)
            if refusal is not None and not talk.is_through:
                return refusal
        if found is None:
            return NotPrinted("no_answer", "silent in the middle", in_part=True)
        # Ready and silent about the last line: a model without that question.
        self._tells_end = False
        return Printed()

    def _pulse(self, talk: _Talk) -> PrintResult:
        refusal = self._refusal(talk)
        if refusal is not None and refusal.reason == "no_answer":
            return refusal
        talk.link.send(drawer_pulse_bytes() if refusal is None else PULSE_AT_ONCE)
        talk.link.drain(self._patience.answer_s)
        return Printed()


class _Talk:
    """Questions and answers over one open line."""

    def __init__(self, link: Link, answer_s: float) -> None:
        self.link = link
        self.has_begun = False
        """Whether a part of a paper may have come out."""
        self.is_through = False
        """Whether the printer has answered from behind the last line."""
        self._answer_s = answer_s

    def ask(self) -> PrinterCondition | None:
        """How the printer is; None where it does not answer."""
        cause = self._question(ASK_OFFLINE_CAUSE)
        paper = None if cause is None else self._question(ASK_PAPER)
        return None if cause is None or paper is None else condition(cause, paper)

    def listen(self) -> None:
        """Hear what comes by itself, for the time of one answer."""
        self._hear()

    def _question(self, question: bytes) -> int | None:
        self.link.send(question)
        return self._hear()

    def _hear(self) -> int | None:
        """The next status byte; rubbish on the line is skipped, within the time."""
        deadline = time.monotonic() + self._answer_s
        while not self.is_through and (left_s := deadline - time.monotonic()) > 0:
            for byte in self.link.answer(left_s):
                if is_status(byte):
                    return byte
                self.is_through |= self.has_begun and is_behind_last_line(byte)
        return None


def _refused(found: PrinterCondition | None, *, in_part: bool = False) -> NotPrinted | None:
    match found:
        case None | "ready":
            return None
        case "error":
            return NotPrinted("other", "the printer reports an error", in_part=in_part)
        case reason:
            return NotPrinted(reason, "the printer says so", in_part=in_part)
