"""General English word lists for the mutations. They are not the checker's: it must not know what it is tested with."""

_COUNTS = "two three four five six seven eight nine ten twelve twenty".split()
NUMBER_WORDS: dict[str, tuple[str, ...]] = {
    word: tuple(other for other in _COUNTS if other != word) for word in _COUNTS
} | {
    "million": ("billion", "thousand"), "millions": ("billions", "thousands"), "billion": ("million",),
    "billions": ("millions",), "thousand": ("hundred", "million"), "thousands": ("hundreds", "millions"),
    "hundred": ("thousand",), "hundreds": ("thousands",), "dozen": ("hundred",), "dozens": ("hundreds",),
    "decades": ("two years",), "single": ("fourth", "third"), "both": ("all four", "all three"),
}  # fmt: skip

_PAIRS = """
increase/decrease increases/decreases increasing/decreasing increased/decreased reduce/increase reduces/increases
reducing/increasing reduced/increased improve/worsen improves/worsens improving/worsening improved/worsened
minimize/maximize minimizes/maximizes minimizing/maximizing minimized/maximized shorter/longer longer/shorter
higher/lower lower/higher more/less better/worse broad/narrow narrow/broad essential/unnecessary vital/trivial
critical/unimportant crucial/unimportant necessary/unnecessary complex/simple challenging/easy difficult/easy
hard/easy easy/hard safe/dangerous safer/riskier safely/dangerously strong/weak weak/strong effective/ineffective
efficient/inefficient reliable/unreliable prevent/cause prevents/causes preventing/causing build/dismantle
skilled/unskilled competent/incompetent enough/insufficient insufficient/sufficient formal/informal
internal/external direct/indirect directly/indirectly success/failure gain/lose gains/loses enable/prevent
enables/prevents allows/forbids allow/forbid contributes/harms helps/hinders help/hinder supports/undermines
support/undermine widening/shrinking growing/shrinking unprecedented/familiar high/low large/small largest/smallest
talented/mediocre enhance/diminish enhanced/diminished enhances/diminishes included/excluded includes/excludes
understands/misunderstands accept/reject accepts/rejects protects/endangers protect/endanger rigorous/lax
consistent/inconsistent permanent/temporary public/private modern/outdated rapidly/slowly early/late rises/falls
won/lost before/after with/without
"""
ANTONYMS = dict(pair.split("/") for pair in _PAIRS.split())

# Taking a negation away, the first that is found.
UNNEGATED = (
    (r"\b(is|are|was|were|can|will|may|must|has|have)(?: not|n't)\b", r"\1"),
    (r"\bdo(?:es)? not (\w+)", r"\1"),
    (r"\bcan(?:not|'t)\b", "can"),
    (r"\bno longer\b", "still"),
    (r"\bnever\b", "always"),
    (r"\bwithout\b", "with"),
    (r"\b(?:unable|not able)\b", "able"),
    (r"\bnot\b ?", ""),
    (r"\bno\b", "some"),
)

# Denying a plain verb.
_DENIED = tuple(
    (rf"\b{verb}s\b", f"does not {verb}")
    for verb in """
    provide require mean give make help keep take build show signal represent ensure allow include bring serve
    need use set drive rest belong cover lead produce offer contribute create rely reflect assess hold become turn
    prefer want say see remain exist depend protect watch decide learn rise cost live run come go put
    """.split()
)
VERB_TAILS = (
    *_DENIED,
    (r"\b(?:have|has) (?=\w+(?:ed|en)\b)", "has not "),
    (r"\b(?:have|has) ", "lacks "),
    (r"\bneed\b", "need not"),
)

# Each group is one role: singular, plural, and other words for it in the same order.
ROLES: tuple[tuple[str, ...], ...] = tuple(
    tuple(group.split())
    for group in (
        "pharmacist pharmacists", "technician technicians", "physician physicians doctor doctors", "nurse nurses",
        "patient patients", "manager managers leader leaders supervisor supervisors director directors",
        "employer employers", "hospital hospitals", "regulator regulators", "supplier suppliers vendor vendors",
        "wholesaler wholesalers", "resident residents student students", "chef chefs cook cooks",
        "employee employees", "clinician clinicians specialist specialists", "administrator administrators",
        "insurer insurers", "customer customers", "president presidents", "teacher teachers", "lawyer lawyers",
        "soldier soldiers", "owner owners", "scientist scientists engineer engineers",
    )
)  # fmt: skip

STRONGER = (
    (r"\bcan\b", ("will always", "must", "is guaranteed to")),
    (r"\bmay\b", ("will certainly", "must", "will always")),
    (r"\bmight\b", ("will certainly", "must")),
    (r"\bcould\b", ("will always", "must")),
    (r"\bshould\b", ("must always", "is legally required to")),
    (r"\b(?:often|usually|typically|generally|frequently|sometimes|mostly)\b", ("always", "invariably")),
    (r"\b(?:many|most|some|plenty of|several)\b", ("all", "every one of the")),
    (r"\bhelps? (?:to )?", ("guarantees that it will ", "always succeeds to ")),
    (r"\bone of the\b", ("the only", "the single")),
    (r"\ba primary\b", ("the only",)),
    (r"\b(?:is|are) designed to\b", ("is guaranteed to", "never fails to")),
    (r"\b(?:is|are) (?=\w)", ("is always ", "must always be ", "is by definition ")),
    (r"\b(contributes?) to\b", ("guarantees",)),
)

DETAILS = (
    "according to a national survey", "at no extra cost", "especially in rural areas", "under a state law",
    "with the approval of the board", "in every country of Europe", "for a monthly fee",
    "by using artificial intelligence",
    "as its founder has said", "after a training of several weeks", "in cooperation with the army",
    "thanks to a government grant", "mainly on weekends", "in a separate building", "which is printed on paper forms",
    "in line with the latest tax rules", "as measured by customer ratings", "with help from outside consultants",
    "once a written request has been signed", "using a mobile app",
)  # fmt: skip

_SAME = """
requires/demands require/demand provides/offers provide/offer ensures/makes_sure_of ensure/see_to essential/crucial
vital/essential purpose/aim challenging/demanding difficult/hard complex/complicated means/implies helps/aids
shows/demonstrates demonstrates/shows signifies/stands_for builds/creates build/create created/made design/devise
designed/meant reduce/lower reducing/lowering improve/better improved/better costs/expenses errors/mistakes
harm/injury goal/aim goals/aims rapidly/quickly often/frequently primary/main important/significant begin/start
began/started large/big small/little entire/whole whole/entire choose/select selected/chosen use/employ used/employed
using/with_the_use_of people/persons buy/purchase many/numerous however/but because/since while/whereas
although/though focused/concentrated skill/ability skills/abilities understands/grasps failure/breakdown answer/reply
"""
SYNONYMS = {pair.split("/")[0]: pair.split("/")[1].replace("_", " ") for pair in _SAME.split()}
"""For true claims that are nearly the evidence's words."""
