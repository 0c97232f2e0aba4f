"""Presence: who is here, what they say they are doing, and who is writing."""
