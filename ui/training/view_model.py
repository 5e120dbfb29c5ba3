"""Training view model: what the page says before, while it is made, and during practice. Pure.

Owns: the words of the tasks and the page. Does not own: which tasks there are and which are done
(app/domain/training.py), widgets (screen.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.training import TASKS, Task
from app.wording import N_, Wording

TASK_WORDS: Mapping[Task, tuple[str, str]] = {
    "open_shift": (N_("Open the shift"), N_("Sign in, count the float, Enter.")),
    "sale": (N_("Sell something"), N_("Scan goods, then take the money.")),
    "change": (N_("Take cash and give change"), N_("Pay with more than is due.")),
    "member_sale": (N_("Sell to a member"), N_("Scan the code, or find them by phone.")),
    "points": (N_("Let a member pay with points"), N_("In payment, turn the points on.")),
    "hold": (N_("Hold a sale and take it up again"), N_("Hold, serve the next, recall.")),
    "refund": (N_("Take something back"), N_("By the number on its receipt.")),
    "reprint": (N_("Print a receipt again"), N_("From the till or the receipt.")),
    "close_shift": (N_("Count and close the shift"), N_("Count the drawer, compare, close.")),
}


@dataclass(frozen=True, slots=True)
class TaskView:
    """One task."""

    name: str
    detail: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class TrainingView:
    """The page. An empty label hides its key; `of` 0: nobody knows how long it takes."""

    title: str
    sentence: str
    primary: str
    second: str
    back: str
    tasks: tuple[TaskView, ...] = ()
    waiting: str = ""
    cancel: str = ""
    done: int = 0
    of: int = 0


def before_view(wording: Wording, made: tuple[int, int] | None, *, is_begun: bool) -> TrainingView:
    """At the real till: what practising is. `made`: how far the making is; None = not asked for.

    `is_begun`: somebody has practised before; what he has done is still ticked.
    """
    t = wording.t
    is_making = made is not None
    done, of = made or (0, 0)
    return TrainingView(
        title=t("Training mode"),
        sentence=t(
            "A till for practice, with the goods and rules of this shop and invented members. No "
            "amount, point or receipt of it ever counts. The real till stays as it is."
        ),
        primary="" if is_making else t("Go on training") if is_begun else t("Start training"),
        second=t("Begin anew") if is_begun and not is_making else "",
        back="" if is_making else t("Back to the till"),
        waiting=t("The training till is being made…") if is_making else "",
        cancel=t("Cancel") if is_making else "",
        done=done,
        of=of,
    )


def during_view(wording: Wording, done: frozenset[Task]) -> TrainingView:
    """At the practice till: the first tasks, ticked by what was done."""
    t = wording.t
    tasks = tuple(
        TaskView(t(TASK_WORDS[task][0]), t(TASK_WORDS[task][1]), task in done) for task in TASKS
    )
    count = len(done)
    if count == len(TASKS):
        sentence = t("All tasks are done: you know this till.")
    else:
        sentence = t("{done} of {all} tasks done.", done=count, all=len(TASKS))
    return TrainingView(
        title=t("First tasks"),
        sentence=sentence,
        primary=t("End training"),
        second="",
        back=t("Go on training"),
        tasks=tasks,
    )
