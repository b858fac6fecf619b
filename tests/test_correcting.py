"""A correction is made of the course's sentences and the reviewer's own, and each must pass the gate."""

import re
from dataclasses import replace

import pytest

from cpom_tutor.answers import Answer, Form, Role, to_markdown
from cpom_tutor.course import Address, Citation, Passage
from cpom_tutor.errors import BadInput
from cpom_tutor.grounding.rules import RuleChecker
from cpom_tutor.library import Library
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder
from cpom_tutor.reviewing.correcting import MOST_PICKS, Pick, compose, pickable, verbatim

QUESTION = "What is operations?"


@pytest.fixture(scope="module")
def checker(embedder: SentenceTransformerEmbedder) -> RuleChecker:
    return RuleChecker(lambda: embedder)


def at(library: Library, address: str) -> Passage:
    (found,) = library.at(Address.parse(address))
    return found


def holding(library: Library, words: str) -> Passage:
    return next(each for each in library.passages if words in each.text and not each.kind.is_container)


def sentence(library: Library, words: str) -> Pick:
    return next(pick for pick in pickable(holding(library, words)) if words in pick.text)


def own(library: Library, text: str, *quotes: str) -> Pick:
    return Pick(text, tuple(sentence(library, quote).citations[-1] for quote in quotes))


# --- what can be picked --------------------------------------------------------------------------------------


def test_every_sentence_of_the_course_can_be_picked_and_passes_by_itself(library: Library) -> None:
    plain = RuleChecker()
    picks = [pick for passage in library.passages for pick in pickable(passage)]
    assert len(picks) > 100
    for pick in picks:
        assert all(verbatim(citation, library) for citation in pick.citations)
        answer = compose(QUESTION, [pick], library, plain)
        assert [claim.text for claim in answer.claims] == [pick.text]


def test_the_first_sentence_of_an_entry_comes_with_its_name(library: Library) -> None:
    pick = pickable(holding(library, "hospital-based and freestanding"))[0]
    assert pick.text.startswith("**Infusion Centers**: Both hospital-based")
    assert pick.citations[0].quote == "Infusion Centers"


def test_a_whole_list_offers_no_sentence_because_its_entries_do(library: Library) -> None:
    assert all(pickable(passage) == () for passage in library.containers())


# --- what is composed ----------------------------------------------------------------------------------------


def test_picked_sentences_stand_in_the_order_of_picking_with_their_own_words_as_quotes(
    library: Library, checker: RuleChecker
) -> None:
    later, earlier = sentence(library, "A failure in operations"), sentence(library, "is the heart of this")
    answer = compose(QUESTION, [later, earlier], library, checker)
    assert isinstance(answer, Answer)
    assert [claim.text for claim in answer.claims] == [later.text, earlier.text]
    assert [claim.citations[0].quote for claim in answer.claims] == [later.text, earlier.text]
    assert {claim.role for claim in answer.claims} == {Role.FACT}
    assert to_markdown(answer) == f"{later.text} [1] {earlier.text} [1]"


def test_entries_of_a_list_become_list_items_and_the_next_sentence_a_paragraph(
    library: Library, checker: RuleChecker
) -> None:
    entries = [sentence(library, "Both hospital-based"), sentence(library, "Centralized hubs")]
    after = sentence(library, "invaluable asset to any integrated")
    answer = compose(QUESTION, [*entries, after], library, checker)
    assert [claim.form for claim in answer.claims] == [Form.ITEM, Form.ITEM, Form.PARAGRAPH]


def test_a_single_entry_is_no_list(library: Library, checker: RuleChecker) -> None:
    answer = compose(QUESTION, [sentence(library, "Both hospital-based")], library, checker)
    assert answer.claims[0].form is Form.RUN_ON


def test_two_sentences_of_one_entry_stay_in_one_list_item(library: Library, checker: RuleChecker) -> None:
    first, second, *_ = pickable(holding(library, "razor-thin margins"))
    other = pickable(holding(library, "high-tech ecosystem"))[0]
    answer = compose(QUESTION, [first, second, other], library, checker)
    assert [claim.form for claim in answer.claims] == [Form.ITEM, Form.RUN_ON, Form.ITEM]


def test_a_sentence_of_ones_own_passes_where_its_passage_says_the_same(library: Library, checker: RuleChecker) -> None:
    mine = own(library, "An operations failure directly threatens patient safety.", "A failure in operations")
    answer = compose(QUESTION, [mine], library, checker)
    assert answer.claims[0].text == mine.text
    assert answer.claims[0].citations == mine.citations


# --- what is refused -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "false",
    [
        "A failure in operations is not a direct threat to patient safety.",
        "A failure in operations costs a hospital 40 million dollars.",
        "A failure in operations always threatens every patient.",
    ],
)
def test_a_sentence_of_ones_own_that_its_passage_does_not_support_is_named(
    library: Library, checker: RuleChecker, false: str
) -> None:
    picks = [sentence(library, "is the heart of this"), own(library, false, "A failure in operations")]
    with pytest.raises(BadInput, match=re.escape(false)) as refused:
        compose(QUESTION, picks, library, checker)
    assert str(refused.value).endswith("change it, or name other passages.")


def test_one_false_sentence_behind_a_true_one_in_the_same_pick_is_refused(
    library: Library, checker: RuleChecker
) -> None:
    true = sentence(library, "A failure in operations")
    both = Pick(f"{true.text} The exam costs 500 dollars.", true.citations)
    with pytest.raises(BadInput, match="500"):
        compose(QUESTION, [both], library, checker)


def test_a_sentence_without_a_passage_is_refused_however_true(library: Library, checker: RuleChecker) -> None:
    true = replace(sentence(library, "A failure in operations"), citations=())
    with pytest.raises(BadInput, match="names no passage"):
        compose(QUESTION, [true], library, checker)


def test_a_quote_that_the_course_does_not_have_there_is_refused(library: Library, checker: RuleChecker) -> None:
    good = sentence(library, "A failure in operations")
    (citation,) = good.citations
    for false in (
        replace(citation, quote="The exam costs 500 dollars."),
        replace(citation, start=citation.start + 1),
        replace(citation, start=-5, end=-1, quote=library.passage(citation.passage_id).text[-5:-1]),
        replace(citation, passage_id="1.1-00000000"),
    ):
        with pytest.raises(BadInput, match="pick the sentence again"):
            compose(QUESTION, [replace(good, citations=(false,))], library, checker)


def test_words_cut_out_of_a_denial_are_refused(library: Library, checker: RuleChecker) -> None:
    passage = holding(library, "is not the enemy of clinical excellence")
    start = passage.text.index("the enemy of clinical excellence")
    cut = "the enemy of clinical excellence"
    pick = Pick(
        f"Operational excellence is {cut}.",
        (Citation(passage.id, str(passage.address), cut, start, start + len(cut)),),
    )
    with pytest.raises(BadInput, match="denies or limits"):
        compose(QUESTION, [pick], library, checker)


@pytest.mark.parametrize(
    ("text", "why"),
    [("  ", "empty"), ("The exam is hard. [2]", "citation mark"), ("long " * 300, "keep a sentence under")],
)
def test_what_cannot_be_a_sentence_is_refused_before_it_is_judged(
    library: Library, checker: RuleChecker, text: str, why: str
) -> None:
    pick = replace(sentence(library, "A failure in operations"), text=text)
    with pytest.raises(BadInput, match=why):
        compose(QUESTION, [pick], library, checker)


def test_an_answer_needs_a_question_and_sentences_but_not_too_many(library: Library, checker: RuleChecker) -> None:
    pick = sentence(library, "A failure in operations")
    with pytest.raises(BadInput, match="no question"):
        compose(" ", [pick], library, checker)
    with pytest.raises(BadInput, match="no sentence"):
        compose(QUESTION, [], library, checker)
    with pytest.raises(BadInput, match=str(MOST_PICKS)):
        compose(QUESTION, [pick] * (MOST_PICKS + 1), library, checker)
