"""Simulation: tills, network, disks and clocks made of chance, around the real sync code.

Owns: the world that a seed makes, its faults, what must hold in it at every step, planted mutants.
Does not own: the heart (sync.core), the server (sync.server), the till's store (a factory that
main.py hands in). Nothing here knows what time it is: a seed replays exactly.
"""
