"""Walking a program: every value with its path and its kind, whatever depth it stands at.

Owns: telling amounts and rates from other texts by the shape of the file. Does not own: verdicts.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import msgspec
from msgspec import inspect

from app.domain.program import AMOUNT_PATTERN, RATE_PATTERN

Found = tuple[str, str, str]
"""Kind (amount or rate), path, text."""

_KINDS = {AMOUNT_PATTERN: "amount", RATE_PATTERN: "rate"}


@lru_cache(maxsize=64)
def _text_kinds(kind: type) -> dict[str, str]:
    """Of a struct's fields, those that hold amounts or rates."""
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType), kind
    found = {}
    for field in info.fields:
        options = field.type.types if isinstance(field.type, inspect.UnionType) else (field.type,)
        for option in options:
            text = option.type if isinstance(option, inspect.Metadata) else option
            if isinstance(text, inspect.StrType) and text.pattern in _KINDS:
                found[field.name] = _KINDS[text.pattern]
    return found


def numbers(value: object, path: str = "") -> Iterator[Found]:
    """Every amount and rate in a struct and all it holds."""
    if isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from numbers(item, f"{path}[{index}]")
    elif isinstance(value, msgspec.Struct):
        kinds = _text_kinds(type(value))
        for name in value.__struct_fields__:
            item, place = getattr(value, name), f"{path}.{name}" if path else name
            if name in kinds and isinstance(item, str):
                yield kinds[name], place, item
            else:
                yield from numbers(item, place)
