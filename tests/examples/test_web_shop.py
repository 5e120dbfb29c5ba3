"""The web shop of the examples: a program of its own, against the real server process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.domain.account import account_of
from app.domain.codes import Code, CodeKind, parse_code, random_code
from app.domain.facts import MemberJoined, SaleRecorded, read_fact
from sync.protocol import LookUp, LookUpAnswer, Push, PushAnswer, decoded
from tests.domain.heart_builders import MEMBER, moment, op
from tests.sync.server.tills import Till
from tests.sync.server.web.served import Caller
from tests.sync.server.web.server_process import ROOT, RunningServer, ServerHome

EXAMPLE = ROOT / "resources" / "examples" / "web_shop.py"
CARD = random_code(CodeKind.MEMBER, 4711).text
JOINED = MemberJoined(
    op_id=op(1), store="", day=moment().local("Asia/Shanghai").date(), clock=moment(),
    member=MEMBER, card=CARD,
)  # fmt: skip


def test_it_fits_a_page() -> None:
    assert len(EXAMPLE.read_text("utf-8").splitlines()) <= 60


class WebShop:
    """Somebody who runs the example, order after order."""

    def __init__(self, folder: Path, url: str, code: str) -> None:
        self.file, self.url = folder / "secret.json", url
        self._world = os.environ | {"SHOP_CODE": code, "TZ": "Asia/Shanghai"}

    def order(self, *words: str) -> list[dict[str, Any]]:
        """What the server says of this order and of those before it."""
        done = self.run(*words)
        assert done.returncode == 0, done.stderr
        answers: list[dict[str, Any]] = json.loads(done.stdout)
        return answers

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, str(EXAMPLE), self.url, str(self.file), *words]
        return subprocess.run(line, env=self._world, capture_output=True, text=True, check=False)


@contextmanager
def a_chain(folder: Path) -> Iterator[tuple[RunningServer, Caller, WebShop]]:
    """A server with one till, whose shop has a member, and a code for the web shop."""
    home = ServerHome(folder / "server")
    code = home.code(store=9, more=("--channel",))
    with home.serving() as server:
        caller, enrolled = server.enrolled(home)
        till = Till(enrolled.device, enrolled.store)
        till.record(JOINED)
        answer = decoded(caller.post("/push", Push(ops=tuple(till.ops))).content, PushAnswer)
        assert [each.outcome for each in answer.answers] == ["accepted"]
        yield server, caller, WebShop(folder, server.url, code)


@pytest.mark.slow
@pytest.mark.no_cover  # an example and a server that is counted elsewhere
def test_an_order_counts_once_however_often_it_is_said(tmp_path: Path) -> None:
    with a_chain(tmp_path) as (server, caller, shop):
        [first] = shop.order("1001", CARD, "tea-250", "3990")
        assert (first["outcome"], first.get("duplicate")) == ("accepted", None)
        assert shop.order("1001", CARD, "tea-250", "3990") == [first | {"duplicate": True}]
        shop.url = "http://127.0.0.1:1"
        assert shop.run("1002", CARD, "tea-500", "6900").returncode != 0, "nobody answers"
        shop.url = server.url
        known, second = shop.order("1002", CARD, "tea-500", "6900")
        assert known == first | {"duplicate": True}
        assert (second["outcome"], second.get("duplicate")) == ("accepted", None)
        assert balance(caller) == 39 + 69
        check_facts(shop)


def balance(caller: Caller) -> int:
    """Points as another till of the chain hears of them."""
    found = decoded(caller.post("/ask/lookup", LookUp(card=CARD)).content, LookUpAnswer)
    [member] = found.members
    return sum(account_of(member.account).gained.values())


def check_facts(shop: WebShop) -> None:
    """What it sold is what a till sells: whole facts, with receipts of their own."""
    ops = json.loads(shop.file.read_text("utf-8"))["ops"].values()
    facts = [read_fact(b64decode(each["data"])) for each in ops]
    assert [type(each) for each in facts] == [SaleRecorded] * 2
    codes = [parse_code(each.code) for each in facts if isinstance(each, SaleRecorded)]
    assert len(set(codes)) == 2
    assert all(isinstance(each, Code) and each.kind is CodeKind.RECEIPT for each in codes)
