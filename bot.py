"""Starts the Discord bot: `python bot.py`, the same as `qabot bot`."""

import sys

from qabot.cli import main

if __name__ == "__main__":
    sys.argv[1:] = ["bot", *sys.argv[1:]]
    main()
