"""`main.py server` as real processes: a till comes in, sells, is killed under, and is revoked."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from sync.protocol import (
    Challenge,
    ChallengeWanted,
    Enrolled,
    PageGiven,
    PageWanted,
    PassKeysChanged,
    PullAnswer,
    Push,
    PushAnswer,
    decoded,
)
from sync.server.database import ServerDatabase
from tests.domain.heart_builders import a_sale
from tests.sync.server.tills import Till
from tests.sync.server.web.served import Caller, problem_of
from tests.sync.server.web.server_process import WAIT_S, RunningServer, ServerHome, is_gone

MakeDatabase = Callable[[str], ServerDatabase]
TODAY = date(2026, 5, 29)
pytestmark = pytest.mark.slow


@pytest.fixture
def embedded(tmp_path: Path) -> ServerHome:
    return ServerHome(tmp_path / "server")


@pytest.fixture
def on_postgresql(tmp_path: Path, empty_database: MakeDatabase) -> ServerHome:
    url = empty_database("postgresql").engine.url.render_as_string(hide_password=False)
    return ServerHome(tmp_path / "server", url)


@pytest.fixture(params=["embedded", pytest.param("on_postgresql", marks=pytest.mark.no_cover)])
def home(request: pytest.FixtureRequest) -> ServerHome:
    made: ServerHome = request.getfixturevalue(request.param)
    return made


def everything_of(till: Till) -> Push:
    return Push(ops=tuple(till.ops))


def a_till(device: str, store: str) -> Till:
    till = Till(device, store)
    till.record(a_sale(1, TODAY))
    return till


@pytest.mark.no_cover  # what its processes run is counted by the tests beside it
def test_a_till_comes_in_sells_and_hears_of_it_and_the_log_tells_no_secret(
    home: ServerHome,
) -> None:
    with home.serving() as server:
        caller, enrolled = server.enrolled(home, store=3, till=2)
        till = Till(enrolled.device, enrolled.store)
        till.record(a_sale(1, TODAY))
        till.record(a_sale(2, TODAY))
        first = decoded(caller.post("/push", everything_of(till)).content, PushAnswer)
        again = decoded(caller.post("/push", everything_of(till)).content, PushAnswer)
        assert [answer.outcome for answer in first.answers] == ["accepted", "accepted"]
        assert [answer.duplicate for answer in again.answers] == [True, True]
        asked = {"stream": f"store:{enrolled.store}", "after": 0, "wait": 25}
        pulled = decoded(caller.get("/v1/pull", asked).content, PullAnswer)
        assert pulled.head == len(pulled.events) > 0
        caller.post("/push", b'{"phone":"13800138000"')
        caller.get("/v1/pull", {"stream": "chain", "after": "13800138000x"})
    tells_no_secret(server.log, caller, enrolled)


def tells_no_secret(log_file: Path, caller: Caller, enrolled: Enrolled) -> None:
    log = log_file.read_text(encoding="utf-8")
    assert '"route": "/v1/push"' in log
    assert enrolled.device in log
    for secret in (caller.token, "13800138000", enrolled.claim_secret.hex(), "Bearer"):
        assert secret not in log
    lines = [line for line in log.splitlines() if line.startswith("{")]
    assert all(json.loads(line)["level"] != "error" for line in lines)


@pytest.mark.no_cover  # what its processes run is counted by the tests beside it
def test_what_was_confirmed_before_a_kill_is_there_after_it(home: ServerHome) -> None:
    with home.serving() as server:
        caller, enrolled = server.enrolled(home)
        till = Till(enrolled.device, enrolled.store)
        till.record(a_sale(1, TODAY))
        answer = decoded(caller.post("/push", everything_of(till)).content, PushAnswer)
        assert [op.outcome for op in answer.answers] == ["accepted"]
        server.kill()
    with home.serving() as server:
        caller.url = server.url
        again = decoded(caller.post("/push", everything_of(till)).content, PushAnswer)
        assert [op.duplicate for op in again.answers] == [True], "the token still counts, too"


def test_head_office_lists_and_revokes_while_the_server_runs(home: ServerHome) -> None:
    with home.serving() as server:
        caller, enrolled = server.enrolled(home, store=2, till=7)
        (listed,) = json.loads(home.answer("devices", "--json").out)
        assert (listed["device"], listed["store"], listed["till"]) == (enrolled.device, 2, 7)
        asked = {"stream": "chain", "after": 0}
        assert caller.get("/v1/pull", asked).status_code == 200
        done = home.answer("revoke", enrolled.device)
        assert done.exit_code == 0, done.err
        assert problem_of(caller.get("/v1/pull", asked)).code == "revoked_device"
        till = a_till(enrolled.device, enrolled.store)
        (op,) = decoded(caller.post("/push", everything_of(till)).content, PushAnswer).answers
        assert op.outcome == "quarantined"
        assert "revoked" in home.answer("devices").out


# ------------------------------------------------------------------ several workers


@pytest.mark.no_cover  # what its processes run is counted by the tests beside it
def test_workers_agree_about_tokens_codes_and_revocation(on_postgresql: ServerHome) -> None:
    """Two servers and each with two processes, over one PostgreSQL: whoever is asked knows."""
    home = on_postgresql
    words = ("--workers", "2", "--tied")
    with home.serving(*words) as one, home.serving(*words) as two:
        caller, enrolled = one.enrolled(home)
        elsewhere = Caller(two.url, caller.machine, caller.token)
        assert elsewhere.post("/push", everything_of(a_till(enrolled.device, enrolled.store))).ok
        code = home.code(till=2)
        strangers = [Caller(url) for url in (one.url, two.url) * 4]
        with ThreadPoolExecutor(8) as threads:
            came = list(
                threads.map(lambda each: each.post("/enrol", each.machine.asks(code)), strangers)
            )
        assert sorted(answer.status_code for answer in came) == [200] + [403] * 7
        wanted = ChallengeWanted(device=enrolled.device)
        challenge = decoded(caller.post("/challenge", wanted).content, Challenge).challenge
        asked = caller.machine.signs(challenge)
        with ThreadPoolExecutor(8) as threads:
            urls = [Caller(url, caller.machine) for url in (one.url, two.url) * 4]
            given = list(threads.map(lambda each: each.post("/token", asked), urls))
        assert sorted(answer.status_code for answer in given) == [200] + [401] * 7
        home.answer("public-url", "https://vip.renmin.example")
        given_link = caller.post("/ask/page", PageWanted(page="join"))
        link = decoded(given_link.content, PageGiven).url or ""
        page = urlsplit(link).path
        pages = [requests.get(f"{url}{page}", timeout=60) for url in (one.url, two.url) * 3]
        assert {answer.status_code for answer in pages} == {200}
        chain = elsewhere.get("/v1/pull", {"stream": "chain", "after": 0, "wait": 25})
        [keys] = decoded(chain.content, PullAnswer).events
        assert isinstance(keys.event, PassKeysChanged)
        assert len(keys.event.keys) == 1, "four workers looked at the calendar, one made the key"
        home.answer("revoke", enrolled.device)
        for url in (one.url, two.url) * 3:
            answer = Caller(url, caller.machine, caller.token).get(
                "/v1/pull", {"stream": "chain", "after": 0}
            )
            assert problem_of(answer).code == "revoked_device"
        end_by_starter_and_by_kill(one, two)


def end_by_starter_and_by_kill(one: RunningServer, two: RunningServer) -> None:
    """No worker of a tied server is left, whether its starter went or its own first process."""
    workers = {"one": one.workers, "two": two.workers}
    assert {name: len(found) for name, found in workers.items()} == {"one": 2, "two": 2}
    one.leave()
    assert one.process.wait(WAIT_S) == 0
    two.process.kill()
    ends = time.monotonic() + WAIT_S
    while not all(is_gone(each) for found in workers.values() for each in found):
        assert time.monotonic() < ends, "workers are left over"
        time.sleep(0.05)


@pytest.mark.no_cover  # what its processes run is counted by the tests beside it
def test_a_pull_hears_what_came_in_by_another_worker(on_postgresql: ServerHome) -> None:
    home = on_postgresql
    with home.serving() as one, home.serving() as two:
        pushing, enrolled = one.enrolled(home, till=1)
        waiting, _ = two.enrolled(home, till=2)
        asked = {"stream": f"store:{enrolled.store}", "after": 0, "wait": 25}
        with ThreadPoolExecutor(1) as thread:
            heard = thread.submit(waiting.get, "/v1/pull", asked)
            till = a_till(enrolled.device, enrolled.store)
            assert pushing.post("/push", everything_of(till)).ok
            assert decoded(heard.result(60).content, PullAnswer).events


# ------------------------------------------------------------------ files, keys and ports


@pytest.mark.no_cover  # what its processes run is counted by the tests beside it
def test_the_recovery_code_is_told_once_and_two_servers_never_share_a_file(
    embedded: ServerHome,
) -> None:
    first, second = embedded.answer("devices"), embedded.answer("devices")
    assert "recovery code" in first.err
    assert "recovery code" not in second.err
    with embedded.serving():
        done = embedded.command("--listen", "127.0.0.1:1")
        assert done.returncode == 3
        assert "Traceback" not in done.stderr


def test_keys_of_another_folder_and_a_silent_database_change_nothing(
    on_postgresql: ServerHome, tmp_path: Path
) -> None:
    assert on_postgresql.answer("devices").exit_code == 0
    other = ServerHome(tmp_path / "other", on_postgresql.url)
    done = other.answer("devices")
    assert done.exit_code == 3
    assert "--dir" in done.err
    silent = ServerHome(tmp_path / "server", "postgresql+psycopg://owner:secret@127.0.0.1:1/chain")
    done = silent.answer("devices")
    assert done.exit_code == 3
    assert "127.0.0.1:1/chain" in done.err
    assert "secret" not in done.err


def test_a_port_in_use_ends_with_3(embedded: ServerHome, tmp_path: Path) -> None:
    with embedded.serving() as server:
        other = ServerHome(tmp_path / "other")
        done = other.command("--listen", server.url.removeprefix("http://"))
        assert done.returncode == 3
        assert Caller(server.url).get("/health").ok


@pytest.mark.no_cover  # what its processes run is counted by the tests beside it
def test_the_server_speaks_https(embedded: ServerHome, tmp_path: Path) -> None:
    certificate, key = a_certificate(tmp_path)
    words = ("--certificate", str(certificate), "--key", str(key))
    with embedded.serving(*words, trusting=certificate) as server:
        assert server.url.startswith("https://")
        answer = requests.get(f"{server.url}/health", verify=str(certificate), timeout=60)
        assert answer.json()["status"] == "ok"
        with pytest.raises(requests.exceptions.SSLError):
            requests.get(f"{server.url}/health", timeout=60)


def a_certificate(folder: Path) -> tuple[Path, Path]:
    """Signed by itself, for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "chain")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, SHA256())
    )
    certificate, key_file = folder / "chain.pem", folder / "chain.key"
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return certificate, key_file
