"""Facts of the server's own, which no push brought: written, folded and told in one transaction.

Owns: their envelope (in nobody's chain) and what has to be written for one, who joins by one
included. Does not own: what they say (calendar_fact.py, pages/), those a push sets off
(settlement.py). Nobody repeats them: whoever writes them does so in the transaction that decided
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection

from app.domain.account import FoldItem, MemberAccount
from app.domain.facts import Fact, MemberJoined, canonical_bytes
from app.domain.moment import Moment
from sync.protocol import MemberKey, Op
from sync.server import tables as t
from sync.server.exception_case import Finding, open_cases
from sync.server.feed import Publication, publish
from sync.server.folding import Accounts, known_days, lock_accounts, names, put_accounts
from sync.server.hearing import Heard
from sync.server.ledger import ledger_rows, link_rows
from sync.server.member import add_to_working_set, put_cards, put_joined, stores_of
from sync.server.member_keys import keep_keys, key_ring
from sync.server.news import news_of_members
from sync.server.op_answer import op_row
from sync.server.overdraft import findings
from sync.server.profile import put_joined_profiles
from sync.server.promise import today
from sync.server.rows import Rows, put_all
from sync.server.sender import SERVER_DEVICE, House
from sync.server.survey import answers_told
from sync.server.tier_change import TOLD_TO_STORES, review_news


@dataclass(slots=True)
class OwnFacts:
    """Those of one transaction. Nothing is written before `finish`."""

    connection: Connection
    tenant: str
    now_ms: int
    house: House
    accounts: Accounts
    heard: list[Heard] = field(default_factory=list)

    @property
    def day(self) -> date:
        return today(self.now_ms)

    def origin(self, member: str | None, store: str) -> dict[str, Any]:
        """What every fact says, of one that nobody made."""
        clock = Moment(self.now_ms, 0, "server", 0)
        op_id = self.house.op_id(self.now_ms)
        return {"op_id": op_id, "store": store, "day": self.day, "clock": clock, "member": member}

    def account(self, member: str) -> MemberAccount:
        """As it stands with everything written here; locked from now on."""
        lock_accounts(self.connection, self.accounts, [member])
        return self.accounts.of(member).after

    def keep(self, keys: Sequence[MemberKey]) -> None:
        """The keys that sealed parts of facts still to be written stand under."""
        keep_keys(self.connection, self.tenant, keys, self.house)

    def write(self, fact: Fact) -> None:
        """Fold it at once; `finish` keeps it."""
        op = Op(op_id=fact.op_id, epoch=0, dseq=0, hash=b"", data=canonical_bytes(fact))
        self.heard.append(
            Heard(
                op, "fresh", fact=fact, kind=str(fact.__struct_config__.tag), store=fact.store,
                member=fact.member, effects=fact.effects, stated=fact.day, clock=fact.clock,
                day=fact.day,
            )
        )  # fmt: skip
        if fact.member is None:
            return  # it changes nobody's account
        self.account(fact.member)
        days = known_days(self.connection, self.tenant, names(fact.effects))
        self.accounts.fold([FoldItem(fact.op_id, fact.member, fact.day, fact.effects)], days)

    def finish(self) -> int:
        """Write everything and tell whoever hears of these members; how many facts there were.

        Without a fact of its own it writes the accounts that were moved by another's.
        """
        if not self.heard and not self.accounts.changed():
            return 0
        rows = [op_row(each, SERVER_DEVICE, self.now_ms) for each in self.heard]
        put_all(
            self.connection,
            self.tenant,
            Rows(t.op, rows, "new"),
            ledger_rows(self.heard, SERVER_DEVICE),
            link_rows(self.heard),
        )
        found = self._entered() + list(self._found())  # it notes the debts, too
        put_accounts(self.connection, self.accounts)
        open_cases(self.connection, self.tenant, found, self.now_ms)
        publish(self.connection, self.tenant, self._news())
        return len(self.heard)

    def _news(self) -> list[Publication]:
        """Answers and reviews first, then whose account changed."""
        told = [each for each in self.heard if each.kind in TOLD_TO_STORES]
        members = {each.member for each in told if each.member is not None}
        stores = stores_of(self.connection, self.tenant, members) if members else {}
        answers = answers_told(self.connection, self.tenant, self.heard)
        return [
            *answers,
            *review_news(told, stores),
            *news_of_members(self.connection, self.accounts),
        ]

    def _entered(self) -> list[Finding]:
        """Who joined by these facts: his store hears of him from now on."""
        joined = [each.fact for each in self.heard if isinstance(each.fact, MemberJoined)]
        if not joined:
            return []
        found = put_joined(self.connection, self.tenant, self.heard, self.now_ms)
        put_cards(self.connection, self.tenant, self.heard)
        members = {each.member for each in joined if each.member is not None}
        ring = key_ring(self.connection, self.tenant, members, self.house)
        put_joined_profiles(self.connection, self.tenant, joined, ring, self.now_ms)
        pairs = [(each.member, each.store) for each in joined if each.member is not None]
        add_to_working_set(self.connection, self.tenant, pairs, self.now_ms)
        return found

    def _found(self) -> Iterable[Finding]:
        for member in self.accounts.changed():
            yield from findings(self.accounts.locked[member])
