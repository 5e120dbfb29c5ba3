"""The made-up shop of the benchmarks is sound and searchable, and the benchmark runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from stdnum import ean

from app.store.database import connect_reader, quick_check
from app.store.made_up import MadeUp, gtin, load, made_members, made_product_name
from app.store.opening import OpenStore
from tests.bench import bench_store
from tests.store.builders import IDENTITY

PLAN = MadeUp(members=300, products=120)


def index_names(store: OpenStore) -> list[str]:
    sql = "SELECT name FROM sqlite_master WHERE type = 'index' ORDER BY name"
    return store.lane.run(lambda unit: list(unit.connection.exec_driver_sql(sql).scalars()))


def test_a_loaded_shop_is_as_sound_as_one_rung_up(store: OpenStore) -> None:
    store.lane.run(lambda unit: unit.device.write(IDENTITY))
    indexes, told = index_names(store), list[int]()
    load(store.lane, PLAN, on_progress=told.append)
    assert told == [PLAN.members]
    assert index_names(store) == indexes
    people = list(made_members(PLAN))
    kept = store.lane.run(lambda unit: [unit.members.get(one.member_id) for one in people])
    assert kept == people
    ids = {one.member_id for one in people}
    name = people[0].person.name
    found = store.lane.run(lambda unit: unit.members.search(name, 8))
    assert people[0] in found
    assert {one.member_id for one in found} <= ids
    holder = store.lane.run(lambda unit: unit.members.by_card(people[7].card_code))
    assert holder is not None
    assert holder.member_id == people[7].member_id
    product = store.lane.run(lambda unit: unit.products.by_barcode(gtin(5)))
    assert product is not None
    assert product.name == made_product_name(5)
    assert product in store.lane.run(lambda unit: unit.products.search(product.name, 8))
    store.close()
    reader = connect_reader(store.place.database, store.secrets.database_key)
    quick_check(reader)
    reader.close()


def test_the_same_seed_makes_the_same_shop_with_real_barcodes() -> None:
    assert list(made_members(PLAN)) == list(made_members(PLAN))
    assert all(ean.is_valid(gtin(number)) for number in range(200))


def test_the_benchmark_measures_every_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench_store, "ROUNDS", 3)
    monkeypatch.setattr(bench_store, "SALES", 3)
    setting = bench_store.fill(tmp_path, PLAN)
    figures = bench_store.measure_all(setting, PLAN)
    assert len(figures) == 6
    assert all(figure.measured > 0 and figure.budget > 0 for figure in figures)
