"""Messages: what head office tells of those to a member, kept in the till's store.

Owns: asking for them and keeping the answer. Does not own: the lane (../ask.py), who asks
(joined.py), what is shown of them (app/services/message.py).
"""

from __future__ import annotations

from app.domain.message_record import MessageRecord, MessagesTold
from sync.ask import AskLane
from sync.protocol import MessagesWanted
from sync.till.ports import TillLane


def keep_messages(store: TillLane, member_id: str, lane: AskLane) -> MessagesTold:
    """Ask, and keep what is told in place of what was told before."""
    told = lane.messages(MessagesWanted(member=member_id))
    records = tuple(
        MessageRecord(each.kind, each.state, each.at_ms, each.why, each.channel)
        for each in told.messages
    )
    store.run(lambda work: work.messages.put(member_id, records, told.server_ms))
    return MessagesTold(records)
