"""Plain rows: the answer to a question as the driver hands it over, tuple by tuple.

Owns: telling SQLAlchemy to leave an answer alone: it would work out name and type of every column
anew each time, which was a third of what a small push cost. Does not own: questions (rows.py),
whose columns are known by their place and need no type.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

_PLAIN = "zhanggui_plain"
_ALL = (("all", None, None, None, None, None, None),)
"""One column of one row: everything."""


def hand_over_plain_rows(engine: Engine) -> None:
    """Every engine of the server needs it; `plain_rows` does not work without."""
    event.listen(engine, "after_cursor_execute", _hand_over)


def plain_rows(connection: Connection, words: str, said: Any) -> list[tuple[Any, ...]]:
    """All rows of a question in the driver's own words. Raises what exec_driver_sql raises."""
    found = connection.exec_driver_sql(words, said, execution_options={_PLAIN: True})
    rows: list[tuple[Any, ...]] = found.scalar_one()
    return rows


def _hand_over(
    _connection: Any, cursor: Any, _words: Any, _said: Any, context: Any, _: Any
) -> None:
    if context.execution_options.get(_PLAIN):
        context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
            cursor, _ALL, [(cursor.fetchall(),)]
        )
