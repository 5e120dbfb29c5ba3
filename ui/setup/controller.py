"""Set-up controller: walks the route, asks a service per step, ends at the sign-in.

Owns: when a service is asked, saving the code, the backup folder. Does not own: the route
(route.py), widgets (screen.py), recording (services/setup.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.settings import Language
from app.services import setup
from app.services.opening import TillOpened, open_till
from app.services.setup import SetUpAt
from app.wording import Wording
from ui.key_map import KeyAction
from ui.navigation import Destination, ScreenController, ToSignIn
from ui.printing.page_printer import ask_and_print, has_printer
from ui.printing.pdf import page_pdf
from ui.setup import view_model
from ui.setup.code_paper import code_page
from ui.setup.route import BackupFacts, FieldName, SetupForm, SetupRoute, SetupWishes
from ui.setup.screen import SetupScreen
from ui.theme.tokens import Scheme
from ui.window_parts import WindowParts


class SetupController(ScreenController):
    """The first-run set-up."""

    def __init__(self, parts: WindowParts, wishes: SetupWishes) -> None:
        super().__init__()
        self._parts, self._wishes = parts, wishes
        first = wishes.templates[0].kind if wishes.templates else ""
        number = f"{parts.shop.identity.till_number:02d}"
        self._route = SetupRoute(form=SetupForm({"till": number}, template=first))
        self._is_asking = False
        self._saved_at = ""
        self._is_printed = False
        self._shown_code = ""
        self._screen = screen = SetupScreen()
        screen.typed.connect(self._typed)
        screen.next_requested.connect(self.go_on)
        screen.back_requested.connect(self.go_back)
        screen.save_code_requested.connect(self._save_code)
        screen.print_code_requested.connect(self.print_code)
        screen.backup_requested.connect(self._choose_backup)
        screen.language_chosen.connect(self._choose_language)
        screen.scheme_chosen.connect(self._choose_scheme)
        screen.rules_chosen.connect(self._choose_rules)
        self.speak(parts.wording)

    @property
    def widget(self) -> QWidget:
        return self._screen

    @property
    def route(self) -> SetupRoute:
        """Where the set-up stands."""
        return self._route

    def enter(self, to: Destination) -> None:
        self._draw()
        self._parts.ask(_where_it_stopped, self._resumed)

    def take_scan(self, text: str) -> bool:
        self._parts.notifier.signal("scan_error")
        return True

    def speak(self, wording: Wording) -> None:
        self._screen.retranslate(wording)
        self._draw()

    def key_actions(self) -> Sequence[KeyAction]:
        return ()

    # ------------------------------------------------------------------ acts

    def go_on(self) -> None:
        """Enter: keep this step and show the next one."""
        if self._is_asking:
            return
        self._route = self._route.checked()
        if self._route.fault is not None:
            self._complain()
            return
        step = self._route.step
        if step == "done":
            self._parts.ask(open_till, self._opened)
            return
        self._is_asking = True
        self._parts.ask(_service_of(step), self._answered, on_error=self._failed, **self._wanted())

    def go_back(self) -> None:
        """Esc: one step back; nothing typed is lost."""
        if not self._is_asking:
            self._route = self._route.back()
            self._draw()
            self._screen.take_focus()

    def _wanted(self) -> dict[str, Any]:
        match self._route.step:
            case "language":
                scheme = self._parts.theme.scheme
                return {
                    "language": cast(Language, self._parts.wording.language),
                    "theme": "system" if scheme is Scheme.HIGH_CONTRAST else scheme.value,
                }
            case "rules":
                chosen = self._route.form.template
                return {"toml": next(t.toml for t in self._wishes.templates if t.kind == chosen)}
            case "recovery":
                return {**self._route.wanted(), "codes": self._wishes.codes}
            case _:
                return self._route.wanted()

    def _typed(self, name: str, text: str) -> None:
        had_fault = self._route.fault is not None
        self._route = self._route.typed(cast(FieldName, name), text)
        if had_fault:
            self._draw()

    def _choose_language(self, language: str) -> None:
        self._parts.language.use(language)
        self._draw()

    def _choose_scheme(self, scheme: Scheme) -> None:
        self._parts.theme.use(scheme=scheme)
        self._draw()

    def _choose_rules(self, kind: str) -> None:
        self._route = self._route.chose_template(kind)
        self._draw()
        self._screen.take_focus()

    def _save_code(self) -> None:
        try:
            self._saved_at = self._wishes.machine.save_code(self._code())
        except Exception as error:  # noqa: BLE001 - the store's own errors: said, nothing lost
            self._say_fault(error)
        self._draw()

    def print_code(self) -> None:
        """The code on paper; where this machine has no printer, as a PDF for another one."""
        page = code_page(self._code(), self._route.form.text("store_name"), self._parts.wording)
        try:
            if has_printer():
                self._is_printed = ask_and_print(page, self._screen) or self._is_printed
            else:
                self._saved_at = self._wishes.machine.save_code_page(page_pdf(page))
        except Exception as error:  # noqa: BLE001 - as above
            self._say_fault(error)
        self._draw()

    def _choose_backup(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self._screen, "", self._wishes.machine.backup_folder
        )
        if chosen:
            self.use_backup_folder(chosen)

    def use_backup_folder(self, folder: str) -> None:
        """Put backups there from now on."""
        try:
            self._wishes.machine.use_backup_folder(folder)
        except Exception as error:  # noqa: BLE001 - as above; the folder of before stays
            self._say_fault(error)
        self._draw()

    # ------------------------------------------------------------------ answers

    def _resumed(self, at: SetUpAt) -> None:
        self._route = self._route.resume(at)
        self._draw()
        self._screen.take_focus()

    def _answered(self, answer: object) -> None:
        self._is_asking = False
        if self._route.step == "store" and isinstance(answer, SetUpAt):
            number = self._route.till_number
            self._wishes.machine.use_till_number(number)
            self._parts.renumber_till(number)
        self._route = self._route.answered(answer)
        if self._route.fault is not None:
            self._complain()
        else:
            self._draw()
            self._screen.take_focus()

    def _opened(self, answer: object) -> None:
        if isinstance(answer, TillOpened):
            self._parts.navigation.go(ToSignIn())
        else:
            self._parts.ask(_where_it_stopped, self._resumed)

    def _failed(self, error: BaseException) -> None:
        self._is_asking = False
        self._say_fault(error)

    def _complain(self) -> None:
        self._parts.notifier.signal("scan_error")
        self._draw()
        fault = self._route.fault
        if fault is not None:
            sentence = view_model.fault_sentence(fault, self._parts.wording)
            self._parts.notifier.announce(sentence, urgent=True)
            self._screen.take_focus(fault.field)

    def _say_fault(self, error: BaseException) -> None:
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)

    def _code(self) -> str:
        # Asked for once: a code that was written down must stay the code.
        if not self._shown_code:
            self._shown_code = self._wishes.codes.shown()
        return self._shown_code

    def _draw(self) -> None:
        machine = self._wishes.machine
        view = view_model.present(
            self._route,
            self._wishes.templates,
            self._parts.wording,
            code=self._code() if self._route.step == "recovery" else "",
            backup=BackupFacts(machine.backup_folder, machine.is_on_the_same_disk),
            key_in_file=machine.key_in_file,
            saved_at=self._saved_at,
            is_printed=self._is_printed,
        )
        self._screen.render_view(view)
        self._screen.show_choices(self._parts.wording.language, self._parts.theme.scheme)


def _where_it_stopped(*, shop: Any, work: Any) -> SetUpAt:
    return setup.set_up_at(work=work)


def _service_of(step: str) -> Callable[..., Any]:
    services: dict[str, Callable[..., Any]] = {
        "language": setup.choose_language,
        "store": setup.name_store,
        "manager": setup.first_manager,
        "rules": setup.choose_rules,
        "recovery": setup.confirm_recovery,
    }
    return services[step]
