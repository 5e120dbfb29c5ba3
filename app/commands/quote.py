"""`main.py quote`: price a basket from files, as JSON with every reason.

Owns: the command line, the shape of the answer. Does not own: the input (quote_file.py), pricing
(app/domain/pricing.py). Needs neither a shop nor a display.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from app.commands.program_source import (
    EXAMPLE_BASKET,
    WHICH_PROGRAM,
    load_program,
    shown_path,
)
from app.commands.quote_file import Asked, BadInput, read_basket
from app.domain.conditions import Context
from app.domain.money import ZERO, Money, amount_text
from app.domain.pricing import price
from app.domain.program import Program
from app.domain.quote import Adjustment, Quote, QuoteLine
from app.domain.tax import due_before_round_off, round_off
from app.services.quote_words import adjustment_text, not_for_sale_text, reason_text
from app.wording import Wording, load

OK, BAD_INPUT = 0, 2
LANGUAGES = {"zh": "zh_CN", "en": "en"}


def run(arguments: Sequence[str], *, wording: Wording | None = None) -> int:
    """Price one basket; prints JSON. Exit code 2 names the path of bad input."""
    wording = wording or load("en")
    options = _parser(wording).parse_args(arguments)
    if options.lang:
        wording = load(LANGUAGES[options.lang])
    program = load_program(options.program, wording)
    if program is None:
        return BAD_INPUT
    try:
        asked = read_basket(_content(options.basket), program)
    except OSError as error:
        print(f"{options.basket}: {error.strerror}", file=sys.stderr)
        return BAD_INPUT
    except BadInput as error:
        print(f"{options.basket}: {error}", file=sys.stderr)
        return BAD_INPUT
    context = Context(store=asked.store, identified_by=asked.identified_by)
    quote = price(asked.basket, asked.view, program, asked.at, context)
    print(json.dumps(answer(quote, asked, program, wording), ensure_ascii=False, indent=2))
    return OK


def _content(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()


def _parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py quote",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=wording.t("Price a basket from files, as JSON with every reason."),
        epilog=wording.t(
            "Example: {command}",
            command="python main.py quote --program default --basket " + shown_path(EXAMPLE_BASKET),
        ),
    )
    parser.add_argument(
        "--program",
        required=True,
        help=wording.t(WHICH_PROGRAM),
    )
    parser.add_argument(
        "--basket", required=True, help=wording.t("a basket file (JSON); - reads standard input")
    )
    parser.add_argument(
        "--lang", choices=sorted(LANGUAGES), help=wording.t("the language of the texts")
    )
    return parser


# ------------------------------------------------------------------ the answer


def answer(quote: Quote, asked: Asked, program: Program, wording: Wording) -> dict[str, object]:
    """The quote as the contract says: amounts as decimal strings, money off negative."""

    def text(amount: Money) -> str:
        return amount_text(amount, program.prices.decimals)

    due = due_before_round_off(quote, program)
    return {
        "total": text(quote.total),
        "discount": text(quote.discount),
        "round_off": text(round_off(due, program) if asked.is_cash else ZERO),
        "lines": [_line(line, program, wording) for line in quote.lines],
        "order_adjustments": [
            {
                **_adjustment(adjustment, program, wording),
                "by_line": {line_id: text(amount) for line_id, amount in adjustment.by_line},
            }
            for adjustment in quote.order_adjustments
        ],
        "gifts": [{"sku": gift.sku, "quantity": str(gift.quantity)} for gift in quote.gifts],
        "tax": [
            {"rate": f"{row.rate:f}", "net": text(row.net), "tax": text(row.tax)}
            for row in quote.tax
        ],
        "points": {
            "redeemed": quote.points_redeemed,
            "earned": quote.points_earned,
            "by_line": {line.line_id: line.points_earned for line in quote.lines},
        },
        "tier_after": quote.tier_after,
        "not_applied": _not_applied(quote, asked, program, wording),
        "program": {"id": quote.program_id, "version": quote.program_version},
    }


def _line(line: QuoteLine, program: Program, wording: Wording) -> dict[str, object]:
    decimals = program.prices.decimals
    return {
        "id": line.line_id,
        "list": amount_text(line.list_amount, decimals),
        "net": amount_text(line.net, decimals),
        "adjustments": [_adjustment(one, program, wording) for one in line.adjustments],
    }


def _adjustment(adjustment: Adjustment, program: Program, wording: Wording) -> dict[str, object]:
    return {
        "rule": adjustment.rule,
        "kind": adjustment.kind,
        "amount": amount_text(adjustment.amount, program.prices.decimals),
        "text": adjustment_text(adjustment, program, wording),
    }


def _not_applied(
    quote: Quote, asked: Asked, program: Program, wording: Wording
) -> list[dict[str, object]]:
    """Each reason once, and the lines this shopper may not buy."""
    names = {line.line_id: line.name or line.sku for line in asked.basket.lines}
    rows = [
        (refused.rule, refused.reason, reason_text(refused, program, wording))
        for refused in quote.not_applied
    ]
    for line in quote.not_for_sale:
        words = not_for_sale_text(line, names[line.line_id], program, wording)
        rows.append((f"exclusive:{line.sku}", "TIER_TOO_LOW", words))
    return [
        {"rule": rule, "reason": reason, "text": words}
        for rule, reason, words in dict.fromkeys(rows)
    ]
