"""Walking a screen: every interactive widget with its name, size, focus; every label with its room.

Owns: what a person with a screen reader, thick fingers or large type needs, as checks over any
screen. Does not own: which screens (the tests of each).
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QLineEdit,
    QScrollArea,
    QWidget,
)

from ui.kit.buttons import KeypadKey, KitButton
from ui.kit.text import ElidedText

TARGET_MIN = 48
FLOOR = 24
_INTERACTIVE = (QAbstractButton, QLineEdit, QAbstractItemView)


def visible(root: QWidget, *kinds: type[QWidget]) -> Iterator[QWidget]:
    """The widgets of these kinds that are on the screen."""
    for widget in root.findChildren(QWidget):
        if (
            isinstance(widget, kinds)
            and widget.isVisible()
            and not widget.visibleRegion().isEmpty()
        ):
            yield widget


def described(widget: QWidget) -> str:
    text = getattr(widget, "text", lambda: "")()
    return f"{type(widget).__name__} {widget.accessibleName() or text!r} {widget.size().toTuple()}"


def nameless(root: QWidget) -> list[str]:
    """Interactive widgets that a screen reader has no word for."""
    return [described(w) for w in visible(root, *_INTERACTIVE) if not w.accessibleName()]


def too_small(root: QWidget, *, allowed: tuple[str, ...] = ()) -> list[str]:
    """Targets below 48 px; those named in `allowed` may go down to 24."""
    small = []
    for widget in visible(root, QAbstractButton, QLineEdit):
        target = widget.parentWidget() if isinstance(widget, QLineEdit) else widget
        assert target is not None
        least = FLOOR if widget.accessibleName() in allowed else TARGET_MIN
        if min(target.width(), target.height()) < least:
            small.append(described(widget))
    return small


def unreachable(root: QWidget) -> list[str]:
    """Enabled interactive widgets that Tab never comes to."""
    reached = set(focus_order(root))
    missing = []
    for widget in visible(root, *_INTERACTIVE):
        if isinstance(widget, KeypadKey | QHeaderView) or not widget.isEnabled():
            continue  # number keys are for fingers, headers are read with their table
        if widget not in reached:
            missing.append(described(widget))
    return missing


def focus_order(root: QWidget) -> list[QWidget]:
    """What Tab visits, in its order."""
    order: list[QWidget] = []
    widget = root.nextInFocusChain()
    while widget is not None and widget is not root:
        takes_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if takes_tab and root.isAncestorOf(widget) and widget.isVisible() and widget.isEnabled():
            order.append(widget.focusProxy() or widget)
        widget = widget.nextInFocusChain()
    return order


def clipped(root: QWidget) -> list[str]:
    """Labels and buttons whose words, or whose key, have no room; elided ones say the whole in a
    tool tip."""
    cut = []
    for widget in visible(root, QLabel):
        assert isinstance(widget, QLabel)
        if widget.text() and not isinstance(widget, ElidedText) and _label_is_cut(widget):
            cut.append(described(widget))
    for widget in visible(root, KitButton):
        assert isinstance(widget, KitButton)
        if widget.text() and not (widget.label_fits() and widget.hint_is_shown()):
            cut.append(described(widget))
    for widget in visible(root, ElidedText):
        assert isinstance(widget, ElidedText)
        if _needed(widget).height() > widget.height() + 1:
            cut.append(described(widget))
    return cut


def _label_is_cut(label: QLabel) -> bool:
    needed, room = _needed(label), label.contentsRect()
    if label.wordWrap():
        return needed.height() > room.height() + 1
    return needed.width() > room.width() + 1 or needed.height() > room.height() + 1


def _needed(label: QLabel) -> QRect:
    flags = Qt.TextFlag.TextWordWrap if label.wordWrap() else Qt.TextFlag.TextSingleLine
    around = QRect(0, 0, label.contentsRect().width() if label.wordWrap() else 10_000, 10_000)
    return QFontMetrics(label.font()).boundingRect(around, flags, label.text())


def outside(root: QWidget) -> list[str]:
    """Visible widgets that stick out of the screen."""
    area = root.rect()
    out = []
    for widget in visible(root, QAbstractButton, QLabel, QLineEdit):
        if any(isinstance(p, QScrollArea) for p in _parents(widget)):
            continue
        corner = widget.mapTo(root, QPoint(0, 0))
        if not area.contains(QRect(corner, widget.size())):
            out.append(described(widget))
    return out


def _parents(widget: QWidget) -> Iterator[QWidget]:
    parent = widget.parentWidget()
    while parent is not None:
        yield parent
        parent = parent.parentWidget()
