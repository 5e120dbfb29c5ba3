"""Sending: each consenting member exactly one message, nobody else any, whatever goes wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection

from app.domain.member import PersonalData
from app.domain.message import MessageChoice
from sync.server.database import ServerDatabase
from sync.server.erase import erase_member
from sync.server.head_office import Office, Said
from sync.server.house import house_of
from sync.server.merge import merge_members
from sync.server.messages.rehearsal import rehearse
from sync.server.messages.sending import LEASE_S, send_due
from tests.sync.server.messages.people import People, by_mail, by_webhook, joining
from tests.sync.server.messages.sinks import Sink, webhook_sink


def office(people: People, connection: Connection) -> Office:
    return Office(connection, people.tenant, people.now_ms, house_of(people.secret))


def a_town(people: People) -> None:
    """Whoever a campaign may meet."""

    def mail(name: str, **choice: object) -> PersonalData:
        said = MessageChoice(**choice) if choice else None  # type: ignore[arg-type]  # each row names what it means
        return PersonalData(phone="+8613900000000", email=f"{name}@mail.example", messages=said)

    people.join(
        *(joining(f"sms{number}", number) for number in range(1, 8)),
        *(
            joining(f"mail{number}", 0, person=mail(f"mail{number}", channels=("email",)))
            for number in range(1, 8)
        ),
        joining("never asked", 31, consents=("membership",)),
        joining("withdrew", 32),
        joining("erased", 33),
        joining("none please", 34, person=mail("none", most=0)),
        joining("no way", 35, person=mail("no.way", channels=())),
        joining("no address", 36, person=PersonalData(name="李")),
        joining("twice", 37),
        joining("twice too", 38),
    )
    people.withdraw("withdrew")
    said = Said("Wang", "asked for it")
    people.database.write(lambda c: erase_member(office(people, c), people.ids["erased"], said))
    for name in people.ids:
        people.want(name)
        people.want(name)
    one, other = people.ids["twice"], people.ids["twice too"]
    people.database.write(lambda c: merge_members(office(people, c), one, other, said))


GOT_SMS = sorted(f"+86138{number:08}" for number in (1, 2, 3, 4, 5, 6, 7, 37))
GOT_MAIL = sorted(f"mail{number}@mail.example" for number in range(1, 8))
GOT_NONE = {
    "never asked": "skipped no_consent",
    "withdrew": "skipped no_consent",
    "erased": "skipped erased",
    "none please": "skipped cap",
    "no way": "skipped no_way",
    "no address": "skipped no_way",
}


def test_each_who_agreed_gets_one_and_nobody_else_any(
    people: People, hook: Sink, mail: Sink
) -> None:
    hook.faults = ["refuse", "500", "lost", "429", "hang", "cut", "503", "drip", "lost", "301"]
    mail.faults = ["554", "lost", "cut", "450", "hang", "refuse", "452", "lost"]
    a_town(people)
    post = people.post({"sms": by_webhook(hook), "email": by_mail(mail)})
    people.until_nothing_waits(post)
    assert (hook.people(), mail.people()) == (GOT_SMS, GOT_MAIL)
    assert (hook.wrong, hook.faults, mail.faults) == ([], [], [])
    states = people.states()
    assert {name: states[name] for name in GOT_NONE} == GOT_NONE
    assert sorted([states["twice"], states["twice too"]]) == ["sent", "skipped twice"]
    assert {state for name, state in states.items() if name not in GOT_NONE} == {
        "sent", "skipped twice",
    }  # fmt: skip
    assert not any(row["variables"] for row in people.rows())
    # The same asked for once more is the same message still.
    assert people.want("sms1") == 0


def test_several_workers_never_send_the_same(
    on_postgres: ServerDatabase, tenant: str, hook: Sink, mail: Sink
) -> None:
    people = People(on_postgres, tenant)
    hook.faults, mail.faults = ["500", "lost", "refuse"] * 2, ["cut", "450", "lost"]
    a_town(people)
    post = people.post({"sms": by_webhook(hook), "email": by_mail(mail)})
    with ThreadPoolExecutor(4) as workers:
        for _ in range(30):
            list(workers.map(lambda _: send_due(post), range(4)))
            if not any(row["state"] in ("waiting", "sending") for row in people.rows()):
                break
            people.now_ms += LEASE_S * 1000
    assert (hook.people(), mail.people()) == (GOT_SMS, GOT_MAIL)
    # Only where an answer was lost does the same come again, under its key.
    again = sum(len(to) - 1 for sink in (hook, mail) for to in sink.taken.values())
    assert again == 3


def test_two_workers_keep_to_the_number_he_chose(
    on_postgres: ServerDatabase, tenant: str, hook: Sink
) -> None:
    people = People(on_postgres, tenant)
    one = PersonalData(phone="+8613800138000", messages=MessageChoice(most=1))
    people.join(joining("张三", 1, person=one))
    for number in range(6):
        people.want("张三", occasion=f"offer-{number}")
    post = people.post({"sms": by_webhook(hook)})
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda _: send_due(post), range(4)))
    assert len(hook.taken) == 1


_SENDER = """
import sys
from sync.server.database import ServerDatabase, postgres_engine
from sync.server.messages.sending import send_due
from sync.server.secret import ServerSecret
from tests.sync.server.messages.people import People, by_webhook
from tests.sync.server.messages.sinks import Sink
url, tenant, secret, port, now = sys.stdin.readline().split()
people = People(ServerDatabase(postgres_engine(url)), tenant, int(now))
people.secret = ServerSecret(bytes.fromhex(secret))
send_due(people.post({"sms": by_webhook(Sink(port=int(port)))}))
"""


def test_killed_between_sending_and_writing_it_down(
    on_postgres: ServerDatabase, tenant: str
) -> None:
    people = People(on_postgres, tenant)
    people.join(joining("张三", 1))
    people.want("张三")
    url = on_postgres.engine.url.render_as_string(hide_password=False)
    with webhook_sink() as hook:
        worker = subprocess.Popen([sys.executable, "-c", _SENDER], stdin=subprocess.PIPE, text=True)
        hook.on_message = lambda key: os.kill(worker.pid, signal.SIGKILL)
        said = (url, tenant, people.secret.root.hex(), str(hook.port), str(people.now_ms))
        worker.communicate(" ".join(said) + "\n")
        assert worker.returncode == -signal.SIGKILL
        hook.on_message = lambda key: None
        post = people.post({"sms": by_webhook(hook)})
        assert people.states() == {"张三": "sending"}
        assert send_due(post).sent == 0, "it belongs to the dead one for a while"
        people.now_ms += LEASE_S * 1000
        assert send_due(post).sent == 1
        assert list(hook.taken.values()) == [["+8613800000001"] * 2]


def test_who_withdraws_while_it_is_under_way_gets_no_second_try(
    people_here: People, hook: Sink
) -> None:
    people = people_here
    people.join(joining("张三", 1))
    people.want("张三")
    hook.faults = ["500"]
    post = people.post({"sms": by_webhook(hook)})
    send_due(post)
    people.withdraw("张三")
    people.until_nothing_waits(post)
    assert (hook.taken, people.states()) == ({}, {"张三": "skipped no_consent"})


@pytest.mark.parametrize("code", ["400", "422"])
def test_what_the_other_side_will_not_take_is_given_up(
    people_here: People, hook: Sink, code: str
) -> None:
    people = people_here
    people.join(joining("张三", 1))
    people.want("张三")
    hook.faults = [code]
    people.until_nothing_waits(people.post({"sms": by_webhook(hook)}))
    assert people.states() == {"张三": f"failed HTTP {code}"}


def test_a_way_that_is_down_is_left_alone_for_a_while(people_here: People, hook: Sink) -> None:
    people = people_here
    people.join(*(joining(f"p{number}", number) for number in range(5)))
    for name in people.ids:
        people.want(name)
    hook.faults = ["hang", "429"]
    post = people.post({"sms": by_webhook(hook)})
    passed = send_due(post)
    assert (passed.sent, hook.faults) == (0, ["429"])
    assert send_due(post, passed.down).sent == 0
    people.now_ms = passed.down["sms"]
    assert send_due(post, passed.down).down["sms"] == people.now_ms + 60_000
    people.until_nothing_waits(post)
    assert len(hook.people()) == 5


def test_at_night_nothing_goes(people_here: People, hook: Sink) -> None:
    people = people_here
    people.join(joining("张三", 1))
    people.now_ms += 10 * 3_600_000
    people.want("张三")
    post = people.post({"sms": by_webhook(hook)})
    assert send_due(post).sent == 0
    [row] = people.rows()
    assert (row["state"], row["why"]) == ("waiting", "quiet")
    people.now_ms = row["due_ms"]
    assert send_due(post).sent == 1


def test_a_rehearsal_says_what_would_become_of_each(people: People) -> None:
    a_town(people)
    before = people.rows()
    found = rehearse(people.post({}))
    assert people.rows() == before
    assert {each.to for each in found if each.channel == "sms"} == {
        *(f"138****000{number}" for number in range(1, 8)), "138****0037",
    }  # fmt: skip
    assert {each.to for each in found if each.channel == "email"} == {"m***@mail.example"}
    assert sorted({each.why for each in found if not each.goes}) == [
        "cap", "erased", "no_consent", "no_way",
    ]  # fmt: skip


def test_one_person_under_two_ids_gets_it_once_though_an_answer_was_lost(
    people_here: People, hook: Sink
) -> None:
    people = people_here
    people.join(joining("一号卡", 1), joining("二号卡", 2))
    for name in people.ids:
        people.want(name)
    one, other = people.ids.values()
    said = Said("Wang", "same person")
    people.database.write(lambda c: merge_members(office(people, c), one, other, said))
    hook.faults = ["lost"]
    people.until_nothing_waits(people.post({"sms": by_webhook(hook)}))
    # The survivor's number, whichever of the two went first.
    assert list(hook.taken.values()) == [["+8613800000001"] * 2]
