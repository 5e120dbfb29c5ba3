"""What scans of the test code say about a scanner, as tables; every fault has its sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.setting_registry import put_value, setting_of
from app.domain.settings import Settings
from app.wording import load
from ui.scan_burst import ScanSettings
from ui.scanner_line import scan_settings
from ui.scanner_wizard.learning import (
    GAP_MS_LEAST,
    GAP_MS_MOST,
    TEST_CODE,
    End,
    Fault,
    Garbled,
    KeySent,
    Learned,
    NotTheSame,
    ScanSeen,
    SignsAround,
    TooShort,
    TooSlow,
    fault_of,
    learn,
    scan_of,
)
from ui.scanner_wizard.serial_probe import serial_heard
from ui.scanner_wizard.view_model import present, trouble_words
from ui.scanner_wizard.wizard_state import NothingCame, PortShut, Rubbish, Trouble, WizardState

MILK = "6901234567892"


def a_scan(text: str = TEST_CODE, *, gap_ms: int = 9, end: End = "enter") -> ScanSeen:
    return ScanSeen(text, (gap_ms,) * len(text), end)


def test_keys_become_a_scan_with_its_gaps_and_its_end() -> None:
    keys = [KeySent("A", 100), KeySent("B", 108), KeySent("C", 124), KeySent("", 131, "enter")]
    assert scan_of(keys) == ScanSeen("ABC", (8, 16, 7), "enter")
    assert scan_of([*keys, KeySent("", 133, "enter")]) == ScanSeen("ABC", (8, 16, 7), "enter")
    assert scan_of(keys[:3]) == ScanSeen("ABC", (8, 16), "none")


@pytest.mark.parametrize(
    ("scan", "learned"),
    [
        pytest.param(a_scan(), Learned(30, 9, "enter", "", False, True), id="usual"),
        pytest.param(a_scan(end="tab"), Learned(30, 9, "tab", "", False, True), id="Tab"),
        pytest.param(a_scan(end="none"), Learned(30, 9, "none", "", False, True), id="no end"),
        pytest.param(a_scan(gap_ms=35), Learned(105, 35, "enter", "", False, True), id="slow"),
        pytest.param(
            a_scan(gap_ms=120), Learned(150, 120, "enter", "", False, True), id="Bluetooth"
        ),
        pytest.param(a_scan("]C0" + TEST_CODE), Learned(30, 9, "enter", "", True, True), id="AIM"),
        pytest.param(
            a_scan("\x02" + TEST_CODE), Learned(30, 9, "enter", "\x02", False, True), id="STX"
        ),
        pytest.param(
            a_scan("~]Q1" + TEST_CODE), Learned(30, 9, "enter", "~", True, True), id="both"
        ),
        pytest.param(a_scan(MILK), Learned(30, 9, "enter", "", False, False), id="goods"),
        pytest.param(
            a_scan("]E0" + MILK), Learned(30, 9, "enter", "", True, False), id="goods, AIM"
        ),
    ],
)
def test_three_good_scans_are_a_proposal_that_the_router_takes(
    scan: ScanSeen, learned: Learned
) -> None:
    assert learn([scan] * 3) == learned
    prefix = ord(learned.prefix) if learned.prefix else 0
    assert isinstance(scan_settings(learned.gap_ms, prefix), ScanSettings)


def test_the_wizard_learns_the_signs_before_codes_that_the_settings_take() -> None:
    setting = setting_of("scan_prefix")
    assert setting is not None
    for number in range(1, 127):
        taken = isinstance(put_value(Settings(), setting, str(number), 2), Settings)
        learned = learn([a_scan(chr(number) + TEST_CODE)] * 3)
        assert (isinstance(learned, Learned) and learned.prefix != "") == taken, number


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("abcABC0123-/]", Garbled("capitals_swapped", "abcABC0123-/]"), id="Caps Lock"),
        pytest.param("ABCABC0123-/]", Garbled("capitals_only", "ABCABC0123-/]"), id="capitals"),
        pytest.param("abcabc0123-/]", Garbled("small_only", "abcabc0123-/]"), id="small"),
        pytest.param('QBCqbcà&é")!$', Garbled("french", 'QBCqbcà&é")!$'), id="AZERTY"),
        pytest.param("ABCabc0123ß-+", Garbled("german", "ABCabc0123ß-+"), id="QWERTZ"),
        pytest.param("ABCabc0123'-+", Garbled("spanish", "ABCabc0123'-+"), id="Spanish"),
        pytest.param("ФИСфис0123-.ъ", Garbled("russian", "ФИСфис0123-.ъ"), id="Russian"),
        pytest.param("ＡＢＣabc", Garbled("full_width", "ＡＢＣabc"), id="input method"),
        pytest.param("ABCabc-/]", Garbled("no_figures", "ABCabc-/]"), id="Num Lock"),
        pytest.param("hello world", Garbled("unknown", "hello world"), id="another text"),
        pytest.param("6901234567890", Garbled("unknown", "6901234567890"), id="a wrong check"),
        pytest.param("XYZ" + TEST_CODE, SignsAround("XYZ", ""), id="long prefix"),
        pytest.param("7" + TEST_CODE, SignsAround("7", ""), id="a figure before"),
        pytest.param(TEST_CODE + "#", SignsAround("", "#"), id="suffix"),
        pytest.param("abc", TooShort(3), id="three keys"),
    ],
)
def test_what_is_wrong_is_seen_at_the_first_scan(text: str, fault: Fault) -> None:
    assert fault_of(a_scan(text)) == fault
    assert learn([a_scan(text)] * 3) == fault


def test_a_person_is_no_scanner_and_three_scans_are_of_one_code() -> None:
    assert fault_of(a_scan(gap_ms=190)) == TooSlow(190)
    assert learn([a_scan(), a_scan(), a_scan(MILK)]) == NotTheSame()
    assert learn([a_scan(), a_scan(), a_scan(end="none")]) == NotTheSame()


def test_one_late_key_does_not_make_a_scanner_slow() -> None:
    """The machine was busy for a moment: 19 of 20 gaps count."""
    late = ScanSeen(TEST_CODE, (9,) * 12 + (90,), "enter")
    learned = learn([a_scan(), late, a_scan()])
    assert isinstance(learned, Learned)
    assert learned.usual_gap_ms == 9


@given(text=st.text(min_size=0, max_size=60), gap=st.integers(0, 400))
def test_whatever_arrives_there_is_an_answer_and_a_sentence(text: str, gap: int) -> None:
    lesson = learn([a_scan(text, gap_ms=gap)] * 3)
    if isinstance(lesson, Learned):
        assert GAP_MS_LEAST <= lesson.gap_ms <= GAP_MS_MOST
    else:
        assert trouble_words(lesson, load("zh_CN"))


TROUBLES: list[Trouble] = [
    *(
        Garbled(how, "ABC")
        for how in (
            "capitals_swapped", "capitals_only", "small_only", "french", "german", "spanish",
            "russian", "full_width", "no_figures", "unknown",
        )
    ),
    TooSlow(190), SignsAround("XYZ", "\x03"), NotTheSame(), TooShort(2), NothingCame(), Rubbish(9),
    PortShut(),
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_trouble_has_a_sentence_of_its_own(language: str) -> None:
    said = [trouble_words(trouble, load(language)) for trouble in TROUBLES]
    assert len(set(said)) == len(TROUBLES)
    assert "<3>" in said[11]


# ------------------------------------------------------------------ the state


def learned_state(scan: ScanSeen) -> WizardState:
    state = WizardState()
    for _ in range(3):
        state = state.with_scan(scan)
    return state


def test_a_fault_begins_the_counting_anew() -> None:
    state = WizardState().with_scan(a_scan()).with_scan(a_scan())
    assert len(state.scans) == 2
    state = state.with_scan(a_scan("abc"))
    assert (state.scans, state.trouble, state.phase) == ((), TooShort(3), "listening")
    assert learned_state(a_scan()).phase == "trying"


def test_the_try_must_bring_the_same_text_without_its_prefix() -> None:
    state = learned_state(a_scan("\x02" + TEST_CODE))
    assert state.with_try("hello").phase == "trying"
    assert state.with_try("hello").trouble == Garbled("unknown", "hello")
    proved = state.with_try("hello").with_try(TEST_CODE)
    assert (proved.phase, proved.trouble) == ("proved", None)
    assert proved.again(port="/dev/ttyACM0", baud=115_200).line == "serial:/dev/ttyACM0:115200"


def test_warnings_say_what_is_not_as_good_as_it_could_be() -> None:
    wording = load("en")
    cases = {
        "no Enter": a_scan(end="none"),
        "slow scanner": a_scan(gap_ms=35),
        "not proved": a_scan(MILK),
    }
    for part, scan in cases.items():
        assert part in present(learned_state(scan), wording).warning
    assert present(learned_state(a_scan()), wording).warning == ""


# ------------------------------------------------------------------ bytes


@pytest.mark.parametrize(
    ("data", "heard"),
    [
        pytest.param(b"ABCabc0123-/]\r\n", ScanSeen(TEST_CODE, (), "enter"), id="CR LF"),
        pytest.param(b"ABCabc0123-/]\t", ScanSeen(TEST_CODE, (), "tab"), id="Tab"),
        pytest.param(b"\x02ABCabc0123-/]\x03", ScanSeen(TEST_CODE, (), "none"), id="framed"),
        pytest.param(b"\xf8\x00\x9e\xe6\x06", Rubbish(5), id="another speed"),
        pytest.param(b"\r\n", Rubbish(2), id="ends alone"),
    ],
)
def test_bytes_are_a_scan_or_rubbish(data: bytes, heard: object) -> None:
    assert serial_heard(data) == heard
