"""Pushes: a queue in PostgreSQL, the rules of what leaves it, and the channels it leaves by."""
