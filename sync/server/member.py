"""Members as head office knows them: joined, with cards and claims, told to the shops.

Owns: the member, card, identity_claim and member_store tables; what a till hears of a member.
Does not own: keys (member_keys.py), values of a profile (profile.py), the account (folding.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, update

from app.domain.facts import SALE_KINDS, CardIssued, MemberJoined
from app.domain.ids import uuid7
from sync.protocol import MemberConfirmed
from sync.server import tables as t
from sync.server.alias import first_said, ids_of, one_profile, status_of
from sync.server.exception_case import Finding
from sync.server.hearing import Heard
from sync.server.member_keys import key_ring
from sync.server.profile import profiles
from sync.server.promise import promises_of
from sync.server.referrer import referrers_of
from sync.server.rows import Rows, find, put, put_all
from sync.server.sender import House
from sync.server.tables import shard_of
from sync.server.wanted import Wanted, find_all

SALE_DAYS_TOLD = 62
"""So far back a till is told which days sales were confirmed for: as far as refunds go."""
_DAY_MS = 86_400_000


def put_joined(
    connection: Connection, tenant: str, heard: Sequence[Heard], now_ms: int
) -> list[Finding]:
    """Enter members who joined, with card and claims. What a claim or card meets is a finding.

    A member joined under held keys is frozen, and claims nothing.
    """
    joined = [(each, each.fact) for each in heard if isinstance(each.fact, MemberJoined)]
    rows = [
        {
            "shard_key": shard_of(fact.member or ""),
            "member": fact.member or "",
            "status": "frozen" if each.state == "held" else "active",
            "home_store": each.store,
            "referrer": fact.referrer,
            "joined_op": fact.op_id,
            "received_ms": now_ms,
        }
        for each, fact in joined
    ]
    put(connection, tenant, t.member, rows, "ignore")
    free = [(each, fact) for each, fact in joined if each.state == "counted"]
    cards = [_card_row(fact.card, fact.member or "", fact.op_id) for _, fact in free if fact.card]
    put(connection, tenant, t.card, cards, "ignore")
    wanted = [
        Claiming(fact.member or "", claim, fact.op_id, each.day)
        for each, fact in free
        for claim in claims_of(each, fact)
    ]
    return claim_identities(connection, tenant, wanted)


def claims_of(heard: Heard, joined: MemberJoined) -> tuple[str, ...]:
    """What somebody who joined is found by."""
    return joined.claims if heard.claims is None else heard.claims


def _card_row(card: str, member: str, op_id: str) -> dict[str, Any]:
    return {
        "shard_key": shard_of(card),
        "card": card,
        "member": member,
        "state": "in_use",
        "op_id": op_id,
    }


@dataclass(frozen=True, slots=True)
class Claiming:
    """A member and the keyed hash of a number or outside id that a fact says is his."""

    member: str
    claim: str
    op_id: str
    day: date


def claim_identities(
    connection: Connection, tenant: str, wanted: Sequence[Claiming]
) -> list[Finding]:
    """The first member holds a claim; who comes later with the same is a finding, and stays.

    Not where both are one person already. What an erased member held is anybody's again.
    """
    rows = [
        {
            "shard_key": shard_of(each.claim), "claim": each.claim, "member": each.member,
            "op_id": each.op_id,
        }
        for each in wanted
    ]  # fmt: skip
    put(connection, tenant, t.identity_claim, rows, "ignore")
    keys = [{"shard_key": shard_of(each.claim), "claim": each.claim} for each in wanted]
    holder = {
        row["claim"]: row["member"] for row in find(connection, tenant, t.identity_claim, keys)
    }
    others = {holder[each.claim] for each in wanted if holder[each.claim] != each.member}
    if not others:
        return []
    survivors, _ = _accounts(connection, tenant, [*others, *(each.member for each in wanted)])
    people = _of(connection, tenant, t.member, others)
    gone = {row["member"] for row in people if row["status"] == "erased"}
    freed = [row for row in rows if holder[row["claim"]] in gone]
    put(connection, tenant, t.identity_claim, freed, "replace")
    return [
        Finding(
            "phone_taken", each.member, each.op_id, each.day,
            text=(("holder", holder[each.claim]),),
        )
        for each in wanted
        if holder[each.claim] not in {each.member, *gone}
        and survivors.get(holder[each.claim]) != survivors.get(each.member)
    ]  # fmt: skip


def give_claim_free(connection: Connection, tenant: str, claim: str, ids: Iterable[str]) -> None:
    """The number is not his any more: whoever gets it next is another person."""
    mine = t.identity_claim.c
    connection.execute(
        delete(t.identity_claim).where(
            mine.tenant_id == tenant,
            mine.shard_key == shard_of(claim),
            mine.claim == claim,
            mine.member.in_(sorted(ids)),
        )
    )


def put_cards(connection: Connection, tenant: str, heard: Iterable[Heard]) -> None:
    """New cards of members: the old one finds them still and serves no more."""
    for each in heard:
        if not isinstance(each.fact, CardIssued) or each.state != "counted":
            continue
        fact = each.fact
        put(
            connection, tenant, t.card, [_card_row(fact.card, fact.member or "", fact.op_id)],
            "ignore",
        )  # fmt: skip
        connection.execute(
            update(t.card)
            .where(
                t.card.c.tenant_id == tenant,
                t.card.c.shard_key == shard_of(fact.replaces),
                t.card.c.card == fact.replaces,
                t.card.c.member == fact.member,
            )
            .values(state="replaced")
        )


def add_to_working_set(
    connection: Connection, tenant: str, pairs: Iterable[tuple[str, str]], now_ms: int
) -> None:
    """Let stores hear of members from now on: (member, store)."""
    put_all(connection, tenant, working_set_rows(pairs, now_ms))


def working_set_rows(pairs: Iterable[tuple[str, str]], now_ms: int) -> Rows:
    """The same as rows."""
    rows = [
        {"shard_key": shard_of(member), "member": member, "store": store, "since_ms": now_ms}
        for member, store in sorted(set(pairs))
    ]
    return Rows(t.member_store, rows, "ignore")


def stores_of(connection: Connection, tenant: str, members: Iterable[str]) -> dict[str, set[str]]:
    """Which stores hear of each member."""
    [rows] = find_all(connection, tenant, stores_wanted(members))
    return stores_in(rows)


def stores_wanted(members: Iterable[str]) -> Wanted:
    """The same beside other rows; `stores_in` reads them."""
    keys = [{"shard_key": shard_of(each), "member": each} for each in sorted(set(members))]
    return Wanted(t.member_store, keys, (t.member_store.c.member, t.member_store.c.store))


def stores_in(rows: Iterable[dict[str, Any]]) -> dict[str, set[str]]:
    """By member; who has none is left out."""
    stores: dict[str, set[str]] = {}
    for row in rows:
        stores.setdefault(row["member"], set()).add(row["store"])
    return stores


def has_account(connection: Connection, tenant: str, member: str) -> bool:
    """Whether anybody ever heard of this member."""
    return bool(_of(connection, tenant, t.account, [member]))


def is_active(connection: Connection, tenant: str, member: str) -> bool:
    """Not frozen, not erased; who was only ever met by his card is active too."""
    [rows] = find_all(connection, tenant, people_wanted([member]))
    return active_in(rows)


def people_wanted(members: Iterable[str]) -> Wanted:
    """The same beside other rows; `active_in` reads them."""
    keys = [{"shard_key": shard_of(each), "member": each} for each in sorted(set(members))]
    return Wanted(t.member, keys, (t.member.c.status,))


def active_in(rows: Iterable[dict[str, Any]]) -> bool:
    """Whether all of them are."""
    return all(row["status"] == "active" for row in rows)


# ------------------------------------------------------------------ what a till hears

# Of very many rows only what is told of them: each value is made an object of its own.
_ACCOUNT = (t.account.c.member, t.account.c.survivor, t.account.c.version, t.account.c.data)
_PERSON = (t.member.c.member, t.member.c.status, t.member.c.home_store, t.member.c.referrer)
_CARD = (t.card.c.member, t.card.c.card, t.card.c.state)


def confirmed_members(
    connection: Connection, tenant: str, members: Iterable[str], now_ms: int, house: House
) -> dict[str, MemberConfirmed]:
    """Members as they are now, by the id asked for; those without an account are left out.

    Of merged ones the survivor is told, with the cards of all.
    """
    wanted = sorted(set(members))
    if not wanted:
        return {}
    survivors, accounts = _accounts(connection, tenant, wanted)
    aliases = _aliases(wanted, survivors, accounts)
    everyone = sorted({each for ids in aliases.values() for each in ids})
    people = {row["member"]: row for row in _of(connection, tenant, t.member, everyone, _PERSON)}
    cards = _cards(connection, tenant, everyone)
    days = _days(connection, tenant, everyone, now_ms)
    ring = key_ring(connection, tenant, everyone, house)
    seen = profiles(connection, tenant, everyone, ring)
    promised = promises_of(connection, tenant, everyone, now_ms)
    sent = referrers_of(connection, tenant, aliases.values(), people)
    told = {}
    for member, ids in aliases.items():
        theirs = [card for each in ids for card in cards.get(each, ())]
        told[member] = MemberConfirmed(
            member=member,
            version=accounts[member]["version"],
            account=accounts[member]["data"],
            days={op_id: day for each in ids for op_id, day in days.get(each, {}).items()},
            cards=_in_use_first(theirs),
            cards_in_use=max(1, sum(is_in_use for _, is_in_use in theirs)),
            status=status_of(ids, people),
            home_store=first_said(ids, people, "home_store") or "",
            profile=one_profile(seen.get(each) for each in ids),
            keys=tuple(key for each in ids for key in ring.of(each)),
            promises=tuple(each for one in ids for each in promised.get(one, ())),
            referrer=sent.get(ids),
        )
    return {each: told[survivors[each]] for each in wanted if survivors.get(each) in told}


def _aliases(
    wanted: Iterable[str], survivors: dict[str, str], accounts: dict[str, dict[str, Any]]
) -> dict[str, tuple[str, ...]]:
    """All ids of each person, by the one he goes by."""
    aliases = {member: ids_of(member, row["data"]) for member, row in accounts.items()}
    for each in wanted:  # one whose facts all wait is in nobody's account yet
        mine = aliases.get(survivors.get(each, ""), ())
        if mine and each not in mine:
            aliases[mine[0]] = (*mine, each)
    return aliases


def _in_use_first(cards: Sequence[tuple[str, bool]]) -> tuple[str, ...]:
    return tuple(card for card, _ in sorted(cards, key=lambda each: not each[1]))


def _accounts(
    connection: Connection, tenant: str, members: Sequence[str]
) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    rows = {row["member"]: row for row in _of(connection, tenant, t.account, members, _ACCOUNT)}
    survivors = {member: row["survivor"] for member, row in rows.items()}
    missing = sorted(set(survivors.values()) - rows.keys())
    rows |= {row["member"]: row for row in _of(connection, tenant, t.account, missing, _ACCOUNT)}
    return survivors, {each: rows[each] for each in set(survivors.values()) if each in rows}


def _of(
    connection: Connection,
    tenant: str,
    table: Any,
    members: Iterable[str],
    columns: Sequence[Any] = (),
) -> list[dict[str, Any]]:
    keys = [{"shard_key": shard_of(each), "member": each} for each in sorted(set(members))]
    return find(connection, tenant, table, keys, columns=columns)


def _cards(
    connection: Connection, tenant: str, members: Iterable[str]
) -> dict[str, list[tuple[str, bool]]]:
    """The cards of each, and whether one is in use; those first."""
    keys = [{"member": each} for each in sorted(set(members))]
    rows = find(connection, tenant, t.card, keys, columns=_CARD)
    cards: dict[str, list[tuple[str, bool]]] = {}
    for row in sorted(rows, key=lambda row: (row["state"] != "in_use", row["card"])):
        cards.setdefault(row["member"], []).append((row["card"], row["state"] == "in_use"))
    return cards


def _days(
    connection: Connection, tenant: str, members: Iterable[str], now_ms: int
) -> dict[str, dict[str, date]]:
    """Confirmed days of the members' late sales: an id says when it was made."""
    keys = [{"shard_key": shard_of(each), "member": each} for each in sorted(set(members))]
    since = uuid7(max(0, now_ms - SALE_DAYS_TOLD * _DAY_MS), 0)
    columns = (t.ledger.c.member, t.ledger.c.op_id, t.ledger.c.kind, t.ledger.c.day)
    days: dict[str, dict[str, date]] = {}
    for row in find(connection, tenant, t.ledger, keys, columns=columns, least=("op_id", since)):
        if row["kind"] in SALE_KINDS:
            days.setdefault(row["member"], {})[row["op_id"]] = date.fromisoformat(row["day"])
    return days
