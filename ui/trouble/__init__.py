"""The window of a till that cannot open: what happened, what is safe, what to do next."""
