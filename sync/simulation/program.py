"""The rules of a world's chain: what may be spent while nobody is asked.

Owns: that program. Does not own: prices and points of sales (shop.py makes them up).
"""

from __future__ import annotations

from functools import cache

from app.domain.program import Program
from app.domain.program_file import decode_program

PROGRAM = """
schema = 1
id = "tea"
version = "2026.1"
name = { zh = "茶友", en = "Tea friends" }
announced = 2026-01-01
effective = 2026-02-01

[offline]
grant_share = "0.8"
grant_max = 9000
grant_days = 7
floor_member = 150
floor_till = 300
data_hours = 24

[[tiers]]
id = "regular"
name = { zh = "普通", en = "Regular" }

[[tiers]]
id = "silver"
name = { zh = "银卡", en = "Silver" }
qualify = { spend = "1500" }
months = 1

[[tiers]]
id = "gold"
name = { zh = "金卡", en = "Gold" }
qualify = { spend = "6000" }
months = 1
"""


@cache
def the_program() -> Program:
    """The rules of every world."""
    program = decode_program(PROGRAM)
    assert isinstance(program, Program), program
    return program
