"""The steps by which a database came to its present tables. They only go forward; a released one is never edited."""
