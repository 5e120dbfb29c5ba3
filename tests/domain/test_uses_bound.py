"""How often one sale may have limited rewards: kept ones, what is left, what is allowed."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from app.domain.quote import Reason
from app.domain.uses_bound import ANY_USES, UsesBound


@pytest.mark.parametrize(
    ("bound", "wanted", "reason"),
    [
        pytest.param(ANY_USES, {"reward:bag": 9}, None, id="nothing bounds it"),
        pytest.param(UsesBound(most=0), {}, None, id="nothing wanted"),
        pytest.param(UsesBound({"reward:bag": 1}, 0), {"reward:bag": 1}, None, id="kept"),
        pytest.param(
            UsesBound({"reward:bag": 1}, 0), {"reward:bag": 2}, "OFFLINE_NEEDS_ONLINE",
            id="more than is kept",
        ),
        pytest.param(
            UsesBound({"reward:bag": 1}, 1), {"reward:bag": 2}, None, id="one beside the kept one"
        ),
        pytest.param(
            UsesBound(most=1), {"reward:bag": 1, "reward:cup": 1}, "OFFLINE_NEEDS_ONLINE",
            id="all rewards share the limit",
        ),
        pytest.param(
            UsesBound(gone={"reward:bag": 0}), {"reward:bag": 1}, "SET_ASIDE", id="none is left"
        ),
        pytest.param(
            UsesBound(gone={"reward:bag": 1}), {"reward:bag": 1, "reward:cup": 1}, None,
            id="one is left",
        ),
    ],
)  # fmt: skip
def test_so_often_and_no_more(
    bound: UsesBound, wanted: Mapping[str, int], reason: Reason | None
) -> None:
    assert bound.refusal(wanted) == reason
