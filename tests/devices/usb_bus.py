"""A USB bus with one receipt printer on it, below the real USB library.

Owns: the descriptors of a printer and its two endpoints, moving bytes. Does not own: how the
printer answers (counter_printer.py).
"""

from __future__ import annotations

import array
import errno
from collections import deque
from types import SimpleNamespace
from typing import Any

from usb.backend import IBackend
from usb.core import USBError, USBTimeoutError

from tests.devices.counter_printer import CounterPrinter, Manners

VENDOR, PRODUCT = 0x04B8, 0x0E15
WAY_OUT, WAY_IN = 0x03, 0x84
"""Other numbers than the printer library takes for granted."""
_BULK = 2


class UsbBus(IBackend):  # type: ignore[misc]  # the library carries no types
    """What the system's USB library does, with a printer of the given manners or none."""

    def __init__(self, manners: Manners | None, *, can_answer: bool = True) -> None:
        self.printer = CounterPrinter(manners or Manners())
        self.is_plugged_in = manners is not None
        self._can_answer = can_answer
        self._answers: deque[bytes] = deque()
        self._got = bytearray()
        self._asked = 0

    @property
    def got(self) -> bytes:
        return bytes(self._got)

    def enumerate_devices(self) -> Any:
        return iter(["the printer"] if self.is_plugged_in else [])

    def get_device_descriptor(self, device: Any) -> Any:
        return _Descriptor(idVendor=VENDOR, idProduct=PRODUCT, bNumConfigurations=1)

    def get_configuration_descriptor(self, device: Any, config: int) -> Any:
        if config:
            raise IndexError
        return _Descriptor(bNumInterfaces=1, bConfigurationValue=1)

    def get_interface_descriptor(self, device: Any, at: int, alternate: int, config: int) -> Any:
        if at or alternate:
            raise IndexError
        return _Descriptor(bNumEndpoints=2 if self._can_answer else 1, bInterfaceClass=7)

    def get_endpoint_descriptor(
        self, device: Any, at: int, interface: int, alternate: int, config: int
    ) -> Any:
        addresses = (WAY_OUT, WAY_IN) if self._can_answer else (WAY_OUT,)
        return _Descriptor(bEndpointAddress=addresses[at], bmAttributes=_BULK, wMaxPacketSize=64)

    def open_device(self, device: Any) -> Any:
        return device

    def close_device(self, handle: Any) -> None: ...

    def get_configuration(self, handle: Any) -> int:
        return 1

    def set_configuration(self, handle: Any, value: int) -> None: ...

    def claim_interface(self, handle: Any, interface: int) -> None: ...

    def release_interface(self, handle: Any, interface: int) -> None: ...

    def reset_device(self, handle: Any) -> None: ...

    def bulk_write(
        self, handle: Any, endpoint: int, interface: int, data: Any, timeout_ms: int
    ) -> int:
        assert endpoint == WAY_OUT
        manners, sent = self.printer.manners, bytes(data)
        if (
            manners.hangs_up_after is not None
            and len(self._got) + len(sent) > manners.hangs_up_after
        ):
            raise USBError("no such device", errno.ENODEV, errno.ENODEV)
        if manners.stops_after is not None and len(self._got) + len(sent) > manners.stops_after:
            assert timeout_ms > 0, "0 would wait for ever"
            raise USBTimeoutError("timed out", errno.ETIMEDOUT, errno.ETIMEDOUT)
        self._got += sent
        self._asked = self.printer._answer(bytes(self._got), self._asked, self._answers.append)
        return len(sent)

    def bulk_read(
        self, handle: Any, endpoint: int, interface: int, buffer: array.array[int], timeout_ms: int
    ) -> int:
        assert endpoint == WAY_IN
        if not self._answers:
            raise USBTimeoutError("timed out", errno.ETIMEDOUT, errno.ETIMEDOUT)
        answer = self._answers.popleft()
        buffer[: len(answer)] = array.array("B", answer)
        return len(answer)


class _Descriptor(SimpleNamespace):
    """The fields a printer differs by; every other one is 0."""

    def __getattr__(self, name: str) -> int:
        if name.startswith("__"):
            raise AttributeError(name)
        return 0
