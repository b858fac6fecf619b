"""What names a text that is embedded, so that its vector is copied and not computed again."""

import hashlib


def text_hash(text: str) -> str:
    """A short hash of a text's words."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]
