"""Exit codes of the server's commands: the same as the till's (app/commands/openings.py).

Owns: their names here, because sync does not see the till's commands. Does not own: meanings.
"""

OK, FAILED, BAD_INPUT, NOT_POSSIBLE = 0, 1, 2, 3
"""0 done and sound; 1 done and something is wrong; 2 bad input; 3 the world does not allow it."""
