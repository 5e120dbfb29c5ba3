"""The look: tokens, the style sheet built from them, fonts, icons, and the switch between themes.

Owns: every colour, size and font (tokens.py, fonts.py), the one style sheet (qss.py), tinted
icons (icons.py), the live theme (theme.py). No colour literal stands outside tokens.py.
Does not own: widgets (ui/kit).
"""
