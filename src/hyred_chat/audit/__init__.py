"""Moderators: who they are, and what each of them has looked at and done."""
