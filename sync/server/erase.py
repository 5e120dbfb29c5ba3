"""Erasing: a person is forgotten, his purchases stay without a name.

Owns: destroying the keys of all his ids, wiping his profile, ending links to his card and
messages that wait for him, and what becomes of somebody who joined before the erasure and arrives
after it. Does not own: keys (member_keys.py), the request (a person of head office), the tills' own
copies (their stores obey what the feed tells).
The keyed hash of his number stays with his id: only by it an older join is recognised.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, update

from app.domain.effects import ConsentsEnded, Effect
from app.domain.erasure_fact import PersonErased
from app.domain.facts import MemberErased, MemberJoined
from sync.server import tables as t
from sync.server.complaint import complaint_store
from sync.server.erasure_record import note, reporting_tills, tell_all
from sync.server.erasure_request import Cases
from sync.server.head_office import Office, Said
from sync.server.hearing import Heard
from sync.server.member import claims_of, has_account
from sync.server.message import stop_waiting
from sync.server.page_token import PageTokens
from sync.server.photo import drop_photos
from sync.server.rows import find, put
from sync.server.tables import shard_of

ERASED = tuple(str(kind.__struct_config__.tag) for kind in (MemberErased, PersonErased))


@dataclass(frozen=True, slots=True)
class Asked:
    """By which request of which store."""

    request: str
    store: str


@dataclass(frozen=True, slots=True)
class Erased:
    """All his ids, the survivor first."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NobodyToErase:
    """Nobody ever heard of this id."""

    member: str


@dataclass(frozen=True, slots=True)
class AlreadyErased:
    """He was forgotten before; nothing changed."""

    member: str


@dataclass(frozen=True, slots=True)
class CaseOpen:
    """A complaint of his has to be settled first; nothing changed."""

    number: str


def erase_member(
    at: Office, member: str, said: Said, asked: Asked | None = None
) -> Erased | AlreadyErased | NobodyToErase:
    """Forget whoever has this id, and tell every till. Run it by ServerDatabase.write.

    `asked`: None = somebody at head office was asked.
    """
    if not has_account(at.connection, at.tenant, member):
        return NobodyToErase(member)
    facts = at.facts()
    account = facts.account(member)
    survivor = facts.accounts.survivors[member]
    ids = (survivor, *sorted({member, *account.includes} - {survivor}))
    if _is_erased(at.connection, at.tenant, survivor):
        return AlreadyErased(survivor)
    standing = tuple(sorted(set(account.consents) - account.withdrawn))
    effects: tuple[Effect, ...] = (ConsentsEnded(consents=standing),) if standing else ()
    home = _home_store(at, ids)
    fact = PersonErased(
        **facts.origin(survivor, home), effects=effects, ids=ids, approved_by=(said.by,),
        reason=said.reason, tills=reporting_tills(at.connection, at.tenant),
        request=None if asked is None else asked.request,
    )  # fmt: skip
    facts.write(fact)
    forget(at.connection, at.tenant, ids, at.now_ms)
    facts.accounts.of(member).is_changed = True
    note(at, fact, {home} if asked is None else {home, asked.store})
    facts.finish()
    tell_all(at, [fact])
    return Erased(ids)


def erase_case(
    at: Office, case: str, said: Said, asked: Asked | None = None
) -> Erased | AlreadyErased | NobodyToErase:
    """Forget who complained and was no member: the key of his case is destroyed everywhere.

    Run it by ServerDatabase.write.
    """
    key = {"shard_key": shard_of(case), "member": case}
    if find(at.connection, at.tenant, t.erasure, [key]):
        return AlreadyErased(case)
    is_known = find(at.connection, at.tenant, t.member_key, [key])
    if not is_known and Cases(at.connection, at.tenant).read(case) is None:
        return NobodyToErase(case)
    facts = at.facts()
    stores = {
        row["store"] for row in find(at.connection, at.tenant, complaint_store, [_case(case)])
    }
    fact = PersonErased(
        **facts.origin(None, min(stores, default="")), ids=(case,), approved_by=(said.by,),
        reason=said.reason, tills=reporting_tills(at.connection, at.tenant),
        request=None if asked is None else asked.request,
    )  # fmt: skip
    facts.write(fact)
    destroy_keys(at.connection, at.tenant, case)
    note(at, fact, stores if asked is None else {*stores, asked.store})
    facts.finish()
    tell_all(at, [fact])
    return Erased((case,))


def erase_asked(
    at: Office, gone: str, said: Said
) -> Erased | AlreadyErased | NobodyToErase | CaseOpen:
    """Forget a member, or who complained in a case, unless something of his is not settled yet."""
    cases = Cases(at.connection, at.tenant)
    case = cases.read(gone)
    if case is not None and case.is_open:
        return CaseOpen(case.opened.number)
    if has_account(at.connection, at.tenant, gone):
        number = cases.open_of({gone, *at.facts().account(gone).includes})
        if number is not None:
            return CaseOpen(number)
    return erase_again(at, gone, said)


def erase_again(at: Office, gone: str, said: Said) -> Erased | AlreadyErased | NobodyToErase:
    """Forget whoever stands in a list under this id, or complained in the case of this id."""
    done = erase_member(at, gone, said)
    return erase_case(at, gone, said) if isinstance(done, NobodyToErase) else done


def _case(case: str) -> dict[str, object]:
    return {"shard_key": shard_of(case), "case_id": case}


def destroy_keys(connection: Connection, tenant: str, holder: str) -> None:
    """Nobody reads again what was sealed under the keys of this member or case; pictures go."""
    key = t.member_key.c
    connection.execute(
        update(t.member_key)
        .where(key.tenant_id == tenant, key.shard_key == shard_of(holder), key.member == holder)
        .values(wrapped=None)
    )
    drop_photos(connection, tenant, holder)


def forget(connection: Connection, tenant: str, ids: Sequence[str], now_ms: int) -> None:
    """Destroy and wipe what is known of the person behind these ids."""
    rows = [
        {
            "shard_key": shard_of(each), "member": each, "status": "erased", "home_store": "",
            "referrer": None, "joined_op": "", "received_ms": now_ms,
        }
        for each in ids
    ]  # fmt: skip
    put(connection, tenant, t.member, rows, "ignore")
    tokens = PageTokens(connection, tenant)
    for each in ids:
        destroy_keys(connection, tenant, each)
        for table in (t.member, t.profile_field):
            mine = (
                (table.c.tenant_id == tenant)
                & (table.c.shard_key == shard_of(each))
                & (table.c.member == each)
            )
            if table is t.profile_field:
                connection.execute(delete(table).where(mine))
            else:
                connection.execute(update(table).where(mine).values(status="erased"))
        tokens.end_cards(each, now_ms)
    stop_waiting(connection, tenant, ids, "erased")


def _is_erased(connection: Connection, tenant: str, member: str) -> bool:
    key = {"shard_key": shard_of(member), "member": member, "status": "erased"}
    return bool(find(connection, tenant, t.member, [key]))


def _home_store(at: Office, ids: Iterable[str]) -> str:
    keys = [{"shard_key": shard_of(each), "member": each} for each in ids]
    rows = find(at.connection, at.tenant, t.member, keys)
    return next((row["home_store"] for row in rows if row["home_store"]), "")


# ------------------------------------------------------------------ who joined before


def forget_older_joins(
    connection: Connection, tenant: str, joined: Iterable[tuple[Heard, MemberJoined]], now_ms: int
) -> set[str]:
    """Of these who joined, forget whoever did so before the same number was erased; their ids.
    Also whoever came by a list of an earlier system, whenever: to come back is his own wish alone,
    and a till that never knew him cannot tell whose row it is.

    Without the claim's hash nobody could tell: a till was away for weeks, and the person asked to
    be forgotten meanwhile.
    """
    joins = [(heard, fact, claims_of(heard, fact)) for heard, fact in joined if fact.member]
    keys = [
        {"shard_key": shard_of(claim), "claim": claim} for _, _, claims in joins for claim in claims
    ]
    held = {row["claim"]: row["member"] for row in find(connection, tenant, t.identity_claim, keys)}
    erased = _erasures(connection, tenant, held.values())
    late = {
        fact.member or ""
        for heard, fact, claims in joins
        for claim in claims
        if held.get(claim) in erased
        and (fact.channel == "import" or _is_before(heard, erased[held[claim]]))
    }
    if late:
        forget(connection, tenant, sorted(late), now_ms)
    return late


def _erasures(
    connection: Connection, tenant: str, members: Iterable[str]
) -> dict[str, tuple[str, int]]:
    """Day and moment at which each of these was erased; of the others nothing."""
    keys = [{"shard_key": shard_of(each), "member": each} for each in sorted(set(members))]
    columns = (t.account.c.member, t.account.c.survivor)
    rows = find(connection, tenant, t.account, keys, columns=columns)
    survivors = {row["member"]: row["survivor"] for row in rows}
    people = sorted(set(survivors.values()))
    said = [{"member": each, "kind": kind} for each in people for kind in ERASED]
    at = {
        row["member"]: (row["day"], row["received_ms"])
        for row in find(connection, tenant, t.op, said)
    }
    return {member: at[each] for member, each in survivors.items() if each in at}


def _is_before(heard: Heard, erased: tuple[str, int]) -> bool:
    day, at_ms = erased
    if heard.day.isoformat() != day:
        return heard.day.isoformat() < day
    return heard.clock is None or heard.clock.wall_ms < at_ms
