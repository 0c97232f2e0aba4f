"""Who people are: signing in, names and pictures, finding somebody to talk to."""
