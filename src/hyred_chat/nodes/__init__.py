"""Several processes on one database: how each learns what the others have stored and changed."""
