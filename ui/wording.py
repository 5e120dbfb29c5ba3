"""Wording of the window: the language in force, and the switch while everything stays open.

Owns: which language the window speaks now, telling the screens when it changes, Qt's own texts.
Does not own: loading catalogues (app/wording.py), the sentences.
"""

from collections.abc import Callable

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTranslator, Signal
from PySide6.QtWidgets import QApplication

from app import wording as catalogues
from app.wording import Wording

__all__ = ["LanguageSwitch", "Wording"]


class LanguageSwitch(QObject):
    """Holds the current Wording. `load` is app.wording.load, or a test's.

    Signals:
        changed: Another language is in force. arg: its Wording.
    """

    changed = Signal(object)

    def __init__(self, language: str, load: Callable[[str], Wording] = catalogues.load) -> None:
        super().__init__()
        self._load = load
        self._wording = load(language)
        self._qt_texts = QTranslator(self)
        self._speak_qt()

    @property
    def wording(self) -> Wording:
        return self._wording

    def use(self, language: str) -> None:
        """Speak another language at once. Raises ValueError for one we do not have."""
        if language != self._wording.language:
            self._wording = self._load(language)
            self._speak_qt()
            self.changed.emit(self._wording)

    def use_next(self) -> None:
        """Go round the languages, as the header's key does."""
        languages = catalogues.LANGUAGES
        here = languages.index(self._wording.language)
        self.use(languages[(here + 1) % len(languages)])

    def _speak_qt(self) -> None:
        """Qt's own standard texts (menus of text fields, file dialogs) follow."""
        locale = QLocale(self._wording.language)
        QLocale.setDefault(locale)
        QApplication.removeTranslator(self._qt_texts)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self._qt_texts.load(locale, "qtbase", "_", folder):
            QApplication.installTranslator(self._qt_texts)
