"""Confirmed accounts, and what is shown: they with this till's own facts on top, each once.

Owns: the confirmed_account table, and writing the account rows of members of an enrolled till.
Does not own: what goes on top (app/domain/confirmed.py), their names and cards (working_set.py).
A new sale folds into the shown account as ever; it is made anew whenever the server tells one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec
from sqlalchemy import bindparam, delete, func, select, update

from app.domain.account import Mark, MemberAccount, account_bytes, account_of
from app.domain.confirmed import ConfirmedMember, OwnFact, facts_named, on_top, shown_account
from app.domain.facts import NotAFact, fold_item, read_head
from app.domain.glance import glance
from app.domain.grant import Promised
from app.store.changes import Changes
from app.store.device import DeviceRepository
from app.store.member_alias import MemberAliases
from app.store.outbox import OutboxRepository
from app.store.repository import (
    ManyRows,
    Prepared,
    Repository,
    Transaction,
    list_text,
    one_of,
    put_row,
)
from app.store.sqlcipher import Row
from app.store.sync_tables import confirmed_account, known_fact, member_alias
from app.store.tables import account, fact, fact_member, member
from app.store.unindexed import UnindexedMembers
from app.store.working_set import ToldMember, WorkingSet

ACCOUNTS_A_UNIT = 100
PROFILE_KINDS = frozenset({"profile_edit_requested.1", "card_issued.1"})

_VERSIONS = Prepared(
    select(
        confirmed_account.c.member_id,
        confirmed_account.c.server_epoch,
        confirmed_account.c.version,
    ).where(one_of(confirmed_account.c.member_id, "keys"))
)
_CONCERNED = (
    select(func.coalesce(member.c.merged_into, member_alias.c.survivor, fact_member.c.member_id))
    .outerjoin_from(fact_member, member, member.c.member_id == fact_member.c.member_id)
    .outerjoin(member_alias, member_alias.c.alias == fact_member.c.member_id)
    .where(
        fact_member.c.epoch == bindparam("in_epoch"),
        fact_member.c.dseq >= bindparam("from_dseq"),
    )
    .distinct()
)
_NEXT = (
    select(confirmed_account.c.member_id)
    .where(confirmed_account.c.member_id > bindparam("after"))
    .order_by(confirmed_account.c.member_id)
    .limit(1)
    .offset(bindparam("skip"))
)
_LAST = select(func.max(confirmed_account.c.member_id))
_DOUBT = (
    update(confirmed_account)
    .where(
        confirmed_account.c.member_id > bindparam("after"),
        confirmed_account.c.member_id <= bindparam("last"),
    )
    .values(server_epoch=-1, version=0)
)
_SOME = (
    select(confirmed_account.c.member_id, confirmed_account.c.server_epoch, member.c.status)
    .join(member, member.c.member_id == confirmed_account.c.member_id)
    .where(confirmed_account.c.member_id > bindparam("after"))
    .order_by(confirmed_account.c.member_id)
    .limit(bindparam("most"))
)
_KNOWN_TO_NONE = (
    update(confirmed_account)
    .where(
        confirmed_account.c.member_id == bindparam("key"),
        confirmed_account.c.server_epoch != bindparam("epoch"),
    )
    .values(server_epoch=bindparam("epoch"), version=0)
)
_GET = select(confirmed_account).where(confirmed_account.c.member_id == bindparam("key"))
_PROMISES = select(confirmed_account.c.promises).where(
    confirmed_account.c.member_id == bindparam("key")
)
_PUT = ManyRows(Prepared(put_row(confirmed_account, "member_id")))
_SHOW = Prepared(put_row(account, "member_id"))
_HIDE = delete(account).where(account.c.member_id.in_(bindparam("keys", expanding=True)))
_OWN = Prepared(
    select(fact_member.c.member_id, fact_member.c.epoch, fact_member.c.dseq)
    .where(one_of(fact_member.c.member_id, "keys"))
    .order_by(fact_member.c.epoch, fact_member.c.dseq)
)
_FACT = select(fact.c.op_id, fact.c.kind, fact.c.business_day, fact.c.data).where(
    fact.c.epoch == bindparam("in_epoch"), fact.c.dseq == bindparam("at_dseq")
)
_LEADS = Prepared(
    select(member.c.member_id, member.c.status, member.c.merged_into).where(
        one_of(member.c.member_id, "keys")
    )
)
_DAYS = select(fact.c.op_id, fact.c.business_day).where(
    fact.c.op_id.in_(bindparam("keys", expanding=True))
)
_OTHER_DAYS = select(known_fact.c.op_id, known_fact.c.business_day).where(
    known_fact.c.op_id.in_(bindparam("keys", expanding=True))
)

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Mine:
    """A fact of this till on a member, with what it says."""

    kind: str
    data: bytes
    fact: OwnFact


class ConfirmedRepository(Repository):
    """What the server says of members, and what is shown of them."""

    def __init__(
        self, transaction: Transaction, device: DeviceRepository, outbox: OutboxRepository
    ) -> None:
        super().__init__(transaction)
        self._device, self._outbox = device, outbox
        self._members = WorkingSet(transaction)
        self._aliases = MemberAliases(transaction)
        self._unindexed = UnindexedMembers(transaction)

    def tell(self, told: Sequence[ConfirmedMember], server_epoch: int) -> int:
        """Take over what is newer than what is known; how many that were.

        Their shown accounts are made anew. At most ACCOUNTS_A_UNIT in one unit of work.
        """
        assert len(told) <= ACCOUNTS_A_UNIT, "a sale waits for one unit of work, not for all"
        ids = {one for each in told for one in (each.member_id, *glance(each.account).includes)}
        self._unindexed.finish_called(sorted(ids))
        newer = self._newer(told, server_epoch)
        if not newer:
            return 0
        rows = [confirmed_values(each, server_epoch) for each in newer.values()]
        _PUT.run(self._transaction.driver, rows)
        survivors = {
            one: key for key, each in newer.items() for one in (*glance(each.account).includes, key)
        }  # the later word counts, also within one batch
        left = self._left(survivors)
        mine = self._mine({key: each.account for key, each in newer.items()}, survivors)
        shown, members = [], []
        for key, each in newer.items():
            own = mine[key]
            data = each.account if not own else self._shown_bytes(each, own)
            shown.append({"member_id": key, "data": data})
            overlay = [one.data for one in own if one.kind in PROFILE_KINDS]
            members.append(ToldMember(each, glance(data), overlay))
        self._write(_SHOW, shown)
        aliases = {one: survivor for one, survivor in survivors.items() if one != survivor}
        if aliases:
            self._execute(_HIDE, {"keys": sorted(aliases)})
        self._members.put(members, aliases)
        self._aliases.tell(newer, aliases)
        # Of them who is not one with yet another.
        self._show_anew(one for one, into in self._leads(left).items() if one == into)
        self._changed(Changes(accounts=True))
        return len(newer)

    def show_own(self, epoch: int, from_dseq: int) -> None:
        """Make the accounts anew of whoever this till's facts from this place on speak of.

        A mark that hid them was another machine's.
        """
        survivors = self._execute(_CONCERNED, {"in_epoch": epoch, "from_dseq": from_dseq}).scalars()
        self._show_anew(survivors.all())
        self._changed(Changes(accounts=True))

    def doubt(self, after: str, limit: int) -> str | None:
        """Whatever the server tells of these members next is newer than what is kept.

        `limit` of them behind a member id, in the order of ids; the last one, None = there are no
        more. What is shown stays.
        """
        found = self._execute(_NEXT, {"after": after, "skip": limit - 1}).scalar()
        last = found if found is not None else self._execute(_LAST).scalar()
        self._execute(_DOUBT, {"after": after, "last": last or after})
        return None if found is None else str(found)

    def untold(self, server_epoch: int, after: str, limit: int) -> tuple[list[str], str | None]:
        """Who is shown by what the server said in another life of its own, among so many members
        behind an id; and the last of them that was looked at, None = there are no more."""
        rows = self._execute(_SOME, {"after": after, "most": limit}).all()
        old = [one for one, epoch, status in rows if epoch != server_epoch and status != "merged"]
        return old, rows[-1][0] if len(rows) == limit else None

    def known_to_none(self, member_id: str, server_epoch: int) -> None:
        """The server knows nothing of him; all it says of him from now on is newer than that. He
        may have been told of as one with somebody else: then nothing is shown of him here."""
        self._execute(_KNOWN_TO_NONE, {"key": member_id, "epoch": server_epoch})

    def get(self, member_id: str) -> ConfirmedMember | None:
        """Account, version and days as the server told them last; nothing of the person."""
        row = self._execute(_GET, {"key": member_id}).first()
        if row is None:
            return None
        days = msgspec.json.decode(row.days, type=dict[str, date])
        return ConfirmedMember(member_id, row.version, row.data, days)

    def account(self, member_id: str) -> MemberAccount | None:
        """As the server told it last, without anything of this till's own; None = never told."""
        kept = self.get(member_id)
        return None if kept is None else account_of(kept.account)

    def promised(self, member_id: str) -> Sequence[Promised]:
        """What of it is spoken for, by whichever till, as the server told it last."""
        row = self._execute(_PROMISES, {"key": member_id}).first()
        return () if row is None else msgspec.json.decode(row[0], type=tuple[Promised, ...])

    def shown(self, member_id: str) -> MemberAccount | None:
        """Made anew from what is kept; None where the server never told of him.

        Who was one with him and was told alone since, by a server that was restored from before
        their merge, is himself again: own facts of his go on top of his account, not of both.
        """
        kept = self.get(member_id)
        if kept is None:
            return None
        one_with = glance(kept.account).includes
        leads = self._leads(one_with)
        survivors = {one: member_id for one in one_with if leads.get(one, member_id) == member_id}
        own = self._mine({member_id: kept.account}, survivors | {member_id: member_id})[member_id]
        return self._shown(account_of(kept.account), [one.fact for one in own], kept.days)

    def _show_anew(self, survivors: Iterable[str]) -> None:
        for member_id in survivors:
            shown = self.shown(member_id)
            if shown is not None:
                self._write(_SHOW, {"member_id": member_id, "data": account_bytes(shown)})

    def _leads(self, members: Iterable[str]) -> dict[str, str]:
        """The survivor of each of these that is known here: himself where nobody took him over."""
        keys = sorted(members)
        rows = self._all(_LEADS, {"keys": list_text(keys)})
        own = {one: into if status == "merged" else one for one, status, into in rows}
        return self._aliases.survivors_of(keys) | own

    def _left(self, survivors: Mapping[str, str]) -> set[str]:
        """Who was shown as one with somebody that has another survivor from now on."""
        before = self._leads(survivors)
        left = {old for one, old in before.items() if old not in {one, survivors[one]}}
        return left - survivors.keys()

    def _shown_bytes(self, told: ConfirmedMember, own: Sequence[_Mine]) -> bytes:
        confirmed = account_of(told.account)
        folded = self._shown(confirmed, [one.fact for one in own], told.days)
        return told.account if folded is confirmed else account_bytes(folded)

    def _newer(
        self, told: Sequence[ConfirmedMember], server_epoch: int
    ) -> dict[str, ConfirmedMember]:
        keys = list_text([each.member_id for each in told])
        known = {row[0]: (row[1], row[2]) for row in self._all(_VERSIONS, {"keys": keys})}
        newer: dict[str, ConfirmedMember] = {}
        for each in told:
            version = (server_epoch, each.version)
            if version > known.get(each.member_id, (-1, -1)):
                known[each.member_id] = version
                newer.pop(each.member_id, None)  # in the order of their last words
                newer[each.member_id] = each
        return newer

    def _mine(
        self, told: Mapping[str, bytes], survivor_of: Mapping[str, str]
    ) -> dict[str, list[_Mine]]:
        """This till's facts that may not be in these accounts, by survivor, in their order."""
        rows = self._all(_OWN, {"keys": list_text(list(survivor_of))})
        found: dict[str, list[_Mine]] = defaultdict(list)
        if not rows:
            return found
        identity = self._device.read()
        assert identity is not None, "a till with facts has an identity"
        device, forks = identity.device, self._outbox.forks()
        former = self._outbox.former_devices()
        concerned = {survivor_of[row[0]] for row in rows}
        accounts = {key: account_of(told[key]) for key in concerned}
        for member_id, epoch, dseq in rows:
            is_own = epoch not in forks or dseq < forks[epoch]
            mine = accounts[survivor_of[member_id]].marks.get(member_id, {})
            held = max(mine.get(one, {}).get(epoch, 0) for one in (device, *former.get(epoch, ())))
            # Nearly all are covered by their first place: nothing more has to be read of them.
            if not is_own or dseq > held:
                found[survivor_of[member_id]] += self._read(Mark(device, epoch, dseq))
        return found

    def _read(self, place: Mark) -> Iterator[_Mine]:
        row = self._execute(_FACT, {"in_epoch": place.epoch, "at_dseq": place.dseq}).one()
        head = read_head(row.data)
        if isinstance(head, NotAFact):
            return  # `verify` names it; nothing can be folded from it
        item = fold_item(head, date.fromisoformat(row.business_day), place)
        if item is not None:
            places = self._outbox.places_of(row.op_id, place)
            yield _Mine(row.kind, row.data, OwnFact(item, places))

    def _shown(
        self, confirmed: MemberAccount, own: Sequence[OwnFact], told_days: Mapping[str, date]
    ) -> MemberAccount:
        items = on_top(confirmed, own)
        if not items:
            return confirmed
        days = {**self._days(set(facts_named(confirmed, items))), **told_days}
        return shown_account(confirmed, own, days=days)

    def _days(self, named: Iterable[str]) -> dict[str, date]:
        keys = {"keys": sorted(named)}
        return {
            op_id: date.fromisoformat(day)
            for statement in (_OTHER_DAYS, _DAYS)
            for op_id, day in self._execute(statement, keys)
        }


def confirmed_values(each: ConfirmedMember, server_epoch: int) -> Row:
    """What the server told, as stored, in the order of the table."""
    days, promises = each.days, each.promises  # most have neither
    return (
        each.member_id,
        server_epoch,
        each.version,
        each.account,
        msgspec.json.encode(days, order="deterministic").decode() if days else "{}",
        msgspec.json.encode(promises, order="deterministic").decode() if promises else "[]",
    )
