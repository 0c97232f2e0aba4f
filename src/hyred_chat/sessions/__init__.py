"""Sessions: a socket's life from its token to its end."""
