"""Moves on the open basket: add, merge, change, remove, clear, undo. Pure.

Owns: what each move does to lines, selection and the undo stack.
Does not own: who may do it, saving and pricing (the services).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace as replace_value

from msgspec.structs import replace

from app.domain.basket import BasketChoices
from app.domain.moment import Moment
from app.domain.open_basket import MemberOnBasket, OpenBasket, OpenLine, UndoStep
from app.domain.quantity import QUANTITY_MAX, Quantity

UNDO_STEPS_MAX = 50
CLEAR_UNDO_MS = 10_000


@dataclass(frozen=True, slots=True)
class Placed:
    """The basket after a line was added; `merged` where it went onto one that was there."""

    basket: OpenBasket
    line_id: str
    merged: bool


def place_line(basket: OpenBasket, line: OpenLine, *, merge: bool) -> Placed:
    """Add a line at the end, or one more of the same goods. `line.line_id` is given here."""
    twin = _twin(basket, line) if merge else None
    if twin is not None:
        more = with_quantity(twin, twin.quantity + line.quantity)
        return Placed(_swap(basket, more), twin.line_id, merged=True)
    line_id = str(basket.next_line)
    named = _named(line, line_id)
    step = UndoStep(added=(line_id,))
    lines = (*basket.lines, named)
    moved = replace(basket, lines=lines, next_line=basket.next_line + 1, selected=line_id)
    return Placed(_pushed(moved, step), line_id, merged=False)


def change_line(basket: OpenBasket, line: OpenLine) -> OpenBasket:
    """Put the line in the place of the one with its id."""
    return _swap(basket, line)


def change_lines(basket: OpenBasket, changed: Sequence[OpenLine]) -> OpenBasket:
    """Put several lines in the places of those with their ids; one step to undo."""
    lines, touched = list(basket.lines), []
    for line in changed:
        place = _place_of(basket, line.line_id)
        touched.append((place, lines[place]))
        lines[place] = line
    return _pushed(replace(basket, lines=tuple(lines)), UndoStep(touched=tuple(touched)))


def take_out_one(basket: OpenBasket, line_id: str, one: OpenLine) -> Placed:
    """A piece of a line becomes the line `one`, the last of the basket; one step to undo."""
    place = _place_of(basket, line_id)
    before = basket.lines[place]
    fewer = with_quantity(before, Quantity(before.quantity.thousandths - one.quantity.thousandths))
    new_id = str(basket.next_line)
    lines = (*basket.lines[:place], fewer, *basket.lines[place + 1 :], _named(one, new_id))
    step = UndoStep(touched=((place, before),), added=(new_id,))
    moved = replace(basket, lines=lines, next_line=basket.next_line + 1, selected=new_id)
    return Placed(_pushed(moved, step), new_id, merged=False)


def remove_line(basket: OpenBasket, line_id: str) -> OpenBasket:
    """Without the line; the next one (or the last) is selected."""
    place = _place_of(basket, line_id)
    lines = basket.lines[:place] + basket.lines[place + 1 :]
    selected = lines[min(place, len(lines) - 1)].line_id if lines else None
    step = UndoStep(touched=((place, basket.lines[place]),))
    return _pushed(replace(basket, lines=lines, selected=selected), step)


def select_line(basket: OpenBasket, line_id: str) -> OpenBasket:
    """With the cursor on another line; nothing to undo."""
    return replace(basket, selected=line_id)


def choose(basket: OpenBasket, choices: BasketChoices) -> OpenBasket:
    """With other choices (coupons, codes, points, gifts)."""
    if choices == basket.choices:
        return basket
    return _pushed(replace(basket, choices=choices), UndoStep(choices=basket.choices))


def use_up_beyond(basket: OpenBasket, points: int) -> OpenBasket:
    """With so much less left of what was allowed beyond the limit; undo brings none of it back."""
    steps = tuple(
        step if step.choices is None else replace(step, choices=_less_beyond(step.choices, points))
        for step in basket.undo
    )
    return replace(basket, choices=_less_beyond(basket.choices, points), undo=steps)


def _less_beyond(choices: BasketChoices, points: int) -> BasketChoices:
    beyond = choices.beyond
    if beyond is None or not points:
        return choices
    left = max(0, beyond.points - points)
    kept = replace_value(beyond, points=left) if left or beyond.coupon_off else None
    return replace_value(choices, beyond=kept)


def put_member(basket: OpenBasket, member: MemberOnBasket | None) -> OpenBasket:
    """Another member, or none. What was chosen with the former one's coupons and points goes."""
    before = basket.choices
    kept = BasketChoices(codes=before.codes, gifts=before.gifts, by_hand=before.by_hand)
    lines = tuple(_for_money(line) for line in basket.lines)
    touched = tuple(
        (place, before)
        for place, (before, after) in enumerate(zip(basket.lines, lines, strict=True))
        if before is not after
    )
    step = UndoStep(touched=touched, member=(basket.member,), choices=basket.choices)
    return _pushed(replace(basket, member=member, choices=kept, lines=lines), step)


def clear(basket: OpenBasket, basket_id: str, now: Moment) -> OpenBasket:
    """A new empty basket that remembers the old one for a short time.

    The steps before are forgotten: nobody gets the former customer's goods back line by line.
    """
    step = UndoStep(
        touched=tuple(enumerate(basket.lines)),
        choices=basket.choices,
        member=(basket.member,),
        cleared_at_ms=now.monotonic_ms,
        boot_id=now.boot_id,
    )
    return OpenBasket(
        basket_id=basket_id, opened_ms=now.wall_ms, next_line=basket.next_line, undo=(step,)
    )


def can_undo(basket: OpenBasket, now: Moment) -> bool:
    """Whether there is a step to take back; a clearing only within ten seconds."""
    if not basket.undo:
        return False
    step = basket.undo[-1]
    if step.cleared_at_ms is None:
        return True
    same_boot = step.boot_id == now.boot_id
    return same_boot and now.monotonic_ms - step.cleared_at_ms <= CLEAR_UNDO_MS


def undo(basket: OpenBasket) -> OpenBasket:
    """The basket before its last step; only where `can_undo`."""
    step = basket.undo[-1]
    lines = [line for line in basket.lines if line.line_id not in step.added]
    for place, before in step.touched:
        ids = [line.line_id for line in lines]
        if before.line_id in ids:
            lines[ids.index(before.line_id)] = before
        else:
            lines.insert(place, before)
    selected = step.touched[-1][1].line_id if step.touched else None
    if selected is None and lines:
        selected = lines[-1].line_id
    return replace(
        basket,
        lines=tuple(lines),
        selected=selected,
        choices=step.choices if step.choices is not None else basket.choices,
        member=step.member[0] if step.member else basket.member,
        undo=basket.undo[:-1],
    )


def with_quantity(line: OpenLine, quantity: Quantity) -> OpenLine:
    """The line with another quantity, on its goods too. A given price was for the old one."""
    goods = replace_value(line.goods, quantity=quantity, given=None) if line.goods else None
    return replace(line, quantity=quantity, goods=goods)


def _named(line: OpenLine, line_id: str) -> OpenLine:
    goods = replace_value(line.goods, line_id=line_id) if line.goods else None
    return replace(line, line_id=line_id, goods=goods)


def _for_money(line: OpenLine) -> OpenLine:
    if line.goods is None or not (line.goods.use_points_price or line.goods.reward):
        return line
    return replace(line, goods=replace_value(line.goods, use_points_price=False, reward=""))


def _twin(basket: OpenBasket, line: OpenLine) -> OpenLine | None:
    """A line of the same goods at the same price that can hold the new quantity too."""
    for other in reversed(basket.lines):
        room = other.quantity.thousandths + line.quantity.thousandths <= QUANTITY_MAX
        if room and _is_same(other, line):
            return other
    return None


def _is_same(there: OpenLine, line: OpenLine) -> bool:
    if there.goods is None or line.goods is None:
        return there.goods is line.goods and there.scanned == line.scanned
    if line.goods.weighed or line.label_price or there.goods.use_points_price or there.goods.reward:
        return False
    # A line may have become members-only since it was scanned; that is judged again anyway.
    alike = replace_value(there.goods, line_id="", quantity=line.quantity)
    return alike == replace_value(line.goods, line_id="")


def _place_of(basket: OpenBasket, line_id: str) -> int:
    return next(i for i, line in enumerate(basket.lines) if line.line_id == line_id)


def _swap(basket: OpenBasket, line: OpenLine) -> OpenBasket:
    place = _place_of(basket, line.line_id)
    before = basket.lines[place]
    lines = (*basket.lines[:place], line, *basket.lines[place + 1 :])
    moved = replace(basket, lines=lines, selected=line.line_id)
    return _pushed(moved, UndoStep(touched=((place, before),)))


def _pushed(basket: OpenBasket, step: UndoStep) -> OpenBasket:
    """With one more step to undo. A clearing is forgotten by the next step."""
    kept = () if basket.undo and basket.undo[-1].cleared_at_ms is not None else basket.undo
    return replace(basket, undo=(*kept, step)[-UNDO_STEPS_MAX:])
