"""Members whom the server has not told of since it was restored: each is asked for once.

Owns: asking for some of them. Does not own: who they are (the till's Inbox), when (pull.py).
"""

from __future__ import annotations

from collections.abc import Callable

from sync.ports import Inbox
from sync.protocol import LookUp, LookUpAnswer


def ask_untold(inbox: Inbox, after: str, look_up: Callable[[LookUp], LookUpAnswer]) -> str | None:
    """Look up some of them from behind this id on; behind whom to go on, None = all were asked.

    Raises what `look_up` and the inbox raise: whoever was heard of by then is not asked for again.
    """
    found = inbox.untold(after)
    for member_id in found.member_ids:
        inbox.heard(member_id, look_up(LookUp(member=member_id)))
    return found.after
