"""The benchmark of the desk, on a small shop that it keeps: it says every page and the sale."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import desk_pages


def test_it_tells_of_every_page_and_makes_its_shop_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, few in {"TIMES": 1, "CASES": 3, "SALES_MEANWHILE": 2}.items():
        monkeypatch.setattr(desk_pages, name, few)
    first = desk_pages.of_till(tmp_path / "first", 40, 120, tmp_path)
    again = desk_pages.of_till(tmp_path / "again", 40, 120, tmp_path)
    assert "filled_s" in first and "filled_s" not in again, "it was kept"
    for told in (first, again):
        pages = told["slowest_of_five_ms"]
        assert len(pages) >= 30 and pages.keys() == told["longest_unit_ms"].keys()
        assert told["longest_unit_ms"]["figures of a month"] == 0, "no sale waits for it"
        assert set(told["sale"]) == {"alone", "while pages turn"}
