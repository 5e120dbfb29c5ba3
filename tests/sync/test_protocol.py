"""The protocol: bytes that never change, readers that pass over what is newer, faults by path.

Owns: golden bytes of every message (tests/sync/golden), round trips, errors, limits.
Does not own: what anybody does about a message.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from app.domain.facts import FACT_BYTES_MAX
from sync import protocol as p
from sync.errors import ProblemCode
from tests.sync.message_samples import EVENTS, FACTS, MEMBER_EVENT, SAMPLES

GOLDEN = Path(__file__).parent / "golden"


def name_of(message: p.Message) -> str:
    return type(message).__name__


def every_type(base: type[p.Message] = p.Message) -> Iterator[type[p.Message]]:
    for kind in base.__subclasses__():
        yield kind
        yield from every_type(kind)


by_type = pytest.mark.parametrize("message", SAMPLES, ids=name_of)


def test_every_message_has_one_sample_and_one_golden_file() -> None:
    types = sorted(
        kind.__name__ for kind in every_type() if kind.__module__.startswith("sync.protocol.")
    )
    assert sorted(map(name_of, SAMPLES)) == types
    assert sorted(path.stem for path in GOLDEN.glob("*.json")) == types


@by_type
def test_the_bytes_of_a_message_never_change(message: p.Message) -> None:
    assert p.encoded(message) == (GOLDEN / f"{name_of(message)}.json").read_bytes()


@by_type
def test_golden_bytes_are_read_back_as_the_message(message: p.Message) -> None:
    golden = (GOLDEN / f"{name_of(message)}.json").read_bytes()
    assert p.decoded(golden, type(message)) == message


@by_type
def test_a_sample_says_everything_its_type_can_say(message: p.Message) -> None:
    """A field left out of the sample would have no golden bytes. LookUp asks by one of four."""
    said = json.loads(p.encoded(message))
    silent = set(type(message).__struct_fields__) - set(said)
    allowed = {
        p.LookUp: {"claim", "member", "receipt"}, p.OpAnswer: {"refusal"},
        p.CatalogueItem: {"unit", "weighed", "scale_code", "active"},
        p.MemberConfirmed: {"status", "referrer"}, p.Commanded: set(), p.Refusal: {"fields"},
        p.ReceiptsBehind: {"stores"}, p.AnswersBehind: {"stores"},
    }  # fmt: skip
    assert silent <= allowed.get(type(message), set())


def test_who_sent_a_member_stands_behind_what_was_told_of_him_before() -> None:
    """It came later: who was sent by nobody is told in the very bytes of before."""
    golden = (GOLDEN / "MemberConfirmed.json").read_bytes()
    sent = msgspec.structs.replace(MEMBER_EVENT, referrer="0197c2a0-0000-7000-8000-00000000a002")
    more = b',"referrer":"0197c2a0-0000-7000-8000-00000000a002"}'
    assert p.encoded(sent) == golden.removesuffix(b"}") + more
    assert p.decoded(p.encoded(sent), p.MemberConfirmed) == sent


@pytest.mark.parametrize("kind", [p.ReceiptsBehind, p.AnswersBehind])
def test_names_of_stores_stand_behind_what_was_told_of_a_page_before(
    kind: type[p.ReceiptsBehind | p.AnswersBehind],
) -> None:
    golden = (GOLDEN / f"{kind.__name__}.json").read_bytes()
    [page] = [each for each in SAMPLES if type(each) is kind]
    named = msgspec.structs.replace(page, stores={"lake-road": "湖滨路店"})
    more = ',"stores":{"lake-road":"湖滨路店"}}'.encode()
    assert p.encoded(named) == golden.removesuffix(b"}") + more
    assert p.decoded(p.encoded(named), kind) == named


def with_news(value: Any) -> Any:
    """The same JSON, each object with fields of a version to come."""
    match value:
        case dict():
            news = {} if _is_table(value) else {"since_version_9": {"a": [1]}}
            return {key: with_news(part) for key, part in value.items()} | news
        case list():
            return [with_news(part) for part in value]
        case _:
            return value


TABLES = (
    "days",
    "sums",
    "entitlements",
    "buckets",
    "heads",
    "tenders",
    "points",
    "text",
    "positions",
    "pending",
)


def _is_table(value: dict[str, Any]) -> bool:
    """A dict of values (points per month), not an object with named fields."""
    return any(
        value == table for message in SAMPLES for table in _tables(msgspec.to_builtins(message))
    )


def _tables(value: Any) -> Iterator[dict[str, Any]]:
    match value:
        case dict():
            for key, part in value.items():
                if key in (*TABLES, "fields") and isinstance(part, dict):
                    yield {str(name): one for name, one in part.items()}
                yield from _tables(part)
        case list() | tuple():
            for part in value:
                yield from _tables(part)
        case _:
            pass


@by_type
def test_fields_of_a_newer_version_are_passed_over(message: p.Message) -> None:
    newer = json.dumps(with_news(json.loads(p.encoded(message)))).encode()
    assert b"since_version_9" in newer
    assert p.decoded(newer, type(message)) == message


def test_every_event_is_known_to_the_union() -> None:
    assert {type(event) for event in EVENTS} == set(get_args(p.Event))


def test_an_event_of_a_newer_version_is_a_fault_that_names_its_place() -> None:
    """Its cursor must not move past what was not understood: the till waits for its update."""
    data = (
        b'{"stream":"chain","head":1,"server_ms":1,"server_epoch":1,"events":[{"at":1,"event":%s}]}'
    )
    with pytest.raises(msgspec.ValidationError, match=r"\$\.events\[0\]\.event"):
        p.decoded(data % b'{"kind":"lottery.1"}', p.PullAnswer)


OP = '{"op_id":"a","epoch":1,"dseq":1,"hash":"AA==","data":"AA=="}'
PUSH = f'{{"ops":[{OP}]}}'
NO_DSEQ = '{"ops":[{"op_id":"a","epoch":1,"hash":"","data":""}]}'
FAULTS = [
    ("dseq missing", p.Push, NO_DSEQ, r"`dseq`.*\$\.ops\[0\]"),
    ("dseq is text", p.Push, PUSH.replace('"dseq":1', '"dseq":"1"'), r"\$\.ops\[0\]\.dseq"),
    ("not base64", p.Push, PUSH.replace('"data":"AA=="', '"data":"%"'), r"\$\.ops\[0\]\.data"),
    ("money with a point", p.CatalogueItem, '{"sku":"a","name":"b","unit_price_minor":19.5}',
     r"\$\.unit_price_minor"),
    ("outcome unheard of", p.OpAnswer, '{"op_id":"a","epoch":1,"dseq":1,"outcome":"maybe"}',
     r"\$\.outcome"),
    ("a list for an object", p.PushAnswer, "[]", "object"),
    ("cut off", p.Push, '{"ops":[', "truncated"),
    ("a page", p.PullAnswer, "<html><body>Sign in to Wi-Fi</body></html>", "malformed"),
    ("not UTF-8", p.Void, b'{"reservation":"\xff"}', "(?i)utf"),
    ("empty", p.Push, "", "truncated"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text", "said"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS]
)
def test_a_fault_names_its_path(kind: type[p.Message], text: str | bytes, said: str) -> None:
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises((msgspec.DecodeError, UnicodeDecodeError), match=said):
        p.decoded(data, kind)


@pytest.mark.parametrize("path", sorted(FACTS.glob("*.json")), ids=lambda path: path.stem)
def test_facts_travel_as_the_bytes_they_were_made_of(path: Path) -> None:
    data = path.read_bytes()
    sent = p.Op(op_id="a", epoch=1, dseq=1, hash=b"", data=data)
    assert p.decoded(p.encoded(p.Push(ops=(sent,))), p.Push).ops[0].data == data


# ------------------------------------------------------------------ limits


def test_the_limits_agree_with_each_other() -> None:
    fact_on_the_wire = len(p.encoded(p.Op(op_id="0" * 36, epoch=10**6, dseq=10**9,
                                          hash=bytes(32), data=bytes(FACT_BYTES_MAX))))  # fmt: skip
    assert 5 * fact_on_the_wire < p.PUSH_BYTES_MAX < p.PULL_BYTES_MAX
    assert p.ASK_BYTES_MAX < p.PUSH_BYTES_MAX
    assert max(p.VERSIONS_SPOKEN) == p.VERSION
    assert len(p.VERSIONS_SPOKEN) <= 3
    assert p.GZIP_FROM_BYTES < p.ASK_BYTES_MAX


def test_final_outcomes_are_outcomes_and_the_others_are_asked_again() -> None:
    assert set(get_args(p.Outcome)) > p.FINAL_OUTCOMES
    assert set(get_args(p.Outcome)) - p.FINAL_OUTCOMES == {"retry", "fork"}


def test_no_message_holds_a_float() -> None:
    for kind in every_type():
        for name, hint in kind.__annotations__.items():
            assert "float" not in str(hint), f"{kind.__name__}.{name}: whole units"


def test_problem_codes_are_plain_words() -> None:
    assert all(code.replace("_", "").isalpha() for code in get_args(ProblemCode))


def test_the_signed_part_is_never_bare_bytes_of_the_server() -> None:
    part = p.signed_part("till-renmin-2", b"challenge")
    assert part == b"zhanggui-device-1\0till-renmin-2\0challenge"
    assert part != p.signed_part("till-renmin-", b"2challenge")
