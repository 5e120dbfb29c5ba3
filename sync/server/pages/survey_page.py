"""The survey page: whoever has the link of a receipt says on his phone how likely he recommends the
shop, and a member may write one sentence.

Owns: the page with its form, answering once. Does not own: the link (app/domain/survey_link.py),
until when and for what (app/domain/survey.py), what stands of several answers (../survey.py).
Nothing of who bought or what is shown: the paper may have been lost. Who is no member leaves only
the score: a sentence is kept under the key of a member, so that it goes when he is forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.domain import effects as do
from app.domain.account import account_of
from app.domain.fact_parts import ProgramRef, Sealed
from app.domain.facts import SaleRecorded
from app.domain.moment import Moment
from app.domain.survey import Reason, closed_because, occasion_of, points_due
from app.domain.survey_fact import WORDS_MAX, SurveyAnswered
from app.domain.survey_link import sale_named, survey_token
from app.domain.survey_rule import SCORE_MAX, Survey
from app.domain.view import view
from app.wording import N_, Wording
from sync.protocol import MemberConfirmed, MemberKey
from sync.server.pages.front import Answer, Asked, Shown, Shut
from sync.server.pages.joining import today
from sync.server.pages.ports import Pages, PageWork
from sync.server.pages.secret_link import PREFIX
from sync.server.pages.shown_card import Known
from sync.server.secret import SECRET_BYTES
from sync.server.tenant import new_id

_BEFORE = N_("One purchase, one answer: yours is kept. Thank you.")
_NOT_YET = N_("Your purchase has not arrived at head office yet. Please try again in an hour.")
_CLOSED: Mapping[Reason, str] = {
    "ended": N_("The days for an answer have passed. Thank you all the same."),
    "back": N_("All goods of this purchase came back. Please tell us in the shop what was wrong."),
}
SCORES = tuple(str(score) for score in range(SCORE_MAX + 1))
_NONCE_BYTES = 12
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class _Held:
    """A purchase that can still be answered about. `told`: whose it was, where he is a member."""

    sale: SaleRecorded
    rule: Survey
    told: MemberConfirmed | None
    points: int


@dataclass(frozen=True)
class SurveyPage:
    """One question, one answer for each purchase."""

    pages: Pages

    def show(self, work: PageWork, asked: Asked) -> Answer:
        """The question."""
        held = self._held(work, asked)
        return self._form(asked, held, "", "", {}) if isinstance(held, _Held) else held

    def take(self, work: PageWork, asked: Asked) -> Answer:
        """The answer; sent again it is one that was given before."""
        held = self._held(work, asked, lock=True)
        if not isinstance(held, _Held):
            return held
        score = asked.form.get("score", "")
        said = " ".join("".join(c for c in asked.form.get("words", "") if _is_kept(c)).split())
        if "switch" in asked.form:
            return self._form(asked, held, score, said, {})
        words = asked.words
        if score not in SCORES:
            wrong = words.t("Please choose a number from 0 to 10.")
            return self._form(asked, held, "", said, {"score": wrong})
        if len(said) > WORDS_MAX:
            wrong = words.t(
                "Your sentence may have at most {most} characters; this one has {count}.",
                most=WORDS_MAX,
                count=len(said),
            )
            return self._form(asked, held, score, said, {"words": wrong})
        sealed, keys = self._sealed(work, held.told, said)
        work.members.write_facts([self._fact(held, int(score), sealed)], keys)
        return self._thanks(asked, held.points)

    # ------------------------------------------------------------------ what the link opens

    def _held(self, work: PageWork, asked: Asked, *, lock: bool = False) -> _Held | Answer:
        pages, words = self.pages, asked.words
        sale_id = sale_named(pages.claim_secret(), asked.token)
        rule = pages.program().survey
        if sale_id is None or rule is None:
            return Shut("unknown")
        if work.surveys.is_answered(sale_id, lock=lock):
            return self._notice(asked, words.t("You have answered already"), _BEFORE, status=410)
        sale = work.surveys.sale(sale_id)
        if sale is None:
            return self._notice(asked, words.t("Not here yet"), _NOT_YET, status=404)
        why = closed_because(rule, sale, work.surveys.back(sale_id), today(pages))
        if why is not None:
            return self._notice(asked, words.t("This can no longer be answered"), _CLOSED[why])
        told = None if sale.member is None else work.members.member(sale.member)
        if told is None or told.status == "erased":
            return _Held(sale, rule, None, 0)
        due = points_due(account_of(told.account), rule, today(pages))
        return _Held(sale, rule, told, due if told.status == "active" else 0)

    # ------------------------------------------------------------------ what is recorded

    def _fact(self, held: _Held, score: int, sealed: Sealed | None) -> SurveyAnswered:
        pages, told, program = self.pages, held.told, self.pages.program()
        now_ms = pages.clock.wall_ms()
        return SurveyAnswered(
            op_id=new_id(now_ms, pages.chance),
            store=held.sale.store,
            day=today(pages),
            clock=Moment(now_ms, pages.clock.monotonic_ms(), pages.boot_id, 0),
            member=None if told is None else told.member,
            effects=self._effects(held),
            sale=held.sale.op_id,
            receipt=held.sale.code,
            score=score,
            words=sealed,
            channel="page",
            program=ProgramRef(program.id, program.version),
        )

    def _effects(self, held: _Held) -> tuple[do.Effect, ...]:
        if held.told is None or not held.points:
            return ()
        program = self.pages.program()
        tier = view(account_of(held.told.account), program, today(self.pages)).tier
        gain = do.OccasionGain(
            occasion=occasion_of(held.rule, held.sale.op_id),
            points=held.points,
            expires_in=program.tier(tier).points_months,
        )
        return (gain,)

    def _sealed(
        self, work: PageWork, told: MemberConfirmed | None, said: str
    ) -> tuple[Sealed | None, tuple[MemberKey, ...]]:
        """The sentence, and the key where he had none before."""
        if told is None or not said:
            return None, ()
        chance = self.pages.chance
        key = work.surveys.key_of(told.member)
        made: tuple[MemberKey, ...] = ()
        if key is None:
            key = MemberKey(member=told.member, key_id=chance(8).hex(), secret=chance(SECRET_BYTES))
            made = (key,)
        nonce = chance(_NONCE_BYTES)
        sealed = AESGCM(key.secret).encrypt(nonce, said.encode(), key.key_id.encode())
        return Sealed(key.key_id, nonce, sealed), made

    # ------------------------------------------------------------------ what is shown

    def _form(
        self, asked: Asked, held: _Held, score: str, said: str, wrong: Mapping[str, str]
    ) -> Shown:
        """`wrong`: by field, what to mend there."""
        words = asked.words
        return Shown(
            "survey.html",
            words.t("How was it?"),
            {
                "asks": words.t(
                    "How likely is it that you recommend {shop} to a friend?",
                    shop=self.pages.shop_name,
                ),
                "about": words.t("Your purchase of {day}", day=held.sale.day.isoformat()),
                "brings": brings(held.points, words),
                "scores": SCORES,
                "score": score,
                "low": words.t("0 = not at all"),
                "high": words.t("10 = certainly"),
                "may_write": held.told is not None,
                "words_label": words.t("Why? One sentence, if you like"),
                "said": said,
                "most": WORDS_MAX,
                "does": words.t("Send the answer"),
                "wrong": {"score": "", "words": "", **wrong},
                "action": f"{PREFIX}/survey/{asked.token}{asked.suffix}",
            },
            status=422 if wrong else 200,
            keeps_form=True,
        )

    def _thanks(self, asked: Asked, points: int) -> Shown:
        words = asked.words
        says = words.t("Your answer has arrived. Thank you for your time.")
        if points:
            given = words.n(
                "{count} point is on your member card now.",
                "{count} points are on your member card now.",
                points,
            )
            says = f"{says} {given}"
        return Shown("notice.html", words.t("Thank you"), {"says": says})

    def _notice(self, asked: Asked, title: str, says: str, *, status: int = 410) -> Shown:
        return Shown("notice.html", title, {"says": asked.words.t(says)}, status=status)


@dataclass(frozen=True, slots=True)
class Invite:
    """A purchase that a member may still answer about, on his card page."""

    path: str
    says: str
    brings: str


def invites(work: PageWork, pages: Pages, who: Known, asked: Asked) -> tuple[Invite, ...]:
    """His last purchase, where it waits for an answer: nobody is asked about all of them."""
    rule = pages.program().survey
    if rule is None:
        return ()
    since_ms = pages.clock.wall_ms() - (rule.open_days + 1) * _DAY_MS
    last = next(iter(work.surveys.bought(who.ids, since_ms)), None)
    sale = None if last is None else work.surveys.sale(last)
    if sale is None or work.surveys.is_answered(sale.op_id):
        return ()
    token = survey_token(pages.claim_secret(), sale.op_id)
    if not token or closed_because(rule, sale, work.surveys.back(sale.op_id), today(pages)):
        return ()
    says = asked.words.t("Your purchase of {day}", day=sale.day.isoformat())
    due = points_due(who.account, rule, today(pages))
    path = f"{PREFIX}/survey/{token}{asked.suffix}"
    return (Invite(path, says, brings(due, asked.words)),)


def brings(points: int, words: Wording) -> str:
    """What an answer brings; empty where nothing."""
    if not points:
        return ""
    return words.n("{count} point for your answer", "{count} points for your answer", points)


def _is_kept(character: str) -> bool:
    return character.isprintable() or character.isspace()
