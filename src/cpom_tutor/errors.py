"""What goes wrong, in words for the person at the screen.

Each message is one sentence or two: what happened, and what to type or do next. It is shown as it is
(never a stack trace), with exit code 2 on the command line. An abstention is not an error.
"""


class TutorError(Exception):
    """Anything that stops the tutor from working; the message is shown to the person as it is."""


class BadInput(TutorError):
    """What was typed or given cannot be used; says what is wrong and what would be right."""


class IndexMissing(TutorError):
    """There is no index yet; says how to make one."""


class IndexDamaged(TutorError):
    """The index fails its self-check; says how to rebuild it."""


class IndexMismatch(TutorError):
    """The index was made by another embedder or an older passage format; says which, and the remedy."""


class IndexBusy(TutorError):
    """Another process is writing the index; says so and asks to wait."""


class EmbedderUnavailable(TutorError):
    """The embedding model cannot be loaded; says which and how to get it."""


class CheckerUnavailable(TutorError):
    """The model of the grounding checker cannot be loaded or is not made for it; says which and what to set."""


class ModelUnavailable(TutorError):
    """The language model gave no answer, or broke off; says why, and never the key."""


class RecordsUnavailable(TutorError):
    """The database cannot be opened, read or written; says where it is and what to check."""


class NotFound(TutorError):
    """The address, passage, conversation or file asked for does not exist (or is somebody else's)."""


class SessionMoved(TutorError):
    """A practice session went on elsewhere (another tab) since it was read; says to load it again."""


class NotAllowed(TutorError):
    """This is for somebody else to see or do; says for whom, and how they get there."""
