"""Remembered: one question is answered once, and no other question by its answer."""

from app.services.remembered import remembered


def test_the_same_objects_are_reckoned_once_and_equal_ones_anew() -> None:
    asked: list[tuple[list[int], int]] = []

    @remembered
    def total(numbers: list[int], more: int) -> int:
        asked.append((numbers, more))
        return sum(numbers) + more

    basket, other = [1, 2], [1, 2]
    assert [total(basket, 3), total(basket, 3)] == [6, 6]
    assert len(asked) == 1
    assert total(other, 3) == 6, "equal, but who knows for how long"
    assert total(basket, 4) == 7
    assert len(asked) == 3
