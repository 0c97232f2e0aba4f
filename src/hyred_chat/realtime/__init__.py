"""Chat over sockets: who is here, and how events reach services and people."""
