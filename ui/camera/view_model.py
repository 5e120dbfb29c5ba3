"""View model of the camera: its state, and what was seen, as texts. Pure: no Qt.

Owns: one sentence for every state, with its way out. Does not own: the states (camera_state.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.wording import N_, Wording
from ui.camera.camera_state import CameraState

_SENTENCES: Mapping[CameraState, str] = {
    CameraState.STARTING: N_("The camera is starting…"),
    CameraState.RUNNING: N_("Hold the member code 15 to 25 cm before the camera."),
    CameraState.NO_CAMERA: N_(
        "No camera is connected. Plug one in, it is found by itself; or find the member by phone."
    ),
    CameraState.GONE: N_(
        "The camera was unplugged. Nothing is lost: plug it in again and it goes on by itself."
    ),
    CameraState.NO_PICTURE: N_(
        "The camera gives no picture: another program may be using it. Close that program, then "
        "try again."
    ),
    CameraState.NOT_ALLOWED: N_(
        "This program may not use the camera. Allow it in this computer's privacy settings, then "
        "try again."
    ),
}
WAS_READ = N_("A member code was read: the camera works.")
OTHER_CODE = N_("This code is not a member code of this shop.")


@dataclass(frozen=True, slots=True)
class CameraView:
    """What the dialog shows. `shows_picture`: the preview, else `sentence` in its place.

    `try_again`: the label of the way out; empty where there is nothing to try.
    """

    title: str
    sentence: str
    shows_picture: bool
    try_again: str
    other_camera: str
    notice: str
    tone: str


def present(
    state: CameraState,
    wording: Wording,
    *,
    cameras: int = 1,
    refusal: str = "",
    other: bool = False,
    was_read: bool = False,
) -> CameraView:
    """The dialog in a state. `refusal`: why the member was not put on; `other`: no code of ours;

    `was_read`: a member code was read where the camera is only tried.
    """
    t = wording.t
    is_broken = state not in (CameraState.STARTING, CameraState.RUNNING)
    notice, tone = refusal, "danger"
    if not refusal:
        notice, tone = (t(OTHER_CODE), "info") if other else ("", "info")
    if was_read and not notice:
        notice, tone = t(WAS_READ), "success"
    return CameraView(
        title=t("Member code by camera"),
        sentence=t(_SENTENCES[state]),
        shows_picture=state is CameraState.RUNNING,
        try_again=t("Try again") if is_broken else "",
        other_camera=t("Other camera") if cameras > 1 else "",
        notice=notice if state is CameraState.RUNNING else "",
        tone=tone,
    )
