"""Practice in the conversation."""
