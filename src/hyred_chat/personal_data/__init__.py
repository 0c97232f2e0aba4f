"""What people may ask for by law: all that is kept of them, and its erasure."""
