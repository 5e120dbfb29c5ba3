"""A chain of real processes under faults: tills, server, PostgreSQL and the way between them."""
