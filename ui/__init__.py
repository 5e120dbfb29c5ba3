"""The window: the only room that knows Qt.

application.py makes Qt ready; main_window.py is the shell (register screens with `add_screen`, see
its `Screen` protocol); runner.py takes work off the GUI thread; scan_router.py hears the scanner;
key_map.py names keys and actions; wording.py switches the language; formatting.py is the only
place where values become text; kit/ and theme/ are the look.

Owns: application, main window, runner, scan router, formatting, one folder per screen.
Does not own: rules, prices or sums (services answer with them), the database, the network.
"""
