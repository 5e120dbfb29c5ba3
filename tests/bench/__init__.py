"""Benchmarks: figures beside the budgets of DESIGN.md; never part of a verdict."""
