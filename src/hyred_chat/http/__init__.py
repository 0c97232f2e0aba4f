"""What all HTTP endpoints share: the envelope, the error answers, the bounds. No word of chat."""
