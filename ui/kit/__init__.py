"""The kit: our own widgets, used by every screen. Map of what there is, and how to use it.

Owns: how a till button, a money field, a notice or a sheet looks and behaves.
Does not own: any word of the shop: a widget here knows no member, basket or coupon; texts come in
translated (`wording.t(...)`) and formatted (ui/formatting.py).

buttons.py       PrimaryButton (64 px, one a screen), SecondaryButton, DangerButton, LinkButton,
                 IconButton(icon, name), ChoiceButton, KeypadKey. All: set_label(text, hint=),
                 set_icon, set_look, label_fits(); checkable ones show the chosen look.
stacked_buttons.py  KeyBarButton(text, icon=, hint="F2"), TenderTile: the icon above.
text.py          Text(role=, tone=, weight=), NumberLabel, FitFigure (the big sum), ElidedText,
                 IconLabel(icon, tone=), Chip(text, icon=, tone=, dot=), KeyHint("F2").
panels.py        Card (children into .body), Rule, FigureRow (label .. figure), ListRow,
                 EmptyState, SheetPanel(over=column: "why this price"; .body, .foot, open_sheet).
fields.py        SearchField (56 px, signals text_edited, committed), MoneyEdit (72 px, amount() ->
                 Money | NotAnAmount, press(key)), TillLineEdit(for_names=), FieldRow(label, field)
                 with show_error(sentence) / show_good(sentence) beside the field.
keypad.py        Keypad(for_money=) -> key_pressed, QuickAmounts, Stepper.
marks.py         TierBadge(tone), TierStrip, Initial, Switch, PinDots, QrView(matrix).
choice_row.py    ChoiceRow(name, detail, icon=, end=, hint=), 64 px, set_current(bool).
right_sheet.py   RightSheet: a SheetPanel whose contents follow the till while it is open.
feedback.py      Banner.show_banner(sentence, tone=, act=), EdgeBar(window).flash(tone), Spinner,
                 Busy (sentence, count, Cancel).
dialogs.py       KitDialog (in-window frame with scrim: .body, .primary, open()/exec(), accept(),
                 reject()), ConfirmDialog.ask(parent, Question(...)) -> bool.
basket_table.py  BasketTable.show_rows([BasketRow(...)], current_id), move_current(+-1).

Looks: `role` is a type token (caption 12, body 14, label 15, body_l 16, key 18, title 20, h1 24,
figure 28, amount 32, amount_xl 48, display 64), `tone` a colour token of ui/theme/tokens.py, icons
are the file names in resources/icons. Sizes that grow with the text scale: `Theme.current().size`.
A screen's root widget has `setProperty("kit", "screen")`.

What a view model makes for the kit without Qt (BasketRow, tier_tone) stands in ui/rows.py.
Every interactive widget needs an accessible name: pass `name=` or a label. After a language switch
a screen calls the `set_...` methods again; a theme or scale switch needs nothing.
"""
