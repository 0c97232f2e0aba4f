"""People who want to hear nothing more of one another."""
