"""Devices: what leaves the till as paper, code or signal.

Owns: receipts as text, PDF and ESC/POS bytes, member cards and codes, drawer, scanner, printing.
Does not own: what a receipt says (the stored fact does), widgets (ui), payment rules.
"""
