"""`python -m hyred_chat` is `hyred-chat`."""

from hyred_chat.cli import app

if __name__ == "__main__":
    app(prog_name="hyred-chat")
