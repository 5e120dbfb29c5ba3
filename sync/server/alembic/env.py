"""How alembic runs here: on the connection and in the transaction it is handed.

Owns: nothing but that. Does not own: opening the database (../database.py).
"""

from __future__ import annotations

from alembic import context

# Importing them puts their tables into the metadata.
from sync.server import (
    complaint,
    credential,
    device,
    enrolment,
    figure_tables,
    message,
    page_token,
    tenant,
)
from sync.server.tables import METADATA

_NOUNS = (
    tenant, device, enrolment, credential, page_token, message, complaint, figure_tables,
)  # fmt: skip

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
