"""Notes: what a trail may keep of a few words."""

from __future__ import annotations

import pytest

from app.domain.note import NOTE_MAX, clean_note


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  杯口有 缺口 ", "杯口有 缺口"),
        ("拿 2 个换 1 个", "拿 2 个换 1 个"),
        ("电话13800138000回", "电话*回"),
        ("138 0013 8000", "*"),
        ("138-0013-8000 先生", "* 先生"),
        ("二行\n三行\x00", "二行 三行"),
        ("", ""),
        ("好" * 100, "好" * NOTE_MAX),
    ],
    ids=["spaces", "small figures stay", "a phone", "in groups", "with dashes", "one line",
         "nothing", "too long"],
)  # fmt: skip
def test_a_note_is_one_line_without_numbers_of_people(typed: str, kept: str) -> None:
    assert clean_note(typed) == kept
