"""Tests of what the shop prints, shows as codes and charges through."""
