"""The album: every shot in both languages, both themes and its sizes, as PNG with a contact sheet.

Owns: the order, the file names, that the right thing is in front, index.html.
Does not own: the scenes.
"""

from __future__ import annotations

import html
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.settings import Language
from tests.screens import (
    scenes_by_hand,
    scenes_camera,
    scenes_campaigns,
    scenes_chain_figures,
    scenes_complaints,
    scenes_desk,
    scenes_devices,
    scenes_door,
    scenes_figures,
    scenes_help,
    scenes_keys,
    scenes_member_import,
    scenes_member_messages,
    scenes_members,
    scenes_pack,
    scenes_pay,
    scenes_photos,
    scenes_privacy,
    scenes_promised,
    scenes_recommended,
    scenes_redeem,
    scenes_referral,
    scenes_refund,
    scenes_rewards,
    scenes_scanner,
    scenes_settings,
    scenes_shift,
    scenes_survey,
    scenes_sync,
    scenes_tiers,
    scenes_till,
    scenes_training,
)
from tests.screens.scene import Scene, Shot, draw, open_scene
from ui.application import Application
from ui.navigation import (
    AskApproval,
    CashDrawer,
    GiveDiscount,
    JoinMember,
    LearnScanner,
    LogComplaint,
    LookUpMember,
    RecallHeld,
    ScanByCamera,
    VoidSale,
)
from ui.theme.tokens import Scheme

SHOTS: tuple[Shot, ...] = (
    *scenes_door.SHOTS,
    *scenes_survey.SHOTS,
    *scenes_tiers.SHOTS,
    *scenes_till.SHOTS,
    *scenes_training.SHOTS,
    *scenes_pay.SHOTS,
    *scenes_photos.SHOTS,
    *scenes_refund.SHOTS,
    *scenes_recommended.SHOTS,
    *scenes_pack.SHOTS,
    *scenes_referral.SHOTS,
    *scenes_rewards.SHOTS,
    *scenes_by_hand.SHOTS,
    *scenes_camera.SHOTS,
    *scenes_campaigns.SHOTS,
    *scenes_complaints.SHOTS,
    *scenes_figures.SHOTS,
    *scenes_chain_figures.SHOTS,
    *scenes_scanner.SHOTS,
    *scenes_shift.SHOTS,
    *scenes_desk.SHOTS,
    *scenes_members.SHOTS,
    *scenes_member_import.SHOTS,
    *scenes_member_messages.SHOTS,
    *scenes_privacy.SHOTS,
    *scenes_sync.SHOTS,
    *scenes_promised.SHOTS,
    *scenes_redeem.SHOTS,
    *scenes_settings.SHOTS,
    *scenes_keys.SHOTS,
    *scenes_help.SHOTS,
    *scenes_devices.SHOTS,
)
LANGUAGES: dict[Language, str] = {"zh_CN": "zh", "en": "en"}
SCHEMES = (Scheme.LIGHT, Scheme.DARK)
_DIALOGS = {
    LookUpMember: "LookUpDialog",
    ScanByCamera: "CameraDialog",
    LearnScanner: "WizardDialog",
    JoinMember: "JoinDialog",
    GiveDiscount: "DiscountDialog",
    RecallHeld: "HoldsDialog",
    VoidSale: "VoidDialog",
    LogComplaint: "IntakeDialog",
    AskApproval: "ApprovalPanel",
    CashDrawer: "DrawerDialog",
}


def take_all(
    out: Path,
    application: Application,
    shots: Sequence[Shot] = SHOTS,
    *,
    languages: Sequence[Language] = ("zh_CN", "en"),
    tell: Callable[[str], object] = lambda name: None,
) -> list[Path]:
    """Every picture of these shots into `out`; where they lie. Contact sheet included."""
    out.mkdir(parents=True, exist_ok=True)
    pictures: list[Path] = []
    with tempfile.TemporaryDirectory(prefix="zhanggui-screens-") as folder:
        for shot in shots:
            for language in languages:
                tell(f"{shot.name} {language}")
                place = Path(folder) / f"{shot.name}-{language}"
                pictures += _take(out, place, shot, application, language)
    (out / "index.html").write_text(contact_sheet(pictures), encoding="utf-8")
    return pictures


def _take(
    out: Path, folder: Path, shot: Shot, application: Application, language: Language
) -> Iterator[Path]:
    application.theme.use(scheme=Scheme.LIGHT, scale_percent=100)
    scene = open_scene(shot, folder, application, language)
    try:
        front = in_front(scene)
        assert name_of(shot.shows) in front, f"{shot.name} shows {front}"
        for width, height in shot.sizes:
            for scheme in SCHEMES:
                application.theme.use(scheme=scheme, scale_percent=shot.scale_percent)
                scene.subject.resize(width, height)
                scene.cashier.window.edge_bar.hide()  # it is there for 600 ms, not for the picture
                draw()
                theme = scheme.value.lower()
                name = f"{shot.name}-{LANGUAGES[language]}-{theme}-{width}x{height}.png"
                assert scene.subject.grab().save(str(out / name))
                yield out / name
    finally:
        application.theme.use(scheme=Scheme.LIGHT, scale_percent=100)
        scene.close()


def in_front(scene: Scene) -> set[str]:
    """The names of what is open in the window: its screen, dialogs and sheets."""
    here = scene.cashier.handle.parts.navigation.here
    widgets = scene.cashier.window.findChildren(QWidget)
    shown = {type(here).__name__} | {type(w).__name__ for w in widgets if w.isVisible()}
    return shown | {type(scene.subject).__name__}


def name_of(kind: type[Any]) -> str:
    """The class that must be visible for a screen, dialog or sheet."""
    return _DIALOGS.get(kind, kind.__name__)


def contact_sheet(pictures: Sequence[Path]) -> str:
    """All pictures on one page, four in a row."""
    cells = "\n".join(
        f'<a href="{html.escape(p.name)}"><img loading="lazy" src="{html.escape(p.name)}">'
        f"<br>{html.escape(p.stem)}</a>"
        for p in pictures
    )
    style = (
        "body{font:13px sans-serif;display:grid;grid-template-columns:repeat(4,1fr);gap:12px}"
        "img{width:100%;border:1px solid #ccc}a{color:inherit;text-decoration:none}"
    )
    head = f'<!doctype html><meta charset="utf-8"><title>Zhanggui</title><style>{style}</style>'
    return f"{head}\n{cells}\n"
