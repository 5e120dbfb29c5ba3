"""Programs: the versions a till has, adding one with its notice, the one in force.

Owns: reading stored versions, and refusing a version that has mistakes, is too slow or comes with
too short a notice. Does not own: what a mistake is (program_check.py, program_file.py), how slow is
too slow (program_speed.py), a program's shape (program.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.program import Program, Text, precedence
from app.domain.program_check import check_program
from app.domain.program_file import decode_program
from app.domain.program_problem import Problem
from app.domain.program_speed import slow_at_worst, worst_case_ms
from app.domain.stored_program import StoredProgram
from app.services.answers import Refusal
from app.services.audit_trail import record
from app.services.campaign_force import carry_campaigns
from app.services.desk import allowed, today
from app.services.ports import UnitOfWork
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class ProgramAdded:
    """The version is kept; it is in force from `effective` on."""

    program_id: str
    version: str
    effective: date


@dataclass(frozen=True, slots=True)
class ProgramUnreadable:
    """The file cannot be read, or what it says cannot be explained to a customer: why."""

    problems: tuple[Problem, ...]

    @property
    def message(self) -> str:
        """Each problem on a line: the key, the value and the cure, in English."""
        return "\n".join(f"{each.path}: {each.cure}".removeprefix(": ") for each in self.problems)


@dataclass(frozen=True, slots=True)
class NoticeTooShort:
    """Customers have to be told earlier: the first day it may take effect."""

    earliest: date


@dataclass(frozen=True, slots=True)
class VersionKnown:
    """This version is here already; a version never changes, give it a new name."""

    version: str


@dataclass(frozen=True, slots=True)
class ProgramNotice:
    """A change that was announced and is to come."""

    version: str
    announced: date
    effective: date
    announcements: tuple[Text, ...]


def read_programs(*, work: UnitOfWork) -> tuple[Program, ...]:
    """Every stored version that can be read, by effective date.

    A version of a newer product that this one cannot read is left out, and none is checked again:
    a till must open.
    """
    read = [decode_program(stored.toml) for stored in work.programs.all_programs()]
    good = [program for program in read if isinstance(program, Program)]
    return tuple(sorted(good, key=precedence))


def add_program(
    *, shop: Shop, work: UnitOfWork, toml: str
) -> ProgramAdded | ProgramUnreadable | NoticeTooShort | VersionKnown | Refusal:
    """Keep a new version, with its notice. Needs the right. Changes: programs, audit.

    Prices the version's worst basket: the lane is busy for up to a third of a second.
    The desk takes it over with `refresh_desk`.
    """
    refusal = allowed(shop, "manage_program")
    if refusal:
        return refusal
    return put_program(shop=shop, work=work, toml=toml)


def put_program(
    *, shop: Shop, work: UnitOfWork, toml: str, shipped: bool = False
) -> ProgramAdded | ProgramUnreadable | NoticeTooShort | VersionKnown:
    """Keep a version without asking who is signed in: for the set-up and ready shops only.

    The first version of a shop needs no notice: there are no members to tell yet. `shipped`: it
    comes with the product and has passed `program check`; a slow till has to open too, and its
    owner could not make the rules any quicker.
    """
    program = decode_program(toml)
    if isinstance(program, Problem):
        return ProgramUnreadable((program,))
    known = work.programs.all_programs()
    if any((kept.program_id, kept.version) == (program.id, program.version) for kept in known):
        return VersionKnown(program.version)
    now = shop.now()
    earliest = max(program.announced, today(program, now)) + timedelta(days=program.notice_days)
    if known and program.effective < earliest:
        return NoticeTooShort(earliest)
    if problems := check_program(program):
        return ProgramUnreadable(problems)
    if not shipped and (slow := slow_at_worst(worst_case_ms(program, shop.stopwatch))):
        return ProgramUnreadable((slow,))
    work.programs.add(
        StoredProgram(program.id, program.version, program.announced, program.effective, toml)
    )
    if known:
        programs = read_programs(work=work)
        carry_campaigns(work=work, programs=programs, new=program, now=today(program, now))
    subject = f"{program.id} {program.version}"
    record(shop=shop, work=work, now=now, act="program_added", subject=subject)
    return ProgramAdded(program.id, program.version, program.effective)


def program_notices(*, shop: Shop) -> tuple[ProgramNotice, ...]:
    """Announced changes that are to come, the next one first."""
    state = shop.desk.state
    day = today(state.program, shop.now())
    return tuple(
        ProgramNotice(program.version, program.announced, program.effective, program.announcements)
        for program in state.programs
        if program.announced <= day < program.effective
    )
