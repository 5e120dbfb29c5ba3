"""Page tokens in the real databases: what is kept, and that one use is one use.

Owns: the table's own behaviour on SQLite and PostgreSQL. Does not own: the pages (pages/).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

import pytest
from sqlalchemy import select

from sync.server.database import ServerDatabase
from sync.server.page_token import TRIES_MAX, PageKind, PageToken, PageTokens, page_token_table
from sync.server.pages.secret_link import (
    card_token_after,
    is_token,
    new_token,
    submission_hash,
    token_hash,
)
from sync.server.secret import ServerSecret, system_chance

NOON_MS = 1_795_320_000_000
MEMBER = "01a1fc42-d200-7000-8000-000000000001"
T = TypeVar("T")


def kept(name: str, kind: PageKind = "card", **changed: int) -> PageToken:
    """A token of this member that lives an hour."""
    return PageToken(
        name, kind, "store-renmin", MEMBER, NOON_MS, changed.get("ends_ms", NOON_MS + 3_600_000)
    )


def within(database: ServerDatabase, tenant: str, work: Callable[[PageTokens], T]) -> T:
    return database.write(lambda connection: work(PageTokens(connection, tenant)))


def test_a_token_is_found_again_by_its_tenant_only(database: ServerDatabase, tenant: str) -> None:
    within(database, tenant, lambda tokens: tokens.put(kept("a")))
    assert within(database, tenant, lambda tokens: tokens.find("a")) == kept("a")
    assert within(database, tenant, lambda tokens: tokens.find("b")) is None
    assert within(database, f"{tenant}-other", lambda tokens: tokens.find("a")) is None


def test_keeping_one_twice_changes_nothing(database: ServerDatabase, tenant: str) -> None:
    within(database, tenant, lambda tokens: tokens.put(kept("a")))
    within(database, tenant, lambda tokens: tokens.put(kept("a", ends_ms=NOON_MS)))
    assert within(database, tenant, lambda tokens: tokens.find("a")) == kept("a")


def test_of_many_at_one_moment_one_uses_it(database: ServerDatabase, tenant: str) -> None:
    within(database, tenant, lambda tokens: tokens.put(kept("a", "join")))
    heard: list[tuple[str, bool]] = []

    def use(name: str) -> None:
        is_first = within(
            database, tenant, lambda tokens: tokens.use("a", used_with=name, now_ms=NOON_MS)
        )
        heard.append((name, is_first))

    users = [threading.Thread(target=use, args=(f"form-{at}",)) for at in range(6)]
    for each in users:
        each.start()
    for each in users:
        each.join()
    winners = [name for name, is_first in heard if is_first]
    token = within(database, tenant, lambda tokens: tokens.find("a"))
    assert len(heard) == 6 and token is not None
    assert [token.used_with] == winners


def test_only_cards_of_the_member_end(database: ServerDatabase, tenant: str) -> None:
    def write(tokens: PageTokens) -> None:
        for each in (kept("card"), kept("join", "join"), kept("claim", "claim")):
            tokens.put(each)
        tokens.put(PageToken("other", "card", "s", "somebody-else", NOON_MS, NOON_MS + 9))
        tokens.end_cards(MEMBER, NOON_MS + 5)

    within(database, tenant, write)

    def ends(tokens: PageTokens) -> list[int]:
        found = [tokens.find(name) for name in ("card", "join", "claim", "other")]
        return [each.ends_ms - NOON_MS for each in found if each is not None]

    assert within(database, tenant, ends) == [5, 3_600_000, 3_600_000, 9]


@pytest.mark.parametrize(
    ("kind", "now_ms", "tries", "is_open"),
    [
        pytest.param("card", NOON_MS, 0, True, id="open"),
        pytest.param("join", NOON_MS, 0, False, id="another kind"),
        pytest.param("card", NOON_MS + 3_599_999, 0, True, id="its last moment"),
        pytest.param("card", NOON_MS + 3_600_000, 0, False, id="ended"),
        pytest.param("card", NOON_MS, TRIES_MAX - 1, True, id="asked often"),
        pytest.param("card", NOON_MS, TRIES_MAX, False, id="asked too often"),
    ],
)
def test_when_a_token_opens(
    database: ServerDatabase, tenant: str, kind: PageKind, now_ms: int, tries: int, is_open: bool
) -> None:
    def write(tokens: PageTokens) -> PageToken | None:
        tokens.put(kept("a"))
        for _ in range(tries):
            tokens.count_try("a")
        return tokens.find("a")

    token = within(database, tenant, write)
    assert token is not None and token.is_open(kind, now_ms) is is_open


# ------------------------------------------------------------------ the links themselves

SECRET = ServerSecret(bytes(range(32)))


def test_what_is_stored_opens_nothing(database: ServerDatabase, tenant: str) -> None:
    token, submission = new_token(system_chance), new_token(system_chance)
    hashed, used_with = token_hash(SECRET, token), submission_hash(SECRET, submission)

    def write(tokens: PageTokens) -> None:
        tokens.put(kept(hashed, "join"))
        tokens.use(hashed, used_with=used_with, now_ms=NOON_MS)

    within(database, tenant, write)
    with database.engine.connect() as connection:
        rows = connection.execute(
            select(page_token_table).where(page_token_table.c.tenant_id == tenant)
        ).all()
    card = card_token_after(SECRET, token, submission)
    assert len(rows) == 1
    assert not {token, submission, card} & {str(value) for value in rows[0]}


def test_a_card_link_follows_from_link_form_and_secret() -> None:
    card = card_token_after(SECRET, "a" * 22, "b" * 22)
    assert is_token(card) and card == card_token_after(SECRET, "a" * 22, "b" * 22)
    other = ServerSecret(bytes(32))
    assert card not in {
        card_token_after(SECRET, "a" * 22, "c" * 22),
        card_token_after(SECRET, "c" * 22, "b" * 22),
        card_token_after(other, "a" * 22, "b" * 22),
    }


@pytest.mark.parametrize(
    "text", ["", "a" * 21, "a" * 23, "a" * 21 + "/", "ä" * 22, "a" * 21 + "\n"]
)
def test_what_is_no_token(text: str) -> None:
    assert not is_token(text)


def test_tokens_differ() -> None:
    made = {new_token(system_chance) for _ in range(200)}
    assert len(made) == 200 and all(map(is_token, made))
