"""Write src/hyred_chat/text/emoji.txt, the emoji of Unicode. With --check: fail when it would be another one."""

import sys
from pathlib import Path

import emoji

LIST = Path(__file__).parent.parent / "src" / "hyred_chat" / "text" / "emoji.txt"


def main() -> int:
    """Write the list, or compare it."""
    qualified = emoji.STATUS["fully_qualified"]
    text = "\n".join(sorted(each for each, data in emoji.EMOJI_DATA.items() if data["status"] == qualified)) + "\n"
    if "--check" not in sys.argv:
        LIST.write_text(text, encoding="utf-8")
    elif LIST.read_text(encoding="utf-8") != text:
        print(f"{LIST.name} is not what the library knows: run python scripts/generate_emoji.py.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
