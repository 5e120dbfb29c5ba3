"""Limits and troubles: buckets, a busy or full database, and what of it a till is told."""

from __future__ import annotations

import json
import logging
from io import StringIO

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.store.sqlcipher import dbapi
from sync.errors import ProblemCode
from sync.protocol import RETRY_HEADER, ChallengeWanted, Problem
from sync.server.database import DatabaseBusy
from sync.server.log import JsonLines
from sync.server.web.ports import Limits, Rate
from sync.server.web.problem import WORDS, Trouble, trouble_of
from sync.server.web.rate import Buckets
from tests.sync.server.web.conftest import OpenShop, Shop
from tests.sync.server.web.served import Caller, problem_of
from tests.sync.server.web.test_routes import a_push

# ------------------------------------------------------------------ buckets


def test_a_bucket_gives_its_burst_and_then_what_flows_in() -> None:
    bucket = Buckets(Rate(burst=3, per_second=2))
    for _ in range(3):
        bucket.take("till", 0)
    with pytest.raises(Trouble) as refused:
        bucket.take("till", 0)
    assert (refused.value.code, refused.value.retry_after_s) == ("too_many", 1)
    bucket.take("till", 500)
    bucket.take("another", 500)
    with pytest.raises(Trouble):
        bucket.take("till", 500)


def is_given(bucket: Buckets, now_ms: int) -> bool:
    try:
        bucket.take("till", now_ms)
    except Trouble:
        return False
    return True


@given(st.lists(st.integers(0, 3_000), max_size=60), st.integers(1, 9), st.integers(1, 9))
def test_nobody_ever_gets_more_than_burst_and_flow(
    pauses: list[int], burst: int, flow: int
) -> None:
    bucket, now_ms, taken = Buckets(Rate(burst, flow)), 0, 0
    for pause in pauses:
        now_ms += pause
        if is_given(bucket, now_ms):
            taken += 1
    assert taken <= burst + now_ms * flow / 1000


def test_a_mad_till_is_slowed_and_no_other(open_shop: OpenShop) -> None:
    shop = open_shop(limits=Limits(device=Rate(burst=5, per_second=0.01)))
    mad, calm = shop.till(till=1), shop.till(till=2)
    answers = [mad.get("/v1/pull", {"stream": "chain", "after": 0}) for _ in range(30)]
    refused = [answer for answer in answers if answer.status_code != 200]
    assert refused
    assert problem_of(refused[0]).code == "too_many"
    assert int(refused[0].headers[RETRY_HEADER]) >= 1
    assert calm.get("/v1/pull", {"stream": "chain", "after": 0}).status_code == 200


def test_codes_cannot_be_tried_out(open_shop: OpenShop) -> None:
    shop = open_shop(limits=Limits(enrol=Rate(burst=5, per_second=0.01)))
    thief = Caller(shop.url)
    codes = [f"0000-0000-{number:04d}" for number in range(40)]
    told = [problem_of(thief.post("/enrol", thief.machine.asks(code))).code for code in codes]
    assert "too_many" in told


def test_bad_tokens_of_an_address_empty_no_good_ones_bucket(open_shop: OpenShop) -> None:
    shop = open_shop(limits=Limits(wrong=Rate(burst=3, per_second=0.01)))
    till, thief = shop.till(), Caller(shop.url, token="guess.guess")
    told = [problem_of(thief.get("/v1/pull")).code for _ in range(30)]
    assert {"foreign_credential", "too_many"} <= set(told)
    assert till.get("/v1/pull", {"stream": "chain", "after": 0}).status_code == 200


def test_knocking_is_limited(open_shop: OpenShop) -> None:
    shop = open_shop(limits=Limits(knock=Rate(burst=5, per_second=0.01)))
    caller = Caller(shop.url)
    answers = [caller.post("/challenge", ChallengeWanted(device="till-1")) for _ in range(30)]
    assert {answer.status_code for answer in answers} == {200, 429}


# ------------------------------------------------------------------ a database in trouble


def of_postgres(state: str | None) -> OperationalError:
    """As the driver raises it; without a state where the line itself is gone."""
    kind = psycopg.errors.lookup(state) if state else psycopg.OperationalError
    return OperationalError("INSERT", {}, kind("FATAL: phone 13800138000"))


def of_sqlite(said: str) -> OperationalError:
    return OperationalError("INSERT", {}, dbapi.OperationalError(said))


TROUBLES: list[tuple[Exception, ProblemCode, int]] = [
    (DatabaseBusy("gave up"), "busy", 503),
    (PoolTimeout("QueuePool limit"), "busy", 503),
    (of_postgres("40001"), "busy", 503),
    (of_postgres("57P01"), "busy", 503),
    (of_postgres("08006"), "busy", 503),
    (of_postgres("53300"), "busy", 503),
    (of_postgres(None), "busy", 503),
    (of_postgres("53100"), "disk_full", 507),
    (of_postgres("42P01"), "internal", 500),
    (of_sqlite("database is locked"), "busy", 503),
    (of_sqlite("database or disk is full"), "disk_full", 507),
    (of_sqlite("no such table: op"), "internal", 500),
    (OSError(28, "No space left on device"), "disk_full", 507),
    (ZeroDivisionError("13800138000"), "internal", 500),
]


@pytest.mark.parametrize(
    ("error", "code", "status"), TROUBLES, ids=[f"{row[1]}-{row[0]}"[:40] for row in TROUBLES]
)
def test_a_database_in_trouble_is_a_typed_answer(
    shop: Shop, error: Exception, code: ProblemCode, status: int
) -> None:
    till, push = shop.till(), a_push()
    shop.memory.raises = error
    answer = till.post("/push", push)
    problem = problem_of(answer)
    assert (problem.code, problem.status) == (code, status)
    assert (RETRY_HEADER in answer.headers) == (code != "internal")
    assert "13800138000" not in answer.text
    shop.memory.raises = None
    assert till.post("/push", push).status_code == 200


def test_every_code_has_a_status_and_words() -> None:
    for code, (status, title, detail) in WORDS.items():
        assert 400 <= status < 600, code
        assert title, code
        assert detail.endswith((".", "?")), code
        assert Problem(title=title, status=status, code=code).code == code


# ------------------------------------------------------------------ the log


def test_a_fault_is_logged_by_its_place_and_never_by_its_words() -> None:
    heard = StringIO()
    handler = logging.StreamHandler(heard)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("sync.server.web.problem")
    logger.addHandler(handler)
    try:
        with pytest.raises(ZeroDivisionError) as raised:
            raise ZeroDivisionError("13800138000")
        assert trouble_of(raised.value).code == "internal"
    finally:
        logger.removeHandler(handler)
    line = json.loads(heard.getvalue())
    assert line["kind"] == "ZeroDivisionError"
    assert "test_limits.py" in line["at"]
    assert "13800138000" not in heard.getvalue()


def test_words_of_other_programs_are_not_filled_in() -> None:
    record = logging.LogRecord("psycopg", logging.ERROR, "a.py", 1, "sent %s", ("1380013",), None)
    assert json.loads(JsonLines().format(record))["says"] == "sent %s"
