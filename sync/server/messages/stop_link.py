"""Stop links: the link in each message that ends them all for whoever got it.

Owns: their tokens, which follow from the message, so that the same message sent again has the same
link. Does not own: the page (../pages/stop_page.py), tokens at rest (../page_token.py).
"""

from __future__ import annotations

from base64 import urlsafe_b64encode

from sqlalchemy import Connection

from sync.server.page_token import PageToken, PageTokens
from sync.server.pages.secret_link import PREFIX, TOKEN_BYTES, token_hash
from sync.server.secret import ServerSecret

STOP_MS = 400 * 24 * 3_600_000
"""Old messages are found again: who wants no more of them can say so for a year."""


def stop_path(token: str) -> str:
    """Where it leads."""
    return f"{PREFIX}/stop/{token}"


def put_stop_link(
    connection: Connection, tenant: str, secret: ServerSecret, message: tuple[str, str], now_ms: int
) -> str:
    """The token of a message (member and name); kept from now on. Nobody can guess it without the
    server's secret, and it speaks for this one member.
    """
    member, name = message
    mac = secret.mac("message stop", f"{tenant}\0{member}\0{name}".encode())
    token = urlsafe_b64encode(mac[:TOKEN_BYTES]).rstrip(b"=").decode()
    kept = PageToken(token_hash(secret, token), "stop", "", member, now_ms, now_ms + STOP_MS)
    PageTokens(connection, tenant).put(kept)
    return token
