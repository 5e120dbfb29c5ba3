"""Backup page: where copies and journal lie, how old they are, and one made now.

Owns: its widgets and words. Does not own: backups (a port), restoring (a command of its own).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from app.services.backup_port import BackupFacts, BackupKeeper, JournalWhy
from app.wording import N_, Wording
from ui import formatting
from ui.key_map import Action, KeyAction
from ui.kit.buttons import PrimaryButton
from ui.kit.feedback import Banner, Busy
from ui.kit.panels import Card
from ui.kit.text import Text
from ui.said import fault
from ui.settings.editor import scrolling
from ui.settings.fact_list import Fact, FactList
from ui.settings.page import PageWidget, SettingsPage
from ui.window_parts import WindowParts

_WHY: Mapping[JournalWhy, str] = {
    "slow": N_("the folder is slow"),
    "no_folder": N_("the folder is not there"),
    "no_backup": N_("there is no backup yet"),
    "folder_full": N_("the folder is full"),
    "other_life": N_("the folder belongs to a newer life of this till: restore it"),
    "fault": N_("it cannot be written"),
}


class BackupPage(PageWidget):
    """How the shop is kept safe."""

    def __init__(self, parts: WindowParts, keeper: BackupKeeper) -> None:
        super().__init__()
        self._parts, self._keeper = parts, keeper
        self._facts: BackupFacts | None = None
        self._is_busy = self._is_looking = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        card = Card(padding=(20, 20), spacing=12)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(card)
        self._title = Text(role="h1", weight=600)
        self.notice = Banner()
        self.list = FactList()
        self._busy = Busy()
        self.make = PrimaryButton(icon="download", hint="Enter")
        self.make.clicked.connect(self.back_up)
        inside = Card(kit="plain", padding=(0, 0))
        inside.body.addWidget(self.list)
        inside.body.addStretch(1)
        card.body.addWidget(self._title)
        card.body.addWidget(self.notice)
        card.body.addWidget(scrolling(inside), 1)
        card.body.addWidget(self._busy)
        card.body.addWidget(self.make)
        self.speak(parts.wording)

    # ------------------------------------------------------------------ the settings ask

    def enter(self) -> None:
        self.notice.show_banner("")
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        # A share that hangs holds one thread, however often somebody looks: terminals and PINs
        # need the others.
        if not self._is_looking:
            self._is_looking = True
            self._parts.runner.run_aside(self._keeper.look, self._looked, self._not_looked)

    def key_actions(self) -> Sequence[KeyAction]:
        t = self._parts.wording.t
        return (KeyAction(Action.CONFIRM, t("Back up now"), self.back_up),)

    def speak(self, wording: Wording) -> None:
        t = wording.t
        self._title.setText(t("Backup"))
        self.make.set_label(t("Back up now"))
        self._busy.show_wait(t("Copying and checking… sales go on meanwhile."))
        self.notice.show_banner("")
        self._draw()

    # ------------------------------------------------------------------ acts

    def back_up(self) -> None:
        """A checked copy now. Pressed twice it is one."""
        if self._is_busy:
            return
        self._is_busy = True
        self.notice.show_banner("")
        self._draw()
        self._parts.runner.run_aside(self._keeper.back_up_now, self._made, self._failed)

    def _made(self, facts: BackupFacts) -> None:
        self._is_busy = False
        said = self._parts.wording.t("Backup made and checked.")
        self.notice.show_banner(said, tone="success")
        self._parts.notifier.announce(said)
        self._facts = facts
        self._draw()

    def _looked(self, facts: BackupFacts) -> None:
        self._is_looking = False
        self._facts = facts
        self._draw()

    def _not_looked(self, error: BaseException) -> None:
        self._is_looking = False
        self._say_fault(error)

    def _failed(self, error: BaseException) -> None:
        self._is_busy = False
        self._say_fault(error)

    def _say_fault(self, error: BaseException) -> None:
        said = fault(error, self._parts.wording)
        self._parts.notifier.signal("need_attention")
        self.notice.show_banner(said.sentence, tone="danger")
        self._draw()

    # ------------------------------------------------------------------ drawing

    def _draw(self) -> None:
        self._busy.setVisible(self._is_busy)
        self.make.setEnabled(not self._is_busy)
        if self._facts is not None:
            self.list.show_facts(backup_facts(self._facts, self._parts))


def backup_page(keeper: BackupKeeper) -> SettingsPage:
    """The page over this keeper."""
    make = partial(BackupPage, keeper=keeper)
    finds = (N_("Journal"), N_("Last restore rehearsal"), N_("Folder"))
    return SettingsPage("backup", N_("Backup"), make, icon="shield-check", finds=finds)


def backup_facts(facts: BackupFacts, parts: WindowParts) -> tuple[Fact, ...]:
    """What the page says, in the shop's time."""
    t = parts.wording.t
    command = f"main.py restore --from {facts.folder} --rehearse"
    rehearsed = (
        Fact(t("Last restore rehearsal"), _at(facts.rehearsed, parts))
        if facts.rehearsed is not None
        else Fact(
            t("Last restore rehearsal"),
            t("Nobody has tried a restore from here yet: {command}", command=command),
            "warning",
        )
    )
    return (_folder(facts, parts.wording), _last(facts, parts), _journal(facts, parts), rehearsed)


def _folder(facts: BackupFacts, wording: Wording) -> Fact:
    t = wording.t
    if not facts.is_there:
        says = t("{folder} is not there: connect its disk.", folder=facts.folder)
        return Fact(t("Folder"), says, "danger")
    if facts.is_on_the_same_disk:
        says = t(
            "{folder} lies on the disk of the shop: a dead disk would take it along.",
            folder=facts.folder,
        )
        return Fact(t("Folder"), says, "warning")
    return Fact(t("Folder"), facts.folder)


def _last(facts: BackupFacts, parts: WindowParts) -> Fact:
    name = parts.wording.t("Last backup")
    if facts.last is None:
        return Fact(name, parts.wording.t("None yet."), "warning")
    kept = parts.wording.n("{count} copy is kept", "{count} copies are kept", facts.count)
    return Fact(name, f"{_at(facts.last, parts)} {formatting.DOT} {kept}")


def _journal(facts: BackupFacts, parts: WindowParts) -> Fact:
    t = parts.wording.t
    if facts.journal_since is None or facts.journal_why is None:
        return Fact(t("Journal"), t("Every sale lies in the folder within a second."), "success")
    says = t(
        "Sales since {when} lie on this machine only: {why}.",
        when=_at(facts.journal_since, parts),
        why=t(_WHY[facts.journal_why]),
    )
    return Fact(t("Journal"), says, "danger")


def _at(moment: datetime, parts: WindowParts) -> str:
    return formatting.moment(moment.astimezone(parts.local_now().tzinfo))
