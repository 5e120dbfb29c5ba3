"""Sounds: short tones made from numbers, and who may turn them down.

Owns: the five tones of UI.md 3.5, making their WAV files, playing them, volume rules.
Does not own: the bar at the screen's edge that says the same to the eye (kit/feedback.py); the
window flashes it whether a tone is heard or not.

The files are made into the user's cache when they are first needed: own work, no sample. Qt's
multimedia is loaded with the first tone, because a till starts often. A machine without a sound
device is silent.
"""

from __future__ import annotations

import io
import math
import struct
import wave
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path
from PySide6.QtCore import QObject, QTimer, QUrl, Slot

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QMediaDevices, QSoundEffect

SAMPLE_RATE_HZ = 22_050
_FADE_MS = 4  # without it every tone begins and ends with a click
_PEAK = 26_000  # of 32,767


class Sound(Enum):
    """What a tone says."""

    SCAN_OK = "scan_ok"
    MEMBER_OK = "member_ok"
    SCAN_ERROR = "scan_error"
    NEED_ATTENTION = "need_attention"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class Tone:
    """Notes of one length (Hz each), with silence between them, and the edge bar's colour."""

    notes_hz: tuple[int, ...]
    note_ms: int
    gap_ms: int
    edge_tone: str
    default_percent: int
    floor_percent: int = 0


TONES: Mapping[Sound, Tone] = {
    Sound.SCAN_OK: Tone((1_000,), 50, 0, "success", 30),
    Sound.MEMBER_OK: Tone((660, 880), 70, 0, "member", 60),
    Sound.SCAN_ERROR: Tone((220, 220), 140, 60, "danger", 80, floor_percent=40),
    Sound.NEED_ATTENTION: Tone((440, 440, 440), 90, 60, "warning", 70),
    Sound.PAID: Tone((880, 1_320), 80, 0, "success", 70),
}


@dataclass(frozen=True, slots=True)
class SoundSettings:
    """`volume_percent` scales every tone; `scanner_beeps` silences the one it would repeat."""

    volume_percent: int = 100
    scanner_beeps: bool = False
    is_muted: bool = False


def volume_percent(sound: Sound, settings: SoundSettings) -> int:
    """How loud a tone is, 0 to 100. The error tone has a floor and cannot be muted away."""
    tone = TONES[sound]
    wanted = tone.default_percent * settings.volume_percent // 100
    if settings.is_muted or (sound is Sound.SCAN_OK and settings.scanner_beeps):
        wanted = 0
    return min(100, max(wanted, tone.floor_percent))


def wave_bytes(sound: Sound) -> bytes:
    """The tone as a WAV file: 16 bit, mono. The same bytes on every machine."""
    tone = TONES[sound]
    samples: list[int] = []
    for position, note_hz in enumerate(tone.notes_hz):
        if position:
            samples += [0] * (SAMPLE_RATE_HZ * tone.gap_ms // 1000)
        samples += _note(note_hz, tone.note_ms)
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return target.getvalue()


class Player(QObject):
    """Plays tones, and tells `on_play` each time, heard or not (the edge bar)."""

    def __init__(
        self,
        settings: SoundSettings | None = None,
        *,
        on_play: Callable[[Sound], object] | None = None,
        cache_folder: Path | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.settings = settings or SoundSettings()
        self._on_play = on_play
        self._folder = cache_folder or user_cache_path("zhanggui") / "sounds"
        self._effects: dict[Sound, QSoundEffect | None] = {}
        self._devices: QMediaDevices | None = None
        self._has_output = False

    def play(self, sound: Sound) -> None:
        """Play a tone; returns at once, never fails."""
        if self._on_play is not None:
            self._on_play(sound)
        loud_percent = volume_percent(sound, self.settings)
        if not loud_percent:
            return
        if sound not in self._effects:
            self._effects[sound] = self._load(sound)
        effect = self._effects[sound]
        if effect is not None:
            effect.setVolume(loud_percent / 100)
            effect.play()

    def prepare(self) -> None:
        """Load every tone soon, one at a time: the first scan must not wait for multimedia."""
        QTimer.singleShot(0, self, self._prepare_next)

    def _prepare_next(self) -> None:
        waiting = [sound for sound in Sound if sound not in self._effects]
        if waiting:
            self._effects[waiting[0]] = self._load(waiting[0])
            self.prepare()

    def _load(self, sound: Sound) -> QSoundEffect | None:
        from PySide6.QtMultimedia import QSoundEffect  # 40 ms: only with a tone

        if not self._has_loudspeaker():
            return None
        path = self._folder / f"{sound.value}.wav"
        content = wave_bytes(sound)
        try:
            if not path.exists() or path.read_bytes() != content:
                self._folder.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        except OSError:
            return None  # a full or read-only disk must not stop a sale for a beep
        effect = QSoundEffect(self)
        effect.setSource(QUrl.fromLocalFile(str(path)))
        return effect

    def _has_loudspeaker(self) -> bool:
        """Whether there is a loudspeaker. Asked once: without one the answer takes 70 ms."""
        from PySide6.QtMultimedia import QMediaDevices

        if self._devices is None:
            self._devices = QMediaDevices(self)
            self._devices.audioOutputsChanged.connect(self._on_outputs_changed)
            self._has_output = not QMediaDevices.defaultAudioOutput().isNull()
        return self._has_output

    @Slot()
    def _on_outputs_changed(self) -> None:
        assert self._devices is not None
        self._has_output = not self._devices.defaultAudioOutput().isNull()
        self._effects = {sound: effect for sound, effect in self._effects.items() if effect}


def _note(note_hz: int, note_ms: int) -> list[int]:
    count = SAMPLE_RATE_HZ * note_ms // 1000
    fade = SAMPLE_RATE_HZ * _FADE_MS // 1000
    return [
        round(
            _PEAK
            * math.sin(2 * math.pi * note_hz * position / SAMPLE_RATE_HZ)
            * min(1, position / fade, (count - 1 - position) / fade)
        )
        for position in range(count)
    ]
