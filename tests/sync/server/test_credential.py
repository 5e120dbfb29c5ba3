"""Credentials: a challenge is worth one signature, a token one quarter of an hour."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from sync.protocol import Token, TokenWanted
from sync.server.credential import (
    CHALLENGE_SECONDS,
    TOKEN_SECONDS,
    Bearer,
    NotProved,
    TokenExpired,
    TokenForeign,
    bearer_of,
    device_of,
    new_challenge,
    new_token,
    spent_table,
)
from sync.server.database import ServerDatabase
from sync.server.device import Device, revoke
from sync.server.secret import NotOurs, ServerSecret, system_chance
from tests.sync.server.chain import NOON_MS, Chain, Machine
from tests.sync.server.conftest import KINDS

MakeDatabase = Callable[[str], ServerDatabase]
TakenBack = Callable[[str], AbstractContextManager[Connection]]
SECRET = ServerSecret(bytes(range(32)))


@pytest.fixture(params=KINDS)
def chain(request: pytest.FixtureRequest, taken_back: TakenBack) -> Iterator[Chain]:
    with taken_back(request.param) as connection:
        yield Chain(connection)


def challenged(chain: Chain, device: str, *, now_ms: int = NOON_MS) -> bytes:
    return new_challenge(chain.secret, device, now_ms=now_ms, chance=system_chance).challenge


def answered(chain: Chain, asked: TokenWanted, *, now_ms: int = NOON_MS) -> Token | NotProved:
    return new_token(chain.connection, chain.secret, asked, now_ms=now_ms)


def test_a_signed_challenge_gives_a_token_of_this_device(chain: Chain) -> None:
    till = Machine()
    enrolled = chain.lets_in(till)
    bearer = bearer_of(chain.secret, chain.token(till), now_ms=NOON_MS)
    assert isinstance(bearer, Bearer)
    assert (bearer.tenant, bearer.device) == (enrolled.tenant, till.device)
    device = device_of(chain.connection, bearer)
    assert isinstance(device, Device)
    assert device.streams == ("chain", f"store:{enrolled.store}", f"device:{till.device}")


def test_a_challenge_is_spent_once(chain: Chain) -> None:
    till = Machine()
    chain.lets_in(till)
    asked = till.signs(challenged(chain, till.device))
    assert isinstance(answered(chain, asked), Token)
    assert answered(chain, asked) == NotProved()


def test_spent_challenges_are_forgotten_when_they_would_have_ended(chain: Chain) -> None:
    till = Machine()
    chain.lets_in(till)
    for minute in range(5):
        chain.token(till, now_ms=NOON_MS + minute * CHALLENGE_SECONDS * 1000)
    kept = chain.connection.execute(select(func.count()).select_from(spent_table)).scalar_one()
    assert kept == 1


@pytest.mark.parametrize(
    ("seconds", "good"), [(0, True), (CHALLENGE_SECONDS - 1, True), (CHALLENGE_SECONDS, False)]
)
def test_a_challenge_lives_for_a_minute(chain: Chain, seconds: int, good: bool) -> None:
    till = Machine()
    chain.lets_in(till)
    asked = till.signs(challenged(chain, till.device))
    answer = answered(chain, asked, now_ms=NOON_MS + seconds * 1000)
    assert isinstance(answer, Token) == good


def _of_another_till(chain: Chain, till: Machine) -> TokenWanted:
    other = Machine()
    chain.lets_in(other, till=2)
    return other.signs(challenged(chain, till.device))


def _other_key(chain: Chain, till: Machine) -> TokenWanted:
    return Machine(device=till.device).signs(challenged(chain, till.device))


def _other_device(chain: Chain, till: Machine) -> TokenWanted:
    return till.signs(challenged(chain, "somebody-else"))


def _other_server(chain: Chain, till: Machine) -> TokenWanted:
    del chain
    made = new_challenge(SECRET, till.device, now_ms=NOON_MS, chance=system_chance)
    return till.signs(made.challenge)


def _longer_life(chain: Chain, till: Machine) -> TokenWanted:
    made = bytearray(challenged(chain, till.device))
    made[18] ^= 1
    return till.signs(bytes(made))


def _empty(chain: Chain, till: Machine) -> TokenWanted:
    del chain
    return TokenWanted(device=till.device, challenge=b"", signature=b"")


def _unknown(chain: Chain, till: Machine) -> TokenWanted:
    del till
    stranger = Machine()
    return stranger.signs(challenged(chain, stranger.device))


@pytest.mark.parametrize(
    "asks",
    [_of_another_till, _other_key, _other_device, _other_server, _longer_life, _empty, _unknown],
)
def test_nobody_else_gets_a_token(
    chain: Chain, asks: Callable[[Chain, Machine], TokenWanted]
) -> None:
    till = Machine()
    chain.lets_in(till)
    assert answered(chain, asks(chain, till)) == NotProved()


def test_a_challenge_for_nobody_looks_like_any_other_and_leaves_nothing(chain: Chain) -> None:
    till = Machine()
    chain.lets_in(till)
    known, unknown = challenged(chain, till.device), challenged(chain, "nobody")
    assert len(known) == len(unknown)
    assert known != challenged(chain, till.device)
    assert chain.connection.execute(select(spent_table)).first() is None


@pytest.mark.parametrize(("seconds", "good"), [(TOKEN_SECONDS - 1, True), (TOKEN_SECONDS, False)])
def test_a_token_lives_for_a_quarter_of_an_hour(chain: Chain, seconds: int, good: bool) -> None:
    till = Machine()
    chain.lets_in(till)
    said = bearer_of(chain.secret, chain.token(till), now_ms=NOON_MS + seconds * 1000)
    assert isinstance(said, Bearer) if good else said == TokenExpired()


def test_a_new_enrolment_ends_the_tokens_of_the_old_key(chain: Chain) -> None:
    till = Machine()
    chain.lets_in(till)
    old = bearer_of(chain.secret, chain.token(till), now_ms=NOON_MS)
    assert isinstance(old, Bearer)
    chain.lets_in(Machine(device=till.device))
    assert device_of(chain.connection, old) == TokenForeign()


def test_a_revoked_device_still_gets_a_token_that_says_so(chain: Chain) -> None:
    till = Machine()
    chain.lets_in(till)
    revoke(chain.connection, chain.tenant, till.device, now_ms=NOON_MS)
    bearer = bearer_of(chain.secret, chain.token(till), now_ms=NOON_MS)
    assert isinstance(bearer, Bearer)
    device = device_of(chain.connection, bearer)
    assert isinstance(device, Device)
    assert device.is_revoked


@given(st.text())
def test_no_text_is_a_token_by_accident(text: str) -> None:
    assert bearer_of(SECRET, text, now_ms=NOON_MS) == TokenForeign()


@given(st.binary(max_size=80))
def test_nothing_sealed_by_another_is_read(sealed: bytes) -> None:
    assert SECRET.unseal("claim secret", sealed, bound_to=b"") == NotOurs()


def test_what_was_sealed_for_one_purpose_and_row_is_nothing_for_another() -> None:
    sealed = SECRET.seal("one", b"plain", bound_to=b"row", chance=system_chance)
    assert SECRET.unseal("one", sealed, bound_to=b"row") == b"plain"
    assert SECRET.unseal("one", sealed, bound_to=b"other row") == NotOurs()
    assert SECRET.unseal("two", sealed, bound_to=b"row") == NotOurs()
    assert ServerSecret(bytes(32)).unseal("one", sealed, bound_to=b"row") == NotOurs()


def test_the_secret_does_not_show_itself() -> None:
    assert SECRET.root.hex() not in repr(SECRET)
    assert str(SECRET.root) not in repr(SECRET)


@pytest.mark.parametrize("kind", KINDS)
def test_of_many_workers_one_takes_a_challenge(brought_up: MakeDatabase, kind: str) -> None:
    database, till = brought_up(kind), Machine()
    database.write(lambda connection: Chain(connection, SECRET).lets_in(till))
    made = new_challenge(SECRET, till.device, now_ms=NOON_MS, chance=system_chance)
    asked = till.signs(made.challenge)
    with ThreadPoolExecutor(8) as workers:
        answers = list(
            workers.map(
                lambda _: database.write(
                    lambda connection: new_token(connection, SECRET, asked, now_ms=NOON_MS)
                ),
                range(8),
            )
        )
    assert sum(isinstance(answer, Token) for answer in answers) == 1
