"""The parts of an export: as they were written, or not ours."""

from __future__ import annotations

from app.domain.pending_export import (
    ExportedFact,
    ExportedKey,
    ExportedPart,
    ExportHead,
    NotAnExport,
    export_bytes,
    read_head,
    read_part,
)

HEAD = ExportHead(
    tenant="renmin", store="renmin-1", store_name="人民路店", device="till-02", epoch=3,
    till_number=2, count=1, claim_secret=bytes(32),
)  # fmt: skip
PART = ExportedPart(
    (ExportedFact("op-1", 3, 7, bytes(32), b"{}"),), (ExportedKey("m-1", "k-1", bytes(32)),)
)


def test_parts_are_read_as_they_were_written() -> None:
    assert read_head(export_bytes(HEAD)) == HEAD
    assert read_part(export_bytes(PART)) == PART


def test_what_is_no_part_is_said_to_be_none() -> None:
    assert isinstance(read_head(export_bytes(PART)), NotAnExport)
    assert isinstance(read_part(export_bytes(HEAD)), NotAnExport)
    assert isinstance(read_part(b""), NotAnExport)
