"""Messages: how they are checked, stored in groups, handed out and read again."""
