"""Hyred Chat: a self-hosted chat server that is durable, ordered and exactly-once."""

__version__ = "0.1.0"
