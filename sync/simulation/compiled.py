"""Compiled statements: what all databases of all worlds have in common.

Owns: one dialect and one cache for engines and connections of the same kind of file. Does not own:
any of them. A world opens files a hundred times; each engine would compile every statement anew.
"""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

T = TypeVar("T", Connection, Engine)
_DIALECTS: dict[str, Any] = {}
_COMPILED: dict[str, dict[Any, Any]] = {}


def speak_alike(one: T) -> T:
    """Let an engine, or a connection, use what others of its kind compiled."""
    kind = type(one).__name__
    one.dialect = _DIALECTS.setdefault(kind, one.dialect)
    return one.execution_options(compiled_cache=_COMPILED.setdefault(kind, {}))
