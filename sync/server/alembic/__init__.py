"""Versions of the server's schema, each once and never edited, without batch operations.

Owns: the steps from version to version. Does not own: the tables of today (../tables.py), with
which a test compares what the steps lead to.
"""
