"""Text that people read, type and look for: one rule each, for all who store, show or search it."""
