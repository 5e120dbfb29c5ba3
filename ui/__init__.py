"""The window: the only room that knows Qt.

Owns: application, main window, runner, scan router, formatting, one folder per screen.
Does not own: rules, prices or sums (services answer with them), the database, the network.
"""
