"""Sync: how tills and the server come to agree.

Owns: protocol, the sans-IO heart, transport, lanes, the server, the simulation of it all.
Does not own: rules (app.domain, the only part of app it sees), the till's database, the window.
"""
