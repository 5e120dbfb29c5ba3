"""The lane: a thread of its own, which nothing waits for and which outlives a bad moment."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Collection

from sync.server.messages.lane import MessageLane
from sync.server.messages.post import NoPost
from sync.server.messages.sending import Post
from tests.sync.server.messages.people import People, by_webhook, joining
from tests.sync.server.messages.sinks import Sink


def test_it_sends_while_the_server_runs(people_here: People, hook: Sink) -> None:
    people = people_here
    people.join(joining("张三", 1))
    people.want("张三")
    sent, moments = threading.Event(), iter([OSError("away"), None])
    hook.on_message = lambda key: sent.set()

    def tenants() -> Collection[str]:
        trouble = next(moments, None)
        if trouble is not None:
            raise trouble
        return ["nobody", people.tenant]

    def post(tenant: str) -> Post | NoPost:
        if tenant != people.tenant:
            return NoPost("no_settings")
        return people.post({"sms": by_webhook(hook)})

    async def serve() -> None:
        async with MessageLane(tenants, post, look_s=0.01).running():
            assert await asyncio.to_thread(sent.wait, 30)

    asyncio.run(serve())
    assert len(hook.taken) == 1
