"""Groups: made by people, who decide in them by their roles."""
