"""Members: the profile, cards, and finding a person by card, phone, last digits or name.

Owns: the member, member_card, member_reading and member_word tables.
Does not own: points and tier (account.py), keys (member_keys.py), masking (app/domain/member.py).

Looking while somebody types must stay quick with a million members, so a search never sorts all
who match: it looks at the members seen last and at the first matches of the index, and whoever
still does not find the person types one more letter or digit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Select, bindparam, func, insert, select, text, update
from sqlalchemy.dialects.sqlite import insert as upsert

from app.domain.member import BirthdayOn, CardHolder, Member, PersonalData
from app.domain.message import MessageChoice
from app.store.changes import Changes
from app.store.errors import StoreBug
from app.store.pinyin import (
    after,
    forms_of_name,
    has_han,
    normal,
    typed,
    typed_reading,
    word_query,
    words,
)
from app.store.repository import (
    Prepared,
    Repository,
    Transaction,
    day_of,
    day_text,
    list_text,
    texts_of,
)
from app.store.tables import device, member, member_card, member_reading, message_record
from app.store.unindexed import UnindexedMembers

CANDIDATES_MAX = 60
"""How many matches of an index are looked at: each costs a page."""
SAME_DIGITS_MAX = 1_000
"""So many of one last four digits are looked at; of a million members a hundred have them."""
PHONE_LENGTH_MAX = 32
LAST_DIGITS_AT = len("#8000")
RECENT_MAX = 400
"""How many of the members seen last are looked through where there are more matches."""

_ALL: Select[Any] = select(member)
_FOUND = member.c.status.in_(("active", "frozen"))
_GET = _ALL.where(member.c.member_id == bindparam("key"))
_NUMBER = select(member.c.member_no, member.c.name, member.c.readings, member.c.card_code).where(
    member.c.member_id == bindparam("key")
)
_NUMBERS_BY_PHONE = select(member_reading.c.member_no).where(
    member_reading.c.reading == bindparam("reading")
)
_BY_PHONE = _ALL.where(
    member.c.member_no.in_(_NUMBERS_BY_PHONE),
    member.c.phone == bindparam("key"),
    member.c.status != "erased",
).order_by(member.c.joined, member.c.member_id)
_SENT_BY = (
    _ALL.where(member.c.referrer_id.in_(bindparam("keys", expanding=True)))
    .order_by(member.c.joined.desc(), member.c.member_id.desc())
    .limit(bindparam("most"))
)
_HERE = select(device.c.store_id).scalar_subquery()
_SAME_DIGITS = (
    select(member_reading.c.member_no)
    .where(
        member_reading.c.reading >= bindparam("low"),
        member_reading.c.reading < bindparam("high"),
        func.substr(member_reading.c.reading, bindparam("from_end")) == bindparam("digits"),
    )
    .limit(SAME_DIGITS_MAX)
)
_LAST_DIGITS = (
    select(member.c.member_no)
    .where(member.c.member_no.in_(_SAME_DIGITS))
    .order_by((member.c.home_store == _HERE).desc(), member.c.last_visit.desc())
    .limit(bindparam("most"))
)
_BY_NUMBERS = _ALL.where(member.c.member_no.in_(bindparam("numbers", expanding=True)), _FOUND)
_RECENT = (
    select(member.c.member_no, member.c.name, member.c.readings)
    .where(member.c.seen.is_not(None))
    .order_by(member.c.seen.desc())
    .limit(RECENT_MAX)
)
_READING_START = (
    select(member_reading.c.member_no)
    .where(member_reading.c.reading >= bindparam("low"))
    .where(member_reading.c.reading < bindparam("high"))
    .order_by(member_reading.c.reading)
    .limit(CANDIDATES_MAX)
)
_FIND_WORDS = text("SELECT rowid FROM member_word WHERE member_word MATCH :query LIMIT :most")
DROP_MESSAGES = message_record.delete().where(
    message_record.c.member_id.in_(bindparam("keys", expanding=True))
)
"""What whoever was erased had been sent is nobody's any more."""
_ADD = insert(member).returning(member.c.member_no)
_UPDATE = update(member).where(member.c.member_id == bindparam("key"))
_VISITED = Prepared(
    _UPDATE.where(
        (member.c.last_visit.is_(None)) | (member.c.last_visit < bindparam("day"))
    ).values(last_visit=bindparam("day"), seen=bindparam("day"))
)
_CARD = select(member_card).where(member_card.c.card_code == bindparam("key"))
_CARDS = select(member_card.c.card_code).where(member_card.c.member_id == bindparam("key"))
_RETIRE_CARDS = (
    update(member_card).where(member_card.c.member_id == bindparam("key")).values(in_use=0)
)
_PUT_CARD_ROW = upsert(member_card)
_PUT_CARD = Prepared(
    _PUT_CARD_ROW.on_conflict_do_update(
        ["card_code"],
        set_={"in_use": _PUT_CARD_ROW.excluded.in_use},
        where=member_card.c.member_id == _PUT_CARD_ROW.excluded.member_id,
    )
)
_ADD_READING = insert(member_reading)
_DROP_READING = member_reading.delete().where(
    member_reading.c.reading == bindparam("old"), member_reading.c.member_no == bindparam("number")
)
_ADD_WORDS = text("INSERT INTO member_word (rowid, words) VALUES (:number, :words)")
_DROP_WORDS = text("DELETE FROM member_word WHERE rowid = :number")
# Who is left out has an index: nobody looks through a million rows for them.
_COUNT = text(
    "SELECT (SELECT count(*) FROM member)"
    " - (SELECT count(*) FROM member WHERE status IN ('erased', 'merged'))"
)
_IDS = (
    select(member.c.member_id)
    .where(member.c.member_id > bindparam("after"))
    .order_by(member.c.member_id)
    .limit(bindparam("most"))
)
_PAGE = (
    _ALL.where(member.c.member_id > bindparam("after"))
    .order_by(member.c.member_id)
    .limit(bindparam("most"))
)


class MemberRepository(Repository):
    """Everybody this till knows."""

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._unindexed = UnindexedMembers(transaction)

    def get(self, member_id: str) -> Member | None:
        row = self._execute(_GET, {"key": typed(member_id)}).mappings().first()
        return None if row is None else member_of(row)

    def by_card(self, card_code: str) -> CardHolder | None:
        row = self._execute(_CARD, {"key": typed(card_code)}).first()
        return None if row is None else CardHolder(row.member_id, bool(row.in_use))

    def cards_of(self, member_id: str) -> Sequence[str]:
        """The cards he has and had, as far as they are indexed."""
        return self._execute(_CARDS, {"key": member_id}).scalars().all()

    def by_phone(self, phone: str) -> Sequence[Member]:
        """All members with this number (E.164), oldest first; none that were erased."""
        asked = {"key": typed(phone), "reading": phone_reading(typed(phone))}
        rows = self._execute(_BY_PHONE, asked).mappings()
        return [member_of(row) for row in rows]

    def sent_by(self, member_ids: Sequence[str], limit: int) -> Sequence[Member]:
        """Whom these sent, who joined last first; of merged and erased ones too."""
        rows = self._execute(_SENT_BY, {"keys": list(member_ids), "most": limit}).mappings()
        return [member_of(row) for row in rows]

    def by_last_digits(self, digits: str, limit: int) -> Sequence[Member]:
        """Members whose phone ends with these four or more digits: this shop's own first,
        then those seen last. Fewer than four digits find nobody.
        """
        digits = typed(digits)
        if len(digits) < 4:
            return []
        first = phone_reading(digits)[:LAST_DIGITS_AT]
        asked = {
            "low": first, "high": after(first), "from_end": -len(digits), "digits": digits,
            "most": limit,
        }  # fmt: skip
        numbers = self._execute(_LAST_DIGITS, asked).scalars().all()
        found = {row["member_no"]: member_of(row) for row in self._rows(numbers)}
        return [found[number] for number in numbers if number in found]

    def search(self, text: str, limit: int) -> Sequence[Member]:
        """By name, pinyin or pinyin initials: names that begin so first, those seen last first.

        Where more match than are looked at, those seen last in the shop are among the answers
        and of the others only some: typing on finds the rest.
        """
        text = typed(text)
        numbers, there_are_more = self._indexed(text)
        if there_are_more:
            numbers |= set(self._recent(text))
        plain = normal(text)
        rows = list(self._rows(list(numbers)))
        rows.sort(key=lambda row: (row["last_visit"] or "", row["member_id"]), reverse=True)
        rows.sort(key=lambda row: has_han(plain) and not normal(row["name"]).startswith(plain))
        return [member_of(row) for row in rows[:limit]]

    def add(self, new: Member) -> None:
        """A new member with the card in use. StoreBug where the id or the card is known."""
        readings = readings_of(new.person)
        number = self._execute(_ADD, member_row(new, readings)).scalar_one()
        self._index(number, new.person.name, readings)
        self._use_card(new)
        self._changed(Changes(members=True))

    def update(self, changed: Member) -> None:
        """The profile as it is now. A changed `card_code` puts the old card out of use."""
        known = self._execute(_NUMBER, {"key": changed.member_id}).first()
        if known is None:
            raise StoreBug("a member that is not there cannot be changed")
        self._unindexed.finish([known.member_no])
        readings = readings_of(changed.person)
        if (known.name, known.readings) != (changed.person.name, " ".join(readings)):
            self._drop_index(known.member_no, known.readings)
            self._index(known.member_no, changed.person.name, readings)
        self._execute(_UPDATE, {"key": changed.member_id, **member_row(changed, readings)})
        if known.card_code != changed.card_code:
            self._use_card(changed)
        if changed.status == "erased":
            self._execute(DROP_MESSAGES, {"keys": [changed.member_id]})
            self._transaction.forget_traces()
        self._changed(Changes(members=True))

    def visited(self, member_id: str, day: date) -> None:
        """Seen on that day; an earlier day than the one known changes nothing."""
        self._write(_VISITED, {"key": member_id, "day": day.isoformat()})
        self._changed(Changes(members=True))

    def visited_many(self, days: Mapping[str, date]) -> None:
        """As `visited`, for many members in one statement."""
        if days:
            rows = [{"key": member_id, "day": day.isoformat()} for member_id, day in days.items()]
            self._write(_VISITED, rows)
            self._changed(Changes(members=True))

    def count(self) -> int:
        """Neither who was made one with somebody else nor who was forgotten."""
        return int(self._execute(_COUNT).scalar_one())

    def all_ids(self, after: str = "", limit: int = 1000) -> Sequence[str]:
        """Member ids in order, from behind `after`: for checks in small units."""
        return list(self._execute(_IDS, {"after": after, "most": limit}).scalars())

    def page(self, after: str, limit: int) -> Sequence[Member]:
        """Members by id, from behind `after`: for nightly work in small units."""
        rows = self._execute(_PAGE, {"after": after, "most": limit}).mappings()
        return [member_of(row) for row in rows]

    def _rows(self, numbers: Sequence[int]) -> Sequence[Mapping[Any, Any]]:
        if not numbers:
            return []
        return self._execute(_BY_NUMBERS, {"numbers": numbers}).mappings().all()

    def _recent(self, text: str) -> list[int]:
        """Members seen last whose name, or a reading of it, begins so."""
        plain, reading = normal(text), typed_reading(text)
        if not plain:
            return []
        return [
            number
            for number, name, readings in self._execute(_RECENT)
            if normal(name).startswith(plain)
            or (reading and f" {readings}".find(f" {reading}") >= 0)
        ]

    def _indexed(self, text: str) -> tuple[set[int], bool]:
        """Matches of the indexes, and whether there are more than were looked at."""
        reading, query = typed_reading(text), word_query(text)
        found: list[Sequence[int]] = []
        if reading:
            span = {"low": reading, "high": after(reading)}
            found.append(self._execute(_READING_START, span).scalars().all())
        if query:
            asked = {"query": query, "most": CANDIDATES_MAX}
            found.append(self._execute(_FIND_WORDS, asked).scalars().all())
        there_are_more = any(len(numbers) == CANDIDATES_MAX for numbers in found)
        return {number for numbers in found for number in numbers}, there_are_more

    def _index(self, number: int, name: str, readings: Sequence[str]) -> None:
        if readings:
            pairs = [{"reading": reading, "member_no": number} for reading in readings]
            self._execute(_ADD_READING, pairs)
        if name:
            self._execute(_ADD_WORDS, {"number": number, "words": words(name)})

    def _drop_index(self, number: int, readings: str) -> None:
        for reading in readings.split():
            self._execute(_DROP_READING, {"old": reading, "number": number})
        self._execute(_DROP_WORDS, {"number": number})

    def _use_card(self, holder: Member) -> None:
        self._execute(_RETIRE_CARDS, {"key": holder.member_id})
        row = {"card_code": holder.card_code, "member_id": holder.member_id, "in_use": 1}
        if self._write(_PUT_CARD, row).rowcount != 1:
            raise StoreBug("the card belongs to another member")


def member_row(person: Member, readings: Sequence[str]) -> dict[str, object]:
    """A member as stored, without its number."""
    data = person.person
    birthday = None if data.birthday is None else msgspec.json.encode(data.birthday).decode()
    return {
        "member_id": person.member_id,
        "card_code": person.card_code,
        "joined": day_text(person.joined),
        "phone": data.phone,
        "name": data.name,
        "birthday": birthday,
        "note": data.note,
        "salutation": data.salutation,
        "email": data.email,
        "messages": choice_text(data.messages),
        "status": person.status,
        "merged_into": person.merged_into,
        "phone_verified": int(person.phone_verified),
        "home_store": person.home_store,
        "referrer_id": person.referrer_id,
        "tags": list_text(data.tags),
        "account_manager": data.account_manager,
        "last_visit": day_text(person.last_visit),
        "readings": " ".join(readings),
        "seen": day_text(person.last_visit),
    }


def choice_text(choice: MessageChoice | None) -> str | None:
    """How he wants to hear of the shop, as stored; None = he chose nothing."""
    return None if choice is None else msgspec.json.encode(choice).decode()


forms_kept = lru_cache(maxsize=20_000)(forms_of_name)
"""Names repeat, and reading one costs more than writing its row."""


def readings_of(person: PersonalData) -> tuple[str, ...]:
    """How a member may be typed: readings of his name, and his phone."""
    of_name, _ = forms_kept(person.name)
    return (*of_name, phone_reading(person.phone)) if person.phone else of_name


def phone_reading(phone: str) -> str:
    """The phone behind its last four digits, so that these find it. No name reads so."""
    plain = "".join(phone.split())[-PHONE_LENGTH_MAX:]
    return f"#{plain[-4:]}{plain}"


def member_of(row: Mapping[Any, Any]) -> Member:
    """A row read back."""
    birthday, choice = row["birthday"], row["messages"]
    return Member(
        member_id=row["member_id"],
        card_code=row["card_code"],
        joined=date.fromisoformat(row["joined"]),
        person=PersonalData(
            phone=row["phone"],
            name=row["name"],
            birthday=None if birthday is None else msgspec.json.decode(birthday, type=BirthdayOn),
            note=row["note"],
            salutation=row["salutation"],
            email=row["email"],
            messages=None if choice is None else msgspec.json.decode(choice, type=MessageChoice),
            tags=texts_of(row["tags"]),
            account_manager=row["account_manager"],
        ),
        status=row["status"],
        merged_into=row["merged_into"],
        phone_verified=bool(row["phone_verified"]),
        home_store=row["home_store"],
        referrer_id=row["referrer_id"],
        last_visit=day_of(row["last_visit"]),
    )
