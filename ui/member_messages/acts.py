"""Acts of the tab of messages: changing how a member wants to hear of the shop.

Owns: the dialog's errand: what is read before it opens, what is said of a refusal. Does not own:
the dialog (dialog.py), the choice (app/services/message.py).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from app.domain.message import CAP_MAX
from app.services.answers import Changed
from app.services.message import (
    EmailRefused,
    MemberMessages,
    MostRefused,
    choose_messages,
    member_messages,
)
from ui.member_messages.dialog import ChoiceDialog
from ui.window_parts import WindowParts


def change_choice(parts: WindowParts, member_id: str) -> None:
    """Open the dialog over the page; the row of the choice was opened."""
    parts.ask(member_messages, partial(_open, parts), member_id=member_id)


def _open(parts: WindowParts, answer: object) -> None:
    current = parts.navigation.current
    if not isinstance(answer, MemberMessages) or current is None:
        return
    dialog = ChoiceDialog(current.widget, answer.choice, answer.email_masked, parts.wording)
    dialog.chosen.connect(partial(_keep, parts, dialog, answer.member_id))
    dialog.open()


def _keep(parts: WindowParts, dialog: ChoiceDialog, member_id: str) -> None:
    parts.ask(
        choose_messages, partial(_kept, parts, dialog),
        member_id=member_id, choice=dialog.choice, email=dialog.typed_email,
    )  # fmt: skip


def _kept(parts: WindowParts, dialog: ChoiceDialog, answer: object) -> None:
    t = parts.wording.t
    if isinstance(answer, Changed):
        dialog.accept()
        # The page on which the tab stands: which one it is, nobody here knows.
        refresh: Callable[[], object] | None = getattr(parts.navigation.current, "refresh", None)
        if refresh is not None:
            refresh()
    elif isinstance(answer, EmailRefused):
        dialog.show_wrong_email(t("No mail can go there. An address looks like name@mail.example."))
    elif isinstance(answer, MostRefused):
        dialog.most_row.show_error(t("A number from 0 to {most}.", most=CAP_MAX))
    else:
        dialog.show_wrong_email(t("This was not kept: your role may not change members."))
