"""The join page: somebody becomes a member on his own phone, after scanning the till's code.

Owns: the page with its form, the way from a form to a member. Does not own: what is wrong with a
form and what is recorded (joining.py), the card it ends at (card_page.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.consent import REQUIRED, Purpose
from app.wording import N_, Wording
from sync.server.page_token import PageToken
from sync.server.pages.card_page import card_path, put_card
from sync.server.pages.front import Answer, Asked, Moved, Shown, Shut, opened
from sync.server.pages.joining import (
    PURPOSES,
    JoinForm,
    NewPerson,
    check_form,
    claim_of,
    form_of,
    joining_facts,
    without_unread,
)
from sync.server.pages.ports import Pages, PageWork
from sync.server.pages.secret_link import (
    PREFIX,
    card_token_after,
    is_token,
    new_token,
    submission_hash,
)

_TITLES: Mapping[Purpose, str] = {
    "membership": N_("I want to become a member (needed)"),
    "marketing": N_("News and offers (if you like)"),
    "profiling": N_("Suggestions from my purchases (if you like)"),
}
_FIELDS = ("phone", "name", "birthday", *PURPOSES)
MONTHS, DAYS = 12, 31


@dataclass(frozen=True, slots=True)
class ConsentShown:
    """One box to tick, with the text it stands for."""

    purpose: Purpose
    title: str
    text: str
    hash: str
    version: str
    needed: bool
    ticked: bool
    wrong: str


@dataclass(frozen=True)
class JoinPage:
    """Joining by whoever holds the link of a till."""

    pages: Pages

    def show(self, work: PageWork, asked: Asked) -> Answer:
        """The empty form."""
        held = self._unused(work, asked)
        return held if isinstance(held, Shut) else self._form(asked, JoinForm(), {})

    def take(self, work: PageWork, asked: Asked) -> Answer:
        """The form that came. Once; the same form sent twice is one member."""
        pages, form = self.pages, form_of(asked.form)
        held = opened(work, pages, asked, "join")
        if isinstance(held, Shut):
            return held
        used_with = submission_hash(pages.secret, form.submission)
        if held.used_with is not None:
            return self._again(asked, form) if held.used_with == used_with else Shut("used")
        if "switch" in asked.form or not is_token(form.submission):
            return self._form(asked, form, {})
        new = check_form(form, pages, asked.words)
        if not isinstance(new, NewPerson):
            return self._form(asked, form, new)
        if work.members.holder(claim_of(new, pages)) is not None:
            # Counted, so that one link does not tell of a whole telephone book who is a member.
            work.tokens.count_try(held.token_hash)
            return self._form(asked, form, {}, known=_known_words(asked.words))
        return self._join(work, asked, held, new, used_with)

    def _join(
        self, work: PageWork, asked: Asked, held: PageToken, new: NewPerson, used_with: str
    ) -> Answer:
        pages, form = self.pages, form_of(asked.form)
        now_ms = pages.clock.wall_ms()
        if not work.tokens.use(held.token_hash, used_with=used_with, now_ms=now_ms):
            now = work.tokens.find(held.token_hash)
            is_same = now is not None and now.used_with == used_with
            return self._again(asked, form) if is_same else Shut("used")
        inviter = work.members.member(held.member) if held.member else None
        referrer = inviter.member if inviter is not None and inviter.status == "active" else None
        joined = joining_facts(new, pages, store=held.store, now_ms=now_ms, referrer=referrer)
        work.members.write_facts(joined.facts, joined.keys)
        token = card_token_after(pages.secret, asked.token, form.submission)
        put_card(work, pages, token, joined.member, held.store)
        return self._again(asked, form)

    def _again(self, asked: Asked, form: JoinForm) -> Moved:
        """To the card that this form led to."""
        token = card_token_after(self.pages.secret, asked.token, form.submission)
        return Moved(card_path(token), {"new": "1"})

    def _unused(self, work: PageWork, asked: Asked) -> PageToken | Shut:
        held = opened(work, self.pages, asked, "join")
        if isinstance(held, Shut):
            return held
        return Shut("used") if held.used_with is not None else held

    def _form(
        self, asked: Asked, form: JoinForm, wrong: Mapping[str, str], *, known: str = ""
    ) -> Shown:
        """`known`: nothing is wrong, he is a member already; said once, and not in red."""
        words = asked.words
        kept = without_unread(form, self.pages)
        labels = _labels(words)
        return Shown(
            "join.html",
            words.t("Become a member"),
            {
                "form": kept,
                "submission": kept.submission if is_token(kept.submission) else self._fresh(),
                "wrong": dict.fromkeys(_FIELDS, "") | dict(wrong),
                "wrong_list": [
                    (name, labels.get(name, words.t("Consent")), wrong[name])
                    for name in _FIELDS
                    if name in wrong
                ],
                "known": known,
                "labels": labels,
                "months": range(1, MONTHS + 1),
                "days": range(1, DAYS + 1),
                "consents": self._consents(kept, wrong, words),
                "action": f"{PREFIX}/join/{asked.token}",
                "suffix": asked.suffix,
            },
            status=422 if wrong or known else 200,
            keeps_form=True,
        )

    def _fresh(self) -> str:
        return new_token(self.pages.chance)

    def _consents(
        self, form: JoinForm, wrong: Mapping[str, str], words: Wording
    ) -> list[ConsentShown]:
        language = "zh_CN" if words.is_chinese else "en"
        texts = self.pages.consent_texts
        return [
            ConsentShown(
                purpose=purpose,
                title=words.t(_TITLES[purpose]),
                text=dict(texts[purpose].texts)[language],
                hash=texts[purpose].hash,
                version=words.t("Version {number}", number=texts[purpose].version),
                needed=purpose in REQUIRED,
                ticked=purpose in form.agreed,
                wrong=wrong.get(purpose, ""),
            )
            for purpose in PURPOSES
            if purpose in texts
        ]


def _known_words(words: Wording) -> str:
    """Nothing of the member: whoever types a number need not be its owner."""
    return words.t(
        "This number has a membership already. Ask at the till: they show a code for your card."
    )


def _labels(words: Wording) -> dict[str, str]:
    return {
        "phone": words.t("Mobile number"),
        "name": words.t("Name (if you like)"),
        "salutation": words.t("Form of address"),
        "nobody": words.t("Not said"),
        "mr": words.t("Mr"),
        "ms": words.t("Ms"),
        "birthday": words.t("Birthday (if you like, without the year)"),
        "solar": words.t("Solar"),
        "lunar": words.t("Lunar"),
        "month": words.t("Month"),
        "day": words.t("Day of the month"),
        "leap": words.t("Leap month (lunar calendar only)"),
        "send": words.t("Join now"),
        "mend": words.t("Please look at this again:"),
        "kept": words.t("What you typed is still here."),
        "known": words.t("Nice to see you again"),
    }
