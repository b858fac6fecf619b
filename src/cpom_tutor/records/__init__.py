"""Learners and their turns, kept in a database: SQLite by default, PostgreSQL by URL."""

from cpom_tutor.records.store import SqlRecords, open_records

__all__ = ["SqlRecords", "open_records"]
