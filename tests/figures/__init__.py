"""Figures against other ways of adding up: a year of real baskets in a real store.

Owns: writing that year as facts, and the comparison with pandas (`python -m
tests.figures.against_pandas`). Does not own: ringing it up scan by scan (main.py replay).
"""
