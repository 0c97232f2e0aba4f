"""What a host back end does here: it provisions people and rooms."""
