"""`python -m bot` is `qa-bot`."""

from bot.cli import main

main()
