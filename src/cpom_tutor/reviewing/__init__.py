"""Reviewing: what to look at first, what to say instead, and what the course lacks."""
