"""The book: what a careful clerk with paper would write down of the same world.

Owns: which facts exist, which of them the server took, whose they are. Does not own: what each
does in plain numbers (tally.py), the fold, accounts, marks: nothing here is computed as the product
does.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace

from app.domain import effects as do
from app.domain.facts import Fact, GrantReleased, MemberJoined, ProfileEditRequested
from sync.simulation.kept_pieces import KeptPieces, Piece, PieceBook
from sync.simulation.tally import HELD, Numbers, held_numbers_of, numbers_of
from sync.simulation.told import Told


@dataclass(frozen=True, slots=True)
class Promise:
    """Points of a member that one device may spend, whoever else wants them."""

    member: str
    device: str
    points: int
    ends_ms: int | None = None
    """None: a grant stands until its device gives it back."""


@dataclass(frozen=True, slots=True)
class Spending:
    """What a fact spends, by which promise, and what it takes out of an account besides."""

    points: int = 0
    reservation: str | None = None
    grant: str | None = None
    released: str | None = None
    clawed: int = 0


@dataclass(slots=True)
class Taken:
    """What the server has taken: copied with its file, and gone back to with it."""

    by_member: dict[str, frozenset[str]] = field(default_factory=dict)
    held_of_nobody: set[str] = field(default_factory=set)
    """Of walk-in customers: facts that wait for head office."""
    op_ids: set[str] = field(default_factory=set)
    published: dict[str, list[Published]] = field(default_factory=dict)
    """Of each stream, place by place from 1."""
    merged: dict[str, str] = field(default_factory=dict)
    """Who is another person's further id, and whose: always the smallest of them."""
    refused: set[str] = field(default_factory=set)
    """Requests; their places are known, and nothing else of them."""
    promises: dict[str, Promise] = field(default_factory=dict)
    uncovered: dict[str, int] = field(default_factory=dict)
    """By member: points spent on nobody's word, and points a refund took back."""
    kept: dict[str, KeptPieces] = field(default_factory=dict)
    """By reservation: goods that one till may take back."""

    def copy(self) -> Taken:
        streams = {stream: list(places) for stream, places in self.published.items()}
        return Taken(
            dict(self.by_member), set(self.held_of_nobody), set(self.op_ids), streams,
            dict(self.merged), set(self.refused), dict(self.promises), dict(self.uncovered),
            dict(self.kept),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Published:
    """One place of a stream: a fact by its id, or a member with what he stood for then."""

    kind: str
    ref: str
    facts: frozenset[str] = frozenset()


def spending_of(fact: Fact) -> Spending:
    """Read off the fact."""
    clawed = 0
    for effect in fact.effects:
        if isinstance(effect, do.Undone):
            clawed += sum(part.points for part in effect.earned)
        elif isinstance(effect, do.Redone):
            clawed += sum(part.points for part in effect.spent)
    points = sum(each.points for each in fact.effects if isinstance(each, do.Taken))
    return Spending(
        points=points,
        reservation=getattr(fact, "reservation", None),
        grant=getattr(fact, "grant", None) if points else None,
        released=getattr(fact, "grant", None) if isinstance(fact, GrantReleased) else None,
        clawed=clawed,
    )


@dataclass(slots=True)
class Book:
    """Everything that was written down in one world."""

    taken: Taken = field(default_factory=Taken)
    told: Told = field(default_factory=Told)
    pieces: PieceBook = field(default_factory=PieceBook)
    _numbers: dict[str, Numbers] = field(default_factory=dict)
    _back: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    """By sale: the money that each fact took out of it, as (op_id, minor units)."""
    _member: dict[str, str | None] = field(default_factory=dict)
    _requests: set[str] = field(default_factory=set)
    _joins: set[str] = field(default_factory=set)
    _gains: dict[str, int] = field(default_factory=dict)
    _spending: dict[str, Spending] = field(default_factory=dict)
    _of_sale: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    """By fact: points it moves because of a sale, which are nobody's while the sale is unknown."""

    def happened(self, fact: Fact) -> None:
        """A fact was made, whether or not anybody will ever hear of it."""
        self.pieces.happened(fact)
        self._numbers[fact.op_id] = numbers_of(fact.effects, fact.op_id)
        self._numbers[fact.op_id + HELD] = held_numbers_of(fact.effects, fact.op_id)
        gains = [each for each in fact.effects if isinstance(each, do.Gained | do.HeldGain)]
        self._gains[fact.op_id + HELD] = sum(each.points for each in gains)
        self._member[fact.op_id] = fact.member
        self._of_sale[fact.op_id] = [
            (each.sale, numbers_of((each,), fact.op_id).points)
            for each in fact.effects
            if isinstance(each, do.Undone | do.Redone | do.SaleShare)
        ]
        self._spending[fact.op_id] = spending_of(fact)
        if isinstance(fact, ProfileEditRequested):
            self._requests.add(fact.op_id)
        if isinstance(fact, MemberJoined):
            self._joins.add(fact.op_id)
        for effect in fact.effects:
            if isinstance(effect, do.Undone | do.Redone):
                sign = 1 if isinstance(effect, do.Undone) else -1
                self._back.setdefault(effect.sale, []).append(
                    (fact.op_id, sign * effect.spend_minor)
                )

    def _account(self, op_id: str) -> str | None:
        member = self._member[op_id]
        return None if member is None else self.survivor(member)

    def member_of(self, op_id: str) -> set[str]:
        """Whose account it changes; nobody's, or one's."""
        member = self._account(op_id)
        return set() if member is None else {member}

    def take(self, op_id: str, device: str, now_ms: int, *, is_held: bool = False) -> None:
        """The server's transaction with it was committed."""
        member = self._account(op_id)
        is_new = op_id not in self.taken.op_ids
        self.taken.op_ids.add(op_id)
        self.taken.kept.pop(self.pieces.reservation_of(op_id), None)
        if member is None:
            self._set_apart(op_id, is_held=is_held)
        else:
            name = op_id + HELD if is_held else op_id
            self.taken.by_member[member] = (self.of_member(member) - {op_id + HELD}) | {name}
            if is_new:
                self._post(member, self._spending[op_id], device, now_ms)

    def _set_apart(self, op_id: str, *, is_held: bool) -> None:
        """Nobody's account tells whether it waits."""
        if is_held:
            self.taken.held_of_nobody.add(op_id)
        else:
            self.taken.held_of_nobody.discard(op_id)

    def _post(self, member: str, spending: Spending, device: str, now_ms: int) -> None:
        """What was promised is used; what nobody promised is counted apart."""
        promises, left = self.taken.promises, spending.points
        kept = promises.get(spending.reservation or "")
        if kept is not None and kept.device == device:
            del promises[spending.reservation or ""]
            if kept.ends_ms is not None and kept.ends_ms > now_ms:
                left -= min(left, kept.points)
        given = promises.get(spending.grant or "")
        if given is not None and given.device == device and given.member == member:
            used = min(left, given.points)
            promises[spending.grant or ""] = replace(given, points=given.points - used)
            left -= used
        back = promises.get(spending.released or "")
        if back is not None and back.device == device:
            del promises[spending.released or ""]
        lost = left + spending.clawed
        self.taken.uncovered[member] = self.taken.uncovered.get(member, 0) + lost

    def pieces_gone(self, now_ms: int) -> frozenset[Piece]:
        """Pieces that came back, or that somebody has the word of the server for."""
        counted = self.taken.op_ids - set(self.held())
        return self.pieces.gone(counted, self.taken.kept.values(), now_ms)

    def refuse(self, op_id: str) -> None:
        """The server will not have it: allowed with requests only."""
        self.taken.op_ids.add(op_id)
        self.taken.refused.add(op_id)

    def may_refuse(self, op_id: str) -> bool:
        """Whether it is a request."""
        return op_id in self._requests

    def promised(self, member: str, now_ms: int) -> int:
        """Points of a member that somebody has the word of the server for."""
        member = self.survivor(member)
        return sum(
            each.points
            for each in self.taken.promises.values()
            if each.member == member and (each.ends_ms is None or each.ends_ms > now_ms)
        )

    def usable(self, member: str) -> int:
        """His points without those that wait for head office, or for a sale that a server lost:
        what a refund of it takes back was never given there."""
        facts = self.of_member(member)
        waiting = sum(self._gains[each] for each in facts if each.endswith(HELD))
        waiting += sum(
            points
            for each in facts
            for sale, points in self._of_sale.get(each, ())
            if sale not in self.taken.op_ids
        )
        return self.sum(facts).points - waiting

    def held(self) -> list[str]:
        """The facts that wait for head office."""
        of_members = {
            each.removesuffix(HELD)
            for facts in self.taken.by_member.values()
            for each in facts
            if each.endswith(HELD)
        }
        return sorted(of_members | self.taken.held_of_nobody)

    def knows(self, op_id: str) -> bool:
        """Whether it was ever written down."""
        return op_id in self._numbers

    def of_member(self, member: str) -> frozenset[str]:
        """The member's facts that the server has taken."""
        return self.taken.by_member.get(self.survivor(member), frozenset())

    def survivor(self, member: str) -> str:
        """Whose account his facts go to."""
        while member in self.taken.merged:
            member = self.taken.merged[member]
        return member

    def name_among(self, shown: Container[str], member: str) -> str:
        """By which of a person's ids somebody shows him who may not have heard of every merge."""
        while member not in shown and member in self.taken.merged:
            member = self.taken.merged[member]
        return member

    def are_two_here(self, one: str, other: str) -> bool:
        """Whether the server has heard of both joining, and takes them for two."""
        joined = {self._member[each] for each in self.taken.op_ids if each in self._joins}
        return {one, other} <= joined and self.survivor(one) != self.survivor(other)

    def ids_of(self, survivor: str) -> list[str]:
        """All of a person's ids."""
        return [survivor, *(each for each in self.taken.merged if self.survivor(each) == survivor)]

    def merge(self, one: str, other: str) -> None:
        """They are one person: the smallest id stays, whoever came first."""
        kept, gone = sorted((self.survivor(one), self.survivor(other)))
        facts = self.of_member(kept) | self.of_member(gone)
        taken = self.taken
        taken.by_member.pop(gone, None)
        taken.by_member[kept] = facts
        taken.uncovered[kept] = taken.uncovered.get(kept, 0) + taken.uncovered.pop(gone, 0)
        for name, each in list(taken.promises.items()):
            if each.member == gone:
                taken.promises[name] = replace(each, member=kept)
        taken.merged[gone] = kept

    def given_back_beyond(self) -> list[str]:
        """Sales of which more came back than was sold, by the facts that the server took."""
        taken = self.taken.op_ids
        return [
            sale
            for sale, parts in self._back.items()
            if sale in taken
            and sum(minor for op_id, minor in parts if op_id in taken)
            > self._numbers[sale].spend_minor
        ]

    @staticmethod
    def plain(op_ids: Iterable[str]) -> frozenset[str]:
        """The same facts, whether they count or wait."""
        return frozenset(each.removesuffix(HELD) for each in op_ids)

    @staticmethod
    def counted(op_ids: Iterable[str]) -> frozenset[str]:
        """Those that do not wait."""
        return frozenset(each for each in op_ids if not each.endswith(HELD))

    def is_of(self, op_id: str, ids: frozenset[str]) -> bool:
        """Whether it names one of these."""
        return self._member[op_id] in ids

    def sum(self, op_ids: Iterable[str]) -> Numbers:
        """Each of them once."""
        points = spend = visits = 0
        uses: set[tuple[str, str]] = set()
        crossings: set[tuple[str, str, int]] = set()
        reviews: set[tuple[str, str, str, bool]] = set()
        wanted = frozenset(op_ids)
        for op_id in wanted:
            if op_id + HELD in wanted:
                continue
            one = self._numbers[op_id]
            points += one.points
            spend += one.spend_minor
            visits += one.visits
            uses |= one.uses
            crossings |= one.crossings
            reviews |= one.reviews
        return Numbers(
            points, spend, visits, frozenset(uses), frozenset(crossings), frozenset(reviews)
        )
