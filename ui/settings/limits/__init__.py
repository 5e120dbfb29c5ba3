"""Limits page of the settings: what each role may do by itself, with approval, or not at all."""
