"""Notifications: what reaches people who are not looking at the room."""
