"""The one style sheet, for Qt's own widgets: labels, fields, lists, dialogs, scroll bars.

Owns: which token and size goes to which kind of Qt widget, by dynamic property.
Does not own: the tokens, and the kit's widgets that paint themselves (buttons, tiles, keys).

Properties a label understands: `role` (a type token), `tone` (a colour token), `weight`
(400/500/600/700). Frames: `kit` (card, sunken, banner, sheet, dialog, header, ...), `state`.
"""

from collections.abc import Mapping
from string import Template

from ui.theme.tokens import RADIUS_CARD, RADIUS_DIALOG, RADIUS_INPUT, SIZES, TYPE, Density, Tokens

_TONES = (
    *("text_secondary", "text_disabled", "primary", "success", "warning", "danger", "info"),
    *("offline", "member", "saving", "regular", "silver", "gold", "diamond", "on_primary", "ink"),
)
_EVERY_WEIGHT: Mapping[int, int] = {weight: weight for weight in (400, 500, 600, 700)}

_SHEET = Template("""
QWidget { color: $text_primary; }
QMainWindow, QDialog, QWidget[kit="screen"] { background: $bg_app; }
QLabel { background: transparent; }
QToolTip { background: $bg_surface; color: $text_primary; border: 1px solid $border_control;
  padding: 6px 8px; }

QFrame[kit="card"] { background: $bg_surface; border: 1px solid $border_subtle;
  border-radius: ${radius_card}px; }
QFrame[kit="sheet"] { background: $bg_surface; border: 1px solid $border_subtle;
  border-radius: ${radius_card}px; }
QFrame[kit="sunken"] { background: $bg_sunken; border: none; border-radius: ${radius_card}px; }
QFrame[kit="plain"] { background: $bg_surface; border: none; }
QFrame[kit="app"] { background: $bg_app; border: none; }
QFrame[kit="header"] { background: $bg_surface; border: none;
  border-bottom: 1px solid $border_subtle; }
QFrame[kit="dialog"] { background: $bg_surface; border: 1px solid $border_subtle;
  border-radius: ${radius_dialog}px; }
QFrame[kit="dialog_side"] { background: $bg_app; border: none;
  border-top-right-radius: ${radius_dialog}px; border-bottom-right-radius: ${radius_dialog}px; }
QFrame[kit="rule"] { background: $hairline; border: none; min-height: 1px; max-height: 1px; }
QFrame[kit="rule"][strong="true"] { background: $border_subtle; }
QFrame[kit="rule_upright"] { background: $border_subtle; border: none; min-width: 1px;
  max-width: 1px; }
QFrame[kit="card"][current="true"] { border: 2px solid $primary; }
QFrame[kit="benefits"] { background: $bg_surface; border: 1px solid $border_control;
  border-radius: ${radius_card}px; }
QFrame[kit="benefits"]:hover { background: $row_current; }
QPushButton[kit="choice_row"] { background: $bg_surface; border: 1px solid $border_subtle;
  border-radius: ${radius_card}px; text-align: left; }
QPushButton[kit="choice_row"]:hover { background: $row_current; }
QPushButton[kit="choice_row"]:disabled { background: $bg_app; }
QPushButton[kit="choice_row"][current="true"] { background: $bg_selected;
  border: 2px solid $primary; }
QPushButton[kit="choice_row"]:focus { border: 2px solid $focus; }
QFrame[kit="overlay"] { background: $bg_surface; border: 1px solid $border_control;
  border-radius: ${radius_dialog}px; }

QLineEdit, QComboBox, QSpinBox, QDateEdit, QPlainTextEdit, QTextEdit {
  background: $bg_surface; color: $text_primary; border: 1px solid $border_control;
  border-radius: ${radius_input}px; padding: 0 15px; min-height: ${input_inner}px;
  font-size: ${px_key}px; selection-background-color: $primary;
  selection-color: $on_primary; placeholder-text-color: $text_secondary; }
QPlainTextEdit, QTextEdit { padding: 8px 15px; font-size: ${px_body_l}px; }
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDateEdit:focus, QPlainTextEdit:focus,
QTextEdit:focus { border: 2px solid $focus; padding: 0 14px; min-height: ${input_focus}px; }
QPlainTextEdit:focus, QTextEdit:focus { padding: 7px 14px; }
QLineEdit[state="error"], QPlainTextEdit[state="error"], QComboBox[state="error"] {
  border: 2px solid $danger; padding: 0 14px; min-height: ${input_focus}px; }
QLineEdit:read-only { background: $bg_app; border-color: $border_subtle; }
QLineEdit:disabled, QComboBox:disabled { color: $text_disabled; border-color: $border_subtle; }
QLineEdit[kit="bare"], QLineEdit[kit="bare"]:focus { border: none; background: transparent;
  padding: 0; min-height: 0px; }
QComboBox::drop-down { border: none; width: 32px; }
QComboBox QAbstractItemView { background: $bg_surface; border: 1px solid $border_control;
  selection-background-color: $bg_selected; selection-color: $text_primary; outline: none; }

QCheckBox, QRadioButton { font-size: ${px_body_l}px; spacing: 12px; min-height: ${target}px; }
QCheckBox:focus, QRadioButton:focus { border: 2px solid $focus;
  border-radius: ${radius_input}px; }

QListView, QTableView, QTreeView, QScrollArea { background: transparent; border: none;
  outline: none; selection-background-color: $bg_selected; selection-color: $text_primary; }
QTableView { gridline-color: $hairline; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section { background: $bg_surface; color: $text_secondary; border: none;
  border-bottom: 1px solid $border_subtle; font-size: ${px_body}px; padding: 0; }
QHeaderView::section:last { padding-right: 20px; }
QTableView[kit="log"] QHeaderView::section { padding-left: 12px; padding-right: 12px; }
QScrollArea > QWidget > QWidget { background: transparent; }

QProgressBar { background: $bg_sunken; border: none; border-radius: 4px; min-height: 8px;
  max-height: 8px; }
QProgressBar::chunk { background: $primary; border-radius: 4px; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $border_control; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 48px; }
QScrollBar::handle:horizontal { min-width: 48px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QMenu { background: $bg_surface; border: 1px solid $border_control; padding: 4px; }
QMenu::item { padding: 10px 24px; font-size: ${px_body_l}px; }
QMenu::item:selected { background: $bg_selected; color: $text_primary; }
""")


def build_qss(
    tokens: Tokens,
    density: Density,
    scale_percent: int,
    drawn_weights: Mapping[int, int] = _EVERY_WEIGHT,
) -> str:
    """The style sheet of one look. Text grows with the scale, controls half as much.

    `drawn_weights`: what the font draws for each weight (fonts.py).
    """
    sizes = SIZES[density]
    input_height = round(sizes.input * (100 + (scale_percent - 100) / 2) / 100)
    pixels = {name: round(px * scale_percent / 100) for name, (px, _) in TYPE.items()}
    values: dict[str, object] = {
        **tokens,
        **{f"px_{name}": px for name, px in pixels.items()},
        "radius_input": RADIUS_INPUT,
        "radius_card": RADIUS_CARD,
        "radius_dialog": RADIUS_DIALOG,
        "input_inner": input_height - 2,
        "input_focus": input_height - 4,
        "target": sizes.target,
    }
    roles = (
        f'QLabel[role="{name}"], QLineEdit[role="{name}"] '
        f"{{ font-size: {pixels[name]}px; font-weight: {drawn_weights[weight]}; }}"
        for name, (_, weight) in TYPE.items()
    )
    tones = (f'QLabel[tone="{tone}"] {{ color: {tokens[tone]}; }}' for tone in _TONES)
    disabled = (f"QLabel:disabled {{ color: {tokens['text_disabled']}; }}",)
    weights = (
        f'QLabel[weight="{weight}"] {{ font-weight: {drawn}; }}'
        for weight, drawn in drawn_weights.items()
    )
    return "\n".join((_SHEET.substitute(values), *roles, *tones, *weights, *disabled))
