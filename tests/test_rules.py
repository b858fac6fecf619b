"""The rule checker: a claim is supported by its own evidence, for a reason that a person can follow."""

import pytest

from cpom_tutor.answers import Label
from cpom_tutor.grounding.contrasts import contrasts, opposed
from cpom_tutor.grounding.rules import RuleChecker
from cpom_tutor.language import NEGATIONS, tokens
from cpom_tutor.library import Library

YES, NO, UNKNOWN = Label.SUPPORTED, Label.REFUTED, Label.NOT_ENOUGH_INFO

ROLES = "Both roles are essential, and they work in synergy."
EVENT = "Certification is not a one-time event."
ENEMY = "Operational excellence is not the enemy of clinical excellence; it is the essential catalyst for it."
FAILURE = "A failure in operations is not a mere inconvenience; it is a direct threat to patient safety."
ACUMEN = "Clinical acumen alone is insufficient to navigate these financial realities."
SPEND = "A leader skilled in supply chain management can reduce drug spend by millions."
FINES = "A manager focused on compliance can prevent six- or seven-figure fines."
DISH = "It means serving that same perfect dish to 500 people simultaneously, every single night."
USP = "Compliance with USP <797> and <800> has become a full-time, high-stakes responsibility."
STANDARDS = "This is the CPOM ensuring compliance with USP, DEA, and Joint Commission standards."
CONTRAST = (
    "While a BCPS demonstrates deep expertise in the “what” and “why” of pharmacotherapy, the CPOM demonstrates deep "
    "expertise in the “how” and “who” of medication delivery systems."
)
PATIENTS = "While patients may never know what a CPOM is, they are the ultimate beneficiaries of their work."
WAITING = (
    "Medications are available when needed, wait times are shorter, and the risk of medication errors is minimized."
)
EXAM = "Attaining the CPOM credential requires passing a challenging, psychometrically validated examination."
MEMORY = "This exam is designed to test not just rote memorization, but the application of complex principles."
ROW = "EHR integration, management of ADCs and carousels, IV workflow and robotics, data analytics."
SALARY = "The salary of a CPOM is often recouped many times over through their operational improvements."
HOSPITAL = "This certification is not limited to the four walls of an inpatient hospital pharmacy."
CSC = "Consolidated Service Centers (CSCs): Centralized hubs that provide services like sterile compounding."
CLINICIANS = "Many talented clinicians struggle because they lack formal training in leadership."
TRACK = "Think of the CPOM as a parallel and complementary track to the existing BPS clinical certifications."


@pytest.mark.parametrize(
    ("claim", "evidence", "label"),
    [
        # the same words
        (ROLES, ROLES, YES),
        ("both roles are essential", ROLES, YES),
        ("BOTH ROLES ARE ESSENTIAL!", ROLES, YES),
        ("**Both roles** are essential, and they work in synergy", ROLES, YES),
        ("They work in synergy.", ROLES, YES),
        (ENEMY, ENEMY, YES),
        (CONTRAST, CONTRAST, YES),
        (PATIENTS, PATIENTS, YES),
        ("A failure in operations is a direct threat to patient safety.", FAILURE, YES),
        ("Wait times are shorter.", WAITING, YES),
        ("Management of ADCs and carousels.", ROW, YES),
        ("CSCs provide services like sterile compounding.", CSC, YES),
        # the same words in other forms
        ("A skilled leader reduces drug spend by millions.", SPEND, YES),
        ("Certification isn’t a one-time event.", EVENT, YES),
        ("Certification isn't a one-time event.", EVENT, YES),
        ("The CPOM is a complementary, parallel track.", TRACK, YES),
        ("Clinicians struggle because they lack leadership training.", CLINICIANS, YES),
        # words cut out of what denies them
        ("the enemy of clinical excellence", ENEMY, NO),
        ("Operational excellence is the enemy.", ENEMY, NO),
        ("a mere inconvenience", FAILURE, NO),
        ("limited to the four walls of an inpatient hospital pharmacy", HOSPITAL, NO),
        # a dropped negation
        ("Operational excellence is the enemy of clinical excellence.", ENEMY, NO),
        ("Certification is a one-time event.", EVENT, NO),
        ("A failure in operations is a mere inconvenience.", FAILURE, NO),
        ("This certification is limited to the four walls of an inpatient hospital pharmacy.", HOSPITAL, NO),
        ("Patients may know what a CPOM is.", PATIENTS, NO),
        ("Talented clinicians have formal training in leadership.", CLINICIANS, NO),
        ("This exam is designed to test rote memorization.", MEMORY, NO),
        # an added negation
        ("Both roles are not essential, and they work in synergy.", ROLES, NO),
        ("They do not work in synergy.", ROLES, NO),
        ("A leader skilled in supply chain management cannot reduce drug spend by millions.", SPEND, NO),
        ("The salary of a CPOM is never recouped.", SALARY, NO),
        ("Wait times aren't shorter.", WAITING, NO),
        ("Attaining the CPOM credential never requires passing an examination.", EXAM, NO),
        # opposites
        ("Clinical acumen alone is sufficient to navigate these financial realities.", ACUMEN, NO),
        ("A leader skilled in supply chain management can increase drug spend by millions.", SPEND, NO),
        ("Wait times are longer.", WAITING, NO),
        ("Attaining the CPOM credential requires passing an easy examination.", EXAM, NO),
        ("Both roles are unnecessary.", ROLES, NO),
        ("The CPOM is a replacement for the existing BPS clinical certifications.", TRACK, NO),
        ("The risk of medication errors is maximized.", WAITING, NO),
        # numbers
        ("That same perfect dish is served to 500 people.", DISH, YES),
        ("That same perfect dish is served to five hundred people.", "To 500 people.", UNKNOWN),
        ("It means serving that same perfect dish to 600 people simultaneously.", DISH, NO),
        ("A manager focused on compliance can prevent 9-figure fines.", FINES, NO),
        ("A manager focused on compliance can prevent nine-figure fines.", FINES, NO),
        ("A manager focused on compliance can prevent seven-figure fines.", FINES, YES),
        ("A manager focused on compliance can prevent 7-figure fines.", FINES, YES),
        ("Compliance with USP <795> has become a full-time responsibility.", USP, NO),
        ("Compliance with USP <797> has become a full-time responsibility.", USP, YES),
        ("It takes 12 weeks.", ROLES, UNKNOWN),
        ("There are four walls in an inpatient hospital pharmacy.", "An inpatient hospital pharmacy has 4 walls.", YES),
        ("There are five walls in an inpatient hospital pharmacy.", "An inpatient hospital pharmacy has 4 walls.", NO),
        # names
        ("This is the CPOM ensuring compliance with USP and DEA standards.", STANDARDS, YES),
        ("This is the CPOM ensuring compliance with USP, DEA, and FDA standards.", STANDARDS, UNKNOWN),
        ("This is the CPOM ensuring compliance with Medicare standards.", STANDARDS, UNKNOWN),
        ("The salary of a BCPS is often recouped many times over.", SALARY, UNKNOWN),
        # another subject
        ("The BCPS is deep in medication delivery systems.", CONTRAST, NO),
        # an item that is not listed
        ("It has EHR integration, data analytics, carousels, and robotics.", ROW, YES),
        ("It has EHR integration, data analytics, carousels, and billiards.", ROW, UNKNOWN),
        ("Integration: EHR integration, carousels, robotics.", ROW, YES),
        ("Technology: integration, carousels, catering.", ROW, UNKNOWN),
        # something else altogether
        ("The exam is taken at a testing center.", EXAM, UNKNOWN),
        ("Penguins live in the south.", ROLES, UNKNOWN),
        ("Both roles are essential for winning elections in large cities.", ROLES, UNKNOWN),
        # nothing to check, or nothing to check it with
        ("", ROLES, UNKNOWN),
        ("   ", ROLES, UNKNOWN),
        ("… — !", ROLES, UNKNOWN),
        (ROLES, "", UNKNOWN),
        (ROLES, " \n\t ", UNKNOWN),
        # other scripts say nothing that can be checked
        ("Обе роли важны.", ROLES, UNKNOWN),
        ("両方の役割が重要です", ROLES, UNKNOWN),
        ("🙂", ROLES, UNKNOWN),
        # curly and straight marks are one
        ("expertise in the \"what\" and \"why\" of pharmacotherapy", CONTRAST, YES),
    ],
)  # fmt: skip
def test_a_claim_is_judged_by_its_evidence(claim: str, evidence: str, label: Label) -> None:
    verdict = RuleChecker().check(claim, [evidence])
    assert verdict.label is label, verdict.reason
    assert 0.0 <= verdict.score <= 1.0
    assert (verdict.score > 0.5) is (label is YES), "score is the probability of support"


@pytest.mark.parametrize(
    ("claim", "evidence", "word"),
    [
        ("It means serving that same perfect dish to 600 people.", DISH, "600"),
        ("This is the CPOM ensuring compliance with USP, DEA, and FDA standards.", STANDARDS, "FDA"),
        ("Certification is a one-time event.", EVENT, "event"),
        ("It has EHR integration, data analytics, carousels, and billiards.", ROW, "billiards"),
        ("Wait times are longer.", WAITING, "longer"),
        ("the enemy of clinical excellence", ENEMY, "cut out"),
    ],
)
def test_the_reason_names_what_is_wrong(claim: str, evidence: str, word: str) -> None:
    assert word in RuleChecker().check(claim, [evidence]).reason


def test_evidence_of_several_passages_is_taken_together() -> None:
    claim = "Wait times are shorter, and both roles are essential."
    checker = RuleChecker()
    assert checker.check(claim, [WAITING, ROLES]).label is YES
    assert checker.check(claim, [WAITING]).label is not YES
    assert checker.check(claim, [ROLES]).label is not YES


def test_words_do_not_run_on_from_one_passage_into_the_next() -> None:
    verdict = RuleChecker().check("compounding patients", ["They do sterile compounding", "patients wait"])
    assert verdict.reason != RuleChecker().check(ROLES, [ROLES]).reason


def test_more_evidence_never_makes_a_verbatim_claim_unsupported() -> None:
    assert RuleChecker().check(ROLES, [SPEND, ROLES, WAITING]).label is YES


def test_no_evidence_at_all_supports_nothing() -> None:
    verdict = RuleChecker().check(ROLES, [])
    assert verdict.label is UNKNOWN
    assert verdict.score == 0.0


def test_each_sentence_of_the_course_is_supported_by_itself_and_not_by_another_section(library: Library) -> None:
    checker = RuleChecker()
    sentences = [sentence for passage in library.passages for sentence in passage.sentence_texts]
    assert len(sentences) > 100
    for place, sentence in enumerate(sentences):
        assert checker.check(sentence, [sentence]).label is YES, sentence
        other = sentences[(place + 40) % len(sentences)]
        assert checker.check(sentence, [other]).label is not YES, (sentence, other)


def test_denying_any_plain_sentence_of_the_course_is_caught(library: Library) -> None:
    checker, tried = RuleChecker(), 0
    for passage in library.passages:
        for sentence in passage.sentence_texts:
            denied = sentence.replace(" is ", " is not ", 1)
            if denied == sentence or NEGATIONS & set(tokens(sentence)) or len(sentence) > 160:
                continue
            tried += 1
            assert checker.check(denied, [sentence]).label is not YES, denied
    assert tried > 5


ODD = [
    "\x00", "\ud800", "\u202e", "\u200b" * 50, "a\x00b", "'", "’s", "n't", "[1]", "[1][2]", "**", "****", "|", "|---|",
    "<797>", "<>", "$", "$5", "5%", "1,000,000.00", "1" * 400, "-", "—" * 80, ":", "::", ": a, b, c", "a:b:c", ";",
    "(((((", ")))", "“", "”", "…", "\\", "\\b(?:", "(a+)+$", "%s {0} {}", "ı İ ß ǆ", "e\u0301" * 20, "🙂👩‍⚕️", "漢字。",
    "مرحبا", "While while while", "no no no not", "and and, and, and", "A" * 20_000, "word " * 3_000, "no. " * 800,
    "a, " * 800, "Dr. " * 300, "\n\n\n", "\t", "- \n- \n", "1. 2. 3.",
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD, ids=lambda text: repr(text[:12]))
def test_odd_text_never_raises(odd: str) -> None:
    checker = RuleChecker()
    for claim, evidence in ((odd, [ROLES]), (ROLES, [odd]), (odd, [odd]), (odd, []), (f"{ROLES} {odd}", [ROLES, odd])):
        verdict = checker.check(claim, evidence)
        assert verdict.label in Label
        assert 0.0 <= verdict.score <= 1.0
        assert verdict.reason


def test_a_very_long_claim_is_judged_by_all_of_its_words() -> None:
    long = " ".join([ROLES] * 200)
    assert RuleChecker().check(long, [ROLES]).label is YES
    assert RuleChecker().check(f"{long} The fee is 90 dollars.", [ROLES]).label is not YES


@pytest.mark.parametrize(
    ("claim", "evidence", "opposite"),
    [
        ("It replaces them.", "It is complementary to them.", True),
        ("It is complementary to them.", "It replaces them.", True),
        ("It lasts for life.", "It needs ongoing development.", True),
        ("It is optional.", "It is mandatory.", True),
        ("It is mandatory.", "It is mandatory.", False),
        ("Costs rise.", "Patients wait.", False),
        ("It reduces costs.", "It can reduce or increase costs.", False),
        ("", "", False),
    ],
)
def test_opposites_are_words_that_cannot_both_be_said(claim: str, evidence: str, opposite: bool) -> None:
    assert (opposed(claim, evidence) is not None) is opposite


def test_no_word_stands_on_both_sides_of_a_contrast() -> None:
    assert contrasts()
    for contrast in contrasts():
        assert contrast.positive
        assert contrast.negative
        assert not contrast.positive & contrast.negative


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        (
            "A failure in operations is not a direct threat to patient safety.",
            "A failure in operations is not a mere inconvenience; it is a direct threat to patient safety.",
        ),
        (
            "A BCPS demonstrates deep expertise in the “how” and “who” of medication delivery systems.",
            "While a BCPS demonstrates deep expertise in the “what” and “why” of pharmacotherapy, the CPOM "
            "demonstrates deep expertise in the “how” and “who” of medication delivery systems.",
        ),
        (
            "Their clinical brilliance remains trapped in a state of unrealized potential.",
            "If the program cannot be implemented, their clinical brilliance remains trapped in a state of "
            "unrealized potential.",
        ),
        ("It reduces drug spend by billions.", "It reduces drug spend by millions."),
        ("The salary is always recouped.", "The salary is often recouped many times over."),
        ("Both roles are essential — 漢字.", "Both roles are essential."),
    ],
)
def test_true_words_put_together_into_something_untrue_are_not_supported(claim: str, evidence: str) -> None:
    assert RuleChecker().check(claim, [evidence]).label is not Label.SUPPORTED


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        (
            "It is a direct threat to patient safety.",
            "A failure in operations is not a mere inconvenience; it is a direct threat to patient safety.",
        ),
        ("It serves 1500 beds.", "It serves 1,500 beds."),
        ("Compliance with USP 797 matters.", "Compliance with USP <797> matters."),
    ],
)
def test_the_same_said_in_another_notation_or_clause_is_supported(claim: str, evidence: str) -> None:
    assert RuleChecker().check(claim, [evidence]).label is Label.SUPPORTED
