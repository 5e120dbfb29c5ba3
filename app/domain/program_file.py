"""The program file: TOML read strictly into a Program, or the problem that stops it.

Owns: decoding, naming the place and the value of what does not fit, the JSON schema.
Does not own: whether a well-formed program makes sense (program_check.py).
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

import msgspec

from app.domain.program import Program
from app.domain.program_problem import Problem

_AT = re.compile(r"^(?P<said>.*?)(?: - at `(?P<path>[^`]*)`)?$", re.DOTALL)
_NAMED = re.compile(r"`([^`]*)`")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")


def decode_program(text: str) -> Program | Problem:
    """Read a program file; the first thing that does not fit comes back as a problem."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Problem("not_toml", "", str(error))
    try:
        return msgspec.convert(content, type=Program)
    except msgspec.ValidationError as error:
        return _problem(str(error), content)


def program_schema() -> dict[str, object]:
    """The JSON schema of a program file."""
    return msgspec.json.schema(Program)


def _problem(message: str, content: object) -> Problem:
    match = _AT.match(message)
    assert match is not None, "the pattern matches every text"
    said, place = match["said"], match["path"] or "$"
    path = place.removeprefix("$").removeprefix(".")
    if "unknown field" in said:
        return Problem("unknown_key", path, _last_named(said))
    if "missing required field" in said:
        return Problem("missing_key", path, _last_named(said))
    value = _value_at(content, place)
    if "Expected `str`, got `int`" in said or "Expected `str`, got `float`" in said:
        return Problem("number_unquoted", path, str(value))
    if str(value).startswith("-"):
        return Problem("below_zero", path, str(value))
    return Problem("wrong_form", path, str(value), said)


def _last_named(said: str) -> str:
    return str(_NAMED.findall(said)[-1])


def _value_at(content: Any, path: str) -> object:
    """What stands at a path that msgspec named, such as $.offers[2].effect."""
    for key, index in _STEP.findall(path):
        content = content[key] if key else content[int(index)]
    return content
