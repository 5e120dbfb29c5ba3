"""The README keeps its word: its commands exist, its links lead somewhere, both languages agree.

Owns: README.md and resources/help/README.zh-CN.md against the tree and the command table.
Does not own: what a command does (tests/commands).
"""

import re
from pathlib import Path

import pytest

from main import main
from tests.source_files import ROOT

ENGLISH = ROOT / "README.md"
CHINESE = ROOT / "resources" / "help" / "README.zh-CN.md"
BOTH = pytest.mark.parametrize("readme", [ENGLISH, CHINESE], ids=["en", "zh"])


def shell_commands(text: str) -> list[str]:
    """The fenced lines a reader would copy into a shell."""
    return re.findall(r"^```\n(python3 .+)\n```$", text, re.MULTILINE)


def subcommands() -> list[str]:
    return sorted(set(re.findall(r"main\.py ([a-z]+)", ENGLISH.read_text(encoding="utf-8"))))


@BOTH
def test_every_link_leads_to_a_file(readme: Path) -> None:
    links = re.findall(r"\]\(([^):]+)\)", readme.read_text(encoding="utf-8"))
    assert links
    missing = [link for link in links if not (readme.parent / link).is_file()]
    assert not missing, f"{readme.name} links to {missing}: add the file or mend the link"


@BOTH
def test_every_path_it_names_exists(readme: Path) -> None:
    roots = r"(?:app|ui|sync|resources|tests|\.ci)/[\w./-]+"
    named = set(re.findall(rf"`({roots}?)/?`", readme.read_text(encoding="utf-8")))
    assert named
    missing = sorted(path for path in named if not (ROOT / path).exists())
    assert not missing, f"{readme.name} names {missing}: mend the text"


def test_both_languages_give_the_same_commands() -> None:
    english, chinese = (shell_commands(path.read_text("utf-8")) for path in (ENGLISH, CHINESE))
    assert len(english) == 2
    assert english == chinese


def test_the_commands_install_what_is_pinned_and_end_where_they_should() -> None:
    try_it, check_it = shell_commands(ENGLISH.read_text(encoding="utf-8"))
    assert "--require-hashes -r requirements.txt" in try_it
    assert try_it.endswith("main.py demo")
    assert "--require-hashes -r .ci/requirements/checks.txt" in check_it
    assert check_it.endswith("python -m tests.check")
    # .ci/run runs what the README says, in an environment of its own.
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "--require-hashes -r .ci/requirements/checks.txt" in ci
    assert 'python" -m tests.check' in ci


@pytest.mark.parametrize("name", subcommands())
def test_every_command_it_names_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert name in capsys.readouterr().out
