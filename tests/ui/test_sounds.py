"""Tones: their numbers, their files, who may turn them down."""

import io
import wave
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtMultimedia import QMediaDevices
from PySide6.QtWidgets import QApplication

from ui.sounds import (
    SAMPLE_RATE_HZ,
    TONES,
    Player,
    Sound,
    SoundSettings,
    volume_percent,
    wave_bytes,
)


def read(sound: Sound) -> tuple[wave._wave_params, list[int]]:
    with wave.open(io.BytesIO(wave_bytes(sound)), "rb") as file:
        raw = file.readframes(file.getnframes())
        head = file.getparams()
    pairs = zip(raw[::2], raw[1::2], strict=True)
    return head, [int.from_bytes(bytes(pair), "little", signed=True) for pair in pairs]


@pytest.mark.parametrize(
    ("sound", "length_ms"),
    [
        (Sound.SCAN_OK, 50),
        (Sound.MEMBER_OK, 140),
        (Sound.SCAN_ERROR, 340),
        (Sound.NEED_ATTENTION, 390),
        (Sound.PAID, 160),
    ],
)
def test_a_tone_is_as_long_as_its_numbers(sound: Sound, length_ms: int) -> None:
    head, samples = read(sound)
    assert (head.nchannels, head.sampwidth, head.framerate) == (1, 2, SAMPLE_RATE_HZ)
    assert len(samples) == pytest.approx(SAMPLE_RATE_HZ * length_ms / 1000, abs=6)


@pytest.mark.parametrize("sound", Sound)
def test_a_tone_has_its_pitch_and_no_clicks(sound: Sound) -> None:
    _, samples = read(sound)
    tone = TONES[sound]
    first = samples[: SAMPLE_RATE_HZ * tone.note_ms // 1000]
    rises = sum(1 for a, b in pairwise(first) if a < 0 <= b)
    assert rises == pytest.approx(tone.notes_hz[0] * tone.note_ms / 1000, abs=1.5)
    assert samples[0] == samples[-1] == 0
    assert max(samples) < 32_767


def test_the_generator_gives_the_same_bytes_again() -> None:
    assert wave_bytes(Sound.PAID) == wave_bytes(Sound.PAID)


@pytest.mark.parametrize(
    ("sound", "settings", "percent"),
    [
        (Sound.SCAN_OK, SoundSettings(), 30),
        (Sound.SCAN_OK, SoundSettings(scanner_beeps=True), 0),
        (Sound.PAID, SoundSettings(volume_percent=50), 35),
        (Sound.PAID, SoundSettings(is_muted=True), 0),
        (Sound.SCAN_ERROR, SoundSettings(is_muted=True), 40),
        (Sound.SCAN_ERROR, SoundSettings(volume_percent=0), 40),
        (Sound.SCAN_ERROR, SoundSettings(), 80),
    ],
)
def test_who_may_turn_it_down(sound: Sound, settings: SoundSettings, percent: int) -> None:
    assert volume_percent(sound, settings) == percent


def test_a_muted_till_still_shows_every_tone(qapp: QApplication, tmp_path: Path) -> None:
    shown: list[Sound] = []
    player = Player(SoundSettings(is_muted=True), on_play=shown.append, cache_folder=tmp_path)
    for sound in Sound:
        player.play(sound)
    assert shown == list(Sound)


def test_a_read_only_cache_is_silent_and_harmless(qapp: QApplication, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    Player(cache_folder=blocked / "sub").play(Sound.SCAN_ERROR)


def test_a_machine_is_asked_once_whether_it_has_a_loudspeaker(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    answer = QMediaDevices.defaultAudioOutput

    def ask() -> object:
        asked.append(1)
        return answer()

    monkeypatch.setattr(QMediaDevices, "defaultAudioOutput", staticmethod(ask))
    player = Player(cache_folder=tmp_path)
    for sound in Sound:
        player.play(sound)
    assert len(asked) == 1, "70 ms each where there is none: no scan waits for that again"
    player._on_outputs_changed()
    assert len(asked) == 2
