"""What may be shown, and what is refused: a valid item of each kind, and each rule broken in turn."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cpom_tutor.course import Citation, Passage, Span
from cpom_tutor.items import (
    AcceptedKey,
    ChoiceKey,
    ItemKind,
    Level,
    OrderKey,
    PairsKey,
    QuizItem,
    Rationale,
    RubricPoint,
)
from cpom_tutor.language import quoted
from cpom_tutor.library import Library
from cpom_tutor.practice.making import Option, cite, cite_around, label_citations, single_best
from cpom_tutor.practice.validators import CHECKS, clash, key_positions, positions_even, refusal, sentences_of
from cpom_tutor.practice.validators.form import odd_form
from cpom_tutor.practice.validators.wording import kindred, lead_in, quotes, runs_of
from cpom_tutor.practice.writers import application
from cpom_tutor.teaching import Choice, Situation
from ingest.load import load_corpus

PRESSURE = "Clinical acumen alone is insufficient to navigate these financial realities."
STORY = (
    "Ilse leads the dispensary of a lakeside hospital. Since January each request for a new pump has come back from "
    "the fourth floor with one question in red ink: what will it save us? Her best arguments about good therapy no "
    "longer open any drawer."
)
HOSPITAL = "hospital administration"
SPEAKS = "A CPOM-certified pharmacist is equipped to “speak the language” of hospital administration."
FORCES = (
    "Unrelenting Economic Pressure",
    "Escalating Technological Complexity",
    "Intensifying Regulatory Scrutiny",
    "The Human Capital Crisis",
)


@pytest.fixture(scope="module")
def library(corpus: Path) -> Library:
    """The real course's text with one story of our own."""
    plain = load_corpus(corpus).library()
    choices = [Choice(name, gist(plain, name)) for name in FORCES]
    story = Situation(STORY, "Which of these pulls is felt most here?", choices[0], tuple(choices[1:]),
                      place(plain, PRESSURE))  # fmt: skip
    return replace(plain, situations=(story,))


def place(library: Library, excerpt: str) -> tuple[str, Span]:
    passage = next(each for each in library.passages if not each.kind.is_container and excerpt in each.text)
    start = passage.text.index(excerpt)
    return passage.id, Span(start, start + len(excerpt))


def gist(library: Library, name: str) -> tuple[str, Span]:
    (passage,) = library.named(name)
    return passage.id, passage.sentences[0]


def cited(library: Library, excerpt: str) -> Citation:
    passage, span = place(library, excerpt)
    return cite(library.passage(passage), span)


def named(library: Library, name: str) -> Passage:
    return library.named(name)[0]


# --- valid items ---------------------------------------------------------------------------------------------


def choice(library: Library) -> QuizItem:
    """Recall: a sentence of the course, and which force it is about."""
    decided = cited(library, PRESSURE)
    options = [Option(name, f"What the course says of {name}:", cite(*_whole(library, name))) for name in FORCES]
    stem = f"“{PRESSURE}”\n\nIn explaining which of the forces behind the CPOM does the course say this?"
    passage = library.passage(decided.passage_id)
    return single_best(stem, options, [decided], passage, "definition", bound=label_citations(passage))


def _whole(library: Library, name: str) -> tuple[Passage, Span]:
    passage = named(library, name)
    return passage, passage.sentences[0]


def story(library: Library) -> QuizItem:
    return next(application.write(library))


def cloze(library: Library) -> QuizItem:
    sentence = SPEAKS
    asked = "Which phrase of two words, of 8 and 14 letters and beginning with “h”, completes this sentence?"
    decided = cited(library, sentence)
    return QuizItem(
        "cloze-1", ItemKind.CLOZE, Level.RECALL, f"{asked}\n\n{quoted(sentence.replace(HOSPITAL, '____'))}",
        AcceptedKey((HOSPITAL,)),
        (decided,), (Rationale("The sentence in full:", decided),), "CPOM §1.1.3", fact(decided),
    )  # fmt: skip


def matching(library: Library) -> QuizItem:
    """Skills, and what each is about."""
    pairs = {
        "Strategic Communication": "to present a business case for a new technology",
        "Change Management": "by building consensus and overcoming resistance",
        "Servant Leadership": "recognizing that their success is your success",
    }
    citations = tuple(cited(library, right) for right in pairs.values())
    options = ("presenting a business case", "building consensus", "recognizing that their success is your success")
    return QuizItem(
        "matching-1", ItemKind.MATCHING, Level.RECALL, "Match each soft skill of the course with what it is about.",
        PairsKey(((0, 0), (1, 1), (2, 2))), citations,
        tuple(Rationale("The course:", cite_around(*_at(library, each))) for each in citations),
        "CPOM §1.1.2", "+".join(map(fact, citations)), options=options, prompts=tuple(pairs),
    )  # fmt: skip


def _at(library: Library, citation: Citation) -> tuple[Passage, Span]:
    return library.passage(citation.passage_id), Span(citation.start, citation.end)


def ordering(library: Library) -> QuizItem:
    decided = cited(
        library,
        "a powerful, virtuous cycle where professional growth leads to organizational improvement, which in turn "
        "leads to enhanced patient care",
    )
    options = ("professional growth", "organizational improvement", "enhanced patient care")
    return QuizItem(
        "ordering-1", ItemKind.ORDERING, Level.RECALL, "Put the steps of the virtuous cycle in the course's order.",
        OrderKey((0, 1, 2)), (decided,), tuple(Rationale("It stands in the cycle:", decided) for _ in options),
        "CPOM §1.1.3", fact(decided), options=options,
    )  # fmt: skip


def short(library: Library) -> QuizItem:
    decided = cited(library, "True operational management is about empowering your team")
    rubric = (
        RubricPoint("empowering the team", decided),
        RubricPoint("removing barriers", cited(library, "removing barriers to their success")),
    )
    return QuizItem(
        "short-1", ItemKind.SHORT, Level.RECALL,
        "Which two things is a manager's work really about, by the misconception alert?",
        AcceptedKey(("Empowering the team and removing barriers to its success.",)), (decided,),
        (Rationale("The course on it:", decided),), "CPOM §1.1.2", fact(decided), rubric=rubric,
    )  # fmt: skip


def fact(citation: Citation) -> str:
    return f"{citation.passage_id}:{citation.start}-{citation.end}"


VALID = {each.__name__: each for each in (choice, story, cloze, matching, ordering, short)}


@pytest.mark.parametrize("kind", VALID)
def test_a_valid_item_passes_every_check(library: Library, kind: str) -> None:
    item = VALID[kind](library)
    assert [(check.name, fault) for check in CHECKS if (fault := check.fault(item, library))] == []
    assert refusal(item, library) is None


# --- each rule broken ----------------------------------------------------------------------------------------

Change = Callable[[QuizItem, Library], QuizItem]


def option(place: int, text: str) -> Change:
    def change(item: QuizItem, _: Library) -> QuizItem:
        return replace(item, options=(*item.options[:place], text, *item.options[place + 1 :]))

    return change


def options(*texts: str) -> Change:
    return lambda item, _: replace(item, options=texts)


def stem(text: str) -> Change:
    return lambda item, _: replace(item, stem=text)


def asks(text: str) -> Change:
    return lambda item, _: replace(item, stem=item.stem.replace(lead_in(item.stem), text))


def told(words: str) -> Change:
    """A story with other words in it, kept with the course so that nothing else is wrong with it."""
    return lambda item, _: replace(item, stem=item.stem.replace(STORY, words))


def key(found: ChoiceKey | AcceptedKey | OrderKey | PairsKey) -> Change:
    return lambda item, _: replace(item, key=found)


def citation(**changed: object) -> Change:
    def change(item: QuizItem, _: Library) -> QuizItem:
        first, *rest = item.citations
        return replace(item, citations=(replace(first, **changed), *rest))  # type: ignore[arg-type]

    return change


def cites(*excerpts: str) -> Change:
    return lambda item, library: replace(item, citations=tuple(cited(library, each) for each in excerpts))


def rationale(place: int, text: str | None, excerpt: str | None = None) -> Change:
    def change(item: QuizItem, library: Library) -> QuizItem:
        found = item.rationales[place]
        words = cited(library, excerpt) if excerpt else found.citation
        new = () if text is None else (Rationale(text, words),)
        return replace(item, rationales=(*item.rationales[:place], *new, *item.rationales[place + 1 :]))

    return change


def rubric(*points: tuple[str, str, int]) -> Change:
    return lambda item, library: replace(
        item, rubric=tuple(RubricPoint(text, cited(library, excerpt), worth) for text, excerpt, worth in points)
    )


def distractor(text: str, excerpt: str) -> Change:
    """The last option, with a rationale that is about it."""
    return lambda item, library: rationale(3, "The course on it:", excerpt)(option(3, text)(item, library), library)


def gap(word: str, hint: str) -> Change:
    """The cloze with its gap at another word."""

    def change(item: QuizItem, _: Library) -> QuizItem:
        text = quoted(SPEAKS.replace(word, "____"))
        return replace(item, stem=f"Which word, of {hint}, completes it?\n\n{text}", key=AcceptedKey((word,)))

    return change


def list_of(text: str, names: tuple[str, ...]) -> Change:
    def change(item: QuizItem, library: Library) -> QuizItem:
        points = tuple(RubricPoint(name, cited(library, name)) for name in names)
        return replace(item, stem=text, rubric=points, citations=tuple(point.citation for point in points))

    return change


DOMAINS = (
    "Financial Management |",
    "Human Capital Management",
    "Technology & Automation |",
    "The Medication-Use Process",
    "Quality, Safety & Regulatory Compliance",
)
SPELT = (
    "The modern pharmacy is a high-tech ecosystem of automated dispensing cabinets, robotic IV compounders, integrated "
    "electronic health records (EHRs), and sophisticated data analytics platforms."
)
FRAGMENT = (
    "Understanding the critical need for a specialized credential that bridges the gap between clinical expertise and "
    "strategic operational mastery."
)
BARRIERS = "removing barriers to their success"
LIFTED = f"{STORY} She calls it a high-tech ecosystem of automated dispensing."

BROKEN: dict[str, tuple[str, Change, str]] = {
    # the key and the number of options
    "key out of range": ("choice", key(ChoiceKey(4)), "one key"),
    "key of another kind": ("choice", key(AcceptedKey(("Economic",))), "one key"),
    "no accepted answer": ("cloze", key(AcceptedKey(())), "one key"),
    "a step twice": ("ordering", key(OrderKey((0, 1, 1))), "one key"),
    "two options": ("choice", options(*FORCES[:2]), "three to five options"),
    "six options": ("choice", options(*FORCES, "Wider Markets", "Older Buildings"), "three to five options"),
    "an option twice": ("choice", option(1, "unrelenting economic pressures"), "three to five options"),
    "cloze with options": ("cloze", options("language", "words", "tongue"), "three to five options"),
    # citations and rationales
    "nothing cited": ("choice", cites(), "verbatim"),
    "a quote with another word": ("choice", citation(quote=PRESSURE.replace("alone", "often")), "verbatim"),
    "a quote out of place": ("choice", citation(start=0, end=len(PRESSURE)), "verbatim"),
    "an unknown passage": ("choice", citation(passage_id="1.1-0000000000"), "verbatim"),
    "a wrong address": ("choice", citation(address="CPOM §1.1.9 ¶1"), "verbatim"),
    "a rationale short": ("choice", rationale(2, None), "rationales"),
    "an empty rationale": ("choice", rationale(2, ""), "rationales"),
    "a rationale about something else": ("choice", rationale(2, "See:", "Data-Driven Decision Making"), "rationales"),
    "a quotation that is the option": ("choice", rationale(2, "The course:", FORCES[2]), "reasons"),
    "a quotation that is the pair's right side": (
        "matching",
        rationale(2, "The course:", "recognizing that their success is your success"),
        "reasons",
    ),
    "the key's sentence called another": (
        "story",
        rationale(1, "The course says something else of it:", PRESSURE),
        "reasons",
    ),
    # form
    "a full stop at one option": ("choice", option(0, "Unrelenting Economic Pressure."), "one form"),
    "a small letter at one option": ("choice", option(2, "more scrutiny by the regulatory bodies"), "one form"),
    "a clause among names": ("choice", option(2, "Scrutiny by regulatory bodies that intensifies"), "one form"),
    "an except-stem": ("choice", asks("Which force is meant by all of these words except one?"), "positive stem"),
    "a not-stem": ("choice", asks("Which of the forces behind the CPOM is not meant here?"), "positive stem"),
    "a shouted not": ("short", asks("What does NOT belong to a manager's real work?"), "positive stem"),
    "all of the above": ("choice", option(3, "All of the Above"), "no catch-all"),
    "two letters": ("choice", option(3, "Both A and C"), "no catch-all"),
    "a lead-in without a question": ("choice", asks("The force that is meant by these words is"), "focused question"),
    "an unfocused lead-in": ("choice", asks("Which of these statements about the forces is true?"), "focused question"),
    "an empty lead-in": ("choice", asks("Which of these is correct?"), "focused question"),
    "a link in the stem": ("choice", asks("Which force does [the course](x) mean?"), "focused question"),
    # cues
    "an absolute": ("choice", option(3, "Always Human Capital"), "no cue words"),
    "a vague frequency": ("choice", option(3, "Usually Human Capital"), "no cue words"),
    "the key is the longest": (
        "choice",
        option(0, "Unrelenting Economic Pressure on Budgets, Costs, Values and Revenue"),
        "key not longest",
    ),
    "a word of the stem in the key alone": (
        "choice",
        asks("Which of the forces behind the CPOM, on the economy of a hospital, is meant?"),
        "no repeated word",
    ),
    "a word told by its place": (
        "choice",
        stem("“The final word of the title, ____, is the one.”\n\nOf which of the forces is this said?"),
        "not told by place",
    ),
    # what the course decides
    "the wrong key": ("choice", key(ChoiceKey(2)), "established"),
    "another passage is cited": ("choice", cites("Without a strong operational core"), "established"),
    "the stem quotes another passage": (
        "choice",
        stem("“Without a strong operational core, clinical initiatives crumble.”\n\nWhich of the forces is meant?"),
        "established",
    ),
    "the wrong key of a story": ("story", key(ChoiceKey(1)), "established"),
    "a distractor that is the key's parent": ("choice", distractor("The Economic Pressure", PRESSURE), "one right"),
    "a distractor of the deciding words": ("choice", distractor("Clinical Acumen Alone", PRESSURE), "one right"),
    # one kind only
    "two gaps": ("cloze", stem("A ____ pharmacist is equipped to ‘speak the language’ of ____."), "determined gap"),
    "a sentence that the course does not have": (
        "cloze",
        stem("A CPOM-certified pharmacist is equipped to ‘speak the tongue’ of ____."),
        "determined gap",
    ),
    "the answer elsewhere in the stem": (
        "cloze",
        lambda item, _: replace(item, stem=f"On hospital administrations: {item.stem}"),
        "determined gap",
    ),
    "a gap that is a stop word": (
        "cloze",
        lambda item, _: replace(
            item,
            stem=item.stem.replace("____", HOSPITAL).replace("equipped to", "equipped ____"),
            key=AcceptedKey(("to",)),
        ),
        "determined gap",
    ),
    "a gap without a hint": ("cloze", stem(f"“{SPEAKS}”".replace(HOSPITAL, "____")), "determined gap"),
    "a gap whose hint another word fits": (
        "cloze",
        gap("language", "8 letters and beginning with “l”"),
        "determined gap",
    ),
    "a gap for a word that is no term": (
        "cloze",
        gap("equipped", "8 letters and beginning with “e”"),
        "determined gap",
    ),
    "a gap that the words before it spell out": (
        "cloze",
        lambda item, library: replace(
            item,
            stem="Which abbreviation, of 4 letters and beginning with “E”, completes this?\n\n"
            + SPELT.replace("(EHRs", "(____"),
            key=AcceptedKey(("EHRs",)),
            citations=(cited(library, SPELT),),
        ),
        "determined gap",
    ),
    "a heading with a gap": (
        "cloze",
        lambda item, library: replace(
            item,
            stem="Which word, of 7 letters and beginning with “m”, completes this?\n\n"
            + FRAGMENT.replace("mastery", "____"),
            key=AcceptedKey(("mastery",)),
            citations=(cited(library, FRAGMENT),),
        ),
        "determined gap",
    ),
    "two prompts with one option": ("matching", key(PairsKey(((0, 0), (1, 1), (2, 1)))), "determined pairs"),
    "swapped pairs": ("matching", key(PairsKey(((0, 1), (1, 0), (2, 2)))), "determined pairs"),
    "a word of the prompt in its own option": (
        "matching",
        option(1, "changing by consensus"),
        "determined pairs",
    ),
    "prompts of another kind": ("short", lambda item, _: replace(item, prompts=("A", "B", "C")), "determined pairs"),
    "another order": ("ordering", key(OrderKey((2, 1, 0))), "determined order"),
    "a step that is not cited": ("ordering", option(1, "financial improvement"), "determined order"),
    "no rubric": ("short", rubric(), "cited rubric"),
    "a point about something else": ("short", rubric(("counting the stock at night", BARRIERS, 1)), "cited rubric"),
    "a point without weight": ("short", rubric(("removing barriers", BARRIERS, 0)), "cited rubric"),
    "a point that the stem tells": (
        "short",
        stem("Besides removing barriers, which two things is a manager's work about?"),
        "cited rubric",
    ),
    "a question without a number": ("short", stem("What is a manager's work really about?"), "counted points"),
    "another number than that of the points": (
        "short",
        stem("Which three things is a manager's work really about?"),
        "counted points",
    ),
    "two lists of as many": ("short", list_of("Which five domains does the course name?", DOMAINS), "counted points"),
    # stories
    "a story in the course's words": ("story", told(LIFTED), "own story"),
    "no story": ("story", told("Ilse is short of funds."), "own story"),
    "a story of 150 words": ("story", told(" ".join([STORY] * 3)), "own story"),
    "application without a story": ("choice", lambda item, _: replace(item, level=Level.APPLICATION), "own story"),
    "a story with a word of an option": ("story", told(f"{STORY} Such complexities tire her."), "unnamed"),
}


@pytest.mark.parametrize("defect", BROKEN)
def test_a_broken_rule_is_named(library: Library, defect: str) -> None:
    kind, change, check = BROKEN[defect]
    item = change(VALID[kind](library), library)
    if kind == "story":  # the story is kept with the course as it is told, and nothing but the story is wrong
        (kept,) = library.situations
        library = replace(library, situations=(replace(kept, text=item.stem.removesuffix(kept.asks).strip()),))
    found = refusal(item, library)
    assert found is not None
    assert (found.check, found.item) == (check, item), found.reason
    assert found.reason
    assert "\n" not in found.reason


def test_every_check_is_broken_by_something_above() -> None:
    assert {check for *_, check in BROKEN.values()} == {check.name for check in CHECKS}
    assert all(check.meaning and check.fault.__doc__ for check in CHECKS)


def test_deciding_words_that_another_option_has_too_are_refused(library: Library) -> None:
    settings = ("Inpatient/Acute Care Pharmacy", "Infusion Centers", "Home Infusion & Long-Term Care")
    decided = cited(library, "sterile and non-sterile compounding")
    options = [Option(name, f"The course on {name}:", cite(*_whole(library, name))) for name in settings]
    stem = "Under which of the settings of the course does it put “sterile and non-sterile compounding”?"
    passage = library.passage(decided.passage_id)
    item = single_best(stem, options, [decided], passage, "list", bound=label_citations(passage))
    found = refusal(item, library)
    assert found is not None
    assert (found.check, "Infusion Centers" in found.reason) == ("one right", True)


def test_an_alias_of_the_key_is_no_distractor(library: Library) -> None:
    entry = next(each for each in library.glossary if len(each.also) > 1)
    assert library.same_in_glossary(entry.term.upper(), entry.also[1])
    assert not library.same_in_glossary(entry.term, "no such word")


@pytest.mark.parametrize(
    "options",
    [
        ("Servant Leadership", "Change Management", "Data-Driven Decision Making"),
        ("EHR integration", "data analytics", "340B Program management"),
        (
            "Both hospital-based and freestanding centers that compound",
            "Centralized hubs that serve many clinics",
        ),
        ("Certified", "Pharmacy", "Operations"),
        ("The cost of it is met.", "By training, more stay.", "Fewer leave the place."),
    ],
)
def test_options_of_one_form_pass(options: tuple[str, ...]) -> None:
    assert odd_form(options) == ""


@pytest.mark.parametrize(
    "options",
    [
        ("to cut the costs of drugs", "hiring and training more people", "the safety of all patients"),
        ("Servant Leadership", "A way of leading people", "Change Management"),
        ("Designs the layout of the kitchen", "A list of all suppliers", "The menu and its many prices"),
    ],
)
def test_options_of_different_forms_do_not(options: tuple[str, ...]) -> None:
    assert odd_form(options)


def test_words_of_one_family_are_kindred_and_others_are_not() -> None:
    assert kindred("financi", "financ")
    assert kindred("regulatori", "regul")
    assert not kindred("pharmaci", "pharmacokinet")
    assert not kindred("technolog", "technician")
    assert not kindred("care", "career")


def test_a_lead_in_is_the_last_sentence_and_quotes_may_hold_quotes() -> None:
    assert lead_in("“A plan fails.”\n\nWhy does it? Which part is it?") == "Which part is it?"
    assert quotes("Is “the word “Certified” here” a “term”?") == ["the word “Certified” here", "term"]
    assert runs_of("The safe and sound operation of it", 3) == [("safe", "sound", "oper")]


# --- sets ----------------------------------------------------------------------------------------------------


def test_items_on_other_words_stand_together(library: Library) -> None:
    assert clash(choice(library), [cloze(library), matching(library), ordering(library)]) == ""


def test_items_on_one_fact_or_overlapping_words_clash(library: Library) -> None:
    item = choice(library)
    again = replace(item, id="other")
    inside = replace(again, fact=fact(cited(library, "insufficient to navigate")))
    assert "same fact" in clash(item, [again])
    assert "same words" in clash(item, [cloze(library), inside])
    assert "same words" in clash(matching(library), [replace(inside, fact=matching(library).fact.split("+")[1])])


def test_an_item_whose_stem_tells_the_key_of_another_clashes_with_it(library: Library) -> None:
    item = choice(library)
    teller = replace(
        cloze(library),
        stem="Unrelenting economic pressure makes clinical acumen alone insufficient to navigate these ____ realities.",
    )
    assert "give one another away" in clash(item, [teller])
    assert "give one another away" in clash(teller, [item])
    namer = replace(cloze(library), stem="Unrelenting economic pressure is one of ____.")
    assert clash(item, [namer]) == ""


def test_components_of_a_cell_are_sentences_of_their_own(library: Library) -> None:
    def on(*excerpts: str) -> list[frozenset[tuple[str, int]]]:
        return [sentences_of(replace(choice(library), fact=fact(cited(library, each))), library) for each in excerpts]

    first, second = on("drug expense control", "revenue cycle optimization")
    assert first
    assert not first & second
    first, second = on("Clinical acumen alone", "these financial realities")
    assert first == second


def test_key_positions_are_counted_by_number_of_options(library: Library) -> None:
    items = [replace(choice(library), key=ChoiceKey(place)) for place in (0, 1, 2, 3, 3)]
    assert dict(key_positions([*items, cloze(library)])[4]) == {0: 1, 1: 1, 2: 1, 3: 2}
    assert positions_even(items)
    assert not positions_even([*items, items[-1]])


# --- stories --------------------------------------------------------------------------------------------------


def test_a_story_becomes_an_item_with_its_key_first_and_a_reason_for_every_option(library: Library) -> None:
    item = story(library)
    assert (item.kind, item.level, item.key) == (ItemKind.MCQ, Level.APPLICATION, ChoiceKey(0))
    assert item.stem == f"{STORY}\n\nWhich of these pulls is felt most here?"
    assert item.options == FORCES
    assert [each.quote for each in item.citations] == [PRESSURE, FORCES[0]]
    assert item.rationales[0].citation.quote == PRESSURE
    for name, reason in zip(FORCES[1:], item.rationales[1:], strict=True):
        assert reason.citation.passage_id == named(library, name).id
    assert (item.topic, item.fact, item.origin) == ("CPOM §1.1.1", fact(item.citations[0]), "situation")


def test_of_many_other_options_four_are_drawn_the_same_each_time_and_the_key_is_not_the_longest(
    library: Library,
) -> None:
    (kept,) = library.situations
    more = [Choice(name, kept.others[0].place) for name in ("A", "B", "C", "Steady and Much Wider Markets Abroad")]
    many = replace(library, situations=(replace(kept, others=(*kept.others, *more)),))
    drawn = next(application.write(many))
    assert drawn == next(application.write(many))
    assert len(drawn.options) == len(set(drawn.options)) == 5
    assert len(drawn.options[0]) <= 1.3 * sum(map(len, drawn.options[1:])) / 4


def test_stories_of_the_course_are_valid_and_test_many_facts(corpus: Path) -> None:
    real = load_corpus(corpus).library()
    items = list(application.write(real))
    valid = [item for item in items if refusal(item, real) is None]
    assert len(valid) >= 0.95 * len(items)
    assert len({item.fact for item in valid}) >= 80
