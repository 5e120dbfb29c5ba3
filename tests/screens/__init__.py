"""Pictures of every screen and state, in both themes and languages, to be looked at.

QT_QPA_PLATFORM=offscreen python -m tests.screens OUT
"""
