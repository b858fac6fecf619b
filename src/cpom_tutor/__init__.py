"""A study assistant for a course: cited answers, checked before they are shown."""
