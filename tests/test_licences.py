"""Every package a till carries is named with its licence, and nothing else is imported.

Owns: requirements.txt against resources/licences/THIRD_PARTY.md, and the product's imports
against requirements.txt. Does not own: which versions are pinned (.ci/lock).
"""

import re
import sys
from functools import cache
from importlib import metadata

import pytest

from tests.source_files import ROOT, imported_modules, python_sources

LIST = ROOT / "resources" / "licences" / "THIRD_PARTY.md"
COMPLIANCE = "## How we keep the terms of the copyleft ones"
COPYLEFT = re.compile(r"GPL|MPL|OFL|EPL|CDDL")
# With these a till as a whole would have to change its own licence.
NEVER = re.compile(r"(?<!L)GPL|SSPL|BUSL|Commercial|Proprietary")


def plain_name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def pinned() -> frozenset[str]:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    return frozenset(plain_name(name) for name in re.findall(r"^([\w.-]+)==", text, re.MULTILINE))


@cache
def listed() -> dict[str, str]:
    """Package -> licence, as the table says."""
    rows = re.findall(
        r"^\| ([\w.-]+) \| ([^|]+) \|", LIST.read_text(encoding="utf-8"), re.MULTILINE
    )
    return {name: licence.strip() for name, licence in rows if name != "package"}


def test_every_pinned_package_is_listed_and_no_other() -> None:
    assert pinned(), "requirements.txt pins nothing: run .ci/lock"
    missing, extra = pinned() - listed().keys(), listed().keys() - pinned()
    assert not missing, f"{sorted(missing)}: add a row with the licence to {LIST.name}"
    assert not extra, f"{sorted(extra)}: no longer shipped; take the row out of {LIST.name}"


@pytest.mark.parametrize("name", sorted(pinned()))
def test_the_list_says_what_the_package_says_of_itself(name: str) -> None:
    try:
        (expression,) = metadata.metadata(name).get_all("License-Expression") or [None]
    except metadata.PackageNotFoundError:
        assert name in {"colorama", "pywin32-ctypes", "jeepney", "secretstorage"}, (
            f"{name} is pinned and not installed: install requirements.txt"
        )
        return
    assert expression in {None, listed()[name]}, f"{name} says {expression}: mend {LIST.name}"


def test_copyleft_is_named_with_how_it_is_kept() -> None:
    compliance = LIST.read_text(encoding="utf-8").partition(COMPLIANCE)[2]
    copyleft = {name for name, licence in listed().items() if COPYLEFT.search(licence)}
    assert {"pyside6-essentials", "python-stdnum"} <= copyleft
    silent = {name for name in copyleft if name not in compliance}
    assert not silent, f"{sorted(silent)}: say under {COMPLIANCE!r} how the terms are kept"


def test_no_package_would_change_the_licence_of_the_till() -> None:
    for name, licence in listed().items():
        choices = re.split(r"\s+OR\s+", licence)
        assert any(not NEVER.search(choice) for choice in choices), (
            f"{name} is under {licence}: it cannot be shipped with an Apache-2.0 till; find another"
        )


def test_the_product_imports_only_what_a_till_pins() -> None:
    """A package that only the checks install would be missing on the first real till."""
    owners = metadata.packages_distributions()
    own_rooms = {"app", "ui", "sync", "main"}
    findings = []
    for source in python_sources():
        # The replay is for whoever installs its own list of packages.
        if not source.is_product or source.place.startswith("app/commands/replay"):
            continue
        for line, module in imported_modules(source.tree):
            top = module.partition(".")[0]
            if not top or top in own_rooms or top in sys.stdlib_module_names:
                continue
            if not {plain_name(owner) for owner in owners.get(top, [])} & pinned():
                findings.append(f"{source.place}:{line}: {module} is not pinned for a till")
    assert not findings, "\n" + "\n".join(findings) + "\nadd it to pyproject.toml, run .ci/lock"
