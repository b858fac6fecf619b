"""Why a file of the corpus is left out."""


class Refusal(Exception):
    """One file, or one entry of a file, cannot be used; the message says why and what to do.

    Never reaches a person by itself: the loader pairs it with the file's name and reads on.
    """
