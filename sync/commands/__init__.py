"""The commands of the server: what main.py runs.

Owns: command lines, words and exit codes. Does not own: the server (sync/server), opening the
embedded database (handed in by main.py).
"""
