"""The base of every message: versions, limits, what values may be, and how messages become bytes.

Owns: those, and the answer that speaks of a whole request. Does not own: any other message.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias, TypeVar

import msgspec
from msgspec import Meta, Struct, field

VERSION = 1
VERSIONS_SPOKEN = (1,)
"""This version and up to two before it. An older till may still push."""
VERSION_HEADER = "Zhanggui-Protocol"
READS_HEADER = "Zhanggui-Reads"
READS = ("sealed_fact.1",)
"""Events that came later than the first ones, by their tags, which this program reads. A till says
so with every request, with commas between: who does not is told in the shapes of before."""
RETRY_HEADER = "Retry-After"

PUSH_OPS_MAX = 200
PUSH_BYTES_MAX = 512 * 1024
"""Of one request, before compression. One fact of 64 KiB fits several times."""
ASK_BYTES_MAX = 64 * 1024
PULL_EVENTS_MAX = 100
"""A till applies one answer in one transaction; checkout waits for no longer one."""
PULL_BYTES_MAX = 4 * 1024 * 1024
PULL_WAIT_S_MAX = 25
EPOCH_MAX = 36**2 - 1
"""Two signs of a receipt code name the epoch."""
GZIP_LEVEL = 1
GZIP_FROM_BYTES = 1024
PATH_PREFIX = "/v1"


# The bounds stand in the types: a value no store could keep is refused with its path, before
# anybody looks at it. NUL is no text for PostgreSQL.

WireName: TypeAlias = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[!-~]+$")]
"""An id or code: printable ASCII without spaces."""
WireText: TypeAlias = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")]
WireCount: TypeAlias = Annotated[int, Meta(ge=0, le=2**53 - 1)]
WireSum: TypeAlias = Annotated[int, Meta(ge=-(2**53) + 1, le=2**53 - 1)]
WirePlace: TypeAlias = Annotated[int, Meta(ge=1, le=2**53 - 1)]
WireEpoch: TypeAlias = Annotated[int, Meta(ge=0, le=EPOCH_MAX)]
WireFact: TypeAlias = Annotated[bytes, Meta(max_length=PUSH_BYTES_MAX)]
WireSmall: TypeAlias = Annotated[bytes, Meta(max_length=256)]


class Message(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The base of all messages: fields a reader does not know are passed over."""


class Problem(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Why a whole request got no answer (`application/problem+json`, RFC 9457).

    It speaks of transport and rights only; what became of an op stands in its OpAnswer.
    """

    title: str
    status: int
    code: str
    """One of the codes of errors.py; what programs decide by."""
    detail: str = ""
    """A sentence for a person, in the language asked for by Accept-Language."""
    fields: dict[str, str] = field(default_factory=dict)
    """Path of a value that was not understood, and what is wrong with it."""
    retry_after_s: int | None = None


# Not order="deterministic": it refuses tables keyed by months and epochs (GrantGiven, PushAnswer).
_ENCODER = msgspec.json.Encoder()
M = TypeVar("M")


def encoded(message: Message) -> bytes:
    """The bytes of a message: compact JSON, defaults left out, tables in the order they have."""
    return _ENCODER.encode(message)


def decoded(data: bytes, kind: type[M]) -> M:
    """Read a message. Raises msgspec.DecodeError (ValidationError names the path)."""
    return msgspec.json.decode(data, type=kind)
