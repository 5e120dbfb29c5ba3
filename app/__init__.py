"""The shop: what happens at a till, without a window and without a network.

Owns: rules (domain), what a person can ask for (services), keeping it (store), paper and codes
(devices), the till's subcommands (commands).
Does not own: drawing (ui), agreeing with other tills (sync), joining it all (main.py).
"""
