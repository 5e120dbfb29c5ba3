"""What a till's camera sees: pictures of member codes with a seed, and how many of them are read.

`python -m tests.camera --seed 7 --images 480 --json` makes them, reads them and prints the figures.
"""
