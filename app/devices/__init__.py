"""Devices: what the shop prints, shows as codes, and charges through. No Qt, no database."""
