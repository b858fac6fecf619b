"""What a tutor may say in words of its own: an everyday picture, marked as such, that states nothing of the course.

Nothing can check a picture against the course, so its form must keep it harmless: it begins as a picture does,
names nobody and nothing, counts nothing, orders nothing and points nowhere.
"""

import re

EXAMPLE_MARK = "A picture of the tutor’s own, not the course’s:"
LONGEST_EXAMPLE = 40  # words
_OPENING = re.compile(
    r"(?:imagine|picture|think of|suppose|it is (?:like|as if|a bit like|much like)|it works like|this is like)\b",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[A-Za-z ,;’'–—-]+\.?")
# A picture gives no advice, no order and no law; and it is no place for patients' treatment or for secrets.
_OUT_OF_PLACE = re.compile(
    r"""\b(?:must|should|shall|ought|always|never|please|ignore\w*|disregard\w*|obey\w*|instruct\w*|prompts?|system|rules?|
    password\w*|passcode\w*|keys?|secret\w*|account\w*|login|click\w*|visit\w*|download\w*|install\w*|websites?|links?|
    url|http\w*|www|dot|com|email\w*|e-mail\w*|phone\w*|call|send\w*|pay\w*|buy\w*|money|cash|bank\w*|bitcoin|gift|
    dos(?:e|es|ed|ing|age|ages)|drugs?|medicines?|medications?|tablets?|pills?|inject\w*|insulin|prescri\w*|treat\w*|
    diagnos\w*|symptom\w*|patients?|overdos\w*|poison\w*|kill\w*|suicid\w*|die|dead|hack\w*|pwn\w*|jailbr\w*|tutor|
    course|chapter|section|exam\w*|certif\w*|licen[cs]\w*|answer\w*|hidden|override\w*|administrator|admin)\b""",
    re.IGNORECASE | re.VERBOSE,
)


def example_line(words: str) -> str:
    """The only form in which a picture of the tutor's own may stand."""
    return f"{EXAMPLE_MARK} {words.strip()}"


def example_fault(line: str) -> str:
    """Why a picture may not stand, or an empty string."""
    words = line.removeprefix(EXAMPLE_MARK).strip()
    if not _OPENING.match(words):
        return "An example of the tutor’s own does not begin as a picture does."
    if len(words.split()) > LONGEST_EXAMPLE:
        return "An example of the tutor’s own is too long."
    if not _PLAIN.fullmatch(words):
        return "An example of the tutor’s own holds more than plain words."
    named = [word for word in words.split()[1:] if word[0].isupper() and word.strip(",;.") != "I"]
    if named:
        return f"An example of the tutor’s own names “{named[0]}”."
    found = _OUT_OF_PLACE.search(words)
    return f"An example of the tutor’s own says “{found.group()}”." if found else ""
