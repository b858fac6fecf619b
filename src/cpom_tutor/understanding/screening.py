"""What is answered, or declined, without looking into the course: small talk, help, clinical questions,
instructions to the tutor."""

import re

from cpom_tutor.answers import Intent, Reason

_I = re.IGNORECASE | re.VERBOSE

_GREETING = re.compile(
    r"^\W*(hi|hello|hey|hiya|howdy|good\s+(morning|afternoon|evening)|greetings|yo|sup)(\s+(there|tutor|all|everyone|again))?\W*$", _I)  # fmt: skip
_THANKS = re.compile(
    r"^\W*((ok(ay)?|great|cool|nice(\s+one)?|perfect|awesome|got\s+it|brilliant|lovely|super|wow)[\s,.!]*)*"
    r"(thanks?(\s+(you|a\s+lot|so\s+much|a\s+bunch|very\s+much|again|man|mate))*|thank\s+you.*|ty|cheers|much\s+appreciated|"
    r"that['’]?s?\s+(really\s+|very\s+)?(helpful|great|clear|useful|perfect|helped|helps)|(that|it)\s+(really\s+)?help(s|ed)(\s+a\s+lot)?)"
    r"[\s,.!]*((that|this)\s+(really\s+)?help(s|ed)(\s+a\s+lot)?|that\s+was\s+\w+|you\s+rock|bye)?\W*$", _I)  # fmt: skip
_ACKNOWLEDGE = re.compile(
    r"^\W*(ok(ay)?|great|cool|nice|perfect|awesome|got\s+it|i\s+see|makes\s+sense|understood|sure|yes|no|lol|haha+|wow|hmm+|right|alright|fine)\W*$", _I)  # fmt: skip
_BYE = re.compile(r"^\W*((ok|right|well)\W+)?(i['’]?ve\s+)?(gotta|got\s+to|have\s+to)\s+(go|run)\b.{0,20}$ | ^\W*(bye|goodbye|see\s+(you|ya)(\s+later|\s+tomorrow)?|good\s*night|later|ciao|that['’]?s\s+all(\s+for\s+(now|today))?)\W*$", _I)  # fmt: skip
_FEELING = re.compile(
    r"^\W*(how\s+are\s+you(\s+(doing|today))?|how['’]?s\s+it\s+going|what['’]?s\s+up|nice\s+to\s+meet\s+you)\W*$"
    r" | ^\W*(ugh|omg|god|man|honestly)?\W*i['’]?m\s+(so\s+|really\s+|just\s+)?(tired|nervous|stressed|anxious|scared|bored|exhausted|overwhelmed|lost)(\s+(today|tonight|now))?(\s+(about|of)\s+[\w\s]+)?\W*$", _I)  # fmt: skip
_INSULT = re.compile(
    r"^\W*(you|u|ur|your|you['’]?re|this|that|it)\b(\s+\w+){0,4}\s+(useless|stupid|dumb|garbage|trash|sucks?|rubbish|crap|terrible|awful|bad|annoying|wrong|bs|bullshit|no\s+help)(\s+and\s+so\s+are\s+(you|u))?(\s+(lol|man|bot|app|answer))?\W*$", _I)  # fmt: skip
_PRAISE = re.compile(
    r"^\W*(you|u|ur|you['’]?re|this|that|it)\b(\s+\w+){0,3}\s+(good|great|awesome|amazing|helpful|brilliant|smart|cool|the\s+best)(\s+(at\s+this|tool|app|bot|thing))?(\s+lol)?\W*$", _I)  # fmt: skip
_HUMAN = re.compile(
    r"^\W*(hey\s+|so\s+|wait\s+)?(are|r)\s+(you|u)\s+(a\s+|an\s+)?(real|human|bot|robot|ai|person|chatgpt|gpt|machine)(\s+(person|human|being|bot))?(\s+or\s+.*)?\W*$", _I)  # fmt: skip
_BORED = re.compile(r"^\W*((omg|ugh|god)\W+)?(this|it|that|all\s+this)\b.{0,20}\b(boring|dull|dry|tedious|too\s+long)\b.{0,30}$ | ^\W*i['’]?m\s+(so\s+)?bored\W*$", _I)  # fmt: skip
_HELP = re.compile(
    r"\bwhat\s+(can|do)\s+(you|u)\s+(actually\s+|even\s+|really\s+)?(do\b|help\b) | ^\W*(please\s+)?help(\s+me)?(\s+please)?\W*$ | \bwho\s+(are|made|built)\s+you\b | \bw(hat|tf)\s+are\s+(you|u)\b"
    r" | \bare\s+you\s+(a\s+|an\s+)?(real|human|bot|robot|ai|person|chatgpt|gpt|machine)\b | \bhow\s+(do|can|should)\s+i\s+use\s+(you|this(\s+(app|tutor|thing|tool))?)\b"
    r" | \bhow\s+(do|does)\s+(you|this\s+(app|tutor|thing|tool))\s+work\b | \bwhat\s+(can|should|could)\s+i\s+ask\b", _I)  # fmt: skip

_INSTRUCTION = re.compile(
    r"\b(ignore|disregard|forget|override|bypass|skip)\b.{0,40}\b(rules?|instructions?|prompts?|guidelines|previous|above|prior|training|restrictions|everything|citations?)\b"
    r" | \b(system|hidden|initial|secret)\s+prompt\b | \b(reveal|print|show|repeat|output|leak)\b.{0,30}\b(your|the)\b.{0,20}\b(prompt|instructions|rules|configuration|password|api\s*key)\b"
    r" | \b(pretend|act|behave|roleplay|role-play|respond|answer)\b.{0,15}\b(as|like|to\s+be|you\s+are|you['’]re|ur|your|u)\b.{0,30}\b(if|a|an|my|the|dan|pirate|not)\b"
    r" | \byou\s+are\s+now\b | \bfrom\s+now\s+on\b | \b(exam|test)\s+(answers|answer\s+key)\b | \bjailbreak\b | \bdeveloper\s+mode\b | \bwithout\s+(any\s+)?(citations?|citing|sources)\b"
    r" | \b(say|write|repeat|type|answer\s+with)\b\s+(only\s+)?(the\s+(word|phrase)|exactly|after\s+me)\b | \bno\s+(matter\s+what\s+the\s+course|restrictions)\b"
    r" | \b(add|make\s+up|invent|fabricate)\b.{0,20}\b(citation|source|quote|fact|reference)s?\b"
    r" | \bstop\s+(citing|being\s+a\s+tutor)\b | \bsay\s+(that\s+)?the\s+course\b | (^\W*|\b(please|you|u|can|then|and)\s+)(just\s+)?make\s+(something|stuff|it)\s+up\b"
    r" | \b(ur|your)\s+own\s+opinion\b | \bdon['’]?t\s+(bother|check|look)\w*\s+.*\b(text|course|sources?)\b | \b(disregard|ignore)\s+the\s+(course|text)\b | </?(system|instructions?|prompt)>", _I)  # fmt: skip

_DRUG = re.compile(
    r"\b\w{3,}(zolid|traline|mycin|micin|cillin|floxacin|cycline|conazole|azole|prazole|statin|sartan|olol|pril|dipine|gliptin|gliflozin|glutide|parin|xaban|gatran"
    r"|tidine|setron|triptan|oxetine|zepam|zolam|barbital|caine|vir|mab|nib|platin|taxel|rubicin|trexate|thiazide|semide|penem|cef\w*)\b"
    r" | \b(cef\w+|insulin|warfarin|coumadin|heparin|aspirin|ibuprofen|acetaminophen|tylenol|paracetamol|metformin|digoxin|lithium|morphine|fentanyl"
    r"|oxycodone|hydromorphone|prednisone|dexamethasone|levothyroxine|amiodarone|potassium\s+chloride|ozempic|eliquis|xarelto|naloxone|vanc|vanco|zosyn|apap|pip[\s-]?tazo|bactrim|tmp[\s-]smx|heparin\s+drip|lasix|metoprolol|gabapentin)\b", _I)  # fmt: skip
_SUPPLY = re.compile(
    r"\b(contract\w*|procur\w*|purchas\w*|inventor\w*|stock\w*|budget\w*|spend\w*|shortages?|storage|stor(e|ed|ing)|wholesaler|formulary|billing|billed|reimburs\w*)\b", _I)  # fmt: skip
_TREATMENT = re.compile(
    r"\b(dos(e|es|ed|ing|age)|mg|mcg|ml|titrat\w+|taper\w*|loading|trough|renal(ly)?|hepatic|side\s+effects?|adverse\s+(effects?|reactions?)|contraindicat\w+|interact(s|ion|ions)?"
    r"|overdose|antidote|first[\s-]line|treat(s|ed|ment|ing)?|therapy\s+for|prescrib\w+|safe\s+(in|for|to\s+take|during)|pregnan\w+|breastfeed\w+|indicated|diagnos\w+|symptoms?"
    r"|half-?life|tablets?|pills?|should\s+(she|he|i|they|we)\s+(take|stop|start|use|give)|how\s+(much|many|often).{0,20}\b(take|give)|take\s+with|iv\s+or\s+po|creatinine|inr|a1c|allerg\w+)\b", _I)  # fmt: skip
# Asking any of this is asking about a patient's treatment, whatever else the question says.
_FIRST_LINE = re.compile(
    r"\bfirst[\s-]line\b | \b(renal(ly)?|hepatic(ally)?|weight[\s-]based|loading|maximum|max|daily|starting|pediatric|paediatric)\s+(daily\s+)?(dos(e|es|ing|age)|adjust\w*)\b"
    r" | \b(crcl|egfr|mg\s?/\s?kg|mcg\s?/\s?kg|trough|inr\s+(is|of)|bacter(a)?emia|iv\s+to\s+po)\b | \b(pt|patient)s?\s+(take|be\s+on|have)\s+\w+ | \b(swallowed|ingested|overdosed|poisoned)\b | \bmax(imum)?\s+(daily\s+)?(apap|asa|tylenol|nsaid)\b"
    r" | \b(best|which|what|right|empiric)\s+(abx|antibiotics?|drugs?|meds?|medications?|treatment|therapy|insulin)\s+(for|to\s+(treat|give)|should)\b | \b(which|what|best)\s+(abx|antibiotics?)\W*$", _I)  # fmt: skip
_PATIENT = re.compile(
    r"\b(my|a|the|this|for)\s+(\d+[\s-]?(year|yr|yo|y/o)[\w\s-]*|patient|pt|child|kid|mother|mom|mum|dad|father|wife|husband|son|daughter|gran(ny|dma|dpa)?|baby|infant|neonate)\b|\bmy\s+(headache|fever|cough|rash|blood\s+pressure|chest|pain|back)\b", _I)  # fmt: skip
_CONDITION = re.compile(
    r"\b(sepsis|pneumonia|mrsa|uti|cellulitis|hypertension|diabetes|diabetic|copd|asthma|chf|heart\s+failure|afib|dvt|stroke|seizures?|infection|cancer|cirrho\w+|endocarditis|meningitis|osteomyelitis|copd|headaches?|fever|rash|depression|covid(-19)?|flu"
    r"|anaphylaxis|hyperkal\w+|hypokal\w+|dka|gout|migraines?)\b", _I)  # fmt: skip


_ERRAND = re.compile(
    r"\b(write|compose|draft|generate|code)\s+(me\s+|us\s+)?(an?|some|my|the)\s+[\w\s]*\b(letter|poem|song|story|essay|e-?mail|script|code|program|joke|resume|cv|rap|haiku|tweet|speech)\b"
    r" | \b(tell|give|know|got)\s+(me\s+|us\s+)?(an?|any|some|another)\s+[\w\s]*\b(jokes?|riddles?|poems?|songs?|stor(y|ies)|recipes?|fun\s+facts?)\b"
    r" | \b(fix|debug|write|review)\s+(my|some|this)\s+(python|code|java\w*|script|sql|excel\s+macro)\b | \btranslate\s+\w+.*\b(to|into)\s+[A-Za-z]+ish\b"
    r" | \bhow\s+(do|can|should)\s+(i|you|we)\s+(cook|bake|boil|fry|roast)\b | \brecipes?\W*$"
    r" | \b(weather|horoscope|lottery|world\s+cup|super\s+bowl|football|bitcoin|stock\s+price|election|president\s+of|capital\s+of|movie|netflix)\b", _I)  # fmt: skip


_TALK_WORDS = frozenset(
    "ok okay k kk right ah aha oh ooh ahh i see got it gotcha get thanks thank thx thnx tnx ty ta cheers mate so much that thats "
    "this makes made sense now clear clearer helps helped helpful great good cool nice one lovely perfect brilliant brill ace "
    "awesome super sweet neat fab sound noted understood all for today bye later wow lol haha hmm interesting fair enough yep yes "
    "yeah yup no worries you u ur youre legend star rock appreciate appreciated a lot ton tons bunch very really is was the best "
    "man bro pal dude tutor will do done well cheer again everything your help me with just what needed how kind of very and then "
    "alright alrighty grand top job work keep up please pls love amazing wicked useful very sure thing understand".split()
)
_TALK_CORE = frozenset(
    "ok okay k kk thanks thank thx thnx tnx ty ta cheers gotcha great cool nice lovely perfect brilliant brill ace awesome super "
    "sweet neat fab noted understood wow lol haha legend appreciate appreciated bye amazing wicked grand interesting alright".split()
)
_LONGEST_TALK = 12  # words


def _is_pleasantry(text: str) -> bool:
    """Whether the message is nothing but friendly noise ("ok nice one, that makes sense now, cheers")."""
    words = re.findall(r"[a-z]+", text.lower().replace("'", "").replace("’", ""))
    if not 0 < len(words) <= _LONGEST_TALK or text.rstrip().endswith("?"):
        return False
    return all(word in _TALK_WORDS for word in words) and bool(_TALK_CORE.intersection(words))


def small_talk(text: str) -> tuple[Intent, str] | None:
    """The intent and the human line for small talk and questions about the tutor itself; None for the rest."""
    if _HELP.search(text) and not _HUMAN.match(text):
        return Intent.HELP, HELP_LINE
    for pattern, line in (
        (
            _GREETING,
            "Hello! Ask me anything about the course, in your own words, and I will show you the sentences I rely on.",
        ),
        (_THANKS, _YOURE_WELCOME),
        (_PRAISE, "Thank you! What shall we look at next?"),
        (_BYE, "See you next time. Your conversation stays here, so you can pick it up where you left off."),
        (
            _HUMAN,
            "No, I’m a program: I find sentences of the course and show you where they stand. What would you like to look up?",
        ),
        (
            _BORED,
            "Fair enough. Try something lighter: ask for the chef analogy, for an example from your own workplace, or say “quiz me”.",
        ),
        (
            _INSULT,
            "Sorry, that was no help. Tell me what you were after, in other words if you can, and I will look again.",
        ),
        (_ACKNOWLEDGE, _GO_ON),
        (
            _FEELING,
            "Thanks for telling me; let’s take it one small question at a time. What would you like to look at first?",
        ),
    ):
        if pattern.match(text):
            return Intent.SMALLTALK, line
    if _is_pleasantry(text):
        thanked = re.search(r"thank|thx|thnx|tnx|\bty\b|\bta\b|cheer|appreciat", text, re.IGNORECASE)
        return Intent.SMALLTALK, _YOURE_WELCOME if thanked else _GO_ON
    return None


def declined(text: str) -> tuple[Reason, str] | None:
    """The reason and the friendly line for what this tutor must not answer; None for the rest."""
    if _INSTRUCTION.search(text):
        return Reason.INSTRUCTION, INSTRUCTION_LINE
    if _ERRAND.search(text):
        return Reason.OFF_TOPIC, OFF_TOPIC_LINE
    treatment = _TREATMENT.search(text)
    if (_DRUG.search(text) and not _SUPPLY.search(text)) or (
        _FIRST_LINE.search(text) or (treatment and (_PATIENT.search(text) or _CONDITION.search(text)))
    ):
        return Reason.CLINICAL, CLINICAL_LINE
    return None


_YOURE_WELCOME = "You’re welcome! Ask away whenever the next question comes up."
_GO_ON = "Good. Shall we go on? Ask the next question, or pick one of the suggestions."
HELP_LINE = (
    "I’m a study assistant for this course. Ask me in your own words: what something means, why it matters, a list, a "
    "comparison, where a topic belongs, the kitchen picture of it, or what to do with a problem from your own workplace. "
    "Every sentence I give is cited; click its number to see the very words in the course. If the course does not say it, "
    "I tell you so. I’m no source for patient care."
)
OFF_TOPIC_LINE = (
    "That is outside this course, so I’ll leave it. Ask me anything about running a pharmacy, as the course teaches it."
)
INSTRUCTION_LINE = (
    "I’ll stay with the course: I answer from its text, with citations, and don’t take instructions that change that. "
    "What would you like to know about it?"
)
CLINICAL_LINE = (
    "That is a clinical question. This course is about running a pharmacy, not treating patients, and I’m no source for "
    "patient care; please use your clinical references or ask a clinical pharmacist. In an emergency, call your emergency "
    "number."
)
