"""Notices: what the host tells people, one or ten thousand at once, now or later."""
