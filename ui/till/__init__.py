"""The till screen: basket, input line, member card, totals, keys."""
