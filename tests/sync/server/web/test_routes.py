"""Every route over real HTTP: what it answers, and what every bad credential gets."""

from __future__ import annotations

import gzip
import hashlib
from threading import Thread

import pytest

from sync.protocol import (
    AnswersBehindWanted,
    CampaignWanted,
    Challenge,
    ChallengeWanted,
    CohortsBehindWanted,
    DaysBehindWanted,
    Digest,
    DigestAnswer,
    Enrolled,
    FiguresWanted,
    GrantAnswer,
    GrantWanted,
    HoursBehindWanted,
    LookUp,
    LookUpAnswer,
    Message,
    MessagesWanted,
    Op,
    PageWanted,
    PeopleBehindWanted,
    PhotoPart,
    PhotoWanted,
    PosterWanted,
    PullAnswer,
    Push,
    PushAnswer,
    ReceiptsBehindWanted,
    Reserve,
    Reserved,
    Snapshot,
    SnapshotWanted,
    Void,
    Voided,
    decoded,
    encoded,
)
from sync.server.secret import system_chance
from sync.server.tenant import new_id
from tests.sync.server.asking import TODAY
from tests.sync.server.chain import NOON_MS, Machine
from tests.sync.server.web.conftest import Shop
from tests.sync.server.web.memory import MEMBER, POINTS, a_program
from tests.sync.server.web.served import Caller, problem_of


def op_id() -> str:
    return new_id(NOON_MS, system_chance)


def a_push(*, ops: int = 1, first: int = 1, size: int = 700) -> Push:
    """Ops of a till; the web side never looks into the bytes of a fact."""
    return Push(
        ops=tuple(
            Op(op_id=op_id(), epoch=1, dseq=dseq, hash=bytes(32), data=bytes([dseq % 256]) * size)
            for dseq in range(first, first + ops)
        )
    )


RESERVE = Reserve(reservation=op_id(), member="m-1", points=100)
ASKS: dict[str, Message] = {
    "/push": a_push(),
    "/ask/lookup": LookUp(member="m-1"),
    "/ask/reserve": RESERVE,
    "/ask/void": Void(reservation=op_id()),
    "/ask/grant": GrantWanted(grant=op_id(), member="m-1", points=50),
    "/ask/page": PageWanted(page="join"),
    "/ask/messages": MessagesWanted(member="m-1"),
    "/photo": PhotoPart(
        photo="p-1", about="c-1", holder="m-1", key="k-1", size=3, sha256=bytes(32), start=0
    ),
    "/ask/photo": PhotoWanted(photo="p-1", about="c-1", holder="m-1"),
    "/ask/poster": PosterWanted(campaign="a1"),
    "/ask/figures": FiguresWanted(first=TODAY, last=TODAY, beside_first=TODAY, beside_last=TODAY),
    "/ask/figures/days": DaysBehindWanted(first=TODAY, last=TODAY),
    "/ask/figures/hours": HoursBehindWanted(day=TODAY),
    "/ask/figures/people": PeopleBehindWanted(figure="active", first=TODAY, last=TODAY, rows=50),
    "/ask/figures/receipts": ReceiptsBehindWanted(day=TODAY, rows=50),
    "/ask/figures/cohorts": CohortsBehindWanted(last=TODAY, months=12),
    "/ask/figures/answers": AnswersBehindWanted(first=TODAY, last=TODAY, rows=50),
    "/ask/campaign": CampaignWanted(campaign="a1", first=TODAY, last=TODAY),
    "/digest": Digest(epoch=1, dseq=0, head=bytes(32)),
    "/snapshot": SnapshotWanted(public=bytes(range(32))),
}
GETS = ("/v1/pull?stream=chain&after=0", "/v1/snapshot/some-snapshot")
ROUTES = (*ASKS, *GETS)


def call(caller: Caller, route: str, **headers: str):  # type: ignore[no-untyped-def]  # requests' own
    """Ask that route something it understands."""
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    if route in ASKS:
        return caller.post(route, ASKS[route], more)
    return caller.get(route, headers=more)


# ------------------------------------------------------------------ the day of a till


def test_a_till_comes_in_proves_itself_and_pushes(shop: Shop) -> None:
    till, enrolled = shop.enrolled(store=3, till=2)
    assert (enrolled.store_number, enrolled.till_number, enrolled.tenant) == (3, 2, shop.tenant)
    till.prove()
    push = a_push(ops=3)
    first = decoded(till.post("/push", push).content, PushAnswer)
    again = decoded(till.post("/push", push).content, PushAnswer)
    assert [answer.outcome for answer in first.answers] == ["accepted"] * 3
    assert [answer.duplicate for answer in again.answers] == [True] * 3
    pulled = till.get("/v1/pull", {"stream": f"store:{enrolled.store}", "after": 1})
    events = decoded(pulled.content, PullAnswer)
    assert [event.at for event in events.events] == [2, 3]
    assert events.head == 3


def test_asking_goes_over_the_wire(shop: Shop) -> None:
    till = shop.till()
    found = decoded(till.post("/ask/lookup", LookUp(member="m-1")).content, LookUpAnswer)
    assert found.members == (MEMBER,)
    kept = decoded(till.post("/ask/reserve", RESERVE).content, Reserved)
    assert kept.refusal is None
    wanted = Reserve(reservation=op_id(), member="m-1", points=POINTS)
    too_much = decoded(till.post("/ask/reserve", wanted).content, Reserved)
    assert too_much.refusal is not None
    assert too_much.available == POINTS - 100
    ended = decoded(till.post("/ask/void", Void(reservation=RESERVE.reservation)).content, Voided)
    assert ended.reservation == RESERVE.reservation
    assert not shop.memory.kept
    grant = GrantWanted(grant=op_id(), member="m-1", points=50)
    given = decoded(till.post("/ask/grant", grant).content, GrantAnswer)
    assert given.given is not None
    pulled = till.get("/v1/pull", {"stream": f"device:{till.machine.device}", "after": 0})
    (event,) = decoded(pulled.content, PullAnswer).events
    assert event.event == given.given
    digest = Digest(epoch=1, dseq=0, head=bytes(32))
    assert decoded(till.post("/digest", digest).content, DigestAnswer).equal


def test_a_long_poll_hears_what_another_till_pushes(shop: Shop) -> None:
    waiting, enrolled = shop.enrolled(till=1)
    waiting.prove()
    pushing = shop.till(till=2)
    heard: list[PullAnswer] = []

    def wait() -> None:
        asked = {"stream": f"store:{enrolled.store}", "after": 0, "wait": 25}
        heard.append(decoded(waiting.get("/v1/pull", asked).content, PullAnswer))

    thread = Thread(target=wait)
    thread.start()
    pushing.post("/push", a_push())
    thread.join(60)
    assert [event.at for event in heard[0].events] == [1]


def test_a_long_poll_hears_what_this_worker_never_saw(shop: Shop) -> None:
    """Another worker wrote it: only the database tells."""
    till, heard = shop.till(), list[PullAnswer]()

    def wait() -> None:
        asked = {"stream": "chain", "after": 0, "wait": 25}
        heard.append(decoded(till.get("/v1/pull", asked).content, PullAnswer))

    thread = Thread(target=wait)
    thread.start()
    shop.memory.publish(shop.tenant, "chain", a_program("2026.05"))
    thread.join(60)
    assert heard[0].events[0].event == a_program("2026.05")


def test_a_wait_ends_by_news_of_a_stream_it_names_beside(shop: Shop) -> None:
    till, heard = shop.till(), list[PullAnswer]()
    own = f"device:{till.machine.device}"

    def ask(after: int) -> PullAnswer:
        asked = f"/v1/pull?stream=chain&after=0&wait=25&also={own}:{after}&also=store:{store}:0"
        return decoded(till.get(asked).content, PullAnswer)

    store = shop.enrolled(till=2)[1].store
    thread = Thread(target=lambda: heard.append(ask(0)))
    thread.start()
    till.post("/ask/grant", GrantWanted(grant=op_id(), member="m-1", points=50))
    thread.join(60)
    assert (heard[0].events, heard[0].heads) == ((), {own: 1, f"store:{store}": 0})
    assert ask(0).heads[own] == 1, "what came before the question ends the wait at once"


@pytest.mark.parametrize("also", ["chain", "chain:x", "chain:-1", "chain:1:", ":1"])
def test_a_place_beside_that_is_none_is_refused(shop: Shop, also: str) -> None:
    asked = f"/v1/pull?stream=chain&after=0&also={also}"
    assert problem_of(shop.till().get(asked)).code == "bad_request"


def test_streams_of_others_are_refused_beside_as_well(shop: Shop) -> None:
    _, enrolled = shop.enrolled(store=2)
    asked = f"/v1/pull?stream=chain&after=0&also=store:{enrolled.store}:0"
    assert problem_of(shop.till().get(asked)).code == "foreign_credential"


def test_a_wait_that_hears_nothing_ends_empty(shop: Shop) -> None:
    answer = shop.till().get("/v1/pull", {"stream": "chain", "after": 0, "wait": 1})
    assert decoded(answer.content, PullAnswer).events == ()


def test_a_cursor_beyond_the_head_is_told_at_once(shop: Shop) -> None:
    """The server was restored: whoever heard more than it knows must not sleep on it."""
    answer = shop.till().get("/v1/pull", {"stream": "chain", "after": 7, "wait": 25})
    assert decoded(answer.content, PullAnswer).head == 0


@pytest.mark.parametrize(
    ("said", "status", "part"),
    [
        pytest.param(None, 200, slice(None), id="whole"),
        pytest.param("bytes=0-99", 206, slice(0, 100), id="beginning"),
        pytest.param("bytes=1000-", 206, slice(1000, None), id="rest"),
        pytest.param("bytes=5-99999999", 206, slice(5, None), id="more than there is"),
        pytest.param("bytes=0-", 200, slice(None), id="all of it"),
        pytest.param("lines=1-2", 200, slice(None), id="another unit"),
    ],
)
def test_a_snapshot_is_fetched_in_parts(
    shop: Shop, said: str | None, status: int, part: slice
) -> None:
    till = shop.till()
    made = decoded(till.post("/snapshot", ASKS["/snapshot"]).content, Snapshot)
    whole = till.get(f"/v1/snapshot/{made.id}").content
    assert hashlib.sha256(whole).digest() == made.sha256
    answer = till.get(f"/v1/snapshot/{made.id}", headers={"Range": said} if said else {})
    assert answer.status_code == status
    assert answer.content == whole[part]


def test_parts_beyond_the_file_and_files_of_others_are_refused(shop: Shop) -> None:
    till, other = shop.till(till=1), shop.till(till=2)
    made = decoded(till.post("/snapshot", ASKS["/snapshot"]).content, Snapshot)
    beyond = till.get(f"/v1/snapshot/{made.id}", headers={"Range": f"bytes={made.size}-"})
    assert problem_of(beyond).status == 416
    assert beyond.headers["Content-Range"] == f"bytes */{made.size}"
    assert problem_of(other.get(f"/v1/snapshot/{made.id}")).code == "not_found"
    assert problem_of(till.get("/v1/snapshot/..%2Fserver.db")).code == "not_found"


def test_long_answers_travel_compressed_where_that_is_understood(shop: Shop) -> None:
    till, enrolled = shop.enrolled()
    till.prove()
    till.post("/push", a_push(ops=20))
    asked = {"stream": f"store:{enrolled.store}", "after": 0}
    packed = till.get("/v1/pull", asked)
    assert packed.headers["Content-Encoding"] == "gzip"
    plain = till.get("/v1/pull", asked, {"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    one, two = (decoded(answer.content, PullAnswer) for answer in (packed, plain))
    assert one.events == two.events


def test_a_compressed_push_is_read(shop: Shop) -> None:
    body = gzip.compress(encoded(a_push(ops=100)), 1)
    answer = shop.till().post("/push", body, {"Content-Encoding": "gzip"})
    assert len(decoded(answer.content, PushAnswer).answers) == 100


# ------------------------------------------------------------------ rights and versions


@pytest.mark.parametrize("stream", ["store:{other_store}", "device:{other}", "device:", "store:*"])
def test_streams_of_others_are_refused(shop: Shop, stream: str) -> None:
    till = shop.till()
    other, enrolled = shop.enrolled(store=2)
    named = stream.format(other_store=enrolled.store, other=other.machine.device)
    problem = problem_of(till.get("/v1/pull", {"stream": named, "after": 0}))
    assert (problem.status, problem.code) == (403, "foreign_credential")


@pytest.mark.parametrize("route", [*ROUTES, "/enrol", "/challenge", "/token"])
@pytest.mark.parametrize("version", ["", "0", "2", "1.0", "eins"])
def test_every_route_refuses_a_version_it_does_not_speak(
    quiet_shop: Shop, route: str, version: str
) -> None:
    caller = Caller(quiet_shop.url)
    headers = {"Zhanggui-Protocol": version}
    if route in GETS:
        answer = caller.get(route, headers=headers)
    else:
        answer = caller.post(route, b"{}", headers)
    assert problem_of(answer).code == "unknown_version"


# ------------------------------------------------------------------ coming in


def test_a_wrong_code_a_taken_place_and_a_bad_key_are_told_apart(shop: Shop) -> None:
    stranger = Caller(shop.url)
    wrong = stranger.post("/enrol", stranger.machine.asks("0000-0000-0000"))
    assert problem_of(wrong).code == "unknown_code"
    shop.enrolled(till=4)
    taken = problem_of(stranger.post("/enrol", stranger.machine.asks(shop.code(till=4))))
    assert (taken.code, taken.status) == ("device_taken", 409)
    assert taken.fields == {"store": "1", "till": "4"}
    bad = stranger.machine.asks(shop.code(till=5), claim_secret=b"short")
    assert problem_of(stranger.post("/enrol", bad)).fields == {"$.claim_secret": "not a key"}


def test_a_lost_enrolment_answer_is_given_again(shop: Shop) -> None:
    till, code = Caller(shop.url), shop.code()
    asked = till.machine.asks(code)
    answers = [decoded(till.post("/enrol", asked).content, Enrolled) for _ in range(2)]
    assert answers[0].claim_secret == answers[1].claim_secret
    assert answers[0].device == answers[1].device == till.machine.device


def test_a_token_is_not_given_for_a_wrong_signature_or_twice(shop: Shop) -> None:
    till, _ = shop.enrolled()
    wanted = ChallengeWanted(device=till.machine.device)
    challenge = decoded(till.post("/challenge", wanted).content, Challenge).challenge
    thief = Machine(device=till.machine.device)
    assert problem_of(till.post("/token", thief.signs(challenge))).code == "foreign_credential"
    assert till.post("/token", till.machine.signs(challenge)).status_code == 200
    again = till.post("/token", till.machine.signs(challenge))
    assert problem_of(again).code == "foreign_credential"


# ------------------------------------------------------------------ for whoever looks after it


def test_the_server_says_that_it_is_well_and_what_it_does(shop: Shop) -> None:
    till = shop.till()
    till.post("/push", a_push(ops=7))
    assert till.get("/health").json() == {"status": "ok", "versions": [1]}
    figures = till.get("/metrics").text
    assert 'zhanggui_ops_total{outcome="accepted"} 7.0' in figures
    assert till.machine.device not in figures
    page = till.get("/", headers={"Accept-Language": "zh-CN"})
    assert "/v1/push" in page.text
    assert "http" not in page.text.replace("application/", "")
