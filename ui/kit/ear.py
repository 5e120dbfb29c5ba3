"""Hearing one kind of event of a widget, without an `event` of our own.

Owns: the filter. Why not `event`: Qt deletes a widget inside its `event`, and an override of ours
holds Python's lock there. A thread that drops an object of Qt at that moment holds Qt's lock and
wants Python's: both would stand still for ever. A filter has let go of the lock by then.
Does not own: what is done about it.
"""

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget


class EventEar(QObject):
    """Hears some kinds of events of its parent; they go their usual way.

    Signals:
        heard: One came. The widget's layout has seen it, the widget itself has not yet.
    """

    heard = Signal()

    def __init__(self, widget: QWidget, *kinds: QEvent.Type) -> None:
        super().__init__(widget)
        self._kinds = kinds
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in self._kinds:
            self.heard.emit()
        return False
