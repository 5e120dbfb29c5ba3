"""The burst detector: laws over gap, jitter and length, and its edges."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.scan_burst import (
    BurstDetector,
    Heard,
    HeardPart,
    HeardTooMuch,
    HeardTwice,
    HeldFate,
    KeyFate,
    ScanSettings,
    Verdict,
)

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-./]"
CODES = st.text(ALPHABET, min_size=4, max_size=60)


class Desk:
    """Plays a keyboard against the detector and keeps what a text field would have got."""

    def __init__(self, settings: ScanSettings | None = None) -> None:
        self.detector = BurstDetector(settings or ScanSettings())
        self.now_ms = 1_000
        self.field: list[str] = []
        self.held: list[str] = []
        self.heard: list[object] = []

    def wait(self, pause_ms: int) -> None:
        until_ms = self.now_ms + pause_ms
        while (wake := self.detector.wake_at_ms) is not None and wake <= until_ms:
            verdict = self.detector.silence(wake)
            assert verdict is not None, "it asked to be woken"
            self._obey(verdict, "")
        self.now_ms = until_ms

    def key(self, character: str, *, after_ms: int = 0, may_hold: bool = True) -> None:
        self.wait(after_ms)
        verdict = self.detector.printable(character, self.now_ms, may_hold=may_hold)
        self._obey(verdict, character)

    def enter(self, *, after_ms: int = 0) -> None:
        self.wait(after_ms)
        self._obey(self.detector.terminator(self.now_ms), "\r")

    def arrow(self, *, after_ms: int = 0) -> None:
        self.wait(after_ms)
        self._obey(self.detector.other(self.now_ms), "<")

    def _obey(self, verdict: Verdict, key: str) -> None:
        if verdict.held is HeldFate.RELEASE:
            self.field += self.held
        if verdict.held is not HeldFate.KEEP:
            self.held = []
        if verdict.key is KeyFate.PASS and key:
            self.field.append(key)
        elif verdict.key is KeyFate.HOLD:
            self.held.append(key)
        if verdict.outcome is not None:
            self.heard.append(verdict.outcome)


@given(code=CODES, gaps=st.lists(st.integers(0, 50), min_size=60, max_size=60), data=st.data())
def test_any_burst_within_the_gap_is_exactly_one_scan(
    code: str, gaps: list[int], data: st.DataObject
) -> None:
    desk = Desk()
    for character, gap_ms in zip(code, gaps, strict=False):
        desk.key(character, after_ms=gap_ms)
    desk.enter(after_ms=data.draw(st.integers(0, 50)))
    desk.wait(1_000)
    assert desk.heard == [Heard(code)]
    assert desk.field == []


@given(
    text=st.text(ALPHABET, max_size=40),
    gaps=st.lists(st.integers(60, 400), min_size=41, max_size=41),
)
def test_typing_arrives_unchanged_and_in_order(text: str, gaps: list[int]) -> None:
    desk = Desk()
    for character, gap_ms in zip(text, gaps, strict=False):
        desk.key(character, after_ms=gap_ms)
    desk.enter(after_ms=gaps[-1])
    desk.wait(1_000)
    assert desk.heard == []
    assert "".join(desk.field) == text + "\r"


@given(
    st.lists(
        st.tuples(st.sampled_from(["key", "enter", "arrow"]), st.integers(0, 200)), max_size=80
    )
)
def test_no_key_is_ever_lost_or_doubled(strokes: list[tuple[str, int]]) -> None:
    """Every character ends in the field or in a scan, once, in order."""
    desk = Desk()
    pressed: list[str] = []
    for position, (kind, gap_ms) in enumerate(strokes):
        if kind == "key":
            character = chr(0x4E00 + position)  # each one another, to know it again
            pressed.append(character)
            desk.key(character, after_ms=gap_ms)
        elif kind == "enter":
            desk.enter(after_ms=gap_ms)
        else:
            desk.arrow(after_ms=gap_ms)
    desk.wait(2_000)
    seen = [c for c in desk.field if c not in "\r<"]
    scanned = [c for one in desk.heard if isinstance(one, Heard) for c in one.text]
    assert sorted(seen + scanned) == pressed
    assert seen == sorted(seen)


def test_a_scan_right_after_slow_typing_is_heard_and_the_typing_kept() -> None:
    desk = Desk()
    for character in "3*":
        desk.key(character, after_ms=150)
    desk.wait(300)
    for character in "6901234567892":
        desk.key(character, after_ms=9)
    desk.enter(after_ms=9)
    assert ("".join(desk.field), desk.heard) == ("3*", [Heard("6901234567892")])


def test_eight_keys_and_silence_are_a_scan_and_its_late_enter_is_swallowed() -> None:
    desk = Desk()
    for character in "69012345":
        desk.key(character, after_ms=10)
    desk.wait(121)
    assert desk.heard == [Heard("69012345")]
    desk.enter(after_ms=60)
    assert desk.field == []
    desk.enter(after_ms=10)
    assert desk.field == ["\r"], "only one Enter belongs to the scan"


def test_seven_keys_and_silence_are_typing() -> None:
    desk = Desk()
    for character in "6901234":
        desk.key(character, after_ms=10)
    desk.wait(52)
    assert ("".join(desk.field), desk.heard) == ("6901234", [])


def test_the_same_code_at_once_is_a_double_read_and_later_a_second_item() -> None:
    desk = Desk()
    for pause_ms in (100, 249, 251):
        for position, character in enumerate("6901234567892"):
            desk.key(character, after_ms=pause_ms if position == 0 else 8)
        desk.enter(after_ms=8)
    assert desk.heard == [Heard("6901234567892"), HeardTwice(), Heard("6901234567892")]


@pytest.mark.parametrize("length", [513, 10_000])
def test_too_long_keeps_only_the_length(length: int) -> None:
    desk = Desk()
    for _ in range(length):
        desk.key("7", after_ms=2)
    desk.enter(after_ms=2)
    assert (desk.heard, desk.field) == ([HeardTooMuch(length)], [])


def test_512_characters_are_heard() -> None:
    desk = Desk()
    for _ in range(512):
        desk.key("7", after_ms=2)
    desk.enter()
    assert desk.heard == [Heard("7" * 512)]


def test_with_a_prefix_timing_does_not_matter_and_typing_is_never_held() -> None:
    desk = Desk(ScanSettings(prefix="\x02"))
    desk.key("a", after_ms=5)
    assert desk.field == ["a"]
    desk.key("\x02")
    for character in "M4T9":
        desk.key(character, after_ms=300)
    desk.enter(after_ms=300)
    assert (desk.heard, desk.field) == ([Heard("M4T9")], ["a"])


def test_a_frame_that_never_ends_is_told() -> None:
    desk = Desk(ScanSettings(prefix="\x02"))
    desk.key("\x02")
    desk.key("1", after_ms=10)
    desk.arrow(after_ms=10)
    desk.wait(600)
    desk.key("x")
    assert (desk.heard, desk.field) == ([HeardPart(1)], ["x"])


def test_an_enter_after_a_broken_frame_is_part_of_it() -> None:
    desk = Desk(ScanSettings(prefix="\x02"))
    desk.key("\x02")
    desk.detector.printable("1", desk.now_ms)
    verdict = desk.detector.terminator(desk.now_ms + 900)
    assert (verdict.key, verdict.outcome) == (KeyFate.DROP, HeardPart(1))


def test_keys_that_may_not_be_held_pass() -> None:
    desk = Desk(ScanSettings(max_gap_ms=100))
    for character in "6901234567892":
        desk.key(character, after_ms=10, may_hold=False)
    assert "".join(desk.field) == "6901234567892"
    assert not desk.detector.settings.holds_in_text_fields


@given(code=CODES, cut=st.data(), gap_ms=st.integers(0, 50))
def test_a_machine_without_a_moment_splits_no_code(
    code: str, cut: st.DataObject, gap_ms: int
) -> None:
    """The till's own timer ran out in the middle; the keys say that no time had passed."""
    detector, heard = BurstDetector(ScanSettings()), []
    at = cut.draw(st.integers(1, min(len(code), 7)), label="cut")
    for index, character in enumerate(code):
        if index == at:
            verdict = detector.silence(detector.wake_at_ms or 0)
            assert verdict is not None
            assert verdict.outcome is None, "too short for a scan yet"
        heard.append(detector.printable(character, 1_000 + index * gap_ms).outcome)
    if at == len(code):
        assert detector.silence(detector.wake_at_ms or 0) is not None
    heard.append(detector.terminator(1_000 + len(code) * gap_ms).outcome)
    assert [each for each in heard if each is not None] == [Heard(code)]


def test_what_was_given_up_is_over_after_its_gap_or_another_key() -> None:
    for pause_ms, other_first in ((400, False), (10, True)):
        desk = Desk()
        for character in "690":
            desk.key(character, after_ms=8)
        desk.wait(200)
        if other_first:
            desk.now_ms -= 195
            desk.arrow()
        else:
            desk.now_ms += pause_ms
        for character in "1028000024":
            desk.key(character, after_ms=5)
        desk.enter(after_ms=5)
        assert desk.heard == [Heard("1028000024")]


def test_a_busy_window_sees_late_keys_by_their_own_times() -> None:
    """No silence call came (the window was busy): the gap between keys still decides."""
    detector = BurstDetector(ScanSettings())
    for at_ms in range(0, 80, 10):
        detector.printable("7", at_ms)
    verdict = detector.other(1_000)
    assert (verdict.key, verdict.held, verdict.outcome) == (
        KeyFate.PASS,
        HeldFate.DISCARD,
        Heard("7" * 8),
    )
    assert detector.silence(2_000) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_gap_ms": 14},
        {"max_gap_ms": 151},
        {"idle_flush_ms": 59},
        {"prefix": "ab"},
        {"duplicate_ms": 1001},
        {"length_min_with_terminator": 2},
        {"length_min_without_terminator": 21},
        {"max_gap_ms": 150, "idle_flush_ms": 120},
    ],
    ids=str,
)
def test_settings_that_cannot_work_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must" if "prefix" not in wrong else "prefix"):
        ScanSettings(**wrong)


@pytest.mark.parametrize("gap_ms", [1, 8, 50])
def test_the_second_half_of_cr_lf_presses_nothing(gap_ms: int) -> None:
    desk = Desk()
    for character in "6901234567892":
        desk.key(character, after_ms=8)
    desk.enter(after_ms=8)
    desk.enter(after_ms=gap_ms)
    assert (desk.heard, desk.field) == ([Heard("6901234567892")], [])
    desk.enter(after_ms=gap_ms)
    assert desk.field == ["\r"], "only one: the next Enter is a person's"
