"""Printing: painting placed pages with Qt."""
