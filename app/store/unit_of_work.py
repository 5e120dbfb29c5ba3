"""One unit of work: the repositories of one transaction and what it changed.

Owns: handing out the repositories, gathering Changes.
Does not own: begin, commit and rollback (lane.py), SQL (one file per noun).
"""

from __future__ import annotations

from sqlalchemy import Connection

from app.store.changes import NO_CHANGES, Changes


class UnitOfWork:
    """What a service gets: valid until the work returns, on the lane thread only."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.changes = NO_CHANGES

    def changed(self, changes: Changes) -> None:
        """Repositories say what they wrote; subscribers hear it after the commit."""
        self.changes = self.changes | changes
