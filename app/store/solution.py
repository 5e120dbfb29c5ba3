"""The library of problems and solutions, found by words in Chinese and English and by pinyin.

Owns: solution and its index of words. Does not own: which of several facts counts
(app/domain/solution.py), growing it (app/services).
Each Chinese character is a word of the index, as in the search of members; a typed sentence finds
by any two neighbouring characters, any word and the beginning of the last one, titles before texts,
rare words before frequent ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Integer, Text, bindparam, column, delete, func, insert, select
from sqlalchemy import table as table_named
from sqlalchemy import text as sql
from sqlalchemy.dialects.sqlite import insert as insert_or

from app.domain.complaint_fact import SolutionNoted
from app.domain.facts import canonical_bytes, read_fact
from app.domain.solution import Solution, latest, order_of, solution_of
from app.store.changes import Changes
from app.store.complaint_tables import complaint, solution, solution_past
from app.store.pinyin import has_han, product_readings, words
from app.store.repository import Prepared, Repository

PAIRS_MAX = 60
ASKED_MAX = 400
"""Characters of a typed text that are looked for."""
_WORDS = table_named(
    "solution_word", column("rowid", Integer), column("title", Text), column("rest", Text)
)
_GET = select(solution).where(solution.c.solution_id == bindparam("key"))
_ADD = insert(solution)
_REPLACE = (
    solution.update()
    .where(solution.c.solution_no == bindparam("number"))
    .values(op_id=bindparam("new_op"), data=bindparam("new_data"))
)
_KEEP_PAST = Prepared(
    insert_or(solution_past)
    .values(op_id=bindparam("op_id"), solution_id=bindparam("solution_id"), data=bindparam("data"))
    .on_conflict_do_nothing()
)
_PAST = select(solution_past.c.data).where(solution_past.c.solution_id == bindparam("key"))
_DROP_WORDS = delete(_WORDS).where(_WORDS.c.rowid == bindparam("number"))
_ADD_WORDS = insert(_WORDS)
_FIND = sql(
    """
    SELECT s.data FROM solution_word w JOIN solution s ON s.solution_no = w.rowid
    WHERE solution_word MATCH :query ORDER BY bm25(solution_word, 4.0, 1.0), s.solution_no
    LIMIT :most
    """
)
_ALL = select(solution.c.data).order_by(solution.c.solution_no.desc()).limit(bindparam("most"))
_USED = (
    select(complaint.c.solution, func.count())
    .where(complaint.c.solution.in_(bindparam("keys", expanding=True)))
    .group_by(complaint.c.solution)
)


class SolutionRepository(Repository):
    """What helped before."""

    def take(self, fact: SolutionNoted) -> bool:
        """Keep what a fact says where it is the latest of its entry; False where it is not.

        What it says stays among the versions of the entry either way.
        """
        past = {"op_id": fact.op_id, "solution_id": fact.solution, "data": canonical_bytes(fact)}
        self._write(_KEEP_PAST, past)
        row = self._execute(_GET, {"key": fact.solution}).first()
        known = None if row is None else read_fact(row.data)
        if isinstance(known, SolutionNoted) and latest((known, fact)) == known:
            return False
        data = canonical_bytes(fact)
        if row is None:
            new = {"solution_id": fact.solution, "op_id": fact.op_id, "data": data}
            self._execute(_ADD, new)
            number = int(self._execute(_GET, {"key": fact.solution}).one().solution_no)
        else:
            number = row.solution_no
            self._execute(_REPLACE, {"number": number, "new_op": fact.op_id, "new_data": data})
        self._index(number, fact)
        self._changed(Changes(complaints=True))
        return True

    def _index(self, number: int, fact: SolutionNoted) -> None:
        self._execute(_DROP_WORDS, {"number": number})
        if fact.retired:
            return
        readings = " ".join(product_readings(fact.title))
        title = f"{words(fact.title)} {readings}"
        rest = words(f"{fact.problem} {fact.answer}")
        self._execute(_ADD_WORDS, {"rowid": number, "title": title, "rest": rest})

    def get(self, solution_id: str) -> Solution | None:
        row = self._execute(_GET, {"key": solution_id}).first()
        return None if row is None else next(iter(self._read([row.data])), None)

    def search(self, text: str, limit: int = 10) -> Sequence[Solution]:
        """What fits a typed text best; nothing for a text without a word."""
        query = any_word(text)
        if query is None:
            return []
        found = self._execute(_FIND, {"query": query, "most": limit})
        return self._read([row.data for row in found])

    def newest(self, limit: int = 100) -> Sequence[Solution]:
        """The entries written last that serve."""
        found = self._read([row.data for row in self._execute(_ALL, {"most": limit})])
        return [each for each in found if not each.retired]

    def every(self, limit: int) -> Sequence[Solution]:
        """The entries written last, also those that serve no more."""
        return self._read([row.data for row in self._execute(_ALL, {"most": limit})])

    def past(self, solution_id: str) -> Sequence[tuple[SolutionNoted, Solution]]:
        """Every version of an entry, the one that counts first."""
        read = (read_fact(row.data) for row in self._execute(_PAST, {"key": solution_id}))
        facts = [fact for fact in read if isinstance(fact, SolutionNoted)]
        facts.sort(key=order_of, reverse=True)
        return [(fact, solution_of(fact)) for fact in facts]

    def _read(self, rows: Iterable[bytes]) -> list[Solution]:
        facts = [read_fact(data) for data in rows]
        entries = [solution_of(each) for each in facts if isinstance(each, SolutionNoted)]
        keys = [each.solution_id for each in entries]
        used = dict(self._execute(_USED, {"keys": keys}).tuples().all()) if keys else {}
        return [replace(each, used=used.get(each.solution_id, 0)) for each in entries]


def any_word(text: str) -> str | None:
    """What to ask the index: any two neighbours among Chinese characters, any other word, the last
    one unfinished; None where there is none."""
    found = words(text.encode("utf-8", "ignore").decode()[:ASKED_MAX]).split()
    asked: dict[str, None] = {}
    for place, word in enumerate(found):
        following = found[place + 1] if place + 1 < len(found) else ""
        if not has_han(word):
            is_last = place + 1 == len(found)
            asked[f'"{word}"*' if is_last else f'"{word}"'] = None
        elif has_han(following):
            asked[f'"{word} {following}"'] = None
    if not asked and len(found) == 1:
        asked[f'"{found[0]}"'] = None
    return " OR ".join(list(asked)[:PAIRS_MAX]) or None
