"""How learners say that they have no answer: "idk", "no clue, just tell me", "skip"."""

import re

_I = re.IGNORECASE
# Giving up is said in pieces ("idk lol just tell me"): every piece is one of these, and one is more than noise.
_NOISE = r"(?:sorry|u+m+|u+h+|hm+|ugh+|ok(?:ay)?|honestly|tbh|lol|well|so|and|but|then|now|already|again|please|pls|plz|thanks|man|really|just|(?:can|could|would|will)\s+(?:you|u))"
_GIVING_UP = (
    r"(?:(?:i\s+)?(?:really\s+|still\s+|honestly\s+)?(?:do\s+not|don['’]?t|dont)\s+know(?:\s+(?:it|that|this(?:\s+one)?|the\s+answer))?|dunno|idk"
    r"|(?:i(?:['’]?ve|\s+have)?\s+(?:got\s+)?)?(?:no\s+(?:idea|clue)|not\s+a\s+clue)|(?:i['’]?m\s+)?not\s+sure|(?:i\s+)?pass|(?:i\s+)?(?:give|gave)\s+up"
    r"|skip(?:\s+(?:it|(?:this|that|the)(?:\s+(?:one|question))?))?|move\s+on"
    r"|(?:tell|show|give)\s+(?:me|us)(?:\s+it)?(?:\s+(?:the\s+)?(?:right\s+|correct\s+)?(?:answer|solution|key))?"
    r"|(?:show|reveal|say)\s+(?:me\s+)?(?:the\s+|it\b)(?:right\s+|correct\s+)?(?:answer)?|answer\s+it|what(?:['’]?s|\s+is)\s+(?:it|the\s+(?:right\s+|correct\s+)?answer))"
)
_PASS = re.compile(
    rf"^\W*(?:{_NOISE}\W+)*{_GIVING_UP}(?:\W+(?:{_NOISE}|{_GIVING_UP}))*\W*$|^\W*answer\W+(?:please|pls|plz)\W*$", _I
)


def gives_up(text: str) -> bool:
    """Whether a message is nothing but a way of saying that there is no answer, or of asking for it."""
    return bool(_PASS.match(text))
