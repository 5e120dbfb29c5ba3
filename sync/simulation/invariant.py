"""What must hold in every world, looked at after every step that changed something.

Owns: the comparison of files, server and book. Does not own: the book's arithmetic (clerk.py),
any rule of the product: an invariant is said in numbers that a clerk could add up.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from random import Random

from app.domain.account import FoldItem, account_of, fold
from sync import action as ac
from sync.protocol import FINAL_OUTCOMES
from sync.simulation import evidence
from sync.simulation.agreement import Compared
from sync.simulation.clerk import Book, Promise
from sync.simulation.ladder import expected_steps, steps_in, wrong_at_the_end
from sync.simulation.program import the_program
from sync.simulation.server import Server
from sync.simulation.tally import NOTHING, Numbers, ids_in, read_numbers
from sync.simulation.till import Record, Till
from sync.simulation.violated import Violated
from sync.till.agreement import TillAgreement
from sync.till.clock import TillClock


class Checks:
    """Fits Watcher; one for a world."""

    def __init__(
        self,
        server: Server,
        members: list[str],
        twice: Mapping[str, str],
        *,
        has_ladder: bool = True,
    ) -> None:
        self._server, self._members = server, members
        self._has_ladder = has_ladder
        """The clerk of the ladder reckons with one month."""
        self._twice = twice
        """Who joined once more, and as whom."""
        self._beyond: dict[tuple[str, int | None], dict[str, int]] = {}
        """Points spent by floor limits, by life of a till and when it heard the server last."""
        self._limits = the_program().offline
        self._heard: dict[tuple[str, str], tuple[int, int]] = {}
        """(server epoch, place) up to which a stream was checked at a till."""
        self._looked: dict[tuple[str, str], tuple[object, ...]] = {}
        """Of a member at a till: what was found right, so that the same is not added up again."""

    @property
    def book(self) -> Book:
        return self._server.book

    # ------------------------------------------------------------------ at a till

    def opened(self, till: Till) -> None:
        """What was confirmed to a customer is still there after any death."""
        there = till.file.op_ids()
        if there != till.own:
            lost, more = till.own - there, there - till.own
            raise Violated(f"{till.place.name}: facts lost {sorted(lost)} or not sold {more}")
        self.looked_at(till, "opened")

    def looked_at(self, till: Till, why: str) -> None:
        """The balance shown = facts the server told of + its own, each once."""
        if till.is_copied:
            return  # two machines of one name: what they show is right again once each has its own
        here = till.file.shown(self._members)
        alone = frozenset(here)
        for member, shown in here.items():
            told: frozenset[str] = frozenset()
            if shown.told is not None:
                found = self.book.told.facts_of(member, shown.told)
                if found is None:
                    raise Violated(f"{till.place.name}: {member} was never told like this")
                told = found
            # In one life of a till its own facts only grow.
            as_it_is = (shown.data, id(told), told, len(till.own), alone)
            if self._looked.get((till.boot_id, member)) == as_it_is:
                continue
            self._looked[till.boot_id, member] = as_it_is
            # Who was told alone since, by a server restored from before a merge, is himself again.
            ids = ids_in(shown.data) - alone | {member}
            own = {each for each in till.own if self.book.is_of(each, ids)}
            expected, seen = self.book.sum(own | told), read_numbers(shown.data)
            if expected != seen:
                raise Violated(
                    f"{till.place.name} {why}: shows {seen} of {member}, expected {expected}"
                )
            self._tiers(f"{till.place.name} {why}", member, shown.data, expected)

    def _tiers(self, where: str, member: str, data: bytes, numbers: Numbers) -> None:
        """A line that was crossed is not lost, but for goods that came back, or by a review."""
        if not self._has_ladder:
            return
        steps, expected = steps_in(data), expected_steps(numbers)
        if steps is not None and steps != expected:
            raise Violated(f"{where}: {member} stands at {steps}, expected {expected}")

    def recorded(self, till: Till, wanted: Record) -> None:
        """Since a till heard the server it spends no more beyond grants than the owner allows."""
        self.looked_at(till, "recorded")
        spent = wanted.spent
        if spent is None or not spent.floor_points:
            return
        key = (till.boot_id, till.contact.heard_monotonic_ms)
        by_member = self._beyond.setdefault(key, {})
        by_member[spent.member_id] = by_member.get(spent.member_id, 0) + spent.floor_points
        limits = self._limits
        if by_member[spent.member_id] > limits.floor_member:
            raise Violated(f"{till.place.name}: {by_member[spent.member_id]} beyond for one member")
        if sum(by_member.values()) > limits.floor_till:
            raise Violated(f"{till.place.name}: {sum(by_member.values())} beyond for all members")

    def settled(self, till: Till, action: ac.Settle) -> None:
        """Nothing is acknowledged that the server does not have."""
        if action.server_epoch != self._server.epoch:
            return
        for answer in action.answers:
            if answer.outcome == "fork":
                continue  # kept as what it is; the fact stays pending
            if answer.outcome not in FINAL_OUTCOMES:
                raise Violated(f"{till.place.name}: {answer.op_id} settled as {answer.outcome}")
            if answer.op_id not in self.book.taken.op_ids:
                raise Violated(f"{till.place.name}: {answer.op_id} is not on the server")
        self.looked_at(till, "settled")

    def agreed(self, till: Till, compared: Compared) -> None:
        """A green tick says that the server has every fact of that day."""
        missing = [
            op_id
            for op_id, day in compared.facts.items()
            if compared.days.get(day) and op_id not in compared.taken
        ]
        if missing:
            raise Violated(f"{till.place.name}: agrees on days of {missing}, which nobody has")

    def applied(self, till: Till, stream: str, cursor: int) -> None:
        """A cursor never passes an event that was not applied."""
        key, epoch = (till.boot_id, stream), self._server.epoch
        if till.inbox_epoch() != epoch:
            return
        seen_epoch, after = self._heard.get(key, (epoch, 0))
        after = after if seen_epoch == epoch else 0
        places = self.book.taken.published.get(stream, [])
        if cursor > len(places):
            raise Violated(f"{till.place.name}: {stream} at {cursor} of {len(places)}")
        passed = places[after:cursor]
        shown = till.file.shown(self._members) if passed else {}
        known_facts = till.file.known(each.ref for each in passed if each.kind == "fact")
        for place in passed:
            if place.kind == "member" and place.ref in self._members:
                name = self.book.name_among(shown, place.ref)
                told = shown[name].told if name in shown else None
                known = self.book.told.facts_of(name, told) if told else None
                if known is None or not self.book.plain(known) >= self.book.plain(place.facts):
                    raise Violated(f"{till.place.name}: cursor passed an account in {stream}")
            elif place.kind == "fact" and place.ref not in known_facts:
                raise Violated(f"{till.place.name}: cursor passed {place.ref} in {stream}")
        self._heard[key] = (epoch, cursor)
        self.looked_at(till, f"applied {stream}")

    # ------------------------------------------------------------------ at the server

    def committed(self, members: set[str]) -> None:
        """Sums are conserved: facts taken = account = ledger."""
        for member in members:
            expected = self.book.sum(self.book.of_member(member))
            data = evidence.account(self._server, member)
            seen = NOTHING if data is None else read_numbers(data)
            if seen != expected:
                raise Violated(f"server: {member} has {seen}, expected {expected}")
            if data is not None:
                self._tiers("server", member, data, expected)
            beyond = -self.book.usable(member) - self.book.taken.uncovered.get(member, 0)
            if beyond > 0:
                raise Violated(f"server: {member} spent {beyond} that nobody answers for")
            rows = [
                row
                for each in self.book.ids_of(member)
                for row in evidence.ledger(self._server, each)
            ]
            points = sum(
                row["earned"] - row["spent"] + row["given_back"] - row["taken_back"]
                + row["adjusted"]
                for row in rows
            )  # fmt: skip
            counted = self.book.sum(self.book.counted(self.book.of_member(member)))
            if points != counted.points:
                raise Violated(f"ledger: {member} has {points}, expected {counted.points}")

    def promised(self, wanted: Promise) -> None:
        """Nobody is promised what is not there, or is another's."""
        now = self._server.now_ms
        free = self.book.usable(wanted.member) - self.book.promised(wanted.member, now)
        if wanted.points > free:
            raise Violated(f"server: {wanted.points} of {wanted.member} promised, {free} are free")

    # ------------------------------------------------------------------ at the end

    def drained(self, tills: list[Till], chance: Random) -> None:
        """Everything arrived, everybody shows the same, and the order played no part."""
        for till in tills:
            missing = till.own - self.book.taken.op_ids
            if missing:
                raise Violated(f"{till.place.name}: {sorted(missing)} never arrived")
            self._only_requests(till)
            self._same_as_server(till)
            self._agrees(till)
        faults = evidence.faults_in_itself(self._server)
        if faults:
            raise Violated(f"server verify: {faults}")
        if beyond := self.book.given_back_beyond():
            raise Violated(f"server: pieces of {beyond} count twice")
        told = {frozenset(pair) for pair in evidence.proposals(self._server)}
        for one, other in self._twice.items():
            if self.book.are_two_here(one, other) and {one, other} not in told:
                raise Violated(f"server: {one} and {other} have one number, and nobody is told")
        # Of all facts: goods may come back at a till that takes two members for one.
        days = evidence.days(self._server, sorted(self.book.taken.op_ids))
        for member in sorted({self.book.survivor(each) for each in self._members}):
            self._any_order(member, days, chance)
            data = evidence.account(self._server, member)
            wrong = "" if data is None else wrong_at_the_end(read_numbers(data))
            if wrong and self._server.passes and self._has_ladder:
                raise Violated(f"server: {member} {wrong}")

    def _same_as_server(self, till: Till) -> None:
        for member, shown in till.file.shown(self._members).items():
            data = evidence.account(self._server, member)
            if data is None or shown.told is None:
                raise Violated(f"{till.place.name}: {member} is known on one side only")
            if read_numbers(shown.data) != read_numbers(data):
                raise Violated(
                    f"{till.place.name}: {member} differs from the server at the end: shows "
                    f"{read_numbers(shown.data)}, there {read_numbers(data)}"
                )

    def _only_requests(self, till: Till) -> None:
        """Dead letters are requests, and every one that was refused lies there."""
        letters, refused = till.file.dead_letters(), till.own & self.book.taken.refused
        if letters != refused:
            raise Violated(f"{till.place.name}: dead letters {letters}, refused {refused}")

    def _agrees(self, till: Till) -> None:
        epoch = till.identity.epoch
        mine = TillAgreement(till.lane, TillClock(till.moment), epoch).digest()
        if not self._server.compare(till.caller(), mine).equal:
            raise Violated(f"{till.place.name}: digests of epoch {epoch} differ")

    def _any_order(self, member: str, days: dict[str, date], chance: Random) -> None:
        data = evidence.account(self._server, member)
        if data is None:
            return
        facts = evidence.facts(self._server, sorted(self.book.of_member(member)))
        chance.shuffle(facts)
        items = [
            FoldItem(fact.op_id, fact.member or member, days[fact.op_id], fact.effects)
            for fact in facts
        ]
        anew, stored = fold(items, days=days), account_of(data)
        anew.marks, stored.marks = {}, {}
        anew.includes |= stored.includes
        if anew != stored:
            raise Violated(f"server: another order of delivery gives {member} another account")
