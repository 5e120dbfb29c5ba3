"""Fault words: what happened, what is safe, what to do next - for every error with a code.

Owns: the sentences of errors that people meet at start-up and at work, one entry per code.
Does not own: the errors (app/store/errors.py); they come here as their code and their names,
because services know no store. A test walks the store's tree and fails for a code without words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.wording import N_, Wording


@dataclass(frozen=True, slots=True)
class FaultWords:
    """Three sentences; `code` stands beside them for whoever is asked for help."""

    code: str
    happened: str
    kept_safe: str
    do_next: str

    def text(self) -> str:
        """For a terminal: one paragraph."""
        return f"{self.happened} ({self.code})\n{joined(self.kept_safe, self.do_next)}"

    def sentence(self) -> str:
        """For a banner: everything in one line, the code at its end."""
        return joined(self.happened, self.kept_safe, self.do_next, f"({self.code})")


def joined(*sentences: str) -> str:
    """Sentences in a row: a full-width stop has its blank already."""
    row = ""
    for sentence in sentences:
        row += sentence if not row or row.endswith("。") else f" {sentence}"
    return row


_OTHER_FAULT = N_("The till could not be opened: something in it went wrong.")
"""For a code with a bug's name in it, which no list can hold."""

HAPPENED: Mapping[str, str] = {
    "E-APP-01": N_("A file of the till program is missing or damaged:"),
    "E-STORE-01": N_("This machine does not know the key of this shop."),
    "E-STORE-02": N_("The key of this machine does not open this shop's file."),
    "E-STORE-03": N_("The till may not write into its data folder."),
    "E-STORE-04": N_("The disk is full."),
    "E-STORE-05": N_("The disk reported a fault."),
    "E-STORE-06": N_("The disk reported a fault while the last step was being saved."),
    "E-STORE-07": N_("The till is already open on this machine."),
    "E-STORE-08": N_("Another program holds the shop's file."),
    "E-STORE-09": N_("The shop's file is damaged."),
    "E-STORE-10": N_("This shop's file was written by a newer version of the till."),
    "E-STORE-11": N_("The database library on this machine is too old to be safe."),
    "E-STORE-12": N_("The till was being closed."),
    "E-STORE-13": N_("There is a shop in this folder already."),
    "E-STORE-14": N_("There is no shop in this folder."),
    "E-STORE-15": N_("The till's data folder is not there any more:"),
    "E-STORE-16": N_("The journal in the backup folder does not belong to the backup there."),
    "E-STORE-90": N_("Something went wrong in the till's own store."),
}

KEPT: Mapping[str, str] = {
    "all_confirmed_sales": N_("All confirmed sales are safe."),
    "all_but_the_last_is_known": N_(
        "All sales before the last one are safe; the last one may or may not be saved."
    ),
    "nothing_changed": N_("Nothing was changed."),
    "not_known": N_("Nothing was changed; which sales can be read is not known yet."),
}

NEXT: Mapping[str, str] = {
    "type_recovery_code": N_("Type the recovery code that was shown at set-up."),
    "make_folder_writable": N_(
        "Tell the manager: the folder must be writable. Then start the till again."
    ),
    "free_disk_space": N_(
        "Tell the manager to free some disk space, then go on: nothing was lost."
    ),
    "check_the_disk": N_(
        "Tell the manager: the disk has to be checked. Then start the till again."
    ),
    "look_up_the_last_sale": N_("Look up the last sale before you ring it up again."),
    "use_the_other_window": N_("Use the window that is open, or close it first."),
    "close_the_other_program": N_("Close the other program, then try again."),
    "restore_a_backup": N_(
        "Tell the manager. Do not delete anything; the command `main.py restore` brings the shop "
        "back from its backups."
    ),
    "update_the_program": N_("Update the till program; the file stays as it is."),
    "start_the_till_again": N_("Start the till again."),
    "install_again": N_("Install the till program again; the shop's file stays as it is."),
    "open_the_existing_store": N_("Open the shop that is there, or choose another folder."),
    "choose_the_right_folder": N_("Name the shop's folder with --dir, or open the till first."),
    "bring_the_folder_back": N_(
        "Plug its disk in again or put the folder back, then start the till again."
    ),
    "try_another_copy": N_("Keep the folder as it is, and try another copy of it."),
    "report": N_(
        "Tell the manager. The command `main.py doctor` looks at this till and makes a file to "
        "report it with."
    ),
}


def fault_words(
    code: str, kept: str, next_step: str, named: Mapping[str, str | int], wording: Wording
) -> FaultWords:
    """The sentences for an error; what it names (a folder, a process) follows what happened."""
    other = HAPPENED["E-STORE-90"] if code.startswith("E-STORE") else _OTHER_FAULT
    happened = wording.t(HAPPENED.get(code, other))
    details = ", ".join(str(value) for value in named.values())
    return FaultWords(
        code=code,
        happened=joined(happened, details) if details else happened,
        kept_safe=wording.t(KEPT[kept]),
        do_next=wording.t(NEXT[next_step]),
    )
