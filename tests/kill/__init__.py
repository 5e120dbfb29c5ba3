"""Kill runs: a till is killed at random moments of its sales; nothing confirmed may be missing."""
