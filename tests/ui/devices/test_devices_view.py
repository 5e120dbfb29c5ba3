"""What the device page says: every state has a word, a cure and, where it helps, a button."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from app.domain.scanning import ScanRules, classify
from app.domain.settings import Settings
from app.wording import load
from tests.real_shop import MILK
from ui.device_log import DeviceEvent
from ui.devices.heard import heard_sentence
from ui.devices.view_model import _EVENTS, DeviceFacts, devices_view
from ui.window_parts import PrinterFacts

ZH, EN = load("zh_CN"), load("en")
STATES = get_args(PrinterFacts.__annotations__["state"]) or (
    "none", "ready", "busy", "not_there", "paper_out", "cover_open", "in_use", "in_part", "failed",
)  # fmt: skip
CURED = {
    "not_there": "连线", "paper_out": "装纸", "cover_open": "合上", "in_use": "稍后再试",
    "in_part": "整张", "failed": "关机",
}  # fmt: skip


def cards(facts: DeviceFacts, wording: Any = ZH) -> dict[str, Any]:
    return {card.device: card for card in devices_view(facts, wording).cards}


@pytest.mark.parametrize("wording", [ZH, EN], ids=["zh", "en"])
@pytest.mark.parametrize("state", STATES)
def test_every_state_of_the_printer_is_said_with_its_cure(state: Any, wording: Any) -> None:
    card = cards(DeviceFacts(Settings(printer="tcp:p"), PrinterFacts(state)), wording)["printer"]
    assert card.state and card.sentence
    if wording is ZH and state in CURED:
        assert CURED[state] in card.sentence
    assert (card.tone == "success") == (state == "ready")
    assert [act.act for act in card.acts] == ([] if state == "none" else ["page"])


def test_papers_that_wait_can_be_printed_again_unless_they_are_printing() -> None:
    papers = ("R007020101XW0001T", "R007020101XW0002R")
    for state, can in (("not_there", True), ("in_part", True), ("busy", False), ("none", False)):
        facts = DeviceFacts(Settings(), PrinterFacts(state, 2), papers)  # type: ignore[arg-type]  # each is one of the states
        view = devices_view(facts, ZH)
        acts = {act.act for card in view.cards for act in card.acts}
        assert ("retry" in acts) == can, state
        assert (view.waiting_title, view.waiting) == ("2 张待打印", papers)


DRAWERS = [
    pytest.param(Settings(drawer=True, printer="tcp:p"), ["drawer"], id="on the printer"),
    pytest.param(Settings(drawer=True), [], id="no printer to hang on"),
    pytest.param(Settings(printer="tcp:p"), [], id="switched off"),
]


@pytest.mark.parametrize(("settings", "acts"), DRAWERS)
def test_a_drawer_can_be_tried_only_where_there_is_one(settings: Settings, acts: Any) -> None:
    assert [act.act for act in cards(DeviceFacts(settings))["drawer"].acts] == acts


@pytest.mark.parametrize(
    ("display", "acts"), [("there", ["picture"]), ("lost", []), ("none", []), ("off", [])]
)
def test_a_test_picture_needs_a_screen(display: Any, acts: Any) -> None:
    card = cards(DeviceFacts(Settings(), display=display))["display"]
    assert [act.act for act in card.acts] == acts
    assert card.state


@pytest.mark.parametrize("scanner", ["keyboard", "there", "gone"])
def test_a_scanner_says_how_it_is(scanner: Any) -> None:
    card = cards(DeviceFacts(Settings(), scanner=scanner))["scanner"]
    assert card.tone == ("danger" if scanner == "gone" else "success")


def test_simulated_terminals_are_called_so_and_a_scale_is_owned_up_to() -> None:
    assert cards(DeviceFacts(Settings(card_terminal="simulated")))["terminal"].state == "模拟"
    assert cards(DeviceFacts(Settings()))["terminal"].acts == ()
    assert cards(DeviceFacts(Settings()))["scale"].state == "未接电子秤"


@pytest.mark.parametrize("wording", [ZH, EN], ids=["zh", "en"])
def test_every_event_has_a_sentence(wording: Any) -> None:
    at = datetime(2026, 11, 21, 18, 2, tzinfo=UTC)
    known = [DeviceEvent(0, device, what) for device, what in _EVENTS]  # type: ignore[arg-type]  # keys of the table
    counted = [DeviceEvent(0, "scanner", "heard", 13), DeviceEvent(0, "scanner", "refused", 600)]
    events = tuple((at, event) for event in (*known, *counted))
    log = devices_view(DeviceFacts(Settings(), events=events), wording).log
    assert len({row.text for row in log}) == len(events)
    assert {row.time for row in log} == {"18:02"}


HEARD = [
    pytest.param(MILK, "商品：收到 13 个字符\n6901028000017", id="goods"),
    pytest.param("134567890123456788", "付款码：收到 18 个字符", id="money is only counted"),
    pytest.param("+8613800138000", "未知类型的码：收到 14 个字符\n+861…000", id="a phone is cut"),
    pytest.param("69010281", "商品条码不完整，请重扫：收到 8 个字符\n69010281", id="bad"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), HEARD)
def test_a_scan_test_shows_what_arrived_and_nobodys_code(text: str, wanted: str) -> None:
    assert heard_sentence(text, classify(text, ScanRules()), ZH) == wanted
