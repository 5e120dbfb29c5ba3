"""Everything users of other systems suffer has a test here: the list (peers.toml) names no test
that is not there.
"""

from __future__ import annotations

import ast
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.no_cover  # it reads the tests and runs none of them
HERE = Path(__file__).parent
PEERS = tomllib.loads((HERE / "peers.toml").read_text(encoding="utf-8"))["peer"]
COUNT = 40


@cache
def functions_of(file: Path) -> frozenset[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef))


def test_none_is_forgotten() -> None:
    assert [peer["number"] for peer in PEERS] == list(range(1, COUNT + 1))


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: f"{peer['number']}")
def test_it_does_not_happen_here(peer: dict[str, Any]) -> None:
    assert peer["tests"], peer["never"]
    for named in peer["tests"]:
        file, _, test = named.partition("::")
        assert test in functions_of(HERE / file), named
