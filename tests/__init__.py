"""Tests: mirror the code, plus journeys (a day at the till) and benchmarks.

Owns: the one test command (check.py), the rules about the code itself (test_architecture.py,
test_tidy.py), builders of shop-like data.
Does not own: anything a till runs.
"""
