"""The kind of question, from its wording; the structure that it hits may still correct it when drafting."""

import re

from cpom_tutor.answers import Intent

_I = re.IGNORECASE
_SHORTEST_STORY = 5  # words

# Order matters: the first that matches wins. Each pattern is a way of asking, never a topic of the course.
_PATTERNS: tuple[tuple[Intent, re.Pattern[str]], ...] = tuple(
    (intent, re.compile(pattern, _I | re.VERBOSE))
    for intent, pattern in (
        (Intent.QUIZ, r"\b(quiz|test)\s+(me|us)\b | \b(practice|mock|sample)\s+(question|exam|test|quiz)s?\b"
                      r" | \bflash\s?cards?\b | \bmcqs?\b | \bask\s+me\s+(something|anything|some|a\s+(few\s+)?question) | \bgive\s+me\s+((an?|another|one\s+more|some|\d)\s+)?(\w+\s+)?(quiz|scenario|question)s?\b"
                      r" | ^\W*(an?(other)?|one\s+more|new|next|more)\s+(scenario|quiz|question|mcq)s?\W*(please|pls)?\W*$ | \b(do|try)\s+(an?|another)\s+(scenario|quiz)\b"),
        (Intent.GRADE, r"\b(is\s+(this|that|my\s+answer)\s+(right|correct|ok)\s*[:?—-]) | \b(grade|mark|check)\s+(my|this)\s+answer\b"
                       r" | \bam\s+i\s+right\b | \bdid\s+i\s+get\s+(it|that)\s+right\b"),
        (Intent.COMPARE, r"\b(vs\.?|versus)(?!\w) | \bdifferen(ce|ces|t|tiate)\b.*\b(between|from|than|to|with|and)\b"
                         r" | \bdiffers?\b | \b(or|and|vs)\b.*\bdifferences?\W*$ | \bcompar(e|ed|es|ing|ison)\b | \bdistinguish(es)?\b | \bhow\b.*\bdifferent\b"
                         r" | \b(better|more\s+important)\s+than\b | \bwhat\s+sets\b.*\bapart\b | \b(same|similar)\b.*\b(as|to)\b"
                         r" | \bwhat\s+separates\b | \bwhich\b.*,.*\bor\b"),
        (Intent.SUMMARIZE, r"\bsumm?ar(y|i[sz]e|ies)\b | \bsum\s+(it\s+|this\s+|that\s+)?up\b | \btl;?\s?dr\b | \bin\s+a\s+nutshell\b | \brecap\b | \b(key|main)\s+(points|takeaways|ideas)\b"
                           r" | \boverview\s+of\b | \bwhat(['’]?s|\s+is)\s+(this|the|it)?\s*(\w+\s+)?(all\s+|even\s+|actually\s+|really\s+)*about\W*$ | \bgist\s+of\b | \bthe\s+big\s+picture\s+(of|on|here)\b"),
        (Intent.SIMPLIFY, r"\b(simpl(er|y|ify)|plain(er)?\s+(words|english|language)|eli5|dumb\s+it\s+down|easier\s+words|layman)\b | \blike\s+i['’]?\s*a?m\s+(five|5|six|ten|\d+)\b"
                          r" | \bexplain\s+(it\s+|that\s+|this\s+)?like\s+i\b | \bi\s+(still\s+)?(do\s+not|don['’]t)\s+(get|understand)\s+(it|that|this)\b"),
        (Intent.EXAMPLE, r"^\W*(and\s+|can\s+you\s+|could\s+you\s+|please\s+)*(give|got|have|show|any|an?|some)?\s*(me\s+|us\s+)?(an?\s+|some\s+|any\s+)?"
                         r"(concrete\s+|real\s+|good\s+)?examples?\b | \bfor\s+(example|instance)\s*\?*$ | \bsuch\s+as\s*\?+$"),
        (Intent.ANALOGY, r"\banalog(y|ies|ous)\b | \bmetaphor\b | \b(version|equivalent|counterpart)\s+of\b | \bin\s+\w+\s+terms\b"),
        (Intent.TABLE, r"\b(which|what)\s+(\w+\s+)?(row|column|bucket|category|heading|area)s?\b | \b(row|column)s?\b | \bunder\W*$"
                       r" | \b(where|what|which)\b.*\b(would|does|do|should|is|are)\b.*\b(fall|fits?|belongs?|sit|sits|go|goes|filed|classified)\b"
                       r" | \b(come|comes|fall|falls|go|goes)\s+under\b | \b(lives?|sits?|goes|belongs?|falls?|fits?)\s+(in\s+|under\s+)?(where|which|what)\b | \bthe\s+(whole\s+|full\s+|entire\s+)?table\b"),
        (Intent.BENEFIT, r"\bbenefit(s|ed|ing)?\b | \bin\s+it\s+for\b | \bget(s|ting)?\s+(\w+\s+){0,2}(out\s+of|from)\b | \b(gain|gains)\b"
                         r" | \bperks?\b | \bwhat\s+(does|do|will|would|can)\s+(my|the|a|an|our)?\s*[\w\s-]{2,40}\s+get\b"
                         r" | \bwhat\s+(do|will|would)\s+i\s+get\b | \bworth\s+(it|the|my)\b | \bwhy\s+(should|would)\s+(my|our|an?|the|any)\b"
                         r" | \bhow\s+(does|do|will|would|can)\s+.*\bhelps?\s+(me|us|patients?|my|our|the\s+\w+)\b | \bgood\s+for\b | \bvalue\s+(to|for)\b"
                         r" | \bpay\s?off\b | \badvantages?\b | \b(does|do|will|would|can)\s+(it|this|that|(a|the)\s+\w+|cpoms?)\s+(really\s+|even\s+)?help\s+\w+ | \bcome(s)?\s+out\s+ahead\b | \bbetter\s+off\b"),
        (Intent.WHY, r"^\W*(but\s+|and\s+|so\s+)?(why|how\s+come)\b | \breasons?\s+(for|why|that|behind)\b | \bwhat['’]?s?\s+(is\s+)?the\s+point\b"
                     r" | \bwhy\s+(is|are|was|were|do|does|did|would|should|can|can['’]?t|isn['’]?t|aren['’]?t|doesn['’]?t|it|they|we)\b"
                     r" | \bhow\s+(does|do|did|would|can|could)\b.*\b(lead|leads|cause|affect|reduce|improve|make|prevent|connect|influence|support|enable|serve|end\s+up|drive|protect)\b"
                     r" | \bwhat\s+(happens|goes\s+wrong)\s+(if|when)\b"),
        (Intent.LIST, r"\bhow\s+many\b | \bgive\s+(me|us)\s+(all\s+)?(of\s+)?(the\s+)?(\d|two|three|four|five|six)\b | \bwhat(['’]?s|\s+is|\s+goes)\s+(all\s+)?(in|into|involved\s+in|included\s+in)\b | \bwhat\s+(does|do|would|will)\b.*\b(entail|involve|include|consist\s+of|comprise)s?\b | \b(list|name|enumerate)\s+(all|the|of|every|me|them|some|\d|two|three|four|five|six)\b"
                      r" | \b(types|kinds|sorts)\s+of\b | \ball\s+(of\s+)?the\b"
                      r" | \bwhat\s+(are|were)\s+(the|all|some|its|their)\b"
                      r" | \b(which|what)\s+(\w+\s+){0,2}?(?!does\b|has\b|was\b|is\b|this\b|us\b)\w{3,}(?<!ss)s\s+(are|were|do|did|does|led|drive|drove|made|make|cover|come|make\s+up|matter|count|exist|pushed|caused|created)\b"),
    )
)  # fmt: skip

_FIRST_PERSON = re.compile(r"\b(my|our|we|we['’]re|we['’]ve|i|i['’]m|i['’]ve|us|me)\b", _I)
_ADVICE = re.compile(
    r"\b(what|how|which|where)\b.*\b(should|do|can|could|would)\s+(i|we)\b | \b(advice|help)\b | \bstuck\b | \bkeeps?\b"
    r" | \bstruggl\w+ | \bproblem\b | \b(my|our)\s+\w+.*\b(is|are|was|were|won['’]t|can['’]t|refuse|refuses|hate|hates|just|got)\b"
    r" | \bi\s+(was|am|just|got|have|need|want|spend|do|try|feel|run|manage)\b | \bwe\s+(are|have|were|need|just|keep|lost|lose|got|can['’]t|run)\b"
    r" | \bi['’](m|ve)\b | \bwe['’](re|ve)\b",
    _I | re.VERBOSE,
)
_LEARNING = re.compile(
    r"^\W*(what|which|where|who|when|is|are|does|do|define|will|can|could|would|why|how\s+(is|does|do|come|much|many|long|hard))\b"
    r" | \bi\s+(pass|passed|fail|certif|study|studied|read|heard|think|thought|get|take|know|understand)\w*\b"
    r" | \b(do|should|must|can|will)\s+i\b",
    _I | re.VERBOSE,
)
_ASKS = re.compile(
    r"^\W*(so|and|but|ok|okay|hey|hi|please|also|then|now|um|wait)*\W*(what|which|who|whom|whose|when|where|why|how|is|are|was|were|am|do|does|did"
    r"|can|could|will|would|should|must|has|have|had|may|once|if|after|since|explain|tell|give|list|name|read|run|rattle|talk|take|walk|bring|define|describe|compare|summari[sz]e|show|tl;?dr"
    r"|isn|aren|doesn|don|won|can['’]?t|difference|example|remind|walk|help|quiz|test|i\s+(do\s+not|don['’]?t)\s+(get|understand)|i\s+(heard|read|thought|think))\b",
    _I,
)
_YES_NO = re.compile(
    r"^\W*(so|and|but|ok|okay|wait|hey|hi|um|then|also|once\s[^,?]*?,?|if\s[^,?]*?,?|after\s[^,?]*?,?|when\s(?!(?:is|are|was|were|do|does|did|can|could|will|would|should|must|has|have|had|am|may)\b)[^,?]*?,?)?\s*"
    r"(is|are|was|were|do|does|did|can|could|will|would|should|must|has|have|had|am|may|isn['’]t|aren['’]t|doesn['’]t|don['’]t|won['’]t|can['’]t)"
    r"\s+(?!you\s+(explain|tell|give|show|list|name|define|describe|help|summari))\w+",
    _I,
)
_TAG = re.compile(
    r"(?:,\s*(?:right|yeah|yes|correct|true|no)|\s(?:yeah|eh|huh|innit|isn['’]?t\s+it|aren['’]?t\s+they)|^\W*so\b.*\s(?:right|correct|true|no))\W*$",
    _I,
)
_REQUEST = re.compile(r"^\W*(can|could|would|will)\s+(you|u)\b", _I)

_COMPARED = re.compile(
    r"^(?P<q>[^,?]+?)\s+(?:or|and|vs\.?|versus)\s+(?P<r>[^,?]+?)[\s,:-]+(?:what|how)\b.*\b(?:differ\w*|diff)\W*$|"
    r"\b(?:difference|differences|distinction|comparison|compare|distinguish|distinguishes|differentiates?|separates?)\b"
    r"(?:\s+between)?\s+(?P<a>.+?)\s+(?:and|with|to|from|vs\.?|versus)\s+(?P<b>.+?)\W*$"
    r"|\bwhich\b[^,?]*,\s*(?P<o>.+?)\s+or\s+(?P<p>.+?)\W*$"
    r"|\bhow\b.*?\b(?:is|are|does|do|['’]s)\s+(?P<c>.+?)\s+(?:any\s+)?(?:different|difference|differ|compare|compared)\s+(?:from|to|than|with)\s+(?P<d>.+?)\W*$"
    r"|(?:^|\b(?:what['’]?s|what\s+is|is|are|explain|about|between)\s+)(?:the\s+)?(?P<e>[^?]+?)\s+(?:vs\.?|versus|or)\s+(?P<f>[^?,:]+)"
    r"|\b(?P<g>.+?)\s+(?:different|differs?)\s+(?:from|to|than)\s+(?P<h>.+?)\W*$"
    r"|\bwhat\s+sets\s+(?P<i>.+?)\s+apart\s+from\s+(?P<j>.+?)\W*$"
    r"|\b(?:is|are)\s+(?P<k>.+?)\s+the\s+same\s+(?:thing\s+)?as\s+(?P<l>.+?)\W*$"
    r"|\b(?:is|are)\s+(?P<m>.+?)\s+better\s+than\s+(?P<n>.+?)\W*$",
    re.IGNORECASE,
)  # fmt: skip


def kind_of(text: str, analogy_words: frozenset[str], words: tuple[str, ...]) -> Intent:
    """The intent that the wording shows.

    Args:
        text: the question, spelling mended.
        analogy_words: stems that the course uses only on the picture side of its analogies (kitchen, menu).
        words: content stems of the question.
    """
    for intent, pattern in _PATTERNS[:2]:
        if pattern.search(text):
            return intent
    pictured = any(word in analogy_words for word in words)
    for intent, pattern in _PATTERNS[2:6]:
        if intent is Intent.SIMPLIFY and pictured:
            continue
        if intent is not Intent.COMPARE and pattern.search(text):
            return intent
    if re.match(r"^\W*(please\s+)?(list|name|enumerate)\b", text, _I) and not pictured:
        return Intent.LIST
    if re.search(r"\bin\s+it\s+for\b", text, _I):
        return Intent.BENEFIT
    if re.search(r"\b(the|a|that|this|domains?)\s+(\w+\s+){0,2}table\b", text, _I):
        return Intent.TABLE
    if is_situation(text) and not pictured:
        return Intent.APPLY
    for intent, pattern in _PATTERNS[2:]:
        if pattern.search(text):
            if intent is Intent.LIST and is_yes_no(text) and not re.search(r"\bhow\s+many\b", text, _I):
                return Intent.ANALOGY if pictured else Intent.ASK
            told_in_pictures = pictured and intent in (Intent.LIST, Intent.TABLE, Intent.WHY, Intent.BENEFIT)
            return Intent.ANALOGY if told_in_pictures or (pictured and intent is Intent.SIMPLIFY) else intent
    return Intent.ANALOGY if pictured else Intent.ASK


def is_yes_no(text: str) -> bool:
    """Whether the question can be answered by yes or no."""
    last = re.split(r"(?<=[.!])\s+", text.strip())[-1]
    return (bool(_YES_NO.match(last)) and not _REQUEST.match(last)) or bool(_TAG.search(last))


def is_situation(text: str) -> bool:
    """Whether the learner tells of their own workplace and looks for guidance."""
    if not _FIRST_PERSON.search(text):
        return False
    if not _ASKS.match(text) and len(text.split()) >= _SHORTEST_STORY:
        return True
    if not _ADVICE.search(text):
        return False
    advice = re.search(
        r"\b(what|how|which)\b.*\b(should|do|can|could)\s+(i|we)\s+(do|handle|fix|approach|use|apply|start|deal|turn|look|convince|manage|tackle)\b",
        text,
        _I,
    )
    return bool(advice) or not _LEARNING.search(text)


_AFTERTHOUGHT = re.compile(
    r"\s+(?:compar\w+|what['’]?s\b.*|what\s+is\b.*|diff\w*|which\b.*|pl(?:ea)?se?|in\s+(?:the|this)\s+course|again|exactly)$",
    re.IGNORECASE,
)


def subjects_of(text: str) -> tuple[str, ...]:
    """The two things that a question compares, or nothing."""
    match = _COMPARED.search(text)
    if not match:
        return ()
    pair = [group.strip(" ?.!,\"“”'") for group in match.groups() if group]
    pair = [_AFTERTHOUGHT.sub("", side).strip(" ?.!,") for side in pair]
    cleaned = tuple(
        re.sub(r"^(?:(?:a|an|the|being|having|what['’]?s|is|are|between|so)\s+)+", "", side, flags=re.IGNORECASE)
        for side in pair
    )
    return cleaned if len(cleaned) == 2 and all(cleaned) else ()
