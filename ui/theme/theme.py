"""Theme: the look in force, and the switch to another one while everything stays open.

Owns: the chosen scheme, text scale and density; following the desktop; fonts and colours as Qt
values; putting palette and style sheet on the application.
Does not own: the numbers (tokens.py), the style sheet's rules (qss.py).
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from ui.theme import fonts
from ui.theme.qss import build_qss
from ui.theme.tokens import SCALES_PERCENT, SIZES, TOKENS, TYPE, Density, Scheme, Sizes, Tokens

_PROPERTY = "zhanggui_theme"


class Theme(QObject):
    """The look of one application. `Theme.current()` finds it; the first call makes it.

    Signals:
        changed: Colours, sizes or fonts are other ones now; widgets that paint paint again.
    """

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._scheme = Scheme.SYSTEM
        self._scale_percent = 100
        self._density = Density.TILL
        self._tokens: Tokens = TOKENS[Scheme.LIGHT]
        self._colours: dict[str, QColor] = {}
        self._fonts: dict[tuple[str, int | None], QFont] = {}
        fonts.load_shipped_font()
        self._families = fonts.families()
        self._weights = {
            weight: fonts.drawn_weight(self._families, weight) for weight in (400, 500, 600, 700)
        }
        application.setProperty(_PROPERTY, self)
        application.setStyle("Fusion")
        application.styleHints().colorSchemeChanged.connect(self._on_system_change)
        self._apply()

    @classmethod
    def current(cls) -> Theme:
        """The theme of the running application."""
        application = QApplication.instance()
        assert isinstance(application, QApplication), "make the application before its widgets"
        theme = application.property(_PROPERTY)
        return theme if isinstance(theme, Theme) else cls(application)

    @property
    def tokens(self) -> Tokens:
        return self._tokens

    @property
    def scheme(self) -> Scheme:
        """What was chosen; see `effective_scheme` for what is shown."""
        return self._scheme

    @property
    def effective_scheme(self) -> Scheme:
        if self._scheme is not Scheme.SYSTEM:
            return self._scheme
        if _system_wants_high_contrast(self._application):
            return Scheme.HIGH_CONTRAST
        system = self._application.styleHints().colorScheme()
        return Scheme.DARK if system == Qt.ColorScheme.Dark else Scheme.LIGHT

    @property
    def is_dark(self) -> bool:
        return self.effective_scheme is not Scheme.LIGHT

    @property
    def scale_percent(self) -> int:
        return self._scale_percent

    @property
    def density(self) -> Density:
        return self._density

    @property
    def sizes(self) -> Sizes:
        """Control heights at 100 %; put them through `size`."""
        return SIZES[self._density]

    def use(
        self,
        *,
        scheme: Scheme | None = None,
        scale_percent: int | None = None,
        density: Density | None = None,
    ) -> None:
        """Change the look at once, everywhere. Raises ValueError for a scale we do not test."""
        if scale_percent is not None and scale_percent not in SCALES_PERCENT:
            raise ValueError(f"text scale is one of {SCALES_PERCENT}, got {scale_percent}")
        before = (self.effective_scheme, self._scale_percent, self._density)
        self._scheme = scheme or self._scheme
        self._scale_percent = scale_percent or self._scale_percent
        self._density = density or self._density
        if before != (self.effective_scheme, self._scale_percent, self._density):
            self._apply()

    @property
    def focus_width(self) -> int:
        """How thick the focus ring is, px: thicker in high contrast."""
        return 3 if self.effective_scheme is Scheme.HIGH_CONTRAST else 2

    def px(self, pixels: int) -> int:
        """A text size at the user's scale."""
        return round(pixels * self._scale_percent / 100)

    def size(self, pixels: int) -> int:
        """A control's size: it grows half as much as its text, so that 150 % still fits 1024 px."""
        return round(pixels * (100 + (self._scale_percent - 100) / 2) / 100)

    def colour(self, token: str) -> QColor:
        found = self._colours.get(token)
        if found is None:
            found = self._colours[token] = QColor(self._tokens[token])
        return found

    def font(self, role: str, weight: int | None = None) -> QFont:
        """The font of a type token (`body`, `title`, ...), in its own weight or another."""
        key = (role, weight)
        found = self._fonts.get(key)
        if found is None:
            pixel_size, own_weight = TYPE[role]
            drawn_weight = self._weights[weight or own_weight]
            found = fonts.make_font(self._families, self.px(pixel_size), drawn_weight)
            self._fonts[key] = found
        return found

    @Slot()
    def _on_system_change(self) -> None:
        if self._scheme is Scheme.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        self._tokens = TOKENS[self.effective_scheme]
        self._colours.clear()
        self._fonts.clear()
        self._application.setPalette(_palette(self._tokens))
        self._application.setFont(self.font("body"))
        # Taken off before the next is put on: put over it, Qt goes through the widgets again and
        # again, and five hundred of them take four times as long.
        self._application.setStyleSheet("")
        self._application.setStyleSheet(
            build_qss(self._tokens, self._density, self._scale_percent, self._weights)
        )
        self.changed.emit()


def follow(widget: QWidget, react: Callable[[], object] | None = None) -> Theme:
    """The theme, and from now on a repaint (and `react`) whenever it changes."""
    theme = Theme.current()
    theme.changed.connect(widget.update)
    if react is not None:
        theme.changed.connect(react)
    return theme


def repolish(widget: QWidget) -> None:
    """Let the style sheet see a changed dynamic property."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def _system_wants_high_contrast(application: QApplication) -> bool:
    hints = getattr(application.styleHints(), "accessibility", None)  # from Qt 6.10 on
    if hints is None:
        return False
    return bool(hints().contrastPreference() == Qt.ContrastPreference.HighContrast)


def _palette(tokens: Tokens) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: "bg_app",
        role.WindowText: "text_primary",
        role.Base: "bg_surface",
        role.AlternateBase: "bg_app",
        role.Text: "text_primary",
        role.PlaceholderText: "text_secondary",
        role.Button: "bg_surface",
        role.ButtonText: "text_primary",
        role.BrightText: "danger",
        role.Highlight: "primary",
        role.HighlightedText: "on_primary",
        role.Link: "primary",
        role.ToolTipBase: "bg_surface",
        role.ToolTipText: "text_primary",
        role.Accent: "primary",
        role.Mid: "border_subtle",
        role.Dark: "border_control",
        role.Light: "bg_surface",
    }
    palette = QPalette()
    for colour_role, token in colours.items():
        palette.setColor(colour_role, QColor(tokens[token]))
    for colour_role in (role.WindowText, role.Text, role.ButtonText):
        disabled = QColor(tokens["text_disabled"])
        palette.setColor(QPalette.ColorGroup.Disabled, colour_role, disabled)
    return palette
