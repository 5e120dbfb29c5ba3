"""Survey links: the part of an address by which a phone answers about one sale and no other.

Owns: making and reading it, the same at every till and at the server, also out of each other's
reach. Does not own: the address before it, the page (sync/server/pages/survey_page.py). It names
the sale and proves that a till or the server of this chain wrote it: whoever knows one link knows
no other.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from app.domain.ids import OpId
from app.domain.keyed_hash import keyed_hash

PATH = "/p/survey/"
_FORM = re.compile(r"[A-Za-z0-9_-]{43}")
_ID_BYTES = _PROOF_BYTES = 16


def survey_token(secret: bytes, sale: OpId) -> str:
    """The token of a sale; empty where its id is not one of a till's. `secret`: that of the chain,
    which all its tills share.
    """
    try:
        named = UUID(sale)
    except ValueError:
        return ""
    return _text(named.bytes + _proof(secret, sale)) if str(named) == sale else ""


def survey_url(public_url: str, secret: bytes, sale: OpId) -> str:
    """The whole address; empty where there is none for this sale."""
    token = survey_token(secret, sale)
    return f"{public_url.rstrip('/')}{PATH}{token}" if token else ""


def is_survey_token(text: str) -> bool:
    """Whether it could be one of ours."""
    return _FORM.fullmatch(text) is not None


def sale_named(secret: bytes, token: str) -> OpId | None:
    """The sale a token stands for; None: nobody of this chain wrote it."""
    if not is_survey_token(token):
        return None
    data = urlsafe_b64decode(f"{token}=")
    if _text(data) != token:
        return None
    sale = str(UUID(bytes=data[:_ID_BYTES]))
    return sale if hmac.compare_digest(data[_ID_BYTES:], _proof(secret, sale)) else None


def _proof(secret: bytes, sale: OpId) -> bytes:
    return keyed_hash(secret, "survey", sale)[:_PROOF_BYTES]


def _text(data: bytes) -> str:
    """Of the spellings that read as the same bytes only this one is ours."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()
