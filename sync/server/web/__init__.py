"""The server's web side: the protocol over HTTP, by Litestar.

Owns: routes, credentials on the way in, limits, problems as sentences, long-poll, health, metrics.
Does not own: what is decided (ingest, feed and their neighbours, handed in as acts), the messages.
"""
