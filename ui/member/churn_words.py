"""Words of the churn grade on a member's page: the grade, and what speaks for it.

Owns: the sentence. Does not own: the grade (app/domain/churn.py). For the desk, and for whoever
wants to have all that is known of him: nobody else reads of himself that he may be lost.
"""

from __future__ import annotations

from app.domain.churn import ChurnGrade, Grade, TooFewVisits
from app.domain.churn_record import ChurnSeen, seen_of
from app.services.churn import ChurnAnswer, NoProfileWanted
from app.wording import N_, Wording
from ui import formatting

GRADES: dict[Grade, str] = {
    "low": N_("Low"),
    "middle": N_("Medium"),
    "high": N_("High"),
}


def churn_words(answer: ChurnAnswer | None, wording: Wording, purchases: int = 0) -> str:
    """The grade with its reason; why there is none; empty where nothing is to be said.

    `purchases`: as they stand beside it; where they are enough, it is said which do not count.
    """
    t = wording.t
    match answer:
        case ChurnGrade():
            return t(
                "{grade} {dot} {reason}", grade=t(GRADES[answer.grade]), dot=formatting.DOT,
                reason=reason_words(seen_of(answer), wording),
            )  # fmt: skip
        case TooFewVisits(least=least):
            early = wording.n(
                "Not known before {count} visit", "Not known before {count} visits", least
            )
            if purchases < least:
                return early
            return t("{early}; purchases brought along or made elsewhere do not count", early=early)
        case NoProfileWanted():
            return t("Not judged: the member does not want it")
        case _:
            return ""


def reason_words(seen: ChurnSeen, wording: Wording) -> str:
    """What speaks for a grade."""
    t, n = wording.t, wording.n
    every = n("usually here every {count} day", "usually here every {count} days", seen.usual_days)
    match seen.sign:
        case "silent":
            away = n("not here for {count} day", "not here for {count} days", seen.days_since)
            return t("{every}, {now}", every=every, now=away)
        case "rarer":
            rarer = n(
                "only {count} visit in the last 28 days", "only {count} visits in the last 28 days",
                seen.visits_28_days,
            )  # fmt: skip
            return t("{every}, {now}", every=every, now=rarer)
        case "steady":
            last = n("last here {count} day ago", "last here {count} days ago", seen.days_since)
            return t("{every}, {now}", every=every, now=last)
