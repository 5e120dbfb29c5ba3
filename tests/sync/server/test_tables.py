"""The rules that keep distributed PostgreSQL open, over the metadata; each finds a planted fault.

Owns: those rules. Does not own: that the versions lead to these tables (test_migrations.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Identity,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Sequence,
    Table,
    Text,
    UniqueConstraint,
)

import sync.server
from sync.server.tables import METADATA, SHARDS, Whole, shard_of

LEADING = ["tenant_id", "shard_key"]


def faults_of(metadata: MetaData) -> Iterator[str]:
    """Whatever would stop these tables from being spread over machines."""
    for table in metadata.tables.values():
        keys = [
            each
            for each in table.constraints
            if isinstance(each, PrimaryKeyConstraint | UniqueConstraint)
        ]
        unique = [index for index in table.indexes if index.unique]
        for key in (*keys, *unique):
            if [column.name for column in key.columns][:2] != LEADING:
                yield f"{table.name}: a key that does not begin with tenant and shard"
        if table.foreign_key_constraints:
            yield f"{table.name}: a foreign key may lead to another shard"
        for column in table.columns:
            if column.identity is not None or isinstance(column.default, Sequence):
                yield f"{table.name}.{column.name}: a number out of a sequence"
            if column.autoincrement is True:
                yield f"{table.name}.{column.name}: counts by itself"
            if column.server_default is not None:
                yield f"{table.name}.{column.name}: its value is the database's idea"


def test_the_tables_may_be_spread_over_machines() -> None:
    assert not list(faults_of(METADATA))


def _key() -> list[Column[Any]]:
    return [Column(name, Text, primary_key=True) for name in LEADING]


@pytest.mark.parametrize(
    "columns",
    [
        pytest.param([Column("id", Integer, primary_key=True), *_key()], id="key not led"),
        pytest.param([*_key(), Column("at", Integer, Identity())], id="identity"),
        pytest.param([*_key(), Column("at", Integer, Sequence("places"))], id="sequence"),
        pytest.param([*_key(), Column("at", Integer, autoincrement=True)], id="counts by itself"),
        pytest.param([*_key(), Column("phone", Text, unique=True)], id="unique alone"),
        pytest.param([*_key(), Column("sale", Text, ForeignKey("t.tenant_id"))], id="foreign key"),
        pytest.param([*_key(), Column("on", Boolean, server_default="1")], id="server default"),
    ],
)
def test_a_planted_fault_is_found(columns: list[Column[Any]]) -> None:
    metadata = MetaData()
    Table("t", metadata, *columns)
    assert list(faults_of(metadata))


def test_no_trigger_no_lock_by_number_no_listening() -> None:
    """Nothing of it exists everywhere; the sync path stands on rows and their locks alone."""
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for path in Path(str(sync.server.__file__)).parent.rglob("*.py")
    ).lower()
    for word in ("create trigger", "advisory", "listen ", "xid8", "nextval", "batch_alter"):
        assert word not in text, word


def test_every_number_has_64_bits_on_postgresql() -> None:
    for table in METADATA.tables.values():
        for column in table.columns:
            assert not isinstance(column.type, Integer) or column.type is Whole, column


def test_a_shard_is_the_same_for_ever() -> None:
    names = ("till-02", "0197c2a0-0000-7000-8000-00000000a001", "store:人民路", "")
    assert [shard_of(name) for name in names] == [483, 451, 213, 0]
    assert SHARDS == 1024
