"""PostgreSQL: where it runs, how it is reached, what its tables are."""
