"""A program put in force on the server, as its owner wrote it."""

from __future__ import annotations

from app.domain.program import Program
from app.domain.program_file import decode_program
from sync.server import tables as t
from sync.server.rows import put
from sync.server.tables import shard_of
from tests.sync.server.tills import Chain

TOML = """
schema = 1
id = "renmin"
version = "2026.1"
name = { zh = "会员规则", en = "Members" }
announced = 2026-01-01
effective = 2026-02-01

[offline]
grant_share = "0.2"
grant_max = 150
grant_days = 7
floor_member = 100
floor_till = 250

[[tiers]]
id = "regular"
name = { zh = "普通", en = "Regular" }
entitlements = [{ id = "parking", name = { zh = "停车", en = "Parking" }, count = 2 }]
"""


def put_in_force(chain: Chain, toml: str = TOML) -> Program:
    """Write it as published."""
    program = decode_program(toml)
    assert isinstance(program, Program), program
    row = {
        "shard_key": shard_of(program.id), "program_id": program.id, "version": program.version,
        "toml": toml, "announced": program.announced.isoformat(),
        "effective": program.effective.isoformat(), "published_ms": 0,
    }  # fmt: skip
    chain.database.write(lambda connection: put(connection, chain.tenant, t.program, [row], "new"))
    return program
