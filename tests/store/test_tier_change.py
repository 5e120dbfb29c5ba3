"""What tills know of tiers by hand, in the real file: whatever comes first, one list is right."""

from __future__ import annotations

from app.domain.facts import canonical_bytes
from app.store.opening import OpenStore
from tests.domain.heart_builders import MEMBER, a_sale, op
from tests.domain.tier_builders import a_decision, a_grant, a_request, an_end


def put(store: OpenStore, fact: object, *, counted: bool = True) -> bool:
    data = canonical_bytes(fact)  # type: ignore[arg-type]  # any fact
    return store.lane.run(lambda unit: unit.tier_changes.put(data, counted=counted))


def open_ones(store: OpenStore) -> list[str]:
    found = store.lane.run(lambda unit: unit.tier_changes.open_requests())
    return [each.op_id for each in found]


def test_a_decision_on_its_way_closes_nothing_until_it_counts(store: OpenStore) -> None:
    put(store, a_request(70))
    put(store, a_decision(71), counted=False)
    assert open_ones(store) == [op(70)]
    put(store, a_decision(71))
    assert open_ones(store) == []
    put(store, a_decision(71), counted=False)
    put(store, a_request(70))
    assert open_ones(store) == [], "told twice changes nothing"


def test_a_decision_may_come_before_its_request(store: OpenStore) -> None:
    put(store, a_decision(71))
    put(store, a_request(70))
    assert open_ones(store) == []


def test_what_counts_stands_before_what_came_second(store: OpenStore) -> None:
    put(store, a_request(70))
    put(store, a_decision(71, verdict="refused"), counted=False)
    put(store, a_decision(72))
    found = store.lane.run(lambda unit: unit.tier_changes.decisions(op(70)))
    assert [each.op_id for each in found] == [op(72), op(71)]


def test_a_request_that_was_not_taken_is_off_the_list(store: OpenStore) -> None:
    put(store, a_request(70), counted=False)
    store.lane.run(lambda unit: unit.tier_changes.close(op(70)))
    assert open_ones(store) == []


def test_everything_about_a_person_in_its_order(store: OpenStore) -> None:
    facts = [a_request(70), a_decision(71), a_grant(72), an_end(73)]
    for fact in facts:
        assert put(store, fact)
    assert not put(store, a_sale(1))
    kept = store.lane.run(lambda unit: unit.tier_changes.of_members([MEMBER, "nobody"]))
    assert list(kept) == facts
    assert store.lane.run(lambda unit: unit.tier_changes.grant(op(72))) == a_grant(72)
    assert store.lane.run(lambda unit: unit.tier_changes.grant(op(70))) is None
    assert store.lane.run(lambda unit: unit.tier_changes.request(op(70))) == a_request(70)
