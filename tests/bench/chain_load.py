"""Many tills at once, as the server meets them: each with its token and its own connection.

Owns: saying prepared requests at their times over bare sockets, and how long each answer took from
the moment it was due (a late answer makes the next ones wait, and that counts). Does not own: what
is said.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from sync.protocol import VERSION, VERSION_HEADER, Message, encoded

FIRST_S = 1.0
"""A server that was just started opens its connections meanwhile, and reckons the words of its
statements: that counts as well, and is told apart."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """One till: its token and what it says, at its own beat."""

    token: str
    messages: Sequence[Message]
    first_s: float
    every_s: float


@dataclass(frozen=True, slots=True)
class Answered:
    """How long each took, those of them that were due later, and the ones that were no success."""

    took_s: list[float]
    later_s: list[float]
    wrong: list[bytes]


def say_all(port: int, path: str, speakers: Sequence[Speaker]) -> Answered:
    """Let them all speak; answers when the last was answered."""
    return asyncio.run(_say_all(port, path, speakers))


async def _say_all(port: int, path: str, speakers: Sequence[Speaker]) -> Answered:
    answered = Answered([], [], [])
    start = time.perf_counter() + 0.5
    await asyncio.gather(*(_speak(port, path, each, start, answered) for each in speakers))
    return answered


async def _speak(port: int, path: str, who: Speaker, start: float, answered: Answered) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number, message in enumerate(who.messages):
        due = start + who.first_s + number * who.every_s
        await asyncio.sleep(max(0, due - time.perf_counter()))
        body = encoded(message)
        writer.write(_head(path, who.token, len(body)) + body)
        status, answer = await _answer(reader)
        took_s = time.perf_counter() - due
        answered.took_s.append(took_s)
        if due >= start + FIRST_S:
            answered.later_s.append(took_s)
        if status != 200:
            answered.wrong.append(answer)
    writer.close()


def _head(path: str, token: str, length: int) -> bytes:
    return (
        f"POST /v1/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"{VERSION_HEADER}: {VERSION}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {length}\r\n\r\n"
    ).encode()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    named = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
    return int(lines[0].split()[1]), await reader.readexactly(int(named["content-length"]))
