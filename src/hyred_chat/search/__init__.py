"""Finding messages by their words, in the rooms that one is a member of."""
