"""Rooms: who is in them, what state they are in, how they are listed."""
