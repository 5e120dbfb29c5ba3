"""Camera state: how the camera is. No Qt.

Owns: the states. Does not own: coming to them (qt_camera.py), their sentences (view_model.py).
"""

from __future__ import annotations

from enum import Enum


class CameraState(Enum):
    """One at a time."""

    STARTING = "starting"
    RUNNING = "running"
    NO_CAMERA = "no_camera"
    GONE = "gone"
    NO_PICTURE = "no_picture"
    NOT_ALLOWED = "not_allowed"

    @classmethod
    def waiting(cls) -> frozenset[CameraState]:
        """The states in which one that is plugged in is started by itself."""
        return frozenset({cls.NO_CAMERA, cls.GONE})
