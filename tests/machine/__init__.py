"""Any day at a counter, invented by Hypothesis, reckoned up by hand. `python -m tests.machine.run`.

Owns: the machine, what its hands and its books say. Does not own: prices (domain/laws), kills.
"""
