"""The camera as a scanner: a customer's phone held before it puts the member on the sale."""

from ui.navigation import DialogController, ScanByCamera
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make the dialog reachable, where this till can read frames."""
    if parts.renderers.code_reader is not None:
        parts.navigation.add_dialog(ScanByCamera, lambda intent: _open(parts, intent))


def _open(parts: WindowParts, intent: ScanByCamera) -> DialogController:
    # Multimedia takes a quarter of a second to load, and most tills have no camera.
    from ui.camera.controller import CameraController
    from ui.camera.qt_camera import QtCamera

    return CameraController(parts, intent, QtCamera)
