"""View of the sync centre: state, backlog, cards, data, proof, as texts. Pure.

Owns: what stands where. Does not own: widgets (screen.py), sentences (words.py), asking
(controller.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from app.domain.ids import OpId
from app.domain.inbox import Listened
from app.domain.outbox import Difference, Rejection
from app.services.difference_words import difference_sentence, other_side_sentence
from app.services.sync_chip import Link
from app.services.sync_state import (
    AdjustedReceipt,
    Agreement,
    DeadLetter,
    Differs,
    Held,
    SentReceipt,
    SyncCentre,
)
from app.wording import N_, Wording
from ui import formatting
from ui.agreement_words import Marked, proof_mark, proof_way_out
from ui.moment import time_words
from ui.sync_centre import words
from ui.tier_words import VERDICT_WORDS

CLOCK_OFF_MS = 10 * 60_000
DOT = f" {formatting.DOT} "
CardKind = Literal["dead", "held", "adjusted"]


@dataclass(frozen=True, slots=True)
class Now:
    """What times are told by, and to whom. `local`: wall milliseconds -> the shop's clock."""

    at: datetime
    local: Callable[[int], datetime]
    wording: Wording
    sees_cases: bool = True
    """Whether the one who is signed in may open the exceptions."""

    def time(self, wall_ms: int | None) -> str:
        """A dash where it never was."""
        return "—" if wall_ms is None else time_words(self.local(wall_ms), self.at)


@dataclass(frozen=True, slots=True)
class CardView:
    """One thing to know. Only a `dead` one asks for a decision."""

    kind: CardKind
    op_id: OpId
    icon: str
    name: str
    detail: str
    end: str
    has_case: bool = False
    """Whether the list of exceptions tells the rest."""


@dataclass(frozen=True, slots=True)
class Section:
    """Cards under one heading with their number and what it means."""

    name: str
    note: str
    cards: tuple[CardView, ...]


@dataclass(frozen=True, slots=True)
class StateView:
    """The card at the top right. `figure`: how much waits, in the size of a headline."""

    icon: str
    tone: str
    name: str
    since: str
    reason: str
    asks_code: bool
    """Whether only a new code helps."""
    figure: str
    figure_tone: str
    parts: str
    lines: tuple[tuple[str, str], ...]
    warning: str


@dataclass(frozen=True, slots=True)
class DataRow:
    """A kind of data and of when it is; `is_whole` False: more is on its way."""

    name: str
    end: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class OfflineRow:
    """One thing, and whether it is done without a network."""

    what: str
    can: bool
    note: str


@dataclass(frozen=True, slots=True)
class LatestRow:
    """A receipt, and whether the server counts it as the till promised. `mark`: icon and tone."""

    mark: tuple[str, str]
    at: str
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class SyncView:
    """The whole screen. `alone`: this till belongs to no server, and nothing else is shown."""

    title: str
    alone: str
    alone_detail: str
    sections: tuple[Section, ...]
    nothing: str
    state: StateView
    data: tuple[DataRow, ...]
    proof: tuple[Marked, str] | None
    latest: tuple[LatestRow, ...]
    offline: tuple[OfflineRow, ...]

    @property
    def cards(self) -> tuple[CardView, ...]:
        """All of them, from the top."""
        return tuple(card for section in self.sections for card in section.cards)


def sync_view(
    centre: SyncCentre, link: Link | None, agreed: Mapping[date, Agreement], now: Now
) -> SyncView:
    """`agreed`: the last days that were closed, as far as they were compared."""
    t = now.wording.t
    is_alone = centre.server is None
    sections = tuple(each for each in _sections(centre, now) if each.cards)
    return SyncView(
        title=t("Sync"),
        alone=t("This till belongs to no server") if is_alone else "",
        alone_detail=t("Everything is kept in this till, and nothing waits for anybody."),
        sections=sections,
        nothing="" if sections or centre.chip.state == "attention" else _nothing(now),
        state=_state(centre, link or Link(), now),
        data=tuple(_data_row(each, now) for each in centre.heard),
        proof=_proof(agreed, now),
        latest=tuple(_latest(each, now) for each in centre.latest),
        offline=tuple(
            OfflineRow(t(row.what), row.can, t(row.note) if row.note else "")
            for row in words.OFFLINE
        ),
    )


def _photos(count: int, link: Link, now: Now) -> str:
    """They go behind everything else; why they do not, where head office said so."""
    n = now.wording.n
    if link.photo_trouble == "disk_full":
        return n("{count}, no room there", "{count}, no room there", count)
    if link.photo_trouble:
        return n("{count}, not taken", "{count}, not taken", count)
    return n("{count} waiting", "{count} waiting", count)


def lets_in_anew(link: Link | None) -> bool:
    """Whether the server wants this till to come with a new code, whatever the store says."""
    return link is not None and link.wire == "needs_person" and link.reason in words.CODE_HELPS


# ---------------------------------------------------------------------- the state


def _state(centre: SyncCentre, link: Link, now: Now) -> StateView:
    t, n = now.wording.t, now.wording.n
    called, pending = _called(centre, link), centre.count.pending
    reason, code = words.REASONS.get(link.reason, ("", ""))
    since = "" if link.since_ms is None else t(_since(link), time=now.time(link.since_ms))
    lines = [(t("Last upload"), now.time(link.last_push_ms))]
    lines.append((t("Last download"), now.time(link.last_pull_ms)))
    lines.append((t("Last contact"), _asked(link, now)))
    if centre.count.oldest_ms is not None and pending:
        lines.insert(0, (t("Waiting longest"), now.time(centre.count.oldest_ms)))
    today = centre.today
    if today.written:
        figures = {"sent": f"{today.answered:,}", "all": f"{today.written:,}"}
        lines.append((t("Today"), t("{sent} of {all} uploaded", **figures)))
    if today.again:
        lines.append((t("Asked for again today"), f"{today.again:,}"))
    if centre.photos:
        lines.append((t("Photos"), _photos(centre.photos, link, now)))
    return StateView(
        icon=called.icon,
        tone=called.tone,
        name=t(called.name),
        since=since,
        reason=_coded(t(reason), code, now.wording) if reason else "",
        asks_code=centre.must_enrol or lets_in_anew(link),
        figure=n("{count} waiting", "{count} waiting", pending, count=f"{pending:,}"),
        figure_tone="text_primary" if pending else "text_secondary",
        parts=_parts(centre, now.wording),
        lines=tuple(lines),
        warning=_clock_warning(link, now.wording),
    )


def _called(centre: SyncCentre, link: Link) -> words.StateWords:
    """The link's own name; green only where the chip is."""
    if link.wire == "online" and centre.count.pending and link.sending:
        return words.UPLOADING
    return words.AGREES if centre.chip.state == "synced" else words.WIRES[link.wire]


def _parts(centre: SyncCentre, wording: Wording) -> str:
    """What waits by group; of very much, of what waits longest."""
    t = wording.t
    parts = DOT.join(
        t("{what} {count}", what=t(words.GROUPS[group]), count=f"{number:,}")
        for group, number in centre.pending
    )
    told = sum(number for _, number in centre.pending)
    if told >= centre.count.pending:
        return parts
    return t("Of the first {count}: {parts}", count=f"{told:,}", parts=parts)


def _asked(link: Link, now: Now) -> str:
    """When a cashier last waited for head office, and whether in vain."""
    at = now.time(link.last_ask_ms)
    return now.wording.t("{time}, no answer", time=at) if link.ask_failed else at


def _since(link: Link) -> str:
    """It is the link that is so since then: not the upload, nor that everything is there."""
    is_there = link.wire in ("online", "behind")
    return N_("online since {time}") if is_there else N_("since {time}")


def _clock_warning(link: Link, wording: Wording) -> str:
    off = abs(link.ahead_ms or 0)
    if off <= CLOCK_OFF_MS:
        return ""
    return wording.n(
        "This till's clock is {count} minute off. Set it; sales go on.",
        "This till's clock is {count} minutes off. Set it; sales go on.",
        off // 60_000,
    )


def _data_row(heard: Listened, now: Now) -> DataRow:
    kind = heard.name.partition(":")[0]
    name = now.wording.t(words.STREAMS[kind]) if kind in words.STREAMS else heard.name
    missing = max(0, heard.head - heard.cursor)
    if not missing:
        return DataRow(name, now.time(heard.heard_ms), True)
    return DataRow(name, now.wording.t("{count} to come", count=f"{missing:,}"), False)


def _proof(agreed: Mapping[date, Agreement], now: Now) -> tuple[Marked, str] | None:
    """The worst of the last days: a day that differs first, then the newest."""
    if not agreed:
        return None
    newest = max(agreed)
    shown = next((day for day in sorted(agreed) if isinstance(agreed[day], Differs)), newest)
    icon, tone, name = proof_mark(agreed[shown], now.wording)
    day = formatting.day(shown)
    return (icon, tone, f"{name}{DOT}{day}"), proof_way_out(agreed[shown], now.wording)


# ---------------------------------------------------------------------- the cards


def _sections(centre: SyncCentre, now: Now) -> tuple[Section, ...]:
    t = now.wording.t
    return (
        Section(
            t("Needs a decision"),
            t("selling goes on"),
            tuple(_dead(each, now) for each in centre.dead),
        ),
        Section(
            t("Head office looks at it"),
            t("nothing to do here"),
            tuple(_held(each, now) for each in centre.held),
        ),
        Section(
            t("Counted differently"),
            t("the receipts stand"),
            tuple(_adjusted(each, now) for each in centre.adjusted),
        ),
    )


def _dead(letter: DeadLetter, now: Now) -> CardView:
    t, said = now.wording.t, letter.rejection
    why = said.text or _refused(said, now.wording)
    when = now.time(letter.made_ms)
    name = t(words.REFUSED[letter.group])
    detail = _coded(why, said.code, now.wording)
    return CardView("dead", letter.op_id, words.GROUP_ICONS[letter.group], name, detail, when)


def _refused(said: Rejection, wording: Wording) -> str:
    sentence = words.WHY_REFUSED.get(said.code, N_("The server did not accept it."))
    verdict = {str(each): wording.t(name) for each, name in VERDICT_WORDS.items()}
    return wording.t(sentence, verdict=verdict.get(said.fields.get("verdict", ""), "—"))


def _held(held: Held, now: Now) -> CardView:
    said = _why(held.differences, now.wording)
    detail = said or now.wording.t("Its points count once it is released.")
    return CardView(
        "held", held.op_id, "hourglass", _name(held, now.wording), detail, now.time(held.made_ms)
    )


def _adjusted(receipt: AdjustedReceipt, now: Now) -> CardView:
    wording, points = now.wording, receipt.points
    end = ""
    if points:
        end = wording.n(
            "{points} point", "{points} points", points,
            points=formatting.points(points, signed=True),
        )  # fmt: skip
    icon = words.GROUP_ICONS[receipt.group]
    detail = _why(receipt.differences, wording)
    when = now.time(receipt.made_ms)
    name, has_case = _name(receipt, wording), receipt.has_case and now.sees_cases
    return CardView("adjusted", receipt.op_id, icon, name, detail, end or when, has_case)


def _latest(sent: SentReceipt, now: Now) -> LatestRow:
    mark, says = words.SENT[sent.state]
    state = now.wording.t(says)
    if sent.state == "adjusted" and sent.differences:
        why = difference_sentence(sent.differences[0], now.wording)
        state = now.wording.t("adjusted: {why}", why=why)
    name = formatting.spaced_code(sent.receipt)
    return LatestRow(mark, now.time(sent.made_ms), name, state)


def _name(what: Held | AdjustedReceipt, wording: Wording) -> str:
    if what.receipt:
        return wording.t("Receipt {code}", code=formatting.spaced_code(what.receipt))
    return wording.t(words.GROUPS[what.group])


def _nothing(now: Now) -> str:
    return now.wording.t("Nothing here needs you.")


def _coded(sentence: str, code: str, wording: Wording) -> str:
    """With the code that support asks for, where it has one."""
    return wording.t("{sentence} Code: {code}", sentence=sentence, code=code) if code else sentence


def _why(differences: tuple[Difference, ...], wording: Wording) -> str:
    """Each difference, and where the other side of it is."""
    both = (
        (difference_sentence(each, wording), other_side_sentence(each, wording))
        for each in differences
    )
    said = (sentence for pair in both for sentence in pair if sentence)
    return ("" if wording.is_chinese else " ").join(said)
