"""What came of an act at the tier desk, as a sentence. Pure.

Owns: those sentences. Does not own: the answers (app/services/tier_answers.py), faults of a form
(words.py).
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.program import Program
from app.domain.trial import TrialFault
from app.services.tier_answers import (
    AlreadyDecided,
    CannotDecide,
    GrantUndone,
    NoSuchRequest,
    NothingToUndo,
    OwnMembership,
    RequestDecided,
    TierAsked,
    TierGiven,
)
from app.services.tier_desk import tier_name
from app.services.trial import TrialRefused, TrialStarted
from app.wording import N_, Wording
from ui.phrases import words
from ui.tier_words import VERDICT_WORDS

_WHY_NOT = {
    "own": N_("Whoever asked does not decide. A colleague has to."),
    "not_own": N_("Only whoever asked can take it back."),
    "too_high": N_("Your role may not decide about so high a tier. Ask the store manager."),
    "lapsed": N_("The last day of the tier asked for has passed. Refuse it."),
    "forbidden": N_("Your role may not decide about tiers."),
}
_NOTHING_LEFT = N_("There is nothing to decide any more.")
_PLAIN: Mapping[type, str] = {
    GrantUndone: N_("Undone by a record of its own."),
    OwnMembership: N_("It is your own membership: a colleague has to deal with the tier."),
    NoSuchRequest: _NOTHING_LEFT,
    NothingToUndo: _NOTHING_LEFT,
}
_NO_TRIAL: Mapping[TrialFault, str] = {
    "unknown": N_("The rules in force know no such trial any more."),
    "had_it": N_("This tier was tried before: once per member is all."),
    "not_above": N_("This tier or a higher one is there already: nothing to try."),
}
_OTHERWISE = N_("Your role may not do this here, or the member is not there any more.")
_DONE = (TierGiven, TierAsked, RequestDecided, GrantUndone, TrialStarted)


def is_done(answer: object) -> bool:
    """Whether the act was done."""
    return isinstance(answer, _DONE)


def answer_words(answer: object, program: Program | None, wording: Wording) -> str:
    """What came of an act."""
    t = wording.t
    match answer:
        case TierGiven(tier=tier):
            return t("{tier} given.", tier=_tier(program, tier, wording))
        case TierAsked(tier=tier, goes_out=goes_out):
            sentence = N_("{tier} asked for. A manager decides at this desk.")
            if goes_out:
                sentence = N_("{tier} asked for. It counts once somebody has approved.")
            return t(sentence, tier=_tier(program, tier, wording))
        case RequestDecided(verdict=verdict, counts=counts):
            sentence = N_("{verdict} and recorded.")
            if not counts:
                sentence = N_("{verdict}. It counts once head office has it.")
            return t(sentence, verdict=t(VERDICT_WORDS[verdict]))
        case AlreadyDecided(verdict=verdict, day=day):
            said = t(VERDICT_WORDS[verdict])
            return t("Decided before, on {day}: {verdict}.", day=day.isoformat(), verdict=said)
        case TrialStarted(words=name, last_day=day):
            return t("{trial} until {day}.", trial=words(name, wording), day=day.isoformat())
        case TrialRefused(why=fault):
            return t(_NO_TRIAL[fault])
        case CannotDecide(why=why):
            return t(_WHY_NOT[why])
        case _:
            return t(_PLAIN.get(type(answer), _OTHERWISE))


def _tier(program: Program | None, tier: str, wording: Wording) -> str:
    return tier if program is None else words(tier_name(program, tier), wording)
