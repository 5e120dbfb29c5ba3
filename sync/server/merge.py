"""Merging: members who turned out to be one person become one, by a manager's word.

Owns: who survives (the smallest id, never who came first), moving the account and telling every
shop. Does not own: adding accounts (app.domain.account), what is found under several ids
(alias.py), proposals (a claim held by another: member.py).
Nothing is rewritten: facts, cards, claims, grants and reservations keep the id they came under,
and every id leads to the survivor from now on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec
from sqlalchemy import update

from app.domain.account import MemberAccount, account_bytes, merge
from app.domain.debt import debt_of
from app.domain.facts import MembersMerged
from sync.server import tables as t
from sync.server.exception_case import Finding, all_ids, end_recovered, open_cases
from sync.server.folding import LockedAccount, lock_accounts
from sync.server.head_office import Office, Said
from sync.server.member import add_to_working_set, has_account, stores_of
from sync.server.own_fact import OwnFacts
from sync.server.rows import find
from sync.server.tables import shard_of


@dataclass(frozen=True, slots=True)
class Merged:
    """One person now. `ids`: all of them, the survivor first."""

    survivor: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlreadyOne:
    """Both ids were this person's before; nothing changed."""

    survivor: str


@dataclass(frozen=True, slots=True)
class NotMerged:
    """unknown: nobody ever heard of him; frozen: release him first; erased: he is gone."""

    member: str
    reason: Literal["unknown", "frozen", "erased"]


MergeAnswer = Merged | AlreadyOne | NotMerged


def merge_members(at: Office, one: str, other: str, said: Said) -> MergeAnswer:
    """Make them one person. Run it by ServerDatabase.write."""
    for each in (one, other):
        if not has_account(at.connection, at.tenant, each):
            return NotMerged(each, "unknown")
    facts = at.facts()
    # Everybody who is about to be moved, at once: one after the other they would be waited for.
    everybody = {each for member in (one, other) for each in _everybody(at, member)}
    lock_accounts(at.connection, facts.accounts, everybody)
    kept, *rest = sorted({facts.accounts.survivors[each] for each in (one, other)})
    if not rest:
        return AlreadyOne(kept)
    why_not = _not_active(at, (kept, *rest))
    if why_not is not None:
        return why_not
    store = _home_store(facts, (kept, rest[0]))
    fact = MembersMerged(
        **facts.origin(rest[0], store), into=kept, approved_by=(said.by,), reason=said.reason
    )
    return _merge(facts, kept, rest[0], _Why(fact, said, is_own=True))


def follow_merge(at: Office, fact: MembersMerged) -> None:
    """A shop on its own made them one before it belonged to this chain: its fact stands here."""
    facts = at.facts()
    ids = (fact.member or "", fact.into)
    everybody = {each for member in ids for each in _everybody(at, member)}
    lock_accounts(at.connection, facts.accounts, everybody)
    kept, *rest = sorted({facts.accounts.survivors[each] for each in ids})
    if rest:
        said = Said(fact.staff or "", fact.reason)
        _merge(facts, kept, rest[0], _Why(fact, said, is_own=False))


@dataclass(frozen=True, slots=True)
class _Why:
    """The fact by which they are one. `is_own`: it is written here and now."""

    fact: MembersMerged
    said: Said
    is_own: bool


def _everybody(at: Office, member: str) -> tuple[str, ...]:
    """All ids of this person as they stand; nothing is held yet."""
    key = {"shard_key": shard_of(member), "member": member}
    rows = find(at.connection, at.tenant, t.account, [key], columns=(t.account.c.survivor,))
    return (member, *all_ids(at.connection, at.tenant, rows[0]["survivor"] if rows else member))


def _not_active(at: Office, members: Sequence[str]) -> NotMerged | None:
    keys = [{"shard_key": shard_of(each), "member": each} for each in members]
    for row in find(at.connection, at.tenant, t.member, keys):
        if row["status"] != "active":
            return NotMerged(row["member"], row["status"])
    return None


def _merge(facts: OwnFacts, kept: str, gone: str, why: _Why) -> Merged:
    """`gone` with all his ids becomes a further id of `kept`."""
    accounts = facts.accounts
    mine, theirs = accounts.locked[kept], accounts.locked[gone]
    mine.after = merge(mine.after, theirs.after)
    mine.waiting += theirs.waiting
    mine.is_changed = True
    for member, survivor in accounts.survivors.items():
        if survivor == gone:
            accounts.survivors[member] = kept
    del accounts.locked[gone]
    moved = {gone, *theirs.after.includes}
    _point_to(facts, moved, kept)
    if why.is_own:
        facts.write(why.fact)
    ids = {kept, *mine.after.includes}
    _hear_of(facts, kept, ids)
    found = _settle_debt(facts, mine, theirs.debt, why.fact)
    _end_proposals(facts, ids, why.said)
    facts.finish()
    open_cases(facts.connection, facts.tenant, found, facts.now_ms)
    return Merged(kept, (kept, *sorted(ids - {kept})))


def _point_to(facts: OwnFacts, members: Iterable[str], survivor: str) -> None:
    """All at once, so that nobody has to follow from one to the next."""
    rows, empty = t.account.c, account_bytes(MemberAccount())
    for member in sorted(members):
        facts.connection.execute(
            update(t.account)
            .where(
                rows.tenant_id == facts.tenant,
                rows.shard_key == shard_of(member),
                rows.member == member,
            )
            .values(survivor=survivor, waiting=0, debt=0, data=empty)
        )


def _home_store(facts: OwnFacts, members: Sequence[str]) -> str:
    keys = [{"shard_key": shard_of(each), "member": each} for each in members]
    rows = {row["member"]: row for row in find(facts.connection, facts.tenant, t.member, keys)}
    return next((rows[each]["home_store"] for each in members if each in rows), "")


def _hear_of(facts: OwnFacts, survivor: str, ids: Iterable[str]) -> None:
    """Every store that had one of them has the person."""
    stores = stores_of(facts.connection, facts.tenant, ids)
    pairs = {(survivor, store) for own in stores.values() for store in own}
    add_to_working_set(facts.connection, facts.tenant, pairs, facts.now_ms)


def _settle_debt(
    facts: OwnFacts, mine: LockedAccount, theirs: int, fact: MembersMerged
) -> list[Finding]:
    """One's points pay the other's debt; a gift both had for one occasion counts once."""
    known = mine.debt + theirs
    mine.debt = debt_of(mine.after, facts.day)
    if known and not mine.debt:
        ids = {mine.member, *mine.after.includes}
        end_recovered(facts.connection, facts.tenant, ids, facts.now_ms)
    beyond = mine.debt - known
    if beyond <= 0:
        return []
    by = (("by", "merge"), ("version", str(mine.version + 1)))
    return [Finding("overdraft", mine.member, fact.op_id, facts.day, points=-beyond, text=by)]


def _end_proposals(facts: OwnFacts, ids: set[str], said: Said) -> None:
    """Two members with one number: what was proposed is done."""
    keys = [
        {"shard_key": shard_of(each), "subject": each, "kind": "phone_taken", "state": "open"}
        for each in sorted(ids)
    ]
    cases = t.exception_case.c
    for row in find(facts.connection, facts.tenant, t.exception_case, keys):
        if msgspec.json.decode(row["story"])["said"].get("holder") not in ids:
            continue
        facts.connection.execute(
            update(t.exception_case)
            .where(
                cases.tenant_id == facts.tenant,
                cases.shard_key == row["shard_key"],
                cases.subject == row["subject"],
                cases.case_id == row["case_id"],
            )
            .values(state="accepted", ended_by=said.by, ended_ms=facts.now_ms, note=said.reason)
        )
