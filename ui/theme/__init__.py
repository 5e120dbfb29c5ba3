"""The theme: design tokens and the one style sheet and palette made from them.

Owns: every colour, size and font weight (tokens.py), light and dark, text scale, tinted icons.
Does not own: widgets (ui.kit), layout of screens.
"""
