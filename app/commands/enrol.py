"""`main.py enrol`: let this till join the server of its chain, by a one-time code.

Owns: the command line and the words. Does not own: enrolling (services/enrolment.py), opening
the shop (handed in). The till must be closed meanwhile: two programs never share a store.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from app.commands.openings import NOT_POSSIBLE, OK, OpenShop
from app.domain.server_answer import Enrolled
from app.services.enrolment import EXAMPLE, enrol, enrol_sentence
from app.wording import Wording

CODE_VARIABLE = "ZHANGGUI_ENROL_CODE"


def run(arguments: Sequence[str], *, open_shop: OpenShop, wording: Wording) -> int:
    """Enrol; exit code 0 done, 2 bad arguments, 3 refused or not possible."""
    parser = _parser(wording)
    options = parser.parse_args(arguments)
    code = options.code or os.environ.get(CODE_VARIABLE, "")
    if not code:
        parser.error(wording.t("the code is missing: --code or {variable}", variable=CODE_VARIABLE))
    with open_shop(options.dir) as opened:
        answer = enrol(shop=opened.shop, address=options.url, code=code, name=options.name)
        if not isinstance(answer, Enrolled):
            print(enrol_sentence(answer, wording), file=sys.stderr)
            return NOT_POSSIBLE
    here = answer.identity
    print(
        wording.t(
            "This till belongs to {store} now: store {number}, till {till}.",
            store=answer.store_name or options.url,
            number=here.store_number,
            till=here.till_number,
        )
    )
    return OK


def _parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py enrol",
        description=wording.t("Let this till join the server of its chain, by a one-time code."),
        epilog=wording.t(
            "Example: {command}",
            command=f"main.py enrol --url {EXAMPLE} --code 8F3K-2M7Q-9TXA",
        ),
    )
    parser.add_argument("--url", required=True, help=wording.t("the server's address"))
    parser.add_argument(
        "--code",
        help=wording.t(
            "the one-time code (others here can see it; {variable} keeps it hidden)",
            variable=CODE_VARIABLE,
        ),
    )
    parser.add_argument("--name", default="", help=wording.t("what head office calls this till"))
    parser.add_argument("--dir", type=Path, help=wording.t("the shop's data folder"))
    return parser
