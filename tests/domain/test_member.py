"""How members are shown: masked, always."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.member import Member, PersonalData, masked_name, masked_phone


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        pytest.param("+8613800138000", "138****8000", id="China"),
        pytest.param("+4915123456789", "****6789", id="elsewhere"),
        pytest.param("+86138001380", "****1380", id="too short for China"),
    ],
)
def test_a_phone_shows_its_ends_only(phone: str, shown: str) -> None:
    assert masked_phone(phone) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("", ""),
        ("张", "张"),
        ("王芳", "王*"),
        ("张三丰", "张*丰"),
        ("欧阳修文", "欧*文"),
        ("Zhang San", "Zhang *"),
        (" Ann Mary Lee ", "Ann *"),
        ("Ann", "A***"),
    ],
)
def test_a_name_shows_its_ends_only(name: str, shown: str) -> None:
    assert masked_name(name) == shown


def test_a_member_without_a_phone_is_anonymous() -> None:
    bare = Member("m1", "M000000000000X", date(2026, 11, 21))
    assert bare.is_anonymous
    known = Member("m2", "M", date(2026, 11, 21), PersonalData(phone="+8613800138000"))
    assert not known.is_anonymous
