"""The routes of those who cannot say yet who they are: enrol, challenge, token.

Owns: these three, and what each refusal is on the wire. Does not own: the decisions
(../enrolment.py, ../credential.py), the buckets (door.py).
"""

from __future__ import annotations

from litestar import Response, post
from litestar.handlers import HTTPRouteHandler
from sqlalchemy import Connection

from app.wording import N_
from sync.protocol import (
    ASK_BYTES_MAX,
    PATH_PREFIX,
    ChallengeWanted,
    Enrol,
    Enrolled,
    Message,
    Token,
    TokenWanted,
)
from sync.server.credential import NotProved, new_challenge, new_token
from sync.server.enrolment import CodeUnknown, NotAKey, NumberWornOut, TillTaken, enrol
from sync.server.web.body import answer_bytes, answer_of
from sync.server.web.gate import AnyRequest, Gate
from sync.server.web.problem import Trouble

WORN_OUT = N_("This till number was enrolled too often; choose another one.")
NOT_A_KEY = "not a key"


def enrolment_routes(gate: Gate) -> list[HTTPRouteHandler]:
    """Enrol, challenge, token."""
    server, door = gate.server, gate.door

    async def let_in(request: AnyRequest) -> Response[bytes]:
        door.stranger(request, door.enrolments)
        asked = await gate.read(request, Enrol, bytes_max=ASK_BYTES_MAX)
        enrolled = await gate.workers.run(
            lambda: server.database.write(lambda connection: _let_in(gate, connection, asked))
        )
        return _answer(enrolled)

    async def challenge(request: AnyRequest) -> Response[bytes]:
        door.stranger(request, door.knocks)
        asked = await gate.read(request, ChallengeWanted, bytes_max=ASK_BYTES_MAX)
        now_ms = server.clock.wall_ms()
        return _answer(
            new_challenge(server.secret, asked.device, now_ms=now_ms, chance=server.chance)
        )

    async def token(request: AnyRequest) -> Response[bytes]:
        door.stranger(request, door.knocks)
        asked = await gate.read(request, TokenWanted, bytes_max=ASK_BYTES_MAX)
        given = await gate.workers.run(
            lambda: server.database.write(lambda connection: _token(gate, connection, asked))
        )
        return _answer(given)

    ways = (("/enrol", let_in), ("/challenge", challenge), ("/token", token))
    return [
        post(PATH_PREFIX + path, name=path, status_code=200, request_max_body_size=ASK_BYTES_MAX)(
            handler
        )
        for path, handler in ways
    ]


def _let_in(gate: Gate, connection: Connection, asked: Enrol) -> Enrolled:
    """Raised inside the transaction, so that a refused code stays unused."""
    server = gate.server
    match enrol(
        connection,
        server.secret,
        asked,
        server_epoch=lambda tenant: server.acts.server_epoch(connection, tenant),
        now_ms=server.clock.wall_ms(),
        chance=server.chance,
    ):
        case Enrolled() as enrolled:
            return enrolled
        case CodeUnknown():
            raise Trouble("unknown_code")
        case TillTaken(store, till):
            raise Trouble("device_taken", fields={"store": str(store), "till": str(till)})
        case NumberWornOut(store, till):
            raise Trouble("device_taken", WORN_OUT, fields={"store": str(store), "till": str(till)})
        case NotAKey(field):
            raise Trouble("bad_request", fields={f"$.{field}": NOT_A_KEY})


def _token(gate: Gate, connection: Connection, asked: TokenWanted) -> Token:
    server = gate.server
    given = new_token(connection, server.secret, asked, now_ms=server.clock.wall_ms())
    if isinstance(given, NotProved):
        raise Trouble("foreign_credential")
    return given


def _answer(message: Message) -> Response[bytes]:
    return answer_of(answer_bytes(message, packed=False))
