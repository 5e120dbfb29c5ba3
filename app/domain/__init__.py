"""The rules: values and pure functions that run alike on the till, on the server and in a test.

Owns: money, points, codes, the program, pricing, facts and their fold.
Does not own: any clock, chance, file, database or wire (callers pass today, now and ids in), words
on screen (resources/locale).
"""
