"""The server: the other end, where what all tills did comes together.

Owns: tables, ingest, accounts as confirmed, feeds, the web in front of them. Does not own: rules
(app.domain), the messages (sync/protocol.py), the till's own store.
"""
