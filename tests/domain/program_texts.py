"""Program files as text: a sound one, and parts to spoil it with.

Owns: the texts and reading their problems. Does not own: any expectation.
"""

from __future__ import annotations

from app.domain.program_check import check_program
from app.domain.program_file import decode_program
from app.domain.program_problem import Problem

HEAD = """
schema = 1
id = "shop"
version = "1"
announced = 2026-01-01
effective = 2026-02-01
name = { zh = "会员", en = "Members" }
"""
TIERS = """
[[tiers]]
id = "regular"
name = { zh = "普通", en = "Regular" }

[[tiers]]
id = "gold"
name = { zh = "金卡", en = "Gold" }
qualify = { spend = "5000" }
discount = "0.12"
"""
NAME = 'name = { zh = "优惠", en = "Offer" }\n'


def offer(body: str, offer_id: str = "r") -> str:
    return f'\n[[offers]]\nid = "{offer_id}"\n{NAME}{body}\n'


OFF = 'effect = { kind = "amount_off", amount = "5" }\n'
PAIR = 'effect = { kind = "nth_discount", n = 2, rate = "0.5" }\n'


def price_list(body: str, list_id: str = "week") -> str:
    return f'\n[[price_lists]]\nid = "{list_id}"\n{NAME}{body}\n'


PRICED = '[[price_lists.prices]]\ncategories = ["oil"]\nrate = "0.1"\n'


def tier(body: str, tier_id: str) -> str:
    return f'\n[[tiers]]\nid = "{tier_id}"\n{NAME}{body}\n'


def problems(text: str) -> list[tuple[str, str]]:
    program = decode_program(text)
    if isinstance(program, Problem):
        return [(program.path, program.code)]
    return [(problem.path, problem.code) for problem in check_program(program)]
