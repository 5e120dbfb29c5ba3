"""Words of the tier desk: reasons, steps of the history, what is wrong with a wish. Pure.

Owns: those tables. Does not own: rows and forms (ui/tiers), the rules (app/domain).
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.program import Text
from app.domain.tier_change import EventKind, Fault
from app.domain.tier_fact import Verdict
from app.domain.tiers import TierSource
from app.wording import N_, Wording
from ui.phrases import words

REASON_WORDS: Mapping[str, str] = {
    "goodwill": N_("Goodwill after a complaint"),
    "regular": N_("Regular customer"),
    "matched": N_("Same tier at another shop"),
    "event": N_("Event or cooperation"),
    "correction": N_("Putting a mistake right"),
    "other": N_("Other reason"),
    "import": N_("From an earlier system"),
    "trial": N_("To try"),
    "by_hand": N_("By hand"),
    "welcome": N_("At joining"),
    "campaign": N_("By a campaign"),
}
"""By their digits, from 1; as app.domain.tier_change.REASON_TYPES has them."""
VERDICT_WORDS: Mapping[Verdict, str] = {
    "approved": N_("Granted"),
    "refused": N_("Refused"),
    "withdrawn": N_("Withdrawn"),
}
EVENT_WORDS: Mapping[EventKind, str] = {
    "reached": N_("Reached {tier}"),
    "cancelled": N_("Reached {tier}, undone by a refund"),
    "review": N_("Review: {tier}"),
    "grant": N_("{tier} given by hand"),
    "revoked": N_("{tier} given by hand, undone"),
    "bought": N_("{tier} by a membership pack"),
    "returned": N_("{tier} by a membership pack, taken back"),
    "tried": N_("{tier} to try"),
    "request": N_("{tier} asked for"),
    "decision": N_("{tier}: {verdict}"),
}
SOURCE_WORDS: Mapping[TierSource, str] = {
    "grant": N_("by hand"),
    "pack": N_("by a membership pack"),
    "trial": N_("to try"),
}
"""Of tiers that just end."""
LENT_WORDS: Mapping[TierSource, str] = {
    "pack": N_("{tier} by a membership pack"),
    "trial": N_("{tier} to try"),
}
FAULT_WORDS: Mapping[Fault, str] = {
    "unknown_tier": N_("The rules in force know no such tier. Choose one of the list."),
    "not_above": N_("By hand a tier is only raised; it is lowered by its review alone."),
    "not_longer": N_("It lasts that long already. Choose a later last day or a higher tier."),
    "starts_in_past": N_("It cannot begin before today ({day})."),
    "starts_too_late": N_("It cannot begin more than a year from now."),
    "ends_before_start": N_("The last day is before the first ({day}). Choose a later last day."),
    "ends_too_late": N_("By hand a tier lasts three years at most. Choose an earlier last day."),
    "unknown_reason": N_("Choose a reason."),
    "words_missing": N_("Say in a few words why."),
    "evidence_missing": N_("This reason needs evidence: a case, a receipt or a photo."),
    "photo_refused": N_("One of the photos cannot be kept. Take them off and choose others."),
}


def tier_label(name: Text, lent: str, wording: Wording) -> str:
    """What he is called; who only tries a tier is told from those who have it."""
    tier = words(name, wording)
    return wording.t("{tier} to try", tier=tier) if lent == "trial" else tier
