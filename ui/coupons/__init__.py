"""Coupons: which to use and which to leave out, over the right column (F6)."""
