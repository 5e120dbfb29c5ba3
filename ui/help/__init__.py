"""Help (F1): the topic of the screen in front, every other one, and the keys that work here."""
