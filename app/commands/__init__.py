"""Commands: the till's subcommands, each run(arguments) -> exit code.

Owns: arguments, progress, what is printed as text or JSON, exit codes (2 = bad input).
Does not own: the work itself (services, store), the table of commands (main.py), Qt.
"""
