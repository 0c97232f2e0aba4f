"""Preferences: what a person wants to be told of, when, and of which rooms not."""
