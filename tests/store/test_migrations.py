"""Schema steps: numbered, without gaps, all or none, with a backup before, and never backwards."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from app.store.backups import BackupReason
from app.store.cipher import new_key
from app.store.database import connect_writer
from app.store.errors import StoreBug, StoreError, TooNew
from app.store.migrations import (
    SchemaStep,
    checked_steps,
    load_steps,
    migrate,
    schema_number,
    statements,
)
from app.store.opening import OpenStore, StoreSetting, create_store, open_store
from app.store.recovery_code import RecoveryCode
from tests.store.conftest import NOW
from tests.store.rows import count_settings, put_setting

HOLDS = SchemaStep(2, "holds", "CREATE TABLE hold (id INTEGER PRIMARY KEY) STRICT;")


def test_the_shipped_steps_are_numbered_without_a_gap() -> None:
    assert [step.number for step in load_steps()] == list(range(1, len(load_steps()) + 1))


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(["0001_start.sql", "0003_tiers.sql"], id="a gap"),
        pytest.param(["0001_start.sql", "0001_again.sql"], id="a number twice"),
        pytest.param(["0002_holds.sql"], id="not from 1"),
        pytest.param(["0001_start.sql", "notes.txt"], id="a stray file"),
        pytest.param(["1_start.sql"], id="too few digits"),
    ],
)
def test_a_wrong_set_of_files_is_refused(names: list[str]) -> None:
    with pytest.raises(StoreBug):
        checked_steps((name, "") for name in names)


def test_statements_keep_triggers_and_comments_whole() -> None:
    sql = """
    -- a comment; with a semicolon
    CREATE TABLE a (b TEXT DEFAULT ';') STRICT;
    CREATE TRIGGER t AFTER INSERT ON a BEGIN
        DELETE FROM a WHERE b = 'x';
        DELETE FROM a WHERE b = 'y';
    END;
    -- the end
    """
    assert [part.split("\n")[-1].strip() for part in statements(sql)] == [
        "CREATE TABLE a (b TEXT DEFAULT ';') STRICT;",
        "END;",
    ]
    with pytest.raises(StoreBug):
        list(statements("CREATE TABLE a (b TEXT)"))


def test_a_failing_step_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    connection = connect_writer(tmp_path / "shop.db", new_key())
    first = SchemaStep(1, "start", "CREATE TABLE one (a TEXT) STRICT;")
    migrate(connection, [first])
    broken = SchemaStep(3, "broken", "CREATE TABLE three (a TEXT) STRICT;\nSELECT nothing;")
    with pytest.raises(StoreBug):
        migrate(connection, [first, SchemaStep(2, "two", "CREATE TABLE two (a TEXT);"), broken])
    assert schema_number(connection) == 1
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("one",)]
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    connection.close()


def test_a_step_that_orphans_rows_is_refused(tmp_path: Path) -> None:
    connection = connect_writer(tmp_path / "shop.db", new_key())
    sql = """CREATE TABLE sale (id INTEGER PRIMARY KEY) STRICT;
    CREATE TABLE line (sale INTEGER NOT NULL REFERENCES sale (id)) STRICT;
    INSERT INTO sale VALUES (1);
    INSERT INTO line VALUES (1);"""
    start = SchemaStep(1, "start", sql)
    migrate(connection, [start])
    with pytest.raises(StoreBug, match="1 rows without"):
        migrate(connection, [start, SchemaStep(2, "tidy", "DELETE FROM sale;")])
    assert connection.execute("SELECT count(*) FROM sale").fetchone() == (1,)
    connection.close()


def test_a_newer_file_is_not_opened(setting: StoreSetting, code: RecoveryCode) -> None:
    steps = load_steps()
    newer = [*steps, SchemaStep(len(steps) + 1, "from the future", HOLDS.sql)]
    create_store(setting, code=code, now=NOW, steps=newer).close()
    before = setting.place.database.read_bytes()
    with pytest.raises(TooNew) as caught:
        open_store(setting, now=NOW)
    assert caught.value.named == {"found": len(newer), "known": len(steps)}
    assert setting.place.database.read_bytes() == before
    open_store(setting, now=NOW, steps=newer).close()


def test_a_backup_is_made_before_a_schema_step(setting: StoreSetting, code: RecoveryCode) -> None:
    old = create_store(setting, code=code, now=NOW)
    old.lane.submit(put_setting("shop", "人民路店")).result()
    old.close()
    assert setting.backups.list() == []
    steps = [*load_steps(), SchemaStep(len(load_steps()) + 1, "holds", HOLDS.sql)]
    opened = open_store(setting, now=NOW, steps=steps)
    assert isinstance(opened, OpenStore)
    assert opened.lane.read(count_settings).result() == 1
    opened.lane.submit(
        lambda unit: unit.connection.execute(text("INSERT INTO hold VALUES (1)"))
    ).result()
    [backup] = setting.backups.list()
    assert backup.reason is BackupReason.SCHEMA
    opened.close()


def test_without_room_for_the_backup_no_step_is_run(
    setting: StoreSetting, code: RecoveryCode
) -> None:
    create_store(setting, code=code, now=NOW).close()
    setting.backups.folder.rmdir()
    setting.backups.folder.write_text("a file in the way")
    steps = [*load_steps(), SchemaStep(len(load_steps()) + 1, "holds", HOLDS.sql)]
    with pytest.raises(StoreError):
        open_store(setting, now=NOW, steps=steps)
    opened = open_store(setting, now=NOW)
    assert opened.lane.read(count_settings).result() == 0
    opened.close()
