"""The confirmed account, and the account that is shown: it, and own facts on top, each once.

Owns: which of a till's own facts the server's account does not hold yet, and folding them on top.
Does not own: the fold (account.py), where either is kept (a repository).

Whether an answer came plays no part: only the marks in the confirmed account tell. So it makes no
difference whether a pull overtakes the answer, or a fact went again under another epoch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import msgspec

from app.domain.account import FoldItem, Mark, MemberAccount, covered, fold
from app.domain.grant import Promised
from app.domain.ids import OpId
from app.domain.member import MemberStatus, PersonalData
from app.domain.outbox import MemberSecret


class ConfirmedMember(msgspec.Struct, frozen=True):
    """A member and his account as the server folded it. `account`: account.account_bytes."""

    member_id: str
    """The survivor of those the account includes."""
    version: int
    account: bytes
    days: Mapping[OpId, date] = msgspec.field(default_factory=dict)
    """Confirmed business dates of sales that effects in it, or coming to it, may name."""
    cards: tuple[str, ...] = ()
    """Those in use first."""
    cards_in_use: int = 1
    """So many of them: each of merged members may have brought his own."""
    status: MemberStatus = "active"
    home_store: str = ""
    person: PersonalData | None = None
    """None where he was erased."""
    secrets: tuple[MemberSecret, ...] = ()
    promises: tuple[Promised, ...] = ()
    """What of the account is spoken for, by whichever till."""
    referrer: str | None = None
    """Who sent him when he joined."""


FoundBy = Literal["card", "reading", "coupon"]
Finding = Sequence[str | int]
"""What finds a member, his number in the store, and his id where the table wants it."""


class ArrivedMember(msgspec.Struct, frozen=True, gc=False):
    """What somebody who is new here is found by."""

    member_id: str
    cards: tuple[str, ...]
    readings: tuple[str, ...]
    coupons: tuple[str, ...]
    last_visit: int
    """The day as an ordinal; 0 = none is known."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """What became of very many members told at once."""

    first: int
    """The number of the first who was new here; the others follow."""
    new: Sequence[ArrivedMember]
    """What finds them is not written yet: sorted, with that of many others, it costs least."""
    known: Sequence[ConfirmedMember]
    """Whom somebody here knew, or of whom more has to be looked at: told one by one."""
    taken: int
    """So many of those told were looked at; a sale waited for the others."""

    @property
    def last(self) -> int:
        """The number of the last of them; smaller than `first` where there is none."""
        return self.first + len(self.new) - 1


@dataclass(frozen=True, slots=True)
class OwnFact:
    """A fact of this till, as the fold takes it, with every place it ever had that is its own."""

    item: FoldItem
    places: tuple[Mark, ...]


def on_top(confirmed: MemberAccount, own: Iterable[OwnFact]) -> list[FoldItem]:
    """Those of this till's facts that the confirmed account does not hold."""
    return [fact.item for fact in own if not covered(confirmed, fact.item.member, fact.places)]


def shown_account(
    confirmed: MemberAccount, own: Iterable[OwnFact], *, days: Mapping[OpId, date] | None = None
) -> MemberAccount:
    """The account as the till shows it."""
    items = on_top(confirmed, own)
    return fold(items, base=confirmed, days=days) if items else confirmed


def facts_named(confirmed: MemberAccount, items: Sequence[FoldItem]) -> Iterator[OpId]:
    """The facts whose days the fold of `items` on top may ask for."""
    held = (effect for waiting in confirmed.awaiting.values() for effect in waiting.effects)
    for effect in (*held, *(effect for item in items for effect in item.effects)):
        for name in ("sale", "refund", "of"):
            op_id = getattr(effect, name, None)
            if op_id:
                yield op_id
