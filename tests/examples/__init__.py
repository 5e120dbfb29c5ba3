"""The examples for other programs, run as their readers run them."""
