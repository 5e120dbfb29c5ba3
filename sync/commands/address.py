"""`main.py server public-url`: where members' phones find this server.

Owns: the command line and words. Does not own: the pages (sync/server/pages), telling tills (they
hear of it when they enrol).
"""

from __future__ import annotations

import argparse
import sys
from urllib.parse import urlsplit

from app.wording import Wording
from sync.commands.device import DeviceCommand
from sync.commands.exit import BAD_INPUT, OK
from sync.server.join import Ready
from sync.server.tenant import read_tenant, set_public_url

_EXAMPLE = "main.py server public-url https://vip.example"


def _parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py server public-url",
        description=wording.t(
            "Say where phones find this server: e-card and joining by the customer need it. "
            "Without an address it is shown; --none takes it away."
        ),
        epilog=wording.t("Example: {command}", command=_EXAMPLE),
    )
    parser.add_argument("url", nargs="?", help="https://...")
    parser.add_argument("--none", action="store_true", help=wording.t("no phone reaches it"))
    return parser


def _run(ready: Ready, options: argparse.Namespace, wording: Wording) -> int:
    tenant = ready.tenant.tenant
    if options.url is not None and not _is_address(options.url):
        said = wording.t("An address begins with https:// and names a machine: {url}",
                         url=options.url)  # fmt: skip
        print(said, file=sys.stderr)
        return BAD_INPUT
    if options.none or options.url is not None:
        url = None if options.none else options.url.rstrip("/")
        ready.database.write(lambda connection: set_public_url(connection, tenant, url))
    now = ready.database.read(lambda connection: read_tenant(connection, tenant)).public_url
    print(wording.t("No phone reaches this server.") if now is None else now)
    return OK


def _is_address(url: str) -> bool:
    """A pass is worth money: only encrypted, but for a try on one machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    is_here = host in {"localhost", "127.0.0.1", "::1"}
    is_bare = not (parts.query or parts.fragment or parts.username)
    return (
        bool(host) and is_bare and (parts.scheme == "https" or (is_here and parts.scheme == "http"))
    )


ADDRESS_COMMANDS = {"public-url": DeviceCommand(_parser, _run)}
