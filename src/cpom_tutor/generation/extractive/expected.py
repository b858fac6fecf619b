"""The kinds of thing that questions ask for, how they are asked, and what a sentence that gives one has."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Expected:
    """A kind of thing that a question asks for: how it is asked, and what a sentence that gives it has."""

    name: str
    asked: re.Pattern[str]
    given: re.Pattern[str]


def _kind(name: str, asked: str, given: str) -> Expected:
    flags = re.IGNORECASE | re.VERBOSE
    return Expected(name, re.compile(asked, flags), re.compile(given, flags))


_AMOUNT = r"\$|\b(million|billion|thousand|hundred|dollar|percent|\d+|figure)s?\b|%|\bsix-\b|\bseven-\b"
EXPECTED = (
    _kind("price or amount",
          r"\b(fees?|prices?|tuition|cost\s+(to|of\s+(the\s+)?(exam|test|course|cert\w*|program\w*))|how\s+much\s+(is|does|do|are|will|would)\b.*\b(cost|fee|exam|test|course|pay|charge|make|earn|cert\w*)"
          r"|how\s+much\s+(money|\$)|what\s+(does|do|would|will|did)\b.*\bcost|salar(y|ies)|hourly|payrate|pay\s+rate|earn\s+(per|a)|refund\w*|discounts?|voucher)\b", _AMOUNT),
    _kind("score or pass mark",
          r"\b(pass(ing)?\s+(mark|score|grade|rate|percent\w*|threshold)|cut\s?-?(off|score)|what\s+score|minimum\s+score|score\s+(do|to|is|needed)|percent(age)?|how\s+many\s+.*\b(right|correct)\b|out\s+of\s+how\s+many|pass\s+rate)\b",
          r"\b\d+\s*(%|percent|points?|out\s+of)|\bscore\s+of\s+\d+"),
    _kind("length of time",
          r"\b(how\s+long\s+(is|are|does|do|must|should|can|will|would|did|till|until|before|after|between|have)|how\s+(many|much)\s+(hours?|minutes?|days?|weeks?|months?|years?|time|ceus?|ce\s+(hours?|credits?)|credits?)|how\s+often|how\s+frequently|time\s+limit|duration|deadlines?)\b",
          r"\b(\d+|one|two|three|four|five|six|ten|several|every|each|per)\s*-?\s*(hour|minute|day|week|month|year|annual|quarter)s?\b|\bannual(ly)?|\byearly|\bmonthly|\bevery\s+single\s+night"),
    _kind("number",
          r"\bhow\s+many\b|\bnumber\s+of\s+(questions?|items?|attempts?|tries|people|members|candidates|hours?)\b",
          r"\b(\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?|thousands?|millions?)\b"),
    _kind("date",
          r"^\W*(when|what\s+(year|date|day|month|time))\b|\bwhich\s+year\b|\bwhat\s+year\b|\bhow\s+old\b|\bdates?\b",
          r"\b(1[89]|20)\d\d\b|\b(january|february|march|april|june|july|august|september|october|november|december)\b"),
    _kind("place",
          r"^\W*where\s+(do|can|could|should|is|are|will)\s+(i|we|you|the\s+(exam|test|course|class))\b|\b(test(ing)?|exam)\s+(cent(er|re)s?|locations?|sites?|venue)\b|\b(address|website|url|web\s?site|link|portal)\b",
          r"\b(www\.|https?:|street|avenue|city)\b|\.(com|org|edu)\b"),
    _kind("contact details", r"\b(phone|e-?mail|contact|telephone|hotline|customer\s+service|support\s+desk)\b", r"@|\b\d{3}[-.\s]\d{4}\b"),
    _kind("name of a person or body",
          r"^\W*who\s+(wrote|writes|founded|created|invented|made|makes|started|runs|owns|teaches|administers|issues|offers|accredits?|grades?|publishes|developed|is\s+the\s+(author|founder|president|ceo|director|instructor))\b"
          r"|\b(authors?|publisher|founder|instructor['’]?s?\s+name|accredit\w+|issuing\s+(body|organi[sz]ation))\b",
          r"\b(written|founded|created|developed|administered|issued|accredited|published)\s+by\b"),
    _kind("recommendation of a product or supplier",
          r"\b(which|what)\s+(\w+\s+){0,2}(wholesaler|vendor|brand|software|supplier|product|company|manufacturer|app|textbook|book|review\s+course)s?\b.*\b(best|should|recommend|cheap\w*|better|use|buy|gives?|pick|choose)\b",
          r"\b(recommended|preferred)\s+(vendor|brand|supplier|product)\b"),
    _kind("formula",
          r"\b(formula|equation)s?\b|\bhow\s+(is|are|do|does|would|should|can)\b.*\b(calculat\w*|comput\w*|work(ed)?\s+out)\b|\bcalculat(e|ing|ion)\b",
          r"=|\bdivided\s+by\b|\bmultipl\w+\b|\bratio\s+of\b"),
    _kind("rule on who may sit it or how to sign up",
          r"\b(regist(er|ration)|sign\s?up|enrol(l|ls|led|lment|ment)?|appl(y|ication)\s+(for|to|form|process|fee)|schedul(e|ing)\s+(my|the|an)\s+(exam|test)|retak(e|es|ing)|resit|re-?take|eligib\w+|qualif(y|ies|ied)\s+(for|to)|sit\s+(for\s+)?(it|the|this)|\b(can|could|may)\s+(an?\s+)?(cpht|tech|technician|rph|student|intern|nurse)s?\s+(sit|take|get|apply)|(need|require[sd]?)\s+an?\s+(pharm\s?d|degree|licen[cs]e|bachelor\w*|diploma)|prerequisites?|reschedul\w*|cancel(l?ation)?|book\s+(the|my|an)\s+(exam|test))\b",
          r"\b(regist(er|ration)|enrol\w*|application\s+form|retake|eligib\w+|prerequisite)\b"),
    _kind("details of its form",
          r"\b(multiple[\s-]choice|open[\s-]book|closed[\s-]book|essay\s+questions?|oral\s+exam|proctor\w*|online\s+(exam|test)|calculators?|true\s*/?\s*(or\s+)?false|format\s+of\s+the\s+(exam|test))\b",
          r"\b(multiple[\s-]choice|open[\s-]book|essay|proctor\w*|calculator)\b"),
)  # fmt: skip
