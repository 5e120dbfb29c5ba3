"""The rows of a test page: words in two scripts, a ruler of all columns, a code to scan.

Owns: what stands on it. Does not own: columns and line breaks (receipt_text.py), bytes.
"""

from __future__ import annotations

from app.devices.receipt_rows import (
    BothWords,
    Centred,
    CodeMark,
    Heading,
    Item,
    Pair,
    Row,
    Rule,
    TableHead,
    Words,
    WordsFor,
)
from app.domain.printer_check import PrinterCheck

_FIGURES = "1234567890"


def check_rows(paper: PrinterCheck, words_for: WordsFor) -> tuple[Row, ...]:
    """Everything on it from top to bottom."""
    singles = [words_for(language) for language in paper.languages]
    words: Words = singles[0] if len(singles) == 1 else BothWords(singles[0], singles[1])
    ruler = (_FIGURES * (paper.columns // len(_FIGURES) + 1))[: paper.columns]
    return (
        Heading(paper.store),
        Centred(words.t("TEST PAGE, NOT A RECEIPT"), strong=True),
        Pair(paper.made_at, words.t("Register {till}", till=paper.till)),
        Rule(),
        Centred(ruler),
        Centred(words.t("The figures fill exactly one line where the columns are right.")),
        Pair(words.t("Columns"), str(paper.columns)),
        Rule(),
        *(TableHead(one.t("Item"), one.t("Qty"), one.t("Price"), one.t("Amount"))
          for one in singles),
        Item("纯牛奶 Milk 250ml×12", "2", "59.00", "118.00"),
        Pair(words.t("Due"), "118.00", strong=True),
        Rule(),
        CodeMark(paper.code),
    )  # fmt: skip
