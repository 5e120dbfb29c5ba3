"""Every route there is and every bad credential: a route nobody named here fails the first test."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

import pytest

from sync.errors import ProblemCode
from sync.protocol import PATH_PREFIX, PushAnswer, decoded
from sync.server.credential import TOKEN_SECONDS
from sync.server.web.app import make_app
from tests.sync.server.chain import Machine
from tests.sync.server.web.conftest import Shop
from tests.sync.server.web.served import Caller, problem_of
from tests.sync.server.web.test_routes import ASKS, GETS, ROUTES, call

BEFORE_ANY_CREDENTIAL = {"/enrol", "/challenge", "/token"}
"""By these somebody gets one; they ask for a code, a known device and a signature instead."""


def test_no_route_is_forgotten(quiet_shop: Shop) -> None:
    served = {
        route.path.removeprefix(PATH_PREFIX)
        for route in make_app(quiet_shop.server).routes
        if route.path.startswith(f"{PATH_PREFIX}/")
    }
    gets = {re.sub(r"/some-snapshot$", "/{snapshot:str}", each.partition("?")[0]) for each in GETS}
    tried = {*ASKS, *(each.removeprefix(PATH_PREFIX) for each in gets)}
    assert served == tried | BEFORE_ANY_CREDENTIAL


BadCredential = Callable[[Shop], Caller]


def _missing(shop: Shop) -> Caller:
    return Caller(shop.url)


def _other_scheme(shop: Shop) -> Caller:
    caller = Caller(shop.url)
    caller.session.headers["Authorization"] = "Basic " + base64.b64encode(b"till:1").decode()
    return caller


def _expired(shop: Shop) -> Caller:
    till = shop.till()
    shop.clock.moved_ms += TOKEN_SECONDS * 1000
    return till


def _foreign_server(shop: Shop) -> Caller:
    till = shop.till()
    said, _, mac = till.token.partition(".")
    till.token = f"{said}.{mac[:-4]}AAAA"
    return till


def _not_a_token(shop: Shop) -> Caller:
    return Caller(shop.url, token="chain")


def _of_an_older_epoch(shop: Shop) -> Caller:
    till = shop.till()
    shop.enrolled(machine=Machine(device=till.machine.device))
    return till


def _revoked(shop: Shop) -> Caller:
    till = shop.till()
    shop.revoke(till)
    return till


def _revoked_and_proved_again(shop: Shop) -> Caller:
    till = _revoked(shop)
    till.prove()
    return till


BAD_CREDENTIALS = [
    pytest.param(_missing, 401, "no_credential", id="missing"),
    pytest.param(_other_scheme, 401, "no_credential", id="another scheme"),
    pytest.param(_expired, 401, "expired_credential", id="expired"),
    pytest.param(_foreign_server, 401, "foreign_credential", id="signed by another"),
    pytest.param(_not_a_token, 401, "foreign_credential", id="not a token"),
    pytest.param(_of_an_older_epoch, 401, "foreign_credential", id="enrolled anew since"),
    pytest.param(_revoked, 403, "revoked_device", id="revoked"),
    pytest.param(_revoked_and_proved_again, 403, "revoked_device", id="revoked and proved again"),
]


@pytest.mark.parametrize(("bad", "status", "code"), BAD_CREDENTIALS)
def test_every_route_refuses_every_bad_credential(
    shop: Shop, bad: BadCredential, status: int, code: ProblemCode
) -> None:
    caller = bad(shop)
    for route in ROUTES:
        answer = call(caller, route)
        if route == "/push" and code == "revoked_device":
            # What a revoked till sold is never lost: head office looks at it.
            (op,) = decoded(answer.content, PushAnswer).answers
            assert op.outcome == "quarantined"
            continue
        problem = problem_of(answer)
        assert (problem.status, problem.code) == (status, code), route
        assert problem.detail, route
        assert ("WWW-Authenticate" in answer.headers) == (status == 401), route
    assert {answer.outcome for answer in shop.memory.answers.values()} <= {"quarantined"}
    assert not shop.memory.kept
    assert not list(shop.memory.folder.glob("*.snapshot"))


OF_TILLS = {
    "/ask/grant", "/ask/page", "/ask/poster", "/ask/figures", "/photo", "/ask/photo", "/snapshot",
    "/ask/figures/days", "/ask/figures/hours", "/ask/figures/people", "/ask/figures/receipts",
    "/ask/figures/answers", "/ask/figures/cohorts", GETS[1],
}  # fmt: skip
"""What a channel has no right to: takings of the chain and pictures of people among it."""


def test_a_channel_may_only_what_a_channel_may(shop: Shop) -> None:
    channel = shop.till(store=9, kind="channel")
    for route in ROUTES:
        answer = call(channel, route)
        if route in OF_TILLS:
            problem = problem_of(answer)
            assert (problem.status, problem.code) == (403, "foreign_credential"), route
        else:
            assert answer.status_code == 200, route
