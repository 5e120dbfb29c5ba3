"""Tests of the local store, against real SQLCipher files."""
