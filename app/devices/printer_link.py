"""The lines to a receipt printer: TCP, serial and USB, over the printer library.

Owns: opening, sending with a time-out, hearing what the printer answers, closing. Does not own:
what is sent and what an answer means (link_printer.py). The printer library is imported late: it
takes half a second, and links are opened in the print thread only. Every trouble is an OSError.
"""

from __future__ import annotations

import contextlib
import errno
import select
import socket
import time
from dataclasses import dataclass
from typing import Any, Protocol

_CHUNK_BYTES = 512
_ANSWER_BYTES = 64


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the print thread waits, in seconds."""

    connect_s: float = 3.0
    write_s: float = 5.0
    answer_s: float = 1.0
    """For a status byte; printers answer within some milliseconds."""
    finish_s: float = 15.0
    """For the last line of a long paper."""


class Link(Protocol):
    """An open line to a printer. Every call may raise OSError: the line is broken."""

    def send(self, data: bytes) -> None:
        """Hand all bytes over. TimeoutError where the printer takes no more."""
        ...

    def answer(self, wait_s: float) -> bytes:
        """What the printer says within the time, as soon as it says something; else nothing."""
        ...

    def drain(self, wait_s: float) -> None:
        """Wait until what was sent has left this machine, as far as the line can tell."""
        ...

    def close(self) -> None:
        """Give the line back. Never raises and never waits long."""
        ...


class Place(Protocol):
    """Where a printer is, before anybody has gone there."""

    @property
    def where(self) -> str: ...

    def open(self, patience: Patience) -> Link: ...


@dataclass(frozen=True, slots=True)
class TcpPlace:
    """A printer in the shop's network, usually at port 9100."""

    host: str
    port: int

    @property
    def where(self) -> str:
        return f"{self.host}:{self.port}"

    def open(self, patience: Patience) -> Link:
        return _TcpLink(self, patience)


@dataclass(frozen=True, slots=True)
class SerialPlace:
    """A printer on a serial line: 8 data bits, no parity, one stop bit."""

    port: str
    baud: int

    @property
    def where(self) -> str:
        return self.port

    def open(self, patience: Patience) -> Link:
        return _SerialLink(self, patience)


@dataclass(frozen=True, slots=True)
class UsbPlace:
    """A printer on USB by the numbers of maker and model. `backend` None: the system's own."""

    vendor: int
    product: int
    backend: object | None = None

    @property
    def where(self) -> str:
        return f"USB {self.vendor:04x}:{self.product:04x}"

    def open(self, patience: Patience) -> Link:
        return _UsbLink(self, patience)


class _TcpLink:
    def __init__(self, place: TcpPlace, patience: Patience) -> None:
        from escpos.printer import Network

        self._printer: Any = Network(place.host, place.port, timeout=patience.write_s)
        self._write_s = patience.write_s
        # WORKAROUND python-escpos 3.1: its own open() knows no IPv6 and leaves a socket that did
        # not connect open until the memory is tidied up.
        self._socket = socket.create_connection(
            (place.host, place.port), timeout=patience.connect_s
        )
        self._printer.device = self._socket

    def send(self, data: bytes) -> None:
        self._socket.settimeout(self._write_s)
        for start in range(0, len(data), _CHUNK_BYTES):
            if start and self._is_hung_up():
                raise ConnectionAbortedError(errno.ECONNABORTED, "hung up in the middle")
            self._printer._raw(data[start : start + _CHUNK_BYTES])

    def _is_hung_up(self) -> bool:
        readable, _, _ = select.select([self._socket], [], [], 0)
        return bool(readable) and self._socket.recv(_ANSWER_BYTES) == b""

    def answer(self, wait_s: float) -> bytes:
        self._socket.settimeout(max(wait_s, 0.001))
        try:
            heard: bytes = self._printer._read()
        except TimeoutError:
            return b""
        if not heard:
            raise ConnectionAbortedError(errno.ECONNABORTED, "hung up")
        return heard

    def drain(self, wait_s: float) -> None:
        # A printer that throws away what it has not read resets the line instead of closing it.
        self._socket.shutdown(socket.SHUT_WR)
        self._socket.settimeout(wait_s)
        with contextlib.suppress(TimeoutError):
            while self._socket.recv(_ANSWER_BYTES):
                pass

    def close(self) -> None:
        self._printer.close()


class _SerialLink:
    def __init__(self, place: SerialPlace, patience: Patience) -> None:
        from escpos.printer import Serial

        self._printer: Any = Serial(place.port, baudrate=place.baud, timeout=patience.answer_s)
        self._port: Any = _opened(self._printer)
        self._port.write_timeout = patience.write_s
        self._write_s = patience.write_s

    def send(self, data: bytes) -> None:
        self._printer._raw(data)

    def answer(self, wait_s: float) -> bytes:
        # The printer library waits for 16 bytes; an answer is one, and what follows is taken along.
        self._port.timeout = max(wait_s, 0.001)
        first: bytes = self._port.read(1)
        waiting: int = self._port.in_waiting if first else 0
        return first + bytes(self._port.read(waiting))

    def drain(self, wait_s: float) -> None:
        deadline = time.monotonic() + self._write_s + wait_s
        while self._port.out_waiting:
            if time.monotonic() > deadline:
                raise TimeoutError(errno.ETIMEDOUT, "the printer takes no more")
            time.sleep(0.01)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            # What a standing printer did not take would hold the closing for ever.
            if self._port.out_waiting:
                self._port.reset_output_buffer()
            self._printer.close()


class _UsbLink:
    def __init__(self, place: UsbPlace, patience: Patience) -> None:
        from escpos.printer import Usb

        arguments = {} if place.backend is None else {"backend": place.backend}
        self._printer: Any = Usb(
            place.vendor, place.product, arguments, timeout=int(patience.write_s * 1000)
        )
        self._device: Any = _opened(self._printer)
        self._can_answer = self._choose_endpoints()

    def _choose_endpoints(self) -> bool:
        """Makers number them as they like; the first of each direction is the printer's."""
        from usb import util

        way_in = None
        for endpoint in self._device.get_active_configuration()[(0, 0)]:
            if util.endpoint_direction(endpoint.bEndpointAddress) == util.ENDPOINT_IN:
                way_in = way_in or endpoint.bEndpointAddress
            else:
                self._printer.out_ep = endpoint.bEndpointAddress
        self._printer.in_ep = way_in
        return way_in is not None

    def send(self, data: bytes) -> None:
        self._printer._raw(data)

    def answer(self, wait_s: float) -> bytes:
        from usb.core import USBTimeoutError

        if not self._can_answer:
            return b""
        try:
            heard = self._device.read(
                self._printer.in_ep, _ANSWER_BYTES, max(1, int(wait_s * 1000))
            )
        except USBTimeoutError:
            return b""
        return bytes(heard)

    def drain(self, wait_s: float) -> None:
        """A USB write returns when the printer has taken it."""

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._printer.close()


def _opened(printer: Any) -> Any:
    """The device under a printer of the library, opened. OSError where it is not there."""
    from escpos.exceptions import Error

    try:
        printer.open()
    except (Error, ValueError) as error:  # ValueError: USB without its system library
        cause = error.__context__
        number = cause.errno if isinstance(cause, OSError) and cause.errno else errno.ENODEV
        raise OSError(number, str(error)) from error
    return printer.device
