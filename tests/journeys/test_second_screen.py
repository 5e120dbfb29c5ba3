"""A second screen on a real X server: it comes, is touched, is pulled out and comes back.

Owns: monitors of a virtual X server that come and go (RandR), as a cable does.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from ctypes.util import find_library
from typing import Any

import pytest
from PIL import Image

from tests.journeys.test_display import (
    PAY_CODE,
    ROOT,
    Desk,
    PreparedShop,
    prepared,
    till_is_open,
    until,
)
from tests.real_shop import MILK, TOWEL
from ui.theme.tokens import LIGHT

__all__ = ["prepared"]
pytestmark = [pytest.mark.journey, pytest.mark.display]
TILL = (0, 0, 1366, 768)
CUSTOMER = (1366, 0, 1024, 600)
MIDDLE, LANGUAGE_KEY = (1366 + 300, 300), (1366 + 960, 40)


class _MonitorInfo(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_ulong), ("primary", ctypes.c_int), ("automatic", ctypes.c_int),
        ("output_count", ctypes.c_int), ("x", ctypes.c_int), ("y", ctypes.c_int),
        ("width", ctypes.c_int), ("height", ctypes.c_int),
        ("mm_width", ctypes.c_int), ("mm_height", ctypes.c_int), ("outputs", ctypes.c_void_p),
    ]  # fmt: skip


class Monitors:
    """The monitors of an X server, as somebody plugs them."""

    def __init__(self, display: str) -> None:
        x11, randr = find_library("X11"), find_library("Xrandr")
        if x11 is None or randr is None:
            pytest.skip("no libXrandr to plug a monitor with")
        self._x: Any = ctypes.CDLL(x11)
        self._randr: Any = ctypes.CDLL(randr)
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._x.XDefaultRootWindow.restype = ctypes.c_ulong
        self._x.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
        self._x.XInternAtom.restype = ctypes.c_ulong
        self._x.XInternAtom.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
        self._x.XSync.argtypes = [ctypes.c_void_p, ctypes.c_int]
        self._x.XCloseDisplay.argtypes = [ctypes.c_void_p]
        monitor = ctypes.POINTER(_MonitorInfo)
        self._randr.XRRSetMonitor.argtypes = [ctypes.c_void_p, ctypes.c_ulong, monitor]
        self._randr.XRRDeleteMonitor.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong]
        self._randr.XRRGetMonitors.restype = monitor
        self._randr.XRRGetMonitors.argtypes = [
            ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.POINTER(ctypes.c_int),
        ]  # fmt: skip
        self._display = self._x.XOpenDisplay(display.encode())
        assert self._display, "the X server does not answer"
        self._root = self._x.XDefaultRootWindow(self._display)

    def plug(self, name: str, area: tuple[int, int, int, int], *, is_tills: bool = False) -> None:
        """A monitor is there. The till's takes over the one output of a virtual server."""
        outputs, count = None, 0
        if is_tills:
            found = ctypes.c_int()
            first = self._randr.XRRGetMonitors(
                self._display, self._root, 1, ctypes.byref(found)
            )[0]  # fmt: skip
            outputs, count = first.outputs, first.output_count
        x, y, width, height = area
        made = _MonitorInfo(
            self._atom(name), int(is_tills), 0, count, x, y, width, height, width // 4,
            height // 4, outputs,
        )  # fmt: skip
        self._randr.XRRSetMonitor(self._display, self._root, ctypes.byref(made))
        self._x.XSync(self._display, 0)

    def pull(self, name: str) -> None:
        """Its cable is out."""
        self._randr.XRRDeleteMonitor(self._display, self._root, self._atom(name))
        self._x.XSync(self._display, 0)

    def close(self) -> None:
        self._x.XCloseDisplay(self._display)

    def _atom(self, name: str) -> int:
        return int(self._x.XInternAtom(self._display, name.encode(), 0))


@pytest.fixture
def two_screens() -> Iterator[tuple[str, Monitors]]:
    """A virtual X server with the till's monitor and, right of it, the customer's."""
    for tool in ("Xvfb", "xdotool"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed (.ci/run fetches it)")
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "2390x768x24", "-noreset", "-nolisten", "tcp"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert server.stdout is not None
    number = server.stdout.readline().decode().strip()
    assert number, "Xvfb did not start"
    monitors = Monitors(f":{number}")
    monitors.plug("TILL", TILL, is_tills=True)
    monitors.plug("CUSTOMER", CUSTOMER)
    yield f":{number}", monitors
    monitors.close()
    server.terminate()
    server.wait(30)
    server.stdout.close()


@pytest.fixture
def desk(two_screens: tuple[str, Monitors], prepared: PreparedShop) -> Iterator[Desk]:
    """`main.py --dir` on the first screen, its sign-in in front."""
    import os

    display = two_screens[0]
    environment = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb",
                                "ZHANGGUI_KEY_FILE": "1", "LANG": "zh_CN.UTF-8"}  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), "--dir", str(prepared.home)],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    at_desk = Desk(process, display)
    try:
        till = at_desk.xdotool("search", "--sync", "--onlyvisible", "--name", "掌柜").split()
        at_desk.xdotool("windowfocus", "--sync", till[0])
        until(lambda: at_desk.shows("bg_selected", at_least=5_000), "the sign-in")
        time.sleep(0.5)
        yield at_desk
    finally:
        if process.poll() is None:
            at_desk.kill()


def customers(desk: Desk) -> Image.Image:
    """What the customer sees."""
    x, y, width, height = CUSTOMER
    return desk.picture().convert("RGB").crop((x, y, x + width, y + height))


def shows(picture: Image.Image, token: str, *, at_least: int) -> bool:
    wanted = tuple(bytes.fromhex(LIGHT[token].removeprefix("#")))
    counted = picture.getcolors(1 << 24) or []
    return sum(count for count, colour in counted if colour == wanted) >= at_least


def test_the_customer_reads_along_and_the_scanner_stays_at_the_till(
    desk: Desk, prepared: PreparedShop
) -> None:
    until(lambda: shows(customers(desk), "bg_app", at_least=300_000), "the customer display")
    desk.scan(prepared.badge)
    until(lambda: till_is_open(desk), "the till")
    desk.scan(prepared.card)
    desk.scan(MILK)
    # The newest row is tinted, on the customer's screen too.
    until(lambda: shows(customers(desk), "row_current", at_least=20_000), "the goods")
    desk.xdotool("mousemove", *map(str, MIDDLE))
    desk.xdotool("click", "1")
    desk.scan(TOWEL)
    desk.xdotool("mousemove", *map(str, LANGUAGE_KEY))
    desk.xdotool("click", "1")
    desk.scan(MILK)
    desk.scan(PAY_CODE)
    until(lambda: len(prepared.papers()) == 1, "the receipt")
    desk.kill()
    (sale,) = prepared.sales()
    assert sorted(line.sku for line in sale.lines) == ["milk", "towel"]
    assert sale.receipt.lines[0].quantity == "2"


def test_a_screen_that_is_pulled_out_stops_nothing_and_is_found_again(
    desk: Desk, prepared: PreparedShop, two_screens: tuple[str, Monitors]
) -> None:
    monitors = two_screens[1]
    until(lambda: shows(customers(desk), "bg_app", at_least=300_000), "the customer display")
    desk.scan(prepared.badge)
    until(lambda: till_is_open(desk), "the till")
    desk.scan(MILK)
    monitors.pull("CUSTOMER")
    until(lambda: not shows(customers(desk), "bg_app", at_least=100_000), "the empty screen")
    desk.scan(TOWEL)
    monitors.plug("CUSTOMER", CUSTOMER)
    until(lambda: shows(customers(desk), "row_current", at_least=20_000), "the goods again")
    desk.scan(PAY_CODE)
    until(lambda: len(prepared.papers()) == 1, "the receipt")
    desk.kill()
    (sale,) = prepared.sales()
    assert sorted(line.sku for line in sale.lines) == ["milk", "towel"]
