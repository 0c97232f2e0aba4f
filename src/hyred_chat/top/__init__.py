"""`hyred-chat top`: what the servers of a deployment do right now, in a terminal."""
