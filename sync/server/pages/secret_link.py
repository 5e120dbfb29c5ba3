"""Secret links: the opaque tokens in the paths of pages, made and recognised.

Owns: their form, their keyed hashes, the token that follows from another one. Does not own: what
is stored of them (../page_token.py).
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode

from sync.server.secret import Chance, ServerSecret

PREFIX = "/p"
TOKEN_BYTES = 16
_FORM = re.compile(r"[A-Za-z0-9_-]{22}")


def new_token(chance: Chance) -> str:
    """A token nobody can guess: 128 bits in 22 letters."""
    return _text(chance(TOKEN_BYTES))


def is_token(text: str) -> bool:
    """Whether it could be one of ours; anything else need not be looked for."""
    return _FORM.fullmatch(text) is not None


def token_hash(secret: ServerSecret, token: str) -> str:
    """What is stored of a token."""
    return secret.mac("page token", token.encode()).hex()


def submission_hash(secret: ServerSecret, submission: str) -> str:
    """What is stored of the form that used a token."""
    return secret.mac("page submission", submission.encode()).hex()


def card_token_after(secret: ServerSecret, used: str, submission: str) -> str:
    """The card link a one-time link turned into.

    It follows from both, so that the same form sent twice ends at one card; whoever has only the
    link of the code on the till cannot know it.
    """
    return _text(secret.mac("page card", f"{used} {submission}".encode())[:TOKEN_BYTES])


def join_token_after(secret: ServerSecret, invite: str, submission: str) -> str:
    """The join link that a press of an invitation's button turned into: pressed twice, one link."""
    return _text(secret.mac("page join", f"{invite} {submission}".encode())[:TOKEN_BYTES])


def invite_token(secret: ServerSecret, member: str, year: int) -> str:
    """The token of a member's invitation of one year: the same whenever he asks for it."""
    return _text(secret.mac("page invite", f"{member} {year}".encode())[:TOKEN_BYTES])


def poster_token(secret: ServerSecret, tenant: str, campaign: str) -> str:
    """The token on a campaign's poster: the same whenever and wherever one asks for it."""
    return _text(secret.mac("page poster", f"{tenant} {campaign}".encode())[:TOKEN_BYTES])


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
