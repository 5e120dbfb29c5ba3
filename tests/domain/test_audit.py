"""The audit trail's chain: whatever is changed, taken out or slipped in is found at its place."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.domain.audit import (
    AUDIT_GENESIS,
    AuditEntry,
    ChainedAuditEntry,
    TrailBroken,
    TrailHead,
    audit_hash,
    first_broken_entry,
    follow_trail,
)


def chain(acts: list[str]) -> list[ChainedAuditEntry]:
    previous, chained = AUDIT_GENESIS, []
    for number, act in enumerate(acts, start=1):
        entry = AuditEntry(1_795_000_000_000 + number, "s1", act, "m1", (("reason", "check"),))
        previous = audit_hash(previous, number, entry)
        chained.append(ChainedAuditEntry(number, entry, previous))
    return chained


acts = st.lists(st.sampled_from(["signed_in", "sale", "phone_revealed"]), min_size=1, max_size=8)


@given(acts, st.data())
def test_a_changed_a_missing_and_a_doubled_entry_are_found(
    names: list[str], data: st.DataObject
) -> None:
    whole = chain(names)
    assert first_broken_entry(whole) is None
    place = data.draw(st.integers(0, len(whole) - 1))
    changed = replace(whole[place], entry=replace(whole[place].entry, staff_id="s2"))
    assert first_broken_entry([*whole[:place], changed, *whole[place + 1 :]]) == place + 1
    doubled = [*whole[: place + 1], whole[place], *whole[place + 1 :]]
    assert first_broken_entry(doubled) == place + 2
    if place + 1 < len(whole):
        assert first_broken_entry([*whole[:place], *whole[place + 1 :]]) == place + 1


def test_an_empty_trail_is_sound() -> None:
    assert first_broken_entry([]) is None


@given(acts, st.data())
def test_a_trail_followed_in_pages_ends_as_it_does_in_one(
    names: list[str], data: st.DataObject
) -> None:
    whole = chain(names)
    if data.draw(st.booleans()):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place] = replace(whole[place], entry=replace(whole[place].entry, subject="m2"))
    cut = data.draw(st.integers(0, len(whole)))
    paged = follow_trail(whole[cut:], follow_trail(whole[:cut], TrailHead()))
    assert paged == follow_trail(whole, TrailHead())


def test_a_broken_trail_stays_broken_whatever_follows() -> None:
    whole = chain(["signed_in", "sale"])
    assert follow_trail(whole, TrailBroken(2)) == TrailBroken(2)
