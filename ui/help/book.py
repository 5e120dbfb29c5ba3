"""Book: the topics of the help in one language, from `resources/help`.

Owns: reading them, their order, what a line means. Does not own: which screen has which topic
(places.py), keys in the texts (view_model.py), showing them.

A topic is a file of plain lines: `# ` its title, `1. ` a step, `- ` a remark, `{key:pay}` the key
of an act; any other line is a paragraph. `topics.toml` names them in their order, each with the
initials by which a Chinese title is found.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

HELP_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "help"
INDEX = "topics.toml"


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph. `number` is that of a step, from 1; else 0."""

    kind: Literal["text", "step", "remark"]
    text: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Topic:
    """One page of the help."""

    identifier: str
    title: str
    initials: str
    blocks: tuple[Block, ...]

    @property
    def words(self) -> str:
        """Everything it says."""
        return "\n".join([self.title, *(block.text for block in self.blocks)])


@cache
def read_book(language: str, folder: Path = HELP_FOLDER) -> tuple[Topic, ...]:
    """Every topic in its order. Raises OSError where a file is missing, ValueError on a bad one."""
    index = tomllib.loads((folder / INDEX).read_text("utf-8"))
    return tuple(
        read_topic(name, (folder / language / f"{name}.md").read_text("utf-8"), entry)
        for name, entry in index.items()
    )


def read_topic(identifier: str, text: str, entry: Mapping[str, str]) -> Topic:
    """One topic from its file and its entry in the index. Raises ValueError without a title."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines or not lines[0].startswith("# "):
        raise ValueError(f"help topic {identifier}: begin with '# ' and its title")
    blocks: list[Block] = []
    steps = 0
    for line in lines[1:]:
        number, point, rest = line.partition(". ")
        if point and number.isdigit():
            steps += 1
            blocks.append(Block("step", rest, steps))
        elif line.startswith("- "):
            blocks.append(Block("remark", line[2:]))
        else:
            blocks.append(Block("text", line))
    return Topic(identifier, lines[0][2:], entry["initials"], tuple(blocks))
