"""Bookkeeping: what each commit of a world's server took and told, written down for the clerk.

Owns: reading it off the server's answers and tables, head office's look at the quarantine. Does not
own: the clerk's sums (clerk.py), what must hold (invariant.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from dataclasses import replace
from functools import partial
from random import Random
from typing import Protocol

from app.domain.business_day import ShopTime
from sync import protocol as p
from sync.server.feed import CHAIN, device_stream, store_stream
from sync.server.release import release
from sync.server.sender import SERVER_DEVICE, House, Sender
from sync.simulation import evidence
from sync.simulation.clerk import Book, Promise, Published, Taken
from sync.simulation.kept_pieces import KeptPieces
from sync.simulation.listening import Listening
from sync.simulation.server_file import ServerFile
from sync.simulation.violated import Violated
from sync.simulation.world import HOUR_MS, World


class NobodyWrote(Violated):
    """The server took a fact that no till ever made."""


class FactRefused(Violated):
    """What happened in a shop happened: only requests may be refused."""


class KeptTwice(Violated):
    """Goods come back once: what came back or is kept for one till is nobody else's."""


class Booked(evidence.Readable, Protocol):
    """Whose doings are written down: a server."""

    @property
    def world(self) -> World: ...

    @property
    def now_ms(self) -> int: ...

    @property
    def house(self) -> House: ...

    @property
    def file(self) -> ServerFile: ...

    @property
    def listening(self) -> Listening: ...

    @property
    def stores(self) -> tuple[str, ...]: ...

    @property
    def devices(self) -> Set[str]: ...

    @property
    def checks(self) -> Callable[[set[str]], None]:
        """Asked after every commit."""

    @property
    def promises(self) -> Callable[[Promise], None]:
        """Asked about everything that is promised."""


class Bookkeeping:
    """Of one server."""

    def __init__(self, server: Booked) -> None:
        self._server = server
        self.book = Book()
        self._will_look = False
        self._promised: set[str] = set()
        self._kept: Taken | None = None

    def begin(self) -> None:
        """What a new server has published already."""
        self._note_news(self._heads())

    def keep_copy(self) -> None:
        """A backup is made."""
        self._kept = self.book.taken.copy()

    def put_back(self) -> bool:
        """As at the last backup; False where there is none."""
        if self._kept is None:
            return False
        self.book.taken = self._kept.copy()
        if self.book.held():
            # What somebody let go since is in quarantine again. Other worlds stay as they were.
            self._look_later(Random(f"looks again {self._server.world.seed}"))
        return True

    def promised(self, name: str, wanted: Promise) -> None:
        """The server gave its word."""
        if name in self._promised:
            return
        self._promised.add(name)
        wanted = replace(wanted, member=self.book.survivor(wanted.member))
        self._server.promises(wanted)
        self.book.taken.promises[name] = wanted
        self.acted({wanted.member})

    def kept(self, name: str, wanted: KeptPieces) -> None:
        """The server keeps goods that may come back for one till."""
        if name in self._promised:
            return
        self._promised.add(name)
        twice = wanted.pieces & self.book.pieces_gone(self._server.now_ms)
        if twice:
            raise KeptTwice(f"server: {sorted(twice)} were gone, and promised")
        self.book.taken.kept[name] = wanted

    def freed(self, name: str) -> None:
        """It was given free."""
        self.book.taken.kept.pop(name, None)
        kept = self.book.taken.promises.pop(name, None)
        self.acted({kept.member} if kept is not None else set())

    def merged(self, one: str, other: str) -> None:
        """Head office made them one person."""
        self.book.merge(one, other)
        self.acted({self.book.survivor(one)})

    def acted(self, members: set[str]) -> None:
        """Something was decided about these members."""
        self._server.read(lambda _: self.note_changed(members))
        self._server.listening.tell()

    def note(self, answers: Iterable[p.OpAnswer], device: str) -> None:
        """Write down what this commit took, and whom it changed."""
        changed: set[str] = set()
        for one in answers:
            if one.outcome not in p.FINAL_OUTCOMES:
                continue
            if not self.book.knows(one.op_id):
                raise NobodyWrote(one.op_id)
            # A known one changes marks, if nothing else.
            changed |= self.book.member_of(one.op_id)
            if one.duplicate and one.op_id in self.book.taken.op_ids:
                continue
            if one.outcome == "rejected":
                if not self.book.may_refuse(one.op_id):
                    raise FactRefused(one.op_id)
                self.book.refuse(one.op_id)
                continue
            is_held = one.outcome == "quarantined"
            self.book.take(one.op_id, device, self._server.now_ms, is_held=is_held)
            if is_held:
                self._look_later(self._server.world.chance)
        self.note_changed(changed)

    def note_changed(self, changed: set[str]) -> None:
        heads = self._heads()
        if not changed and heads == {s: len(x) for s, x in self.book.taken.published.items()}:
            return
        for member in changed:
            self._note_own(member)
            data = evidence.account(self._server, member)
            if data is not None:
                self.book.told.note(member, data, self.book.of_member(member))
        self._note_news(heads)
        self._server.checks(changed)

    def _look_later(self, chance: Random) -> None:
        """Somebody at head office will look at what is in quarantine."""
        if not self._will_look:
            self._will_look = True
            wait_ms = chance.randint(1, 6) * HOUR_MS
            self._server.world.after(wait_ms, "head office looks", self._release)

    def _release(self) -> None:
        self._will_look = False
        now, held = self._server.now_ms, self.book.held()
        for device, store in evidence.pushed_by(self._server, held).items():
            sender = Sender(self._server.tenant, device, store, False, ShopTime())
            let_go = partial(
                release, sender=sender, op_ids=held, now_ms=now, house=self._server.house
            )
            self._let_count(self._server.file.write_surely(let_go).op_ids)

    def _let_count(self, op_ids: Iterable[str]) -> None:
        answers = [p.OpAnswer(op_id=each, epoch=0, dseq=0, outcome="accepted") for each in op_ids]
        self._server.read(lambda _: self.note(answers, ""))
        self._server.listening.tell()

    def _note_own(self, member: str) -> None:
        """Facts that the server wrote itself."""
        own = [
            row["op_id"]
            for each in self.book.ids_of(member)
            for row in evidence.ledger(self._server, each)
            if row["device"] == SERVER_DEVICE and row["op_id"] not in self.book.taken.op_ids
        ]
        for fact in evidence.facts(self._server, own):
            self.book.happened(fact)
            self.book.take(fact.op_id, SERVER_DEVICE, self._server.now_ms)

    def _heads(self) -> dict[str, int]:
        mine = {CHAIN, *(store_stream(store) for store in self._server.stores)}
        mine |= {device_stream(device) for device in self._server.devices}
        heads = evidence.heads(self._server)
        return {stream: heads[stream] for stream in sorted(mine) if stream in heads}

    def _note_news(self, heads: dict[str, int]) -> None:
        for stream, head in heads.items():
            places = self.book.taken.published.setdefault(stream, [])
            if head == len(places):
                continue
            for kind, ref in evidence.places(self._server, stream, len(places)):
                facts = self.book.of_member(ref) if kind == "member" else frozenset()
                places.append(Published(kind, ref, facts))
