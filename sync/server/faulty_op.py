"""Faulty ops: one that no step can bear is kept unread, and all others are taken in.

Owns: finding the one - a push that fails is taken in again by a new transaction, op by op, each
from its own savepoint - and telling its fault from one of the database. Does not own: taking in
(ingest.py), transactions (database.py), what becomes of unread ops (release.py). Without this a
till would send the same push for ever and hear "failed". A push without a fault pays nothing for
it: a savepoint around each would cost more than any other step.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import TypeAlias, TypeVar

from msgspec.structs import replace
from sqlalchemy import Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from sync.protocol import Op, Push, PushAnswer
from sync.server.database import OneByOne, Overtaken, is_one_by_one

FaultyOps: TypeAlias = Mapping[str, str]
"""Why each of these ops is not looked into, by op_id."""
TakeIn: TypeAlias = Callable[[Push, FaultyOps], PushAnswer]

T = TypeVar("T")

_ROW_TOO_LARGE = "54000"
_log = logging.getLogger(__name__)


def around_faulty(connection: Connection, push: Push, take_in: TakeIn) -> PushAnswer:
    """Take in a push whole; where that fails for what an op says, op by op around it.

    Raises OneByOne for the latter: ServerDatabase.write begins anew.
    """
    if not (push.ops and is_one_by_one(connection)):
        return _whole(push, take_in)
    last = len(push.ops) - 1
    answers = []
    for at, op in enumerate(push.ops):
        part = replace(push, ops=(op,), final=push.final and at == last)
        answers.append(_one(connection, part, op, take_in))
    done = tuple(each for answer in answers for each in answer.answers)
    return replace(answers[-1], answers=done)


def _whole(push: Push, take_in: TakeIn) -> PushAnswer:
    try:
        return take_in(push, {})
    except Exception as error:
        if not push.ops or not is_of_the_op(error):
            raise
        raise OneByOne("an op could not be taken in with the others") from error


def _one(connection: Connection, push: Push, op: Op, take_in: TakeIn) -> PushAnswer:
    answer = tried(connection, lambda: take_in(push, {}))
    if isinstance(answer, PushAnswer):
        return answer
    fault = type(answer).__name__
    _log.error("an op could not be taken in", extra={"kind": fault, "at": op.op_id})
    return take_in(push, {op.op_id: f"fault: {fault}"})


def tried(connection: Connection, work: Callable[[], T]) -> T | Exception:
    """What came of the work, or what is wrong with an op: then nothing of it happened.

    Raises whatever else went wrong, and leaves the savepoint alone: the whole transaction goes, and
    where the disk is full it is gone already.
    """
    savepoint = connection.begin_nested()
    try:
        done = work()
    except Exception as error:
        if not is_of_the_op(error):
            raise
        savepoint.rollback()
        return error
    savepoint.commit()
    return done


def is_of_the_op(error: Exception) -> bool:
    """Whether what was said is at fault, and not the database, the disk or another writer."""
    if isinstance(error, DBAPIError):
        too_large = getattr(error.orig, "sqlstate", None) == _ROW_TOO_LARGE
        return isinstance(error, DataError | IntegrityError) or too_large
    return not isinstance(error, Overtaken | MemoryError | OSError)
