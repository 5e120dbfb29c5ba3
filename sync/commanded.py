"""Commands: what the server tells a till to do, obeyed before a cursor passes it.

Owns: what each command means for the two halves. Does not own: when they arrive (pull.py).
"""

from __future__ import annotations

from sync.protocol import Commanded
from sync.pull import Puller
from sync.push import Pusher


def obey(push: Pusher, pull: Puller, epoch: int) -> None:
    """Do what is commanded and not obeyed yet. `epoch`: of this till; 0 = not enrolled."""
    while (command := pull.command()) is not None:
        match command:
            case Commanded(command="push_again", epoch=of_epoch, above=above):
                push.again.append((of_epoch or epoch, above or 0))
                pull.obeyed()
            case Commanded(command="bootstrap"):
                pull.obeyed()
                pull.bootstrap_wanted = True
            case Commanded(epoch=of_epoch) if of_epoch is None or of_epoch < epoch:
                pull.enrol_again |= of_epoch is None
                pull.obeyed()
            case _:
                pull.halted()
