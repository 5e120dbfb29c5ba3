"""What members hear of without anybody asking: by the calendar, and when something came of them.

Owns: going through the members once a day, reading what came in the stores' streams, asking for the
messages that the owner switched on. Does not own: whether one goes (sending.py), the pass
(../day_pass.py). It may run again, and in several workers: each occasion is one message.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from app.domain.account import MemberAccount, account_of
from app.domain.birthday import birthday_this_month
from app.domain.facts import SALE_KINDS, SaleRecorded, read_fact
from app.domain.member import PersonalData
from app.domain.program import Program
from app.domain.view import view
from sync.server import tables as t
from sync.server.alias import ids_of, one_profile
from sync.server.database import ServerDatabase
from sync.server.day_pass import DayPass, accounts_after
from sync.server.member_keys import key_ring
from sync.server.message import NewMessage, enqueue
from sync.server.messages.post_settings import MessageSettings
from sync.server.messages.recipient import consents_of
from sync.server.messages.words import JUST_ENDS
from sync.server.profile import profiles
from sync.server.promise import today
from sync.server.published import in_force, programs
from sync.server.rows import find, put
from sync.server.sender import House
from sync.server.survey_message import Questions
from sync.server.tables import shard_of

NAME = "messages"
BIRTHDAY_DAYS = 3
"""A birthday that was missed because the server stood still is not worth a wish much later."""
EXPIRING_DAYS = 31
WIN_BACK_DAYS = (90, 120)
"""From so many days without a purchase on; who has been away for longer when this is switched on is
left in peace."""
THANKS_MS, WELCOME_MS = 2 * 86_400_000, 3 * 86_400_000
PLACES_A_RUN = 200


@dataclass(frozen=True, slots=True)
class Looking:
    """What both ways of finding somebody stand on."""

    database: ServerDatabase
    tenant: str
    house: House
    settings: MessageSettings
    now_ms: int


def look_at_calendar(at: Looking) -> int:
    """The next members of today's pass; how many were passed. Zero: the day is done."""
    if not {"birthday", "expiring_points", "review_ahead", "win_back"} & set(at.settings.kinds):
        return 0
    day, passing = today(at.now_ms), DayPass(at.database, at.tenant, NAME)
    place = passing.place(day)
    if place is None:
        return 0

    def work(connection: Connection) -> tuple[int, tuple[int, str], list[NewMessage]]:
        rows = accounts_after(connection, at.tenant, place[1])
        last = (rows[-1].shard_key, rows[-1].member) if rows else (-1, "")
        program = in_force(programs(connection, at.tenant).values(), day)
        found = () if program is None else _of_today(connection, at, rows, program, day)
        return len(rows), last, list(found)

    count, last, wanted = at.database.read(work)
    at.database.write(lambda c: enqueue(c, at.tenant, wanted, at.now_ms, at.house))
    passing.remember(place[0], last, day, count)
    return count


def _of_today(
    connection: Connection, at: Looking, rows: Sequence[Any], program: Program, day: date
) -> Iterator[NewMessage]:
    """Of who agreed to messages; nobody else's profile is opened."""
    accounts = {row.member: account_of(row.data) for row in rows}
    agreed = [row for row in rows if "marketing" in consents_of(accounts[row.member])[0]]
    everybody = {row.member: ids_of(row.member, row.data) for row in agreed}
    all_ids = [each for ids in everybody.values() for each in ids]
    ring = key_ring(connection, at.tenant, all_ids, at.house)
    seen = profiles(connection, at.tenant, all_ids, ring)
    for member, ids in everybody.items():
        profile = one_profile(seen.get(each) for each in ids)
        if profile is None:
            continue
        person = msgspec.json.decode(profile, type=PersonalData)
        for wanted in occasions(member, accounts[member], person, program, day):
            if wanted.kind in at.settings.kinds:
                yield wanted


def occasions(
    member: str, account: MemberAccount, person: PersonalData, program: Program, day: date
) -> Iterator[NewMessage]:
    """What this day is to him."""
    born = None if person.birthday is None else birthday_this_month(person.birthday, day)
    if born is not None and 0 <= (day - born.day).days <= BIRTHDAY_DAYS:
        yield NewMessage(member, "birthday", str(born.year))
    near = None if born is None else (born.day.month, born.day.day)
    seen = view(account, program, day, birthday=near)
    for bucket in seen.expiring[:1]:
        last = bucket.expires.last_day
        if last - day <= timedelta(days=EXPIRING_DAYS):
            known = {"points": str(bucket.points.count), "day": last.isoformat()}
            yield NewMessage(member, "expiring_points", last.isoformat(), known)
    for notice in seen.notices:
        name = program.tier(seen.tier).name
        known = {"tier_zh": name.zh, "tier_en": name.en, "day": notice.last_day.isoformat()}
        known |= {JUST_ENDS: "1"} if seen.tier_source in ("pack", "trial") else {}
        occasion = f"{notice.last_day.isoformat()}:{notice.days_ahead}"
        yield NewMessage(member, "review_ahead", occasion, known)
    away = None if seen.last_visit is None else (day - seen.last_visit).days
    if away is not None and WIN_BACK_DAYS[0] <= away < WIN_BACK_DAYS[1]:
        yield NewMessage(member, "win_back", f"{seen.last_visit}")


# ------------------------------------------------------------------ what came


def look_at_news(at: Looking) -> int:
    """What came in the stores' streams since the last time; how many places were passed.

    The first time it begins at their ends: nobody is thanked for last year.
    """
    if not {"welcome", "receipt_thanks", "survey"} & set(at.settings.kinds):
        return 0
    streams, seen = at.database.read(lambda connection: _streams(connection, at.tenant))
    return sum(_stream(at, stream, head, seen) for stream, head in streams.items())


def _streams(connection: Connection, tenant: str) -> tuple[dict[str, int], dict[str, int]]:
    """How far each stream goes, and how far it was looked at."""
    mine, read = t.feed_counter.c, t.consumer.c
    asked = select(mine.stream, mine.head).where(
        mine.tenant_id == tenant, mine.stream.like("store:%")
    )
    heads = {row.stream: row.head for row in connection.execute(asked)}
    asked = select(read.stream, read.position).where(
        read.tenant_id == tenant, read.name == NAME, read.stream.in_(sorted(heads))
    )
    return heads, {row.stream: row.position for row in connection.execute(asked)}


def _stream(at: Looking, stream: str, head: int, seen: Mapping[str, int]) -> int:
    # A store that opens later is looked at from its first day on.
    since = seen.get(stream, 0 if seen else head)
    until = min(head, since + PLACES_A_RUN)
    if since == head and stream in seen:
        return 0
    wanted = at.database.read(
        lambda connection: list(_of_places(connection, at, stream, range(since + 1, until + 1)))
    )
    key = {"shard_key": shard_of(stream), "stream": stream, "name": NAME}

    def write(connection: Connection) -> None:
        enqueue(connection, at.tenant, wanted, at.now_ms, at.house)
        put(connection, at.tenant, t.consumer, [key | {"position": since}], "ignore")
        [held] = find(connection, at.tenant, t.consumer, [key], lock=True)
        if held["position"] < until:
            put(connection, at.tenant, t.consumer, [key | {"position": until}], "replace")

    at.database.write(write)
    return until - since


def _of_places(
    connection: Connection, at: Looking, stream: str, places: Iterable[int]
) -> Iterator[NewMessage]:
    keys = [{"shard_key": shard_of(stream), "stream": stream, "at": place} for place in places]
    rows = find(connection, at.tenant, t.feed, keys, columns=(t.feed.c.kind, t.feed.c.ref))
    wanted: list[NewMessage] = []
    if "welcome" in at.settings.kinds:
        wanted.extend(_welcomes(connection, at, {r["ref"] for r in rows if r["kind"] == "member"}))
    of_sales = {"receipt_thanks", "survey"} & set(at.settings.kinds)
    sales = _sales(connection, at, rows) if of_sales else []
    if "receipt_thanks" in of_sales:
        wanted.extend(_thanks(sales, at.now_ms))
    agreed = _agreed(
        connection, at.tenant, {each.member for each in wanted} | {who for who, _ in sales}
    )
    yield from (each for each in wanted if each.member in agreed)
    if "survey" in of_sales:
        questions = Questions(connection, at.tenant, at.house, at.now_ms)
        asked = (questions.after(sale) for who, sale in sales if who in agreed)
        yield from (each for each in asked if each is not None)


def _welcomes(connection: Connection, at: Looking, members: Iterable[str]) -> Iterator[NewMessage]:
    keys = [{"shard_key": shard_of(each), "member": each} for each in sorted(members)]
    for row in find(connection, at.tenant, t.member, keys):
        if row["received_ms"] > at.now_ms - WELCOME_MS:
            yield NewMessage(row["member"], "welcome", "")


def _sales(
    connection: Connection, at: Looking, places: Iterable[Mapping[str, Any]]
) -> list[tuple[str, SaleRecorded]]:
    """What members bought, of what arrived lately."""
    facts = sorted({each["ref"] for each in places if each["kind"] == "fact"})
    keys = [{"shard_key": shard_of(each), "op_id": each} for each in facts]
    found = []
    for row in find(connection, at.tenant, t.op, keys):
        is_sale = row["kind"] in SALE_KINDS and row["state"] == "counted" and row["member"]
        is_fresh = row["received_ms"] > at.now_ms - THANKS_MS
        fact = read_fact(row["data"]) if is_sale and is_fresh else None
        if isinstance(fact, SaleRecorded):
            found.append((row["member"], fact))
    return found


def _thanks(sales: Iterable[tuple[str, SaleRecorded]], now_ms: int) -> Iterator[NewMessage]:
    """For those of today or yesterday: a till that was away for weeks brings nobody a thank-you."""
    for member, sale in sales:
        if sale.day >= today(now_ms - 86_400_000):
            known = {"points": str(sale.points_earned)}
            yield NewMessage(member, "receipt_thanks", sale.op_id, known)


def _agreed(connection: Connection, tenant: str, members: Iterable[str]) -> set[str]:
    """Of these, who agrees to messages under his own id; of merged ones the survivor is asked when
    it goes."""
    keys = [{"shard_key": shard_of(each), "member": each} for each in sorted(members)]
    columns = (t.account.c.member, t.account.c.survivor, t.account.c.data)
    rows = find(connection, tenant, t.account, keys, columns=columns)
    return {
        row["member"]
        for row in rows
        if row["survivor"] != row["member"]
        or "marketing" in consents_of(account_of(row["data"]))[0]
    }
