"""Notifications from message to pocket, on a real server with providers beside it."""
