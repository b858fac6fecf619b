"""Drafts of answers from passages."""
