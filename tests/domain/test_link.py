"""What is known of the server: its time goes on by the monotonic clock, whatever the wall says."""

from __future__ import annotations

import pytest

from app.domain.link import NO_CONTACT, Contact
from app.domain.moment import Moment

MEASURED = Contact(offset_ms=-2_000, offset_monotonic_ms=60_000, offset_server_ms=1_795_226_518_000)


@pytest.mark.parametrize(
    ("contact", "wall_ms", "server_ms"),
    [
        (MEASURED, 1_795_226_530_000, 1_795_226_528_000),
        (MEASURED, 1_000, 1_795_226_528_000),
        (Contact(offset_ms=-2_000), 1_795_226_530_000, 1_795_226_528_000),
        (NO_CONTACT, 1_795_226_530_000, 1_795_226_530_000),
    ],
    ids=["measured", "the clock was set since", "without the moment", "never measured"],
)
def test_the_time_of_the_server(contact: Contact, wall_ms: int, server_ms: int) -> None:
    assert contact.server_ms(Moment(wall_ms, 70_000, "boot-1")) == server_ms
