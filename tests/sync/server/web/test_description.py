"""The description of the protocol: of what is served, all of it, and the server keeps to it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import requests

from sync.protocol import VERSION_HEADER, Push
from sync.server.web.app import make_app
from sync.server.web.ports import Acts
from tests.sync.server.web.conftest import Shop
from tests.sync.server.web.fuzz import fuzz
from tests.sync.server.web.served import server_over

EXAMPLES = os.environ.get("ZHANGGUI_FUZZ_EXAMPLES", "10")


def described(shop: Shop) -> dict[str, dict[str, dict[str, object]]]:
    answer = requests.get(f"{shop.url}/openapi.json", timeout=60)
    paths: dict[str, dict[str, dict[str, object]]] = answer.json()["paths"]
    return paths


def test_every_route_is_described_and_no_other(quiet_shop: Shop) -> None:
    app = make_app(quiet_shop.server)
    routes = {
        (re.sub(r":str", "", route.path), method.lower())
        for route in app.routes
        for method in route.methods
        if method != "OPTIONS"
    }
    paths = described(quiet_shop)
    assert {(path, method) for path, ways in paths.items() for method in ways} == routes


def test_what_needs_a_token_says_so(quiet_shop: Shop) -> None:
    for path, ways in described(quiet_shop).items():
        for way in ways.values():
            is_open = path in {"/v1/enrol", "/v1/challenge", "/v1/token"} or "/v1/" not in path
            assert ("security" in way) != is_open, path


def test_nothing_is_described_or_served_that_is_not_there(quiet_shop: Shop) -> None:
    bare = Acts(heads=lambda connection, wanted: {}, server_epoch=lambda connection, tenant: 1)
    routes = {
        route.path for route in make_app(server_over(quiet_shop.server.database, bare)).routes
    }
    assert "/v1/token" in routes
    assert not {"/v1/push", "/v1/pull", "/v1/snapshot/{snapshot:str}"} & routes


def test_the_messages_carry_their_bounds(quiet_shop: Shop) -> None:
    schemas = requests.get(f"{quiet_shop.url}/openapi.json", timeout=60).json()["components"]
    ops = schemas["schemas"][Push.__name__]["properties"]["ops"]
    assert ops["maxItems"] == 200
    assert schemas["schemas"]["Op"]["properties"]["dseq"]["minimum"] == 1


@pytest.mark.parametrize("path", ["/health", "/metrics", "/openapi.json", "/", "/nowhere"])
def test_every_answer_says_that_it_is_ours(quiet_shop: Shop, path: str) -> None:
    answer = requests.get(f"{quiet_shop.url}{path}", timeout=60)
    assert answer.headers[VERSION_HEADER] == "1"


@pytest.mark.no_cover
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_schemathesis_finds_no_500_and_no_violation(tmp_path: Path, quiet_shop: Shop) -> None:
    # All but the description itself, which it takes for its own.
    every = sum(len(ways) for ways in described(quiet_shop).values()) - 1
    done = fuzz(tmp_path, int(EXAMPLES))
    assert done.returncode == 0, done.stdout
    assert f"Tested: {every}" in done.stdout
