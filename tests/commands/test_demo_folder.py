"""The demo's own folder: used again while it fits, made anew when the schema is another one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from app.commands.demo import command
from app.commands.demo.command import MARK, DemoRoom, Opens, run
from app.commands.demo.making import DemoFiles
from app.domain.settings import Language
from app.store.migrations import schema_fingerprint
from app.wording import Wording, load
from tests.real_shop import RESOURCES


def make_mark(folder: Path, language: Language, room: DemoRoom, wording: Wording) -> None:
    """The year of history is told elsewhere; here only what stands in the folder matters."""
    folder.mkdir(parents=True)
    (folder / "shop.db").write_bytes(b"made now")
    (folder / MARK).write_text(f"{schema_fingerprint()}\n", encoding="ascii")


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DemoRoom:
    monkeypatch.setattr(command, "_make", make_mark)

    def no_shop(*_: Any) -> Any:
        raise AssertionError("nothing is made but by _make")

    def opened(home: Path, pins: Mapping[str, str]) -> int:
        return 0

    opens = Opens(no_shop, opened, no_shop, ())
    return DemoRoom(tmp_path, DemoFiles(RESOURCES / "demo"), opens)


def a_demo(folder: Path, mark: str) -> None:
    folder.mkdir()
    (folder / "shop.db").write_bytes(b"made before")
    (folder / MARK).write_text(mark, encoding="ascii")


@pytest.mark.parametrize(
    ("mark", "arguments", "is_new"),
    [
        pytest.param(f"{schema_fingerprint()}\n", [], False, id="the same schema"),
        pytest.param("1\n", [], True, id="before schemas were noted"),
        pytest.param("0" * 64, [], True, id="another draft"),
        pytest.param(f"{schema_fingerprint()}\n", ["--again"], True, id="asked for"),
    ],
)
def test_a_demo_is_kept_while_its_schema_is_ours(
    room: DemoRoom, mark: str, arguments: list[str], is_new: bool
) -> None:
    folder = room.folder / "zh_CN"
    a_demo(folder, mark)
    assert run(["--lang", "zh", *arguments], room=room, wording=load("zh_CN")) == 0
    wanted = b"made now" if is_new else b"made before"
    assert (folder / "shop.db").read_bytes() == wanted


def test_a_folder_without_our_mark_is_never_touched(
    room: DemoRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    folder = room.folder / "real shop"
    folder.mkdir()
    (folder / "shop.db").write_bytes(b"a real one")
    with pytest.raises(SystemExit):
        run(["--dir", str(folder), "--again"], room=room, wording=load("zh_CN"))
    assert (folder / "shop.db").read_bytes() == b"a real one"
