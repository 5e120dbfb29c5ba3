"""How alembic runs here: on the connection and in the transaction it is handed.

Owns: nothing but that. Does not own: opening the database (../database.py).
"""

from __future__ import annotations

from alembic import context

from sync.server.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
