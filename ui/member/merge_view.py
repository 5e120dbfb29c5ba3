"""View of a merge: both side by side and what comes of both, as texts. Pure.

Owns: which rows are compared, every sentence of the two dialogs. Does not own: reckoning
(app/services/merge.py, parting.py), widgets (merge_dialogs.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.services.merge import MergeAsked, Merged, MergePreview, MergeRefused
from app.services.merge_side import MergeSide
from app.services.parting import Parted, PartPreview
from app.wording import N_, Wording
from ui import formatting
from ui.member.consents_tab import PURPOSES
from ui.member_tabs import TabTold
from ui.phrases import words

_REFUSED: Mapping[str, str] = {
    "same": N_("It is the same member: nobody is merged with himself. Choose another one."),
    "unknown": N_("This member is not there any more. Choose another one."),
    "frozen": N_("One of both is frozen. Release the membership first, then merge."),
    "erased": N_("The data of one of both was erased. Nobody can be merged with him."),
    "in_basket": N_("One of both is on the sale at this till. Finish or hold it first."),
    "reason": N_("Say in a few words why; the record keeps it."),
    "not_merged": N_("They are two members already."),
}
REFUSED_BY_OFFICE: Mapping[str, str] = {
    "merge_same": N_("they are one member already"),
    "merge_unknown": N_("one of both is not known there"),
    "merge_frozen": N_("one of both is frozen"),
    "merge_erased": N_("the data of one of both was erased"),
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparing dialog says. `rows`: label, then a text for each of `heads`; the last column
    is what matters. `go_on`: the key that does it.
    """

    title: str
    sentence: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    go_on: str


def merge_view(preview: MergePreview, told: TabTold) -> Comparison:
    """Two members and the one they become."""
    t = told.wording.t
    sentence = t(
        "Points, coupons, consents, tier and history go along, and both cards stay good. Of what "
        "only one can be (name, phone, birthday) the member who stays speaks first. Tags and notes "
        "are read together, and stay each one's own. It can be taken back."
    )
    if not preview.decided_here:
        waits = t("Head office decides; until it has, nothing changes.")
        sentence = f"{sentence} {waits}"
    return Comparison(
        title=t("Make these two one member?"),
        sentence=sentence,
        heads=(t("Who stays"), t("Goes into him"), t("Afterwards")),
        rows=_rows((preview.kept, preview.gone, preview.after), told),
        go_on=t("Merge") if preview.decided_here else t("Ask head office"),
    )


def part_view(preview: PartPreview, told: TabTold) -> Comparison:
    """The one member, and the two he will be again."""
    t = told.wording.t
    title = t("Make them two members again?")
    if preview.kept is not None and preview.gone is not None:
        return Comparison(
            title,
            t(
                "What was earned stays with whose card earned it; what was spent since is shared "
                "by what each had. Tags and notes go back to whom they were written of."
            ),
            (t("Now"), t("Who stays"), t("Is a member again")),
            _rows((preview.now, preview.kept, preview.gone), told),
            t("Part them"),
        )
    sides = (preview.now,) if preview.other is None else (preview.now, preview.other)
    heads = (t("Now"), t("As he was known before"))[: len(sides)]
    return Comparison(
        title,
        t(
            "Head office parts them: what was earned stays with whose card earned it, what was "
            "spent since is shared by what each had. Until then nothing changes."
        ),
        heads,
        _rows(sides, told, known_only=len(sides) > 1),
        t("Ask head office"),
    )


_OF_THE_PERSON = 3
"""So many rows say who somebody is; the rest is what he has."""


def _rows(
    sides: Sequence[MergeSide], told: TabTold, *, known_only: bool = False
) -> tuple[tuple[str, ...], ...]:
    """`known_only`: of the last one nothing but who he is is known here."""
    rows = []
    for place, (label, text) in enumerate(_PARTS):
        cells = [text(side, told) for side in sides]
        if known_only and place >= _OF_THE_PERSON:
            cells[-1] = ""
        if any(cells):
            rows.append((told.wording.t(label), *(cell or "—" for cell in cells)))
    return tuple(rows)


def _spend(side: MergeSide, told: TabTold) -> str:
    return formatting.money(side.spend, currency=told.currency)


def _consents(side: MergeSide, told: TabTold) -> str:
    t = told.wording.t
    said = [t(PURPOSES[each]) if each in PURPOSES else each for each in side.consents]
    return ", ".join(said)


_PARTS: tuple[tuple[str, Callable[[MergeSide, TabTold], str]], ...] = (
    (N_("Name"), lambda side, told: side.name_masked or told.wording.t("Without a name")),
    (N_("Phone"), lambda side, _: side.phone_masked or ""),
    (N_("Member card"), lambda side, _: side.card_masked),
    (N_("Tier"), lambda side, told: words(side.tier, told.wording)),
    (N_("Points"), lambda side, _: formatting.points(side.points)),
    (N_("Held points"), lambda side, _: formatting.points(side.points_held) if side.points_held
     else ""),
    (N_("Usable coupons"), lambda side, _: str(side.coupons)),
    (N_("Spent in 12 months"), _spend),
    (N_("Purchases"), lambda side, _: f"{side.visits:,}"),
    (N_("Member since"), lambda side, _: formatting.day(side.joined)),
    (N_("Tags"), lambda side, _: f" {formatting.DOT} ".join(side.tags)),
    (N_("Note"), lambda side, _: side.note),
    (N_("Consents"), _consents),
)  # fmt: skip


def side_words(side: MergeSide, told: TabTold) -> tuple[str, str]:
    """One of those who may be meant: his name, then what tells him from others."""
    t = told.wording.t
    points = told.wording.n("{count} point", "{count} points", side.points)
    parts = (side.phone_masked or t("No phone number"), side.card_masked,
             words(side.tier, told.wording), points)  # fmt: skip
    return side.name_masked or t("Without a name"), f" {formatting.DOT} ".join(filter(None, parts))


def answer_words(answer: object, wording: Wording) -> tuple[str, str]:
    """What came of it, and its tone."""
    t = wording.t
    match answer:
        case Merged():
            return t("They are one member now."), "success"
        case Parted():
            return t("They are two members again."), "success"
        case MergeAsked():
            return t("Head office was asked. It shows here as soon as it has decided."), "info"
        case MergeRefused(why):
            return t(_REFUSED[why]), "danger"
        case _:
            return t("Your role may not merge members; a manager may."), "danger"
