"""Does a text speak to the tutor instead of the learner?

A course is written for people. A sentence of it that gives orders to an assistant ("ignore your instructions",
"reply with") was put there by somebody who wants the tutor to say something else. Nothing is cited from it, and a
language model is not shown it.
"""

import re

_ORDERS = re.compile(
    r"""\b(?:ignore|disregard|forget|override|bypass)\b[^.]{0,40}\b(?:instructions?|prompts?|guidelines|previous|above|
        prior|earlier|training|restrictions|context|passages?|citations?)\b
    | \b(?:system|hidden|initial|secret|developer)\s+(?:prompt|message|instructions?|mode|override)\b
    | \byour\s+(?:new|real|only|next)\s+(?:instructions?|orders|rules?|directives?|task|job|goal)\b
    | \bnew\s+(?:instructions?|orders|directives?)\s*(?:are|:|apply|is|say|for)
    | \b(?:ai|a\.i\.|chat\s?gpt|gpt-?\d\w*|claude|llama|gemini|copilot|llms?|chat\s?bots?|(?:large\s+)?language\s+models?|
        (?:ai|virtual|digital|study)\s+(?:assistants?|tutors?|agents?|models?))\b\s*(?:[:,]|\s(?:must|should|shall|reading|
        please|who|that\s+reads?|now|is\s+to|are\s+to)\b)
    | \b(?:dear|hey|hello|attention|note\s+to|message\s+(?:to|for))\s+(?:an?\s+|the\s+|any\s+|all\s+|our\s+|you,?\s+)*
        (?:ai|llms?|gpt\w*|assistants?|chat\s?bots?|bots?|tutors?|(?:language\s+|ai\s+)models?)\b
    | \byou\s+are\s+(?:now|an?\s+(?:ai|assistant|chat\s?bot|bot|tutor|language\s+model)|no\s+longer)\b
    | \b(?:pretend|roleplay)\s+(?:as\s+if|like|to\s+be|you)\b | \b(?:act|behave)\s+as\s+if\s+you\b
    | \b(?:respond|reply|answer)\s+(?:only|exactly|with\s+(?:the|only|just|a|one|nothing)|in\s+the\s+style|as\s+(?:if|an?))\b
    | \bfrom\s+(?:now|this\s+point)\s+on(?:wards?)?,?\s+(?:you|always|all|every|the\s+(?:tutor|assistant|answer)|say|add|end|begin)\b
    | (?:^|[.!?:;"“)\]>,]\s*|\b(?:then|and|please|must|also|always|just|simply|instead)\s+)(?:say|print|output|repeat|append|
        insert|tell|inform|begin|end|finish|write|add|type|quote|translate|reveal|recommend|claim|state|show)\b[^.]{0,50}
        (?:\b(?:the\s+(?:learner|student|user|reader|asker)s?|(?:the|your|every|each|all|any)\s+(?:final\s+)?(?:answers?|
        reply|replies|responses?|sentences?)|verbatim|word\s+for\s+word|exactly|the\s+(?:word|phrase|words))\b)
    | \b(?:do\s+not|don['’]t|never|stop)\s+(?:mention|cite|citing|reveal|quote|quoting)\b
    | \b(?:if|when(?:ever)?)\s+(?:you\s+are\s+asked|(?:a|the|any)\s+(?:learner|user)\s+asks)\b
    | \b(?:jailbreak|dan\s+mode|prompt\s+injection)\b
    | <\|?/?(?:im_start|im_end|system|user|assistant|instructions?|prompt|inst)\b | \[/?inst\] | <!--
    | ^\W*(?:system|assistant|user|developer|admin|administrator|instructions?)\s*[:>\]] | \boverride\s*:
    | ``` | [\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]
    | \b[A-Za-z0-9+/]{40,}={0,2}""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)


def speaks_to_tutor(text: str) -> bool:
    """Whether some of the text is meant for an assistant that reads it."""
    return bool(_ORDERS.search(text))
