"""Camera dialog: the preview with its sentence and its way out; widgets only.

Owns: the layout, the keys. Does not own: the camera (qt_camera.py), texts (view_model.py).
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.wording import Wording
from ui.camera.preview import SIZE, CameraPreview
from ui.camera.view_model import CameraView
from ui.kit.buttons import PrimaryButton, SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.feedback import Banner
from ui.kit.panels import EmptyState
from ui.kit.text import Text

WIDTH = 640


class CameraDialog(KitDialog):
    """The camera.

    Signals:
        again_requested: Try again.
        next_requested: The other camera.
    """

    again_requested = Signal()
    next_requested = Signal()

    def __init__(self, parent: QWidget, wording: Wording) -> None:
        super().__init__(parent, title=wording.t("Member code by camera"), width=WIDTH, padding=24)
        self._title = Text(role="h1")
        self._sentence = Text(role="body_l", tone="text_secondary", wrap=True)
        self._notice = Banner()
        self.preview = CameraPreview()
        self._instead = EmptyState(icon="camera")
        self._instead.setFixedHeight(SIZE.height())
        self.body.addWidget(self._title)
        self.body.addWidget(self._sentence)
        self.body.addWidget(self.preview, 0, Qt.AlignmentFlag.AlignHCenter)
        self.body.addWidget(self._instead)
        self.body.addWidget(self._notice)
        self.body.addLayout(self._build_answers())
        self.retranslate(wording)

    @property
    def sentence(self) -> str:
        return self._shown.sentence

    @property
    def notice_text(self) -> str:
        return self._notice.sentence

    def first_focus(self) -> QWidget | None:
        return self.again if self.again.isVisibleTo(self) else self.back

    def retranslate(self, wording: Wording) -> None:
        self.setAccessibleName(wording.t("Member code by camera"))
        self.preview.setAccessibleName(wording.t("What the camera sees"))
        self.back.set_label(wording.t("Back"), hint="Esc")

    def render_view(self, view: CameraView) -> None:
        self._shown = view
        self._title.setText(view.title)
        self._sentence.setText(view.sentence if view.shows_picture else "")
        self._sentence.setVisible(view.shows_picture)
        self.preview.setVisible(view.shows_picture)
        self._instead.setVisible(not view.shows_picture)
        self._instead.show_words("" if view.shows_picture else view.sentence)
        self._notice.show_banner(view.notice, tone=view.tone)
        self.again.set_label(view.try_again, hint="Enter")
        had_again = self.again.isVisibleTo(self)
        self.again.setVisible(bool(view.try_again))
        self.primary = self.again if view.try_again else None
        self.other.set_label(view.other_camera)
        self.other.setVisible(bool(view.other_camera))
        if self.is_open and had_again != bool(view.try_again):
            first = self.first_focus()
            assert first is not None
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        if not view.shows_picture:
            self.preview.show_image(QImage())

    def _build_answers(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        self.back = SecondaryButton(icon="arrow-left", height=64)
        self.back.clicked.connect(self.reject)
        self.other = SecondaryButton(icon="rotate", height=64)
        self.other.clicked.connect(self.next_requested)
        self.again = PrimaryButton(icon="refresh")
        self.again.clicked.connect(self.again_requested)
        row.addWidget(self.back, 1)
        row.addWidget(self.other, 1)
        row.addWidget(self.again, 1)
        return row
