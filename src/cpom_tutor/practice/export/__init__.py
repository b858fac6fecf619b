"""What can be taken away: an Anki deck, a table, a printable sheet."""
