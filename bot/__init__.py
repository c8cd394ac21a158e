"""A Telegram bot that answers questions about a library's articles, with the passages that the answers stand in."""
