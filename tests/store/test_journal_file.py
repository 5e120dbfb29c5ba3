"""The form of the journal's files: cut or flipped anywhere, each whole record is read, no other."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.store.journal_file import (
    BEFORE_ALL,
    JournalKey,
    JournalRecord,
    JournalWriter,
    Position,
    follow,
    journal_heads,
)

KEY = JournalKey.of("ab" * 16, b"k" * 32)


def a_record(number: int, data: bytes = b"{}", follows: tuple[int, int] | None = None) -> Any:
    return JournalRecord(
        op_id=f"op-{number}", kind="sale_recorded.1", epoch=1, dseq=number,
        follows=follows or ((1, number - 1) if number > 1 else BEFORE_ALL),
        chain_hash=b"h" * 32, business_day="2026-11-21", wall_ms=1, monotonic_ms=1,
        boot_id="boot", data=data,
    )  # fmt: skip


def write_file(folder: Path, records: list[JournalRecord]) -> Path:
    folder.mkdir(exist_ok=True)
    writer = JournalWriter.begin(folder, KEY, BEFORE_ALL, 1)
    for record in records:
        writer.append([record])
    writer.close()
    return writer.path


@pytest.fixture(scope="module")
def whole_file(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[JournalRecord]]:
    records = [a_record(number, bytes([number]) * (40 * number)) for number in range(1, 8)]
    return write_file(tmp_path_factory.mktemp("journal"), records), records


@given(cut=st.integers(0, 4_000))
@settings(max_examples=150, deadline=None)
def test_a_file_cut_anywhere_gives_every_whole_record(
    whole_file: tuple[Path, list[JournalRecord]], cut: int
) -> None:
    path, records = whole_file
    content = path.read_bytes()
    folder = path.parent / "cut"
    folder.mkdir(exist_ok=True)
    torn = folder / path.name
    torn.write_bytes(content[:cut])
    read = [head.read(KEY) for head in journal_heads(folder, KEY.key_id)]
    found = [record for part in read for record in part.records]
    assert found == records[: len(found)]
    # Only what was torn is missing: the next record would not have fitted into the cut.
    [(head_of_whole)] = journal_heads(path.parent, KEY.key_id)
    ends = _ends(content, head_of_whole.start)
    assert len(found) == sum(end <= cut for end in ends)
    if read:
        assert read[0].damaged == 0
        assert read[0].torn == (cut not in {head_of_whole.start, *ends} and cut < len(content))


def _ends(content: bytes, start: int) -> list[int]:
    ends, place = [], start
    while place < len(content):
        place += 8 + int.from_bytes(content[place + 4 : place + 8], "big")
        ends.append(place)
    return ends


@given(place=st.integers(0, 3_000), bits=st.integers(1, 255))
@settings(max_examples=150, deadline=None)
def test_a_flipped_byte_is_found_and_costs_one_record(
    whole_file: tuple[Path, list[JournalRecord]], place: int, bits: int
) -> None:
    path, records = whole_file
    content = bytearray(path.read_bytes())
    [head] = journal_heads(path.parent, KEY.key_id)
    place = head.start + place % (len(content) - head.start)
    content[place] ^= bits
    folder = path.parent / "flipped"
    folder.mkdir(exist_ok=True)
    (folder / path.name).write_bytes(content)
    [damaged] = journal_heads(folder, KEY.key_id)
    read = damaged.read(KEY)
    assert [record for record in records if record not in read.records] != []
    assert len(read.records) == len(records) - 1
    assert read.torn or read.damaged == 1


def test_a_record_from_elsewhere_is_none(tmp_path: Path) -> None:
    one = write_file(tmp_path / "one", [a_record(1), a_record(2)])
    other = write_file(tmp_path / "other", [a_record(1), a_record(2)])
    [head] = journal_heads(tmp_path / "one", KEY.key_id)
    mixed = one.read_bytes()[: head.start] + other.read_bytes()[head.start :]
    one.write_bytes(mixed)
    assert journal_heads(tmp_path / "one", KEY.key_id)[0].read(KEY).records == ()


def test_following_stops_at_a_gap_and_tells_what_is_behind() -> None:
    records = [a_record(number) for number in (5, 2, 3, 7, 6, 2)]
    whole, beyond = follow(Position(1, 1), records)
    assert [record.dseq for record in whole] == [2, 3]
    assert [record.dseq for record in beyond] == [5, 6, 7]


def test_following_crosses_into_the_next_epoch() -> None:
    next_epoch = JournalRecord(
        op_id="n", kind="k", epoch=2, dseq=1, follows=(1, 3), chain_hash=b"", data=b"",
        business_day="2026-11-22", wall_ms=1, monotonic_ms=1, boot_id="b",
    )  # fmt: skip
    whole, beyond = follow(Position(1, 2), [next_epoch, a_record(3)])
    assert [record.position for record in whole] == [(1, 3), (2, 1)]
    assert beyond == []


def test_files_of_others_are_left_out(tmp_path: Path) -> None:
    write_file(tmp_path, [a_record(1)])
    (tmp_path / f"journal-{0:013d}-{'0' * 16}.zgj").write_bytes(b"ZGJRNL1\n\xff\xff\xff\xff")
    (tmp_path / f"journal-{1:013d}-{'0' * 16}.zgj").write_bytes(b"")
    (tmp_path / "holiday.zgj").write_bytes(b"sun")
    assert len(journal_heads(tmp_path, KEY.key_id)) == 1
    assert journal_heads(tmp_path, "another") == []
    shutil.rmtree(tmp_path)
