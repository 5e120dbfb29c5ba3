"""Acts of the tab of consents: giving and withdrawing one, each after its text was read.

Owns: the question with the text in force, what is said of the answer. Does not own: what a consent
does (app/services/consent.py), ways and how many (ui/member_messages).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from app.services.answers import Changed
from app.services.consent import ConsentAsBefore, ConsentNeeded, change_consent
from app.services.member_consents import ConsentStanding, MemberConsents, member_consents
from app.wording import N_, Wording
from ui import formatting
from ui.join.view_model import consent_words
from ui.kit.dialogs import ConfirmDialog, Question
from ui.member.consents_tab import MESSAGES, PURPOSES
from ui.member_messages.acts import change_choice
from ui.window_parts import WindowParts

_ENDS = {
    "marketing": N_("From now on no message with offers goes out."),
    "profiling": N_("From now on nothing is judged or named by what he bought."),
}


def open_consent(parts: WindowParts, key: str) -> None:
    """Enter on a row of the tab."""
    what, _, member_id = key.partition(":")
    if what == MESSAGES:
        change_choice(parts, member_id)
    else:
        parts.ask(member_consents, partial(_ask, parts, what), member_id=member_id)


def _ask(parts: WindowParts, purpose: str, answer: object) -> None:
    current = parts.navigation.current
    if not isinstance(answer, MemberConsents) or current is None:
        return
    each = next(one for one in answer.standing if one.purpose == purpose)
    question = _question(each, parts)
    dialog = ConfirmDialog(current.widget, question)
    if not each.stands or each.can_end:
        dialog.accepted.connect(partial(_change, parts, answer.member_id, each))
    dialog.open()


def _question(each: ConsentStanding, parts: WindowParts) -> Question:
    wording, text = parts.wording, parts.shop.consent_texts[each.purpose]
    t = wording.t
    name = t(PURPOSES[each.purpose])
    body = [consent_words(text, wording), t("Version {version}", version=text.version)]
    if not each.stands:
        body.append(t("He has read it, or it was read to him."))
        return Question(t("{consent}: does he agree?", consent=name), "\n\n".join(body),
                        go_on=t("He agrees"), stay=t("Cancel"), icon="check-circle")  # fmt: skip
    assert each.day is not None, "what stands was given on a day"
    day, version = formatting.day(each.day), each.version
    body[1] = t("Agreed on {day} to version {version}.", day=day, version=version)
    if not each.can_end:
        body.append(t("It ends with the membership: under Privacy the member is erased."))
        return Question(name, "\n\n".join(body), go_on=t("Close"), stay=t("Back"), icon="info")
    body.append(t(_ENDS[each.purpose]))
    return Question(t("{consent}: does he withdraw it?", consent=name), "\n\n".join(body),
                    go_on=t("He withdraws it"), stay=t("Cancel"), icon="x-circle")  # fmt: skip


def _change(parts: WindowParts, member_id: str, each: ConsentStanding) -> None:
    parts.ask(
        change_consent,
        partial(_changed, parts),
        member_id=member_id,
        purpose=each.purpose,
        given=not each.stands,
    )


def _changed(parts: WindowParts, answer: object) -> None:
    """The page is read again whatever came of it: somebody else may have changed it meanwhile."""
    if isinstance(answer, Changed):
        parts.tell(_saved)
    elif not isinstance(answer, ConsentAsBefore):
        parts.notifier.signal("scan_error")
        parts.tell(_needed if isinstance(answer, ConsentNeeded) else _refused, "warning")
    refresh: Callable[[], object] | None = getattr(parts.navigation.current, "refresh", None)
    if refresh is not None:
        refresh()


def _saved(wording: Wording) -> str:
    return wording.t("Saved and recorded.")


def _needed(wording: Wording) -> str:
    return wording.t("It ends with the membership: under Privacy the member is erased.")


def _refused(wording: Wording) -> str:
    return wording.t("This was not kept: your role may not change members.")
