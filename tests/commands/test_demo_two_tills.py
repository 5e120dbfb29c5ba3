"""The demo of two tills: a real server and real tills of two stores, ended with the first."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

import main
from app.commands.demo import command, two_tills
from app.commands.demo.command import DemoRoom, Opens, run
from app.commands.demo.history import HistoryClock
from app.commands.demo.making import DemoFiles, demo_settings, prepare
from app.commands.openings import OK
from app.commands.shops import made_setting
from app.commands.table import STOPPED
from app.domain.server_answer import LookedUp, LookUpWanted
from app.domain.settings import Language
from app.services.joining import Joined, NewMember, join_member
from app.services.scan import scan_code
from app.store.folders import KEY_FILE_VARIABLE, Folders
from app.store.opening import open_store
from app.store.place import StorePlace
from app.wording import Wording, load
from tests.real_shop import RESOURCES

pytestmark = pytest.mark.slow
PROGRAM = (sys.executable, str(Path(main.__file__).resolve()))
FILES = DemoFiles(RESOURCES / "demo")
NOW = datetime.now(UTC)


def a_short_year(home: Path, language: Language, room: DemoRoom, wording: Wording) -> None:
    """One member joined this morning; the year itself is told in test_demo.py."""
    del wording
    with room.opens.new_shop(home, demo_settings(language), HistoryClock(NOW)) as opened:
        badges = prepare(shop=opened.shop, lane=opened.lane, files=FILES, language=language)
        shop, lane = opened.shop, opened.lane
        lane.run(lambda work: scan_code(shop=shop, work=work, text=badges.cashier))
        new = NewMember(phone="13800138000", consents=frozenset({"membership"}))
        joined = lane.run(lambda work: join_member(shop=shop, work=work, new=new))
        assert isinstance(joined, Joined), joined
        (home / "card").write_text(joined.card_code, encoding="ascii")


class Demo:
    """`demo --tills 2` in a folder, its first window replaced by what a test does in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.opened: list[Path] = []
        opens = Opens(main.new_shop, self.first_window, main.open_shop, PROGRAM)
        self.room = DemoRoom(folder, FILES, opens)

    def first_window(self, home: Path, pins: Mapping[str, str]) -> int:
        """Look around while all of it runs."""
        assert pins["李明"] == "2580"
        self.opened.append(home)
        assert two_tills._answers(two_tills._port(self.folder))
        till = main.build(open_store(made_setting(home), now=NOW))
        till.connect()
        try:
            assert till.line.cable is True
            lane = till.store.lane
            self.until(lambda: lane.run(lambda work: work.outbox.count()).pending == 0)
            wanted = LookUpWanted(card=(home / "card").read_text("ascii"))
            answer = till.line.look_up(wanted)
            assert isinstance(answer, LookedUp) and len(answer.member_ids) == 1, answer
        finally:
            till.close()
        return 0

    def until(self, is_so: Callable[[], bool]) -> None:
        end = time.monotonic() + two_tills.PATIENCE_S
        while not is_so():
            assert time.monotonic() < end, "waited in vain"
            time.sleep(0.05)


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Demo:
    monkeypatch.setenv(KEY_FILE_VARIABLE, "demo")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr(command, "_tell_year", a_short_year)
    return Demo(tmp_path / "two")


def test_two_stores_and_a_server_run_until_the_first_window_is_closed(
    demo: Demo, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--tills", "2", "--lang", "zh", "--dir", str(demo.folder)]
    assert run(words, room=demo.room, wording=load("zh_CN")) == 0
    assert demo.opened == [demo.folder / "first"]
    card = (demo.folder / "first" / "card").read_text("ascii")
    assert f"13800138000 的会员卡号，没有扫码枪时输入后按 Enter：{card}" in capsys.readouterr().out
    assert not two_tills._answers(two_tills._port(demo.folder)), "the server ended with it"
    for home in ("first", "second"):
        assert StorePlace.in_folder(Folders.of(demo.folder / home).data).has_cable
    with main.open_shop(demo.folder / "second") as opened:
        who = opened.lane.run(lambda work: work.enrolment.read())
        here = opened.lane.run(lambda work: work.device.read())
        assert who is not None and who.server_url == two_tills.url_of(demo.folder)
        assert here is not None and (here.store_number, here.till_number) == (2, 1)
    the_port_is_taken(demo, words)
    with two_tills.server_running(demo.folder, PROGRAM) as server:
        pass
    # In its last moment the signal may find nothing left to interrupt.
    assert server.returncode in {OK, STOPPED}, "it ended by itself when its input did"


def the_port_is_taken(demo: Demo, words: list[str]) -> None:
    """A sentence, and neither window."""
    demo.opened.clear()
    with socket.socket() as other:
        other.bind(("127.0.0.1", two_tills._port(demo.folder)))
        other.listen()
        assert run(words, room=demo.room, wording=load("zh_CN")) == 3
    assert demo.opened == []
