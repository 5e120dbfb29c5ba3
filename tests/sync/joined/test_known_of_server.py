"""What a till knows of a server that does not answer: when it was heard last, and its time.

Neither is lost by starting the program again, nor changed by setting the clock. Real till, real
server.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.domain.grant import PassKey
from app.domain.member_pass import MemberPassClaims, pass_code, signed_bytes
from app.domain.server_answer import EnrolRefused
from app.services.answers import Changed
from app.services.member_pass import PassNotTaken
from app.services.redeem import redeem_points
from app.services.scan import scan_code
from tests.real_shop import OIL, TOWEL
from tests.sync.joined.counter import Counter
from tests.sync.joined.made_chain import Chain, a_chain
from tests.sync.joined.story_time import TillTime
from tests.sync.joined.test_coupon_ways import ring_up

pytestmark = pytest.mark.slow
LIMIT = 500


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    """Head office is gone, and noticed to be."""
    with a_chain(tmp_path) as made:
        made.office.close()
        made.first.line.sync_now()
        made.first.until(lambda: not made.first.line.contact().is_there, "offline")
        yield made


def known_again(counter: Counter) -> None:
    counter.until(lambda: counter.line.link() is not None, "the line has begun")
    counter.until(lambda: counter.line.contact().heard_monotonic_ms is not None, "as before")


def test_a_program_started_again_goes_on_within_the_limit(chain: Chain) -> None:
    counter = chain.first
    ring_up(counter, chain.card(), OIL, OIL, OIL, OIL)
    assert isinstance(counter.do(redeem_points, points=300), Changed)
    counter.sell()
    counter.start_again()
    known_again(counter)
    redeem = ring_up(counter, chain.card(), OIL, OIL, OIL, OIL).redeem
    assert (redeem.way, redeem.most) == ("floor", LIMIT - 300)


def test_after_a_restart_of_the_machine_it_says_why_nothing_is_spent(chain: Chain) -> None:
    counter = chain.first
    assert isinstance(counter.clock, TillTime)
    counter.clock.boot = "boot-2"
    counter.start_again()
    counter.until(lambda: counter.line.contact().was_restarted, "it knows that it was restarted")
    redeem = ring_up(counter, chain.card(), OIL, OIL, OIL, OIL).redeem
    assert (redeem.way, redeem.most, redeem.why) == ("floor", 0, "restarted")
    assert redeem.why_coupons == "restarted"


def test_an_enrolment_that_fails_forgets_nothing(chain: Chain) -> None:
    counter = chain.first
    before = counter.line.contact()
    assert isinstance(counter.enrol(chain.office, "AAAA-BBBB-CCCC"), EnrolRefused)
    after = counter.line.contact()
    assert after.heard_monotonic_ms == before.heard_monotonic_ms is not None
    now = counter.clock.now()
    assert after.server_ms(now) == before.server_ms(now)


def test_setting_the_clock_does_not_make_a_pass_good_again(chain: Chain) -> None:
    counter = chain.first
    key = Ed25519PrivateKey.generate()
    now_ms = counter.clock.now().wall_ms
    known = PassKey(
        "1", key.public_key().public_bytes_raw(), now_ms - 3_600_000, now_ms + 3_600_000
    )
    counter.real.store.lane.run(lambda work: work.grants.put_pass_keys([known]))
    claims = MemberPassClaims(1, chain.member(), "gold", now_ms - 300_000, 60)
    shown = pass_code(claims, key.sign(signed_bytes(claims))).text
    counter.do(scan_code, text=TOWEL)
    assert counter.do(scan_code, text=shown) == PassNotTaken("expired")
    assert isinstance(counter.clock, TillTime)
    counter.clock.set_wrong(milliseconds=-300_000)
    assert counter.do(scan_code, text=shown) == PassNotTaken("expired")
