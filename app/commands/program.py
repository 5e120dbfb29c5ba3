"""`main.py program`: check a program file, show one, print the schema.

Owns: the command line, the sums of the worst case offline. Does not own: what is a mistake
(app/domain/program_check.py), how slow is too slow (program_speed.py).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from app.commands.program_source import WHICH_PROGRAM, path_of, problem_text, read_program
from app.devices.machine import work_ns
from app.domain.money import amount_text
from app.domain.program_file import program_schema
from app.domain.program_limits import WORST_CASE_LINES, offline_worst_case
from app.domain.program_speed import WORST_CASE_MS_MAX, slow_at_worst, worst_case_ms
from app.services.ports import Stopwatch
from app.wording import Wording, load

OK, BAD_INPUT = 0, 2
TILLS = 10
LANGUAGES = {"zh": "zh_CN", "en": "en"}


def run(
    arguments: Sequence[str],
    *,
    wording: Wording | None = None,
    stopwatch: Stopwatch = work_ns,
) -> int:
    """Check, show or describe programs. Exit code 2: the program may not be put in force."""
    wording = wording or load("en")
    options = _parser(wording).parse_args(arguments)
    if getattr(options, "lang", None):
        wording = load(LANGUAGES[options.lang])
    if options.act == "schema":
        print(json.dumps(program_schema(), ensure_ascii=False, indent=2))
        return OK
    if options.act == "show":
        return _show(options.program)
    return _check(options.program, options.tills, wording, stopwatch)


def _parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py program",
        description=wording.t("Check, show or describe program files."),
        epilog=wording.t(
            "Example: {command}", command="python main.py program show default > my-shop.toml"
        ),
    )
    acts = parser.add_subparsers(dest="act", required=True)
    which = wording.t(WHICH_PROGRAM)
    check = acts.add_parser("check", help=wording.t("name every mistake with its cure"))
    check.add_argument("program", help=which)
    check.add_argument(
        "--tills", type=int, default=TILLS, help=wording.t("tills of the chain, for the worst case")
    )
    check.add_argument(
        "--lang", choices=sorted(LANGUAGES), help=wording.t("the language of the texts")
    )
    show = acts.add_parser("show", help=wording.t("print a program file with its comments"))
    show.add_argument("program", help=which)
    acts.add_parser("schema", help=wording.t("print the JSON schema of program files"))
    return parser


def _show(name: str) -> int:
    try:
        text = path_of(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        print(f"{name}: {error}", file=sys.stderr)
        return BAD_INPUT
    print(text, end="")
    return OK


def _check(name: str, tills: int, wording: Wording, stopwatch: Stopwatch) -> int:
    program, problems = read_program(name, wording)
    for problem in problems:
        print(problem, file=sys.stderr)
    if program is None or problems:
        return BAD_INPUT
    took_ms = worst_case_ms(program, stopwatch)
    if slow := slow_at_worst(took_ms):
        print(problem_text(slow, wording), file=sys.stderr)
        return BAD_INPUT
    print(
        wording.t("{program} {version}: no mistakes.", program=program.id, version=program.version)
    )
    print(
        wording.t(
            "The worst-case basket of {lines} lines takes {ms} ms; at most {most} are allowed.",
            lines=WORST_CASE_LINES,
            ms=took_ms,
            most=WORST_CASE_MS_MAX,
        )
    )
    worst = offline_worst_case(program, tills)
    print(
        wording.t(
            "Offline at worst: {tills} tills may spend {points} points that are not there, "
            "worth {amount} {currency}.",
            tills=worst.tills,
            points=worst.points,
            amount=amount_text(worst.amount, program.prices.decimals),
            currency=program.prices.currency,
        )
    )
    return OK
