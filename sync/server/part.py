"""Parting: two members who were made one by mistake are two again, by a manager's word.

Owns: finding the merge that is taken back, folding both sides anew from their facts, moving rows
back and telling every shop. Does not own: what each bears of what was spent since
(app.domain.parting), merging (merge.py).
Nothing is rewritten: the merge stays a fact, and this is another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from msgspec.structs import replace
from sqlalchemy import update

from app.domain.debt import debt_of
from app.domain.facts import MembersMerged, MembersParted
from app.domain.ids import OpId
from app.domain.merging import merge_between, shares_of, survivors_by
from app.domain.parting import Parting, Side, part
from sync.server import tables as t
from sync.server.exception_case import Finding, end_recovered, open_cases
from sync.server.folding import LockedAccount, lock_accounts
from sync.server.head_office import Office, Said
from sync.server.member import add_to_working_set, has_account, stores_of
from sync.server.own_fact import OwnFacts
from sync.server.rebuild import folded
from sync.server.rows import find
from sync.server.standing_merge import Standing, standing_merges_of
from sync.server.tables import shard_of


@dataclass(frozen=True, slots=True)
class Parted:
    """Two persons now: all ids of each, the oldest first."""

    kept: tuple[str, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotOne:
    """They are two persons already; nothing changed."""


@dataclass(frozen=True, slots=True)
class NotParted:
    """unknown: nobody ever heard of him; erased: he is gone, under all his ids."""

    member: str
    reason: Literal["unknown", "erased"]


PartAnswer = Parted | NotOne | NotParted


def part_members(at: Office, one: str, other: str, said: Said) -> PartAnswer:
    """Take the merge back that made them one. Run it by ServerDatabase.write."""
    for each in (one, other):
        if not has_account(at.connection, at.tenant, each):
            return NotParted(each, "unknown")
    facts = at.facts()
    lock_accounts(at.connection, facts.accounts, [one, other])
    survivor = facts.accounts.survivors[one]
    if facts.accounts.survivors[other] != survivor:
        return NotOne()
    ids = facts.accounts.locked[survivor].after.includes | {one, other, survivor}
    merges = standing_merges_of(at.connection, at.tenant, ids)
    undone = _between(merges, one, other)
    if undone is None:
        return NotOne()
    keys = [{"shard_key": shard_of(each), "member": each} for each in sorted(ids)]
    people = find(at.connection, at.tenant, t.member, keys)
    erased = {row["member"] for row in people if row["status"] == "erased"}
    for each in (one, other, *sorted(ids)):
        if each in erased:
            return NotParted(each, "erased")
    roots = survivors_by([each.fact for each in merges if each is not undone])
    gone_root = roots.get(undone.fact.member or "", undone.fact.member or "")
    gone = {each for each in ids if roots.get(each, each) == gone_root}
    return _part(facts, undone, _Sides(survivor, ids - gone, gone_root, gone), said)


def follow_parting(at: Office, fact: MembersParted) -> None:
    """A shop on its own parted them before it belonged to this chain: its facts say what each
    bears. Each parting is followed once, by the first of its facts."""
    facts = at.facts()
    member = fact.member or ""
    lock_accounts(at.connection, facts.accounts, [member, fact.parted_from])
    survivor = facts.accounts.survivors[member]
    ids = facts.accounts.locked[survivor].after.includes | {member, fact.parted_from, survivor}
    merges = [each.fact for each in standing_merges_of(at.connection, at.tenant, ids)]
    roots = survivors_by(merges)
    gone_root = next(
        (root for each in (member, fact.parted_from)
         if (root := roots.get(each, each)) != survivor), survivor
    )  # fmt: skip
    if gone_root == survivor or facts.accounts.survivors[fact.parted_from] != survivor:
        return
    gone = {each for each in ids if roots.get(each, each) == gone_root}
    _two_again(facts, _Sides(survivor, ids - gone, gone_root, gone), fact.op_id)


def _between(merges: Sequence[Standing], one: str, other: str) -> Standing | None:
    found = merge_between([each.fact for each in merges], one, other)
    return next((each for each in merges if each.fact is found), None)


# ------------------------------------------------------------------ two again


@dataclass(frozen=True, slots=True)
class _Sides:
    """Who stays under the account there is, and who gets his back."""

    kept: str
    kept_ids: set[str]
    gone: str
    gone_ids: set[str]


def _part(facts: OwnFacts, undone: Standing, sides: _Sides, said: Said) -> Parted:
    accounts = facts.accounts
    known = accounts.locked[sides.kept].debt
    _give_back(facts, sides)
    before = [
        folded(facts.connection, facts.tenant, ids, until_ms=undone.received_ms)
        for ids in (sides.kept_ids, sides.gone_ids)
    ]
    mine, theirs = accounts.locked[sides.kept], accounts.locked[sides.gone]
    found = part(Side(before[0], mine.after), Side(before[1], theirs.after), undone.fact.day)
    _write(facts, undone.fact, sides, found, said)
    _tell(facts, sides, known, facts.heard[0].op.op_id)
    return Parted(_first(sides.kept, sides.kept_ids), _first(sides.gone, sides.gone_ids))


def _two_again(facts: OwnFacts, sides: _Sides, op_id: OpId) -> None:
    known = facts.accounts.locked[sides.kept].debt
    _give_back(facts, sides)
    _tell(facts, sides, known, op_id)


def _tell(facts: OwnFacts, sides: _Sides, known: int, op_id: OpId) -> None:
    """Write both accounts; every store that knew the one knows the two."""
    mine, theirs = (facts.accounts.locked[each] for each in (sides.kept, sides.gone))
    known_at = stores_of(facts.connection, facts.tenant, sides.kept_ids | sides.gone_ids)
    stores = set[str]().union(*known_at.values())
    pairs = {(each, store) for each in (sides.kept, sides.gone) for store in stores}
    add_to_working_set(facts.connection, facts.tenant, pairs, facts.now_ms)
    cases = list(_debts(facts, ((mine, known), (theirs, 0)), op_id))
    facts.finish()
    open_cases(facts.connection, facts.tenant, cases, facts.now_ms)


def _first(member: str, ids: Iterable[str]) -> tuple[str, ...]:
    return (member, *sorted({*ids} - {member}))


def _give_back(facts: OwnFacts, sides: _Sides) -> None:
    """Both accounts as their own facts make them; every id of `gone` leads to his again."""
    connection, tenant, rows = facts.connection, facts.tenant, t.account.c
    for each in sorted(sides.gone_ids):
        connection.execute(
            update(t.account)
            .where(
                rows.tenant_id == tenant, rows.shard_key == shard_of(each), rows.member == each
            )
            .values(survivor=sides.gone)
        )  # fmt: skip
    for root, ids in ((sides.kept, sides.kept_ids), (sides.gone, sides.gone_ids)):
        [row] = find(connection, tenant, t.account, [{"shard_key": shard_of(root), "member": root}])
        account = folded(connection, tenant, ids)
        facts.accounts.locked[root] = LockedAccount(
            root, row["version"], _waiting(facts, ids), row["debt"], account, is_changed=True
        )
        facts.accounts.survivors |= dict.fromkeys(ids, root)


def _waiting(facts: OwnFacts, ids: Iterable[str]) -> int:
    keys = [{"member": each, "state": "unread"} for each in sorted(ids)]
    return len(find(facts.connection, facts.tenant, t.op, keys, columns=(t.op.c.op_id,)))


def _write(
    facts: OwnFacts, merged: MembersMerged, sides: _Sides, found: Parting, said: Said
) -> None:
    """The act itself, then what each bears, in the business months in which it was spent."""
    about: dict[str, Any] = {
        "merge": merged.op_id, "parted_from": sides.kept, "approved_by": (said.by,),
        "reason": said.reason,
    }  # fmt: skip
    for share in shares_of(sides.kept, sides.gone, found, facts.day):
        fact = MembersParted(
            **facts.origin(share.member, merged.store), **about, effects=share.effects
        )
        facts.write(fact if share.day is None else replace(fact, day=share.day))


def _debts(
    facts: OwnFacts, sides: Iterable[tuple[LockedAccount, int]], op_id: OpId
) -> Iterable[Finding]:
    """Who owes more than was known; what was owed by both may be paid by what one has."""
    for account, known in sides:
        account.debt = debt_of(account.after, facts.day)
        ids = {account.member, *account.after.includes}
        if known and not account.debt:
            end_recovered(facts.connection, facts.tenant, ids, facts.now_ms)
        if account.debt > known:
            text = (("by", "parting"), ("version", str(account.version + 1)))
            yield Finding(
                "overdraft", account.member, op_id, facts.day,
                points=known - account.debt, text=text,
            )  # fmt: skip
