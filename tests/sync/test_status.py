"""Which state the status chip is told, and the estimate of the server's clock.

Owns: the truth table of states, the laws of the offset. Does not own: how the heart comes to its
signs (test_core.py), words and colours (ui).
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.back_off import BackOff, Limits, retry_delay_ms
from sync.event import Now
from sync.offset import measured
from sync.status import NEEDS_PERSON, Reason, Signs, State, state_of

# link, switched off, moving, pending, set aside, reasons -> state, reason
CASES: dict[str, tuple[Signs, State, Reason | None]] = {
    "nothing heard yet": (Signs(None, False, False, 3, 0, ()), "checking", None),
    "all is well": (Signs(True, False, False, 0, 0, ()), "online", None),
    "sending": (Signs(True, False, True, 12, 0, ()), "online", None),
    "pending and not moving": (Signs(True, False, False, 12, 0, ("held",)), "behind", "held"),
    "disk full": (Signs(True, False, False, 1, 0, ("store_failed",)), "behind", "store_failed"),
    "offline": (Signs(False, False, False, 12, 0, ("unreachable",)), "offline", "unreachable"),
    "offline, trying": (Signs(False, False, True, 1, 0, ("busy",)), "offline", "busy"),
    "offline with dead letters": (Signs(False, False, False, 0, 2, ("busy",)), "offline", "busy"),
    "cable pulled": (Signs(True, True, False, 0, 0, ("busy",)), "offline", "switched_off"),
    "dead letters": (Signs(True, False, False, 0, 2, ()), "needs_person", "set_aside"),
    "fork": (Signs(True, False, False, 9, 0, ("enrol_again", "held")), "needs_person",
             "enrol_again"),
    "revoked while offline": (Signs(False, False, False, 0, 0, ("unreachable", "revoked")),
                              "needs_person", "revoked"),
    "server restored, on its way": (Signs(True, False, True, 5, 0, ("restored_server",)), "online",
                                    "restored_server"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_state_is_the_weightiest_that_holds(name: str) -> None:
    signs, state, reason = CASES[name]
    assert state_of(signs) == (state, reason)


@given(
    link=st.sampled_from([None, True, False]), off=st.booleans(), moving=st.booleans(),
    pending=st.integers(1, 500),
    reasons=st.lists(st.sampled_from(sorted(NEEDS_PERSON)), max_size=2),
)  # fmt: skip
def test_it_is_never_plainly_green_while_something_pending_stands_still(
    link: bool | None, off: bool, moving: bool, pending: int, reasons: list[Reason]
) -> None:
    state, _ = state_of(Signs(link, off, moving, pending, 0, tuple(reasons)))
    assert state != "online" or (moving and link and not off and not reasons)


# ------------------------------------------------------------------ the server's clock


def at(ms: int, *, wall_off: int = 0) -> Now:
    return Now(1_795_320_000_000 + ms + wall_off, ms)


@given(ahead=st.integers(-(10**10), 10**10), there=st.integers(0, 9000), back=st.integers(0, 9000))
def test_the_estimate_is_wrong_by_half_a_round_trip_at_most(
    ahead: int, there: int, back: int
) -> None:
    sent, now = at(0), at(there + back)
    found = measured(None, sent.wall_ms + there + ahead, sent, now)
    assert abs(found.ms - ahead) <= (there + back + 1) / 2
    assert found.round_trip_ms == there + back


def test_the_smallest_round_trip_is_believed_for_an_hour() -> None:
    good = measured(None, at(20).wall_ms, at(0), at(40))
    assert measured(good, at(9_000).wall_ms, at(8_000), at(9_000)) is good
    better = measured(good, at(9_005).wall_ms, at(9_000), at(9_010))
    assert better.round_trip_ms == 10
    later = measured(good, at(3_700_000).wall_ms, at(3_699_000), at(3_700_000))
    assert later.round_trip_ms == 1_000


@pytest.mark.parametrize("by_ms", [-86_400_000, 5_000, 10**12])
def test_a_wall_clock_that_was_set_ends_what_was_known(by_ms: int) -> None:
    good = measured(None, at(5).wall_ms, at(0), at(10))
    now = at(60_000, wall_off=by_ms)
    after = measured(good, at(59_750).wall_ms, at(59_500, wall_off=by_ms), now)
    assert abs(after.ms + by_ms) <= 500


# ------------------------------------------------------------------ waiting


@given(failures=st.integers(1, 10_000), chance=st.floats(0, 1, exclude_max=True))
def test_waits_lie_between_a_second_and_five_minutes(failures: int, chance: float) -> None:
    wait_ms = retry_delay_ms(failures, chance, Limits())
    assert 1_000 <= wait_ms <= min(300_000, 1_000 * 2 ** min(failures, 20))


@given(promised_s=st.integers(0, 10**9), hurried_at=st.integers(0, 10_000))
def test_no_hurry_breaks_what_the_server_asked_for(promised_s: int, hurried_at: int) -> None:
    back_off = BackOff(lambda: 0.5, Limits())
    back_off.fail(1_000, retry_after_s=promised_s)
    back_off.hurry(1_000 + hurried_at, spread_ms=30_000)
    assert back_off.due_ms >= 1_000 + min(promised_s, 3_600) * 1_000
    back_off.good()
    assert back_off.due_ms == 0
