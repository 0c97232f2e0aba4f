"""Several server processes behind one port: started, watched, replaced, and given the connections that are theirs."""
