"""The route of the set-up: which step comes, what each asks, what is wrong with it. No Qt.

Owns: the order, the form, checking before a service is asked, which service a step asks.
Does not own: widgets (screen.py), recording (services/setup.py). Tested without a window.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from app.domain.staff import PinRefusal, check_pin
from app.services.program import NoticeTooShort, ProgramUnreadable
from app.services.setup import (
    STEPS,
    ManagerExists,
    NameMissing,
    NameTooLong,
    NameUnreadable,
    RecoveryCodes,
    RecoveryWrong,
    SetUpAt,
    SetUpStep,
)
from app.services.staff import PinRefused

FieldName = Literal[
    "store_name", "address", "phone", "till", "manager", "pin", "pin_again", "typed_code"
]
TILL_NUMBER_MAX = 99
FIELDS: Mapping[SetUpStep, tuple[FieldName, ...]] = {
    "language": (),
    "store": ("store_name", "address", "phone", "till"),
    "manager": ("manager", "pin", "pin_again"),
    "rules": (),
    "recovery": ("typed_code",),
    "done": (),
}


@dataclass(frozen=True, slots=True)
class RuleTemplate:
    """Membership rules to begin with. `kind`: retail, cafe or beauty; `toml`: the program file."""

    kind: str
    toml: str


@dataclass(frozen=True, slots=True)
class BackupFacts:
    """Where backups go, and whether a dead disk would take them along."""

    folder: str
    same_disk: bool


class Machine(Protocol):
    """What of this machine the set-up shows and changes; main.py fits it."""

    @property
    def key_in_file(self) -> bool:
        """There is no keychain: the key lies in a file only this user may read. Said aloud."""
        ...

    @property
    def backup_folder(self) -> str: ...

    @property
    def is_on_the_same_disk(self) -> bool:
        """Whether a dead disk would take the backups along."""
        ...

    def use_backup_folder(self, folder: str) -> None:
        """Put backups there. Raises an error of the store where nothing can be written."""
        ...

    def use_till_number(self, number: int) -> None:
        """Which register this is: before the first sale only, it stands in receipt codes."""
        ...

    def save_code(self, code: str) -> str:
        """Write the recovery code to a text file; where it lies. Raises as above."""
        ...

    def save_code_page(self, pdf: bytes) -> str:
        """Keep the page with the code as a file to be printed elsewhere. Raises as above."""
        ...


@dataclass(frozen=True, slots=True)
class SetupWishes:
    """What main.py hands to the set-up."""

    codes: RecoveryCodes
    machine: Machine
    templates: Sequence[RuleTemplate]


@dataclass(frozen=True, slots=True)
class SetupForm:
    """Everything chosen and typed so far. It lives as long as the set-up is open."""

    texts: Mapping[FieldName, str] = field(default_factory=dict)
    template: str = ""

    def text(self, name: FieldName) -> str:
        return self.texts.get(name, "")


Fault = (
    Literal[
        "name_missing",
        "name_unreadable",
        "pin_differs",
        "code_missing",
        "code_wrong",
        "template_missing",
        "template_unusable",
        "no_till_number",
    ]
    | PinRefusal
    | NameTooLong
)


@dataclass(frozen=True, slots=True)
class StepFault:
    """What is wrong, and beside which field; `field` None: about the whole step."""

    field: FieldName | None
    what: Fault


@dataclass(frozen=True, slots=True)
class SetupRoute:
    """Where the set-up stands. A value: every act gives another one."""

    step: SetUpStep = "language"
    form: SetupForm = SetupForm()
    fault: StepFault | None = None

    @property
    def number(self) -> int:
        """1 for the first step."""
        return STEPS.index(self.step) + 1

    @property
    def till_number(self) -> int:
        """Which register this is to be; checked before."""
        return int(self.form.text("till"))

    @property
    def can_go_back(self) -> bool:
        """Not from the first step, and not once everything is set up."""
        return self.step not in ("language", "done")

    def typed(self, name: FieldName, text: str) -> SetupRoute:
        """A field changed; what was wrong with it is forgotten."""
        texts = {**self.form.texts, name: text}
        keeps = self.fault is not None and self.fault.field not in (name, None)
        return replace(
            self, form=replace(self.form, texts=texts), fault=self.fault if keeps else None
        )

    def chose_template(self, kind: str) -> SetupRoute:
        return replace(self, form=replace(self.form, template=kind), fault=None)

    def back(self) -> SetupRoute:
        """One step back; nothing typed is lost."""
        if not self.can_go_back:
            return self
        return replace(self, step=STEPS[STEPS.index(self.step) - 1], fault=None)

    def resume(self, at: SetUpAt) -> SetupRoute:
        """The step where it stopped, after a crash or a restart."""
        return replace(self, step=at.step, fault=None)

    def checked(self) -> SetupRoute:
        """The route with what can be seen to be wrong without asking anybody."""
        return replace(self, fault=_check(self))

    def answered(self, answer: object) -> SetupRoute:
        """What a service said: the next step, or what is wrong."""
        if isinstance(answer, SetUpAt):
            return replace(self, step=answer.step, fault=None)
        if isinstance(answer, ManagerExists):
            # Going back and forth: the manager of the first time stays.
            return replace(self, step="rules", fault=None)
        return replace(self, fault=_fault_of(answer, self.step))

    def wanted(self) -> dict[str, Any]:
        """The arguments of the service that keeps this step."""
        text = self.form.text
        match self.step:
            case "store":
                return {
                    "name": text("store_name"),
                    "address": text("address"),
                    "phone": text("phone"),
                }
            case "manager":
                return {"name": text("manager"), "pin": text("pin")}
            case "recovery":
                return {"typed": text("typed_code")}
            case _:
                return {}


def _check(route: SetupRoute) -> StepFault | None:
    text = route.form.text
    match route.step:
        case "store" if not text("store_name").strip():
            return StepFault("store_name", "name_missing")
        case "store" if not _is_till_number(text("till")):
            return StepFault("till", "no_till_number")
        case "manager":
            if not text("manager").strip():
                return StepFault("manager", "name_missing")
            refused = check_pin(text("pin"))
            if refused is not None:
                return StepFault("pin", refused)
            if text("pin") != text("pin_again"):
                return StepFault("pin_again", "pin_differs")
        case "rules" if not route.form.template:
            return StepFault(None, "template_missing")
        case "recovery" if not text("typed_code").strip():
            return StepFault("typed_code", "code_missing")
    return None


def _is_till_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= TILL_NUMBER_MAX


def _fault_of(answer: object, step: SetUpStep) -> StepFault | None:
    name: FieldName = "manager" if step == "manager" else "store_name"
    match answer:
        case NameMissing():
            return StepFault(name, "name_missing")
        case NameTooLong():
            return StepFault(name, answer)
        case NameUnreadable():
            return StepFault(name, "name_unreadable")
        case PinRefused(reason):
            return StepFault("pin", reason)
        case RecoveryWrong():
            return StepFault("typed_code", "code_wrong")
        case ProgramUnreadable() | NoticeTooShort():
            return StepFault(None, "template_unusable")
        case _:
            return StepFault(None, "template_missing")
