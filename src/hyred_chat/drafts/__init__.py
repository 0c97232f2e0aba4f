"""Drafts: what somebody has begun to write in a room, on all of their devices."""
