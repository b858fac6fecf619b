"""The rule checker with an embedder: paraphrases pass, and nothing passes that must not."""

import time

import pytest

from cpom_tutor.answers import Label
from cpom_tutor.errors import EmbedderUnavailable
from cpom_tutor.grounding.lexicon import are_opposites, is_person, kinship, rarity
from cpom_tutor.grounding.naming import missing_names
from cpom_tutor.grounding.rules import RuleChecker
from cpom_tutor.grounding.scales import overstated
from cpom_tutor.language import stem
from cpom_tutor.library import Library
from cpom_tutor.protocols import Reader
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder

YES = Label.SUPPORTED

BUDGET = "The treasurer prepares the annual budget and can reduce travel costs by thousands."
STAFF = "The head nurse trains new volunteers, and the volunteers greet the visitors."
TEAM = "The librarian and the archivist keep the records that allow historians to date old letters."
FAILURE = "A single compliance failure can have devastating clinical and financial consequences."
WELCOME = "On their first day volunteers get a badge, a locker, and a printed map of the ward."
ORDER = "Volunteers must sign in before they enter the ward, and they wear a badge at all times."


@pytest.fixture(scope="module")
def checker(embedder: SentenceTransformerEmbedder) -> RuleChecker:
    return RuleChecker(lambda: embedder)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("The treasurer draws up the yearly budget and may lower travel expenses by thousands.", BUDGET),
        ("New volunteers are trained by the head nurse.", STAFF),
        ("One compliance failure may have devastating consequences, both clinical and financial.", FAILURE),
        ("Before going into the ward, volunteers have to sign in.", ORDER),
    ],
)
def test_a_true_paraphrase_is_supported(checker: RuleChecker, claim: str, evidence: str) -> None:
    verdict = checker.check(claim, [evidence])
    assert verdict.label is YES, verdict
    assert verdict.score >= 0.5
    assert verdict.reason


@pytest.mark.parametrize(
    ("kind", "claim", "evidence"),
    [
        ("number", "The treasurer draws up the yearly budget and may lower travel expenses by millions.", BUDGET),
        ("negation", "The treasurer does not prepare the yearly budget.", BUDGET),
        ("antonym", "The treasurer can increase travel costs by thousands.", BUDGET),
        ("exchanged", "The treasurer prepares the annual budget and can reduce heating costs by thousands.", BUDGET),
        ("swapped role", "Historians keep the records that allow the librarian to date old letters.", TEAM),
        ("foreign role", "The gardener trains new volunteers.", STAFF),
        ("foreign item", "Volunteers get a badge, a locker, and free dental insurance.", WELCOME),
        ("wrong citation", "The treasurer draws up the yearly budget.", STAFF),
        ("stronger", "A single compliance failure will always have devastating clinical consequences.", FAILURE),
        ("added detail", "The treasurer prepares the annual budget with software bought from a Danish firm.", BUDGET),
    ],
)  # fmt: skip
def test_a_claim_made_false_is_not_supported(checker: RuleChecker, kind: str, claim: str, evidence: str) -> None:
    verdict = checker.check(claim, [evidence])
    assert verdict.label is not YES, (kind, verdict)
    assert verdict.score < 0.5
    assert verdict.reason


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("your done for good once certified", "Certification is not a one-time event."),
        ("You are done for good once certified.", "Certification is not a one-time event."),
        ("Nobody checks you again afterwards.", "Certification is not a one-time event."),
        ("Penguins swim far.", FAILURE),
        ("The money is gone.", BUDGET),
        ("Doctors like hospitals.", STAFF),
    ],
)
def test_a_short_claim_of_which_hardly_a_word_is_there_is_not_enough_info(
    checker: RuleChecker, claim: str, evidence: str
) -> None:
    assert checker.check(claim, [evidence]).label is Label.NOT_ENOUGH_INFO


@pytest.mark.parametrize(
    ("claim", "evidence", "turned"),
    [
        ("Old letters date records that keepers keep.", "The keepers keep records that date old letters.", True),
        ("The ward helps the garden.", "The garden helps the ward.", True),
        ("The ward is helped by the garden.", "The garden helps the ward.", False),
        ("Volunteers greet the visitors on Sundays.", "On Sundays, volunteers greet the visitors.", False),
        ("A main source of noise is the old lift.", "The old lift is a main source of noise.", False),
    ],
)  # fmt: skip
def test_the_evidences_own_words_the_other_way_round_say_something_else(
    checker: RuleChecker, claim: str, evidence: str, turned: bool
) -> None:
    verdict = checker.check(claim, [evidence])
    assert (verdict.label is Label.REFUTED) is turned, verdict
    assert (verdict.label is YES) is not turned, verdict


def test_one_false_sentence_beside_a_true_one_sinks_the_claim(checker: RuleChecker) -> None:
    true = "The treasurer draws up the yearly budget."
    assert checker.check(true, [BUDGET]).label is YES
    assert checker.check(f"{true} Penguins breed on the southern ice.", [BUDGET]).label is not YES


def test_a_quote_is_judged_without_the_embedder_and_at_once(library: Library) -> None:
    def reader() -> Reader:
        raise AssertionError("the embedder was asked for")

    checker = RuleChecker(reader)
    sentences = [sentence for passage in library.passages for sentence in passage.sentence_texts]
    for sentence in sentences:
        assert checker.check(sentence, [sentence]).label is YES
    started = time.perf_counter()
    for sentence in sentences:
        checker.check(sentence, [sentence])
    assert (time.perf_counter() - started) / len(sentences) < 0.001


def test_an_embedder_that_it_was_not_fitted_on_leaves_it_cautious(tiny_embedder: str) -> None:
    claim = "The treasurer draws up the yearly budget and may lower travel expenses by thousands."
    strange = RuleChecker(lambda: SentenceTransformerEmbedder(tiny_embedder)).check(claim, [BUDGET])
    assert strange == RuleChecker().check(claim, [BUDGET])
    assert strange.label is not YES


def test_an_embedder_that_cannot_be_loaded_is_no_verdict() -> None:
    def reader() -> Reader:
        raise EmbedderUnavailable("It is not installed.")

    with pytest.raises(EmbedderUnavailable):
        RuleChecker(reader).check("The treasurer draws up the yearly budget.", [BUDGET])


def test_a_claim_longer_than_the_model_reads_is_judged_by_all_of_its_words(checker: RuleChecker) -> None:
    long = " and ".join(["the treasurer prepares the annual budget"] * 60)
    strange = " and ".join(["penguins breed on the southern ice"] * 30)
    assert checker.check(f"{long} and {strange}", [BUDGET]).label is not YES


def test_long_evidence_is_read_where_the_claim_points(checker: RuleChecker) -> None:
    filler = [f"The museum opened hall number {number} for paintings of boats and harbours." for number in range(2, 60)]
    claim = "New volunteers are trained by the head nurse."
    assert checker.check(claim, [*filler, STAFF, *filler]).label is YES
    assert checker.check(claim, filler).label is not YES


@pytest.mark.parametrize(
    ("one", "other", "least"), [("buy", "purchase", 1.0), ("cost", "expense", 0.7), ("ward", "ward", 1.0)]
)
def test_words_of_one_meaning_are_kin(one: str, other: str, least: float) -> None:
    assert kinship(stem(one), stem(other)) >= least
    assert kinship(stem(one), stem("penguin")) < 0.5


def test_the_lexicon_knows_opposites_people_and_rare_words() -> None:
    assert are_opposites(stem("increase"), stem("reduce"))
    assert not are_opposites(stem("increase"), stem("table"))
    assert all(map(is_person, ("nurse", "technicians", "clinicians")))
    assert not any(map(is_person, ("budget", "operations", "great")))
    assert rarity(stem("thing")) < rarity(stem("carousel")) <= 1.0


@pytest.mark.parametrize(
    ("claim", "evidence", "words"),
    [
        ("It always helps.", "It often helps.", ("always",)),
        ("Above all, it helps.", "It helps.", ()),
        ("Every item counts.", "All items count.", ()),
        ("You have to ask.", "You must ask.", ()),
        ("You have to ask.", "You may ask.", ("have to",)),
    ],
)
def test_what_is_said_more_strongly_is_named(claim: str, evidence: str, words: tuple[str, ...]) -> None:
    assert overstated(claim, evidence) == words


CREDENTIALS = (
    "The Board Certified Pharmacotherapy Specialist (BCPS) and the Board Certified Oncology Pharmacist (BCOP)."
)


@pytest.mark.parametrize(
    ("claim", "evidence", "label"),
    [
        ("**BCOP** stands for Board Certified Oncology Pharmacist.", "Board Certified Oncology Pharmacist (BCOP)", YES),
        ("BCOP stands for Board Certified Oncology Pharmacist.", CREDENTIALS, YES),
        ("BCPS is short for Board Certified Pharmacotherapy Specialist.", CREDENTIALS, YES),
        ("The abbreviation “BCOP” stands for board-certified oncology pharmacists.", CREDENTIALS, YES),
        ("Board Certified Oncology Pharmacist is abbreviated BCOP.", CREDENTIALS, YES),
        ("ROI is short for return on investment.", "The ROI (return on investment) is high.", YES),
        ("CSC stands for Consolidated Service Center.", "Consolidated Service Centers (CSCs) are hubs.", YES),
        ("ROI is short for return on investment.", "A Demonstrable Return on Investment (ROI).", YES),
        ("BCOP stands for Board Certified Pharmacotherapy Specialist.", CREDENTIALS, Label.REFUTED),
        ("BCPS stands for Board Certified Pediatric Specialist.", CREDENTIALS, Label.REFUTED),
        ("BCPS stands for Pharmacotherapy Specialist.", CREDENTIALS, Label.REFUTED),
        ("CSC is short for Clinical Safety Committee.", "Consolidated Service Centers (CSCs) are hubs.", Label.REFUTED),
        ("FDA stands for Food and Drug Administration.", CREDENTIALS, Label.NOT_ENOUGH_INFO),
    ],
)  # fmt: skip
def test_an_abbreviation_stands_for_what_the_evidence_spells_out(
    checker: RuleChecker, claim: str, evidence: str, label: Label
) -> None:
    assert checker.check(claim, [evidence]).label is label
    if claim.count(".") == 1:
        assert RuleChecker().check(claim, [evidence]).label is label


def test_an_abbreviation_is_no_missing_name_where_it_is_spelt_out() -> None:
    assert missing_names("The ROI is high.", "The return on investment is high.") == ()
    assert missing_names("The FDA is strict.", "The return on investment is high.") == ("fda",)
