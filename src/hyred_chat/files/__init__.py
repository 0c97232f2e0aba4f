"""Files that people attach to messages: uploaded, examined, kept, and given to the members of their room."""
