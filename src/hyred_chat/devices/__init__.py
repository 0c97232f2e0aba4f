"""Devices: where a person can be reached when the chat is not open."""
