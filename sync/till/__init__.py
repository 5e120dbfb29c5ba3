"""The till's end of the wire: its store, joined to the ports of sync.

Owns: the translation between messages (protocol.py) and the till's own values (app.domain), both
ways. Does not own: the store (app/store fits ports.py here by its shape), when anything is done
(core.py, lane.py). main.py hands the store in.
"""
