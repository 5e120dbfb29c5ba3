"""Services: one public function is one thing a person at the till can ask for.

Owns: the order of the steps, the one unit of work each of them commits, the typed answer, and the
ports (ports.py) through which store and devices are reached.
Does not own: rules (app.domain), SQL (app.store), paper (app.devices), words on screen (ui).
"""
