"""Journeys on a real X server: the till as a process of its own, real key events, a real picture.

Owns: the virtual screen, a prepared shop in a folder, pressing keys as hands and scanners do.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageGrab

import main
from app.commands import shops
from app.devices.machine import SystemClock
from app.domain.facts import SaleRecorded, read_fact
from app.domain.settings import Settings
from app.services.joining import Joined, NewMember, join_member
from app.services.opening import open_till
from app.services.program import put_program
from app.services.staff import (
    NewStaff,
    SignedIn,
    StaffSaved,
    put_new_staff,
    sign_in_with_pin,
    sign_out,
)
from app.store.opening import open_store
from tests.real_shop import MILK, PRODUCTS, PROGRAM, TOWEL
from ui.theme.tokens import LIGHT

pytestmark = [pytest.mark.journey, pytest.mark.display, pytest.mark.timeout(400)]
ROOT = Path(__file__).parent.parent.parent
PATIENCE_S = 180
"""A till starts in a second; a machine that builds beside it may need many."""
PAY_CODE = "134567890123456788"
BEFORE_OTHERS = ("nice", "-n", "-10")
"""A scanner's keys come evenly however busy the till is: neither the screen's server, which stamps
them, nor whoever presses them may wait for a processor (not allowed: it warns, and goes on)."""


@dataclass(frozen=True)
class PreparedShop:
    """A shop in a folder, as a till finds it in the morning."""

    home: Path
    paper: Path
    badge: str
    card: str

    def papers(self) -> list[str]:
        return [path.read_text("utf-8") for path in sorted(self.paper.glob("*.txt"))]

    def sales(self) -> list[SaleRecorded]:
        """Read from the file, once the till has let go of it."""
        store = open_store(shops.made_setting(self.home), now=datetime.now(UTC))
        try:
            stored = store.lane.submit(lambda work: work.facts.all_facts()).result()
        finally:
            store.close()
        facts = [read_fact(each.data) for each in stored]
        return [fact for fact in facts if isinstance(fact, SaleRecorded)]


@pytest.fixture
def prepared(tmp_path: Path) -> PreparedShop:
    home, paper = tmp_path / "till", tmp_path / "paper"
    paper.mkdir()
    settings = Settings(
        store_name="人民路店", mobile_terminal="simulated", printer=f"folder+txt:{paper}"
    )
    with main.new_shop(home, settings, SystemClock()) as opened:

        def ask(service: Callable[..., Any], **wanted: Any) -> Any:
            return opened.lane.run(lambda work: service(shop=opened.shop, work=work, **wanted))

        ask(put_program, toml=PROGRAM)
        saved = ask(put_new_staff, person=NewStaff("李明", "cashier", "2580", with_badge=True))
        assert isinstance(saved, StaffSaved)
        assert saved.badge_code is not None

        def stock(work: Any) -> None:
            for product in PRODUCTS:
                work.products.put(product)
            work.settings.put_setup_step("done")

        opened.lane.run(stock)
        ask(open_till)
        assert isinstance(ask(sign_in_with_pin, staff_id=saved.staff_id, pin="2580"), SignedIn)
        new = NewMember(phone="13712342468", consents=frozenset({"membership"}),
                        put_on_basket=False)  # fmt: skip
        joined = ask(join_member, new=new)
        assert isinstance(joined, Joined)
        ask(sign_out)
    return PreparedShop(home, paper, saved.badge_code, joined.card_code)


# ------------------------------------------------------------------ the screen and its keys


@pytest.fixture
def display() -> Iterator[str]:
    """A virtual screen of 1366 x 768; its name."""
    for tool in ("Xvfb", "xdotool"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed (.ci/run fetches it)")
    read, write = os.pipe()
    server = subprocess.Popen(
        [
            *BEFORE_OTHERS, "Xvfb", "-displayfd", str(write), "-screen", "0", "1366x768x24",
            "-nolisten", "tcp",
        ],
        pass_fds=(write,), stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    with os.fdopen(read) as line:
        number = line.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}"
    server.terminate()
    server.wait(30)


@dataclass
class Desk:
    """The till's process on its screen."""

    process: subprocess.Popen[bytes]
    display: str

    def xdotool(self, *words: str) -> str:
        answer = subprocess.run(
            [*BEFORE_OTHERS, "xdotool", *words], env=os.environ | {"DISPLAY": self.display},
            capture_output=True, text=True, check=True, timeout=PATIENCE_S,
        )  # fmt: skip
        return answer.stdout

    def scan(self, code: str) -> None:
        """A scanner: a key every 8 ms and Enter at the end."""
        self.xdotool("key", "--delay", "8", *code, "Return")
        time.sleep(0.6)  # the next code comes from another hand, and a double read is dropped

    def type(self, text: str) -> None:
        self.xdotool("type", "--delay", "150", text)

    def press(self, *keys: str) -> None:
        self.xdotool("key", "--delay", "150", *keys)

    def picture(self) -> Image.Image:
        return ImageGrab.grab(xdisplay=self.display)

    def shows(self, token: str, *, at_least: int) -> bool:
        """Whether so many pixels have this colour of the light theme."""
        wanted = tuple(bytes.fromhex(LIGHT[token].removeprefix("#")))
        counted = self.picture().convert("RGB").getcolors(1 << 24) or []
        return sum(count for count, colour in counted if colour == wanted) >= at_least

    def kill(self) -> None:
        """As a power cut does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)


@pytest.fixture
def desk(display: str, prepared: PreparedShop) -> Iterator[Desk]:
    """`main.py --dir` on the virtual screen, its sign-in in front."""
    environment = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb",
                                "ZHANGGUI_KEY_FILE": "1", "LANG": "zh_CN.UTF-8"}  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), "--dir", str(prepared.home)],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    at_desk = Desk(process, display)
    try:
        window = at_desk.xdotool("search", "--sync", "--onlyvisible", "--class", "zhanggui").split()
        at_desk.xdotool("windowfocus", "--sync", window[0])
        until(lambda: at_desk.shows("bg_selected", at_least=5_000), "the sign-in")
        time.sleep(0.5)
        yield at_desk
    finally:
        if process.poll() is None:
            at_desk.kill()


def until(is_so: Callable[[], bool], what: str) -> None:
    """Wait for it; fails only if it never comes."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline_s, f"{what} never came"
        time.sleep(0.1)


def till_is_open(desk: Desk) -> bool:
    """The sign-in is gone, and with it the chosen person's tile, 234 x 80."""
    return not desk.shows("bg_selected", at_least=5_000)


# ------------------------------------------------------------------ journeys


def test_a_members_sale_by_four_scans_from_the_badge_to_the_paper(
    desk: Desk, prepared: PreparedShop
) -> None:
    desk.scan(prepared.badge)
    until(lambda: till_is_open(desk), "the till")
    desk.scan(prepared.card)
    desk.scan(MILK)
    desk.scan(PAY_CODE)
    until(lambda: len(prepared.papers()) == 1, "the receipt")
    assert "纯牛奶" in prepared.papers()[0]
    desk.kill()
    (sale,) = prepared.sales()
    assert sale.identified_by == "card"
    assert sale.total_minor == 5400, "59.00 and the welcome coupon"
    assert [tender.kind for tender in sale.tenders] == ["mobile"]


def test_goods_found_by_typing_are_paid_by_keys_with_change(
    desk: Desk, prepared: PreparedShop
) -> None:
    desk.type("2580")
    desk.press("Return")
    until(lambda: till_is_open(desk), "the till")
    desk.type("cnn")
    desk.press("Return")
    desk.scan(TOWEL)
    desk.press("F9")
    desk.type("100")
    desk.press("Return")
    until(lambda: len(prepared.papers()) == 1, "the receipt")
    assert "21.10" in prepared.papers()[0]
    desk.kill()
    (sale,) = prepared.sales()
    assert sale.total_minor == 7890
    assert sale.receipt.change_minor == 2110


def test_a_basket_survives_a_power_cut_on_the_real_screen(
    desk: Desk, prepared: PreparedShop, display: str
) -> None:
    desk.scan(prepared.badge)
    until(lambda: till_is_open(desk), "the till")
    desk.scan(MILK)
    desk.scan(TOWEL)
    desk.kill()
    assert prepared.sales() == []
    store = open_store(shops.made_setting(prepared.home), now=datetime.now(UTC))
    basket = store.lane.submit(lambda work: work.baskets.load()).result()
    store.close()
    assert basket is not None
    assert [line.scanned for line in basket.lines] == [MILK, TOWEL]
