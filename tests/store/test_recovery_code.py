"""The recovery code: what a person may type, and what is caught."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.store.recovery_code import (
    ALPHABET,
    CODE_LENGTH,
    NotARecoveryCode,
    RecoveryCode,
    RecoveryCodeFault,
    new_recovery_code,
    parse_recovery_code,
)

draws = st.lists(st.integers(0, 31), min_size=24 * 12, max_size=24 * 12)


def code_from(numbers: list[int]) -> RecoveryCode:
    rest = iter(numbers)
    return new_recovery_code(lambda _: next(rest))


@given(draws)
def test_a_code_reads_back_however_it_was_written(numbers: list[int]) -> None:
    code = code_from(numbers)
    assert len(code.text) == CODE_LENGTH
    assert set(code.text) <= set(ALPHABET)
    for written in (
        code.text,
        code.grouped,
        code.grouped.lower(),
        code.grouped.replace("-", " "),
        code.text.replace("0", "O").replace("1", "l"),
        f"  {code.grouped}\n",
    ):
        assert parse_recovery_code(written) == code


@given(draws, st.integers(0, CODE_LENGTH - 1), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_caught(
    numbers: list[int], position: int, wrong: str
) -> None:
    code = code_from(numbers)
    typed = code.text[:position] + wrong + code.text[position + 1 :]
    if typed != code.text:
        assert parse_recovery_code(typed) == NotARecoveryCode(RecoveryCodeFault.CHECK, CODE_LENGTH)


@pytest.mark.parametrize(
    ("typed", "fault", "length"),
    [
        pytest.param("", RecoveryCodeFault.LENGTH, 0, id="nothing"),
        pytest.param("7QK2M-0000", RecoveryCodeFault.LENGTH, 9, id="two groups"),
        pytest.param("U" * CODE_LENGTH, RecoveryCodeFault.LETTER, CODE_LENGTH, id="letter U"),
        pytest.param("上" * CODE_LENGTH, RecoveryCodeFault.LETTER, CODE_LENGTH, id="Chinese"),
    ],
)
def test_what_is_wrong_is_named(typed: str, fault: RecoveryCodeFault, length: int) -> None:
    assert parse_recovery_code(typed) == NotARecoveryCode(fault, length)


def test_two_codes_differ_and_a_code_does_not_show_itself_in_logs() -> None:
    one, other = new_recovery_code(), new_recovery_code()
    assert one != other
    assert one.text not in repr(one)
