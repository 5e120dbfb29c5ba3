"""The kit: our own widgets, used by every screen.

Owns: how a till button, a money field, a notice or a sheet looks and behaves.
Does not own: any word of the shop: a widget here knows no member, basket or coupon.
"""
