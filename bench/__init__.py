"""Measures the server as people would use it, beside two bare echoes that store nothing: `python -m bench`."""
