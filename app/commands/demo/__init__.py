"""The demo: a ready shop with a year of history, made through the services.

Owns: the people, their habits, the year, and bringing it up to today.
Does not own: opening the window (main.py), the shelf and the rules (resources/demo).
"""
