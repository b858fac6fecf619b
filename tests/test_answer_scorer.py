"""Passages that answer score above passages that only resemble, and the instruments that say so can be trusted."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from cpom_tutor.config import Settings
from cpom_tutor.grounding.answer_candidate import Candidate
from cpom_tutor.grounding.answer_features import features
from cpom_tutor.grounding.answerability import Against, AnswerScorer, candidates, weights
from cpom_tutor.grounding.asked import candidates as things_given
from cpom_tutor.grounding.asked import form, wanted
from cpom_tutor.grounding.opposites import opposite_count
from cpom_tutor.language import content_stems, rarity
from cpom_tutor.protocols import Embedder, Vectors
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder
from evals.cases import BadCase
from evals.public import Item, aurc, auroc, clapnq, seen_in_training, squad2
from evals.runs import Run
from evals.suites import suite_named
from evals.train_answerability import fit, out_of_fold

BRIDGE = (
    "The Halden Bridge was opened in 1931. It was designed by Marta Lind, who had built two railway viaducts before. "
    "The deck rests on four granite piers, and the main span is 210 metres long. Tolls were abolished after the war "
    "because the building costs had been repaid."
)
TOURISM = (
    "The Halden Bridge is a favourite of photographers. Every autumn a festival of light is held on the bridge, "
    "with stalls on both banks of the river. Hotels nearby are booked months ahead."
)
HEADING = "Halden Bridge"
ANSWERED = (
    "Who designed the Halden Bridge?",
    "When was the Halden Bridge opened?",
    "How many piers does the deck of the bridge rest on?",
    "Why were tolls on the bridge abolished?",
)


@pytest.mark.parametrize("question", ANSWERED)
@pytest.mark.parametrize("against", list(Against))
def test_the_passage_that_answers_scores_above_one_on_the_same_subject(
    embedder: Embedder, against: Against, question: str
) -> None:
    scorer = AnswerScorer(embedder, against)
    answering, resembling = scorer.readings(question, [BRIDGE, TOURISM], [HEADING, HEADING])
    assert answering.score > 0.5
    assert answering.score > resembling.score + 0.2


@pytest.mark.parametrize(
    ("asked", "altered"),
    [
        ("Who designed the Halden Bridge?", "Who designed the Karlsund Tunnel?"),
        ("Why were tolls abolished after the war?", "Why were tolls not abolished after the war?"),
        ("Why were tolls abolished after the war?", "Why were tolls abolished before the war?"),
        ("When was the Halden Bridge opened?", "When was the Halden Bridge closed?"),
        ("How many granite piers does the deck rest on?", "How many wooden piers does the deck rest on?"),
    ],
)
def test_a_question_altered_until_the_passage_no_longer_answers_scores_lower(
    embedder: Embedder, asked: str, altered: str
) -> None:
    scorer = AnswerScorer(embedder, Against.ALTERED)
    assert scorer.score(altered, [BRIDGE]) < scorer.score(asked, [BRIDGE]) - 0.05


def test_several_passages_score_as_the_best_of_them_and_none_scores_nothing(embedder: Embedder) -> None:
    scorer = AnswerScorer(embedder)
    each = [scorer.score(ANSWERED[0], [text]) for text in (TOURISM, BRIDGE)]
    assert scorer.score(ANSWERED[0], [TOURISM, BRIDGE, " \n"]) == pytest.approx(max(each), abs=1e-4)
    assert scorer.score(ANSWERED[0], []) == 0
    assert scorer.score(ANSWERED[0], ["", " \n"]) == 0


@pytest.mark.parametrize("question", ["", "?!", "the of and", "x" * 3000, "¿Quién diseñó el puente?"])
def test_odd_questions_get_a_probability(embedder: Embedder, question: str) -> None:
    assert 0 <= AnswerScorer(embedder).score(question, [BRIDGE, "-", "7"], ["", HEADING, " "]) <= 1


def test_cosines_that_an_index_has_give_the_same_score_and_embed_nothing(embedder: Embedder) -> None:
    found = candidates(embedder, [(ANSWERED[0], BRIDGE), (ANSWERED[0], TOURISM)], [HEADING, HEADING])
    scorer = AnswerScorer(_NoEmbedder())
    score = scorer.score_candidates(ANSWERED[0], [each for each in found if each])
    assert score == pytest.approx(AnswerScorer(embedder).score(ANSWERED[0], [BRIDGE, TOURISM], [HEADING, HEADING]))
    assert found[0]
    assert scorer.score_features(features(ANSWERED[0], found[0])) == pytest.approx(score)


def test_the_pulls_of_a_reading_add_up_to_its_score_strongest_first(embedder: Embedder) -> None:
    reading = AnswerScorer(embedder, Against.ALTERED).readings("When was the bridge not opened?", [BRIDGE])[0]
    odds = weights(Against.ALTERED).intercept + sum(pull for _, pull in reading.pulls)
    assert reading.score == pytest.approx(1 / (1 + np.exp(-odds)))
    strengths = [abs(pull) for _, pull in reading.pulls]
    assert strengths == sorted(strengths, reverse=True)
    assert dict(reading.pulls)["question is negated"] < 0
    assert reading.features["question is negated"] == 1


@pytest.mark.parametrize("against", list(Against))
def test_the_weights_are_for_the_features_there_are(against: Against) -> None:
    candidate = Candidate(("It was opened in 1931.",), (0.4,), 0.3)
    values = features("When was it opened?", candidate)
    assert set(weights(against).terms) == set(values)
    assert all(np.isfinite(value) for value in values.values())


def test_what_does_not_belong_together_is_refused(embedder: Embedder) -> None:
    with pytest.raises(ValueError, match="one for each passage"):
        AnswerScorer(embedder).score("Who?", [BRIDGE, TOURISM], [HEADING])
    with pytest.raises(ValueError, match="one cosine for each"):
        Candidate(("One.", "Two."), (0.1,), 0.1)
    with pytest.raises(ValueError, match="one cosine with each sentence"):
        Candidate(("One.",), (0.1,), 0.1, "Heading", 0.1, 0.1, (0.1, 0.2))


def test_a_heading_leaves_what_is_asked_about_its_subject() -> None:
    plain = Candidate(("It was opened in 1931.",), (0.5,), 0.5)
    headed = Candidate(("It was opened in 1931.",), (0.5,), 0.5, HEADING, 0.6, 0.6, (0.6,))
    alone, under = (features("When was the Halden Bridge opened?", each) for each in (plain, headed))
    assert alone["partial cosine"] == 0.5
    assert under["partial cosine"] == pytest.approx((0.5 - 0.36) / 0.64)
    assert alone["words in passage and heading"] < under["words in passage and heading"] == 1


@pytest.mark.parametrize(
    ("question", "asks", "kind"),
    [
        ("In what year did it open?", "what", "date"),
        ("how many piers has it", "how many", "number"),
        ("Whom did she marry?", "who", "name"),
        ("at which city does it end", "which", "place"),
        ("How long is the span?", "how", "time"),
        ("list the piers", "other", ""),
        ("what is a pier", "what", ""),
    ],
)
def test_what_is_asked_for_is_read_from_the_question(question: str, asks: str, kind: str) -> None:
    assert (form(question), wanted(question)) == (asks, kind)


def test_the_questions_own_words_are_not_what_it_asks_for() -> None:
    assert things_given("Who designed the Halden Bridge?", "The Halden Bridge stands here.") == 0
    assert things_given("Who designed the Halden Bridge?", "Marta Lind did.") == 2
    assert things_given("When did it open after 1920?", "After 1920 it opened, in 1931.") == 1


def test_an_opposite_counts_only_where_the_word_itself_is_missing() -> None:
    have = frozenset(content_stems("an increase of safe and complete journeys"))
    assert opposite_count(content_stems("decrease unsafe incomplete"), have) == 3
    assert opposite_count(content_stems("increase safe bridges"), have) == 0


def test_seldom_words_are_telling_and_common_ones_are_not() -> None:
    assert rarity("the") < rarity("bridge") < rarity("viaduct") <= rarity("qwzx") == 1


def test_weights_learn_what_separates() -> None:
    rows = [{"useful": float(at % 2) + at % 7 / 10, "noise": float(at % 3)} for at in range(600)]
    answers = [bool(at % 2) for at in range(600)]
    learnt = fit(rows, answers)
    assert learnt.probability(rows[1]) > 0.7 > 0.3 > learnt.probability(rows[0])
    assert learnt.terms["useful"][2] > abs(learnt.terms["noise"][2]) * 5
    with pytest.raises(ValueError, match="cases that do not"):
        fit(rows, [True] * 600)


def test_no_case_is_scored_by_weights_that_saw_its_group() -> None:
    groups = [f"group {at // 5}" for at in range(80)]
    answers = [at // 5 % 2 == 0 for at in range(80)]
    # Each group has a feature of its own that gives the answer away; nothing else does.
    rows = [{f"is {name}": float(name == group) for name in dict.fromkeys(groups)} for group in groups]
    together = fit(rows, answers)
    assert auroc([together.probability(row) for row in rows], answers, groups).value == 1
    assert auroc(out_of_fold(rows, answers, groups), answers, groups).value <= 0.6
    with pytest.raises(ValueError, match="two groups"):
        out_of_fold(rows[:5], [True, False, True, False, True], ["one"] * 5)


def test_area_under_the_curve_of_known_orders() -> None:
    answers, alone = [True, True, False, False], ["a", "b", "c", "d"]
    assert auroc([0.9, 0.8, 0.2, 0.1], answers, alone).value == 1
    assert auroc([0.9, 0.1, 0.8, 0.2], answers, alone).value == 0.5
    assert auroc([0.5, 0.5, 0.5, 0.5], answers, alone).value == 0.5
    assert auroc([0.9, 0.5, 0.5, 0.1], answers, alone).value == 0.875
    with pytest.raises(ValueError, match="cases that do not"):
        auroc([0.1, 0.2], [True, True], ["a", "b"])


def test_risk_coverage_of_known_orders() -> None:
    assert aurc([0.9, 0.8, 0.1, 0.0], [False, False, True, True]) == pytest.approx((0 + 0 + 1 / 3 + 1 / 2) / 4)
    assert aurc([0.0, 0.1, 0.8, 0.9], [False, False, True, True]) == pytest.approx((1 + 1 + 2 / 3 + 1 / 2) / 4)
    assert aurc([0.5] * 4, [False, True, True, False]) == 0.5


@pytest.mark.parametrize("name", ["clapnq", "squad2"])
@pytest.mark.parametrize("there", [True, False])
def test_public_data_that_is_not_there_is_skipped(tmp_path: Path, name: str, there: bool) -> None:
    result = suite_named(name)(Run(Settings(tmp_path, benchmarks=tmp_path if there else None), tmp_path))
    assert result.figures == ()
    assert not result.fell_short
    assert result.notes[0].startswith("skipped: not found")


def test_suites_measure_any_file_of_the_format(
    tmp_path: Path, embedder: SentenceTransformerEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write_public(tmp_path)
    for name in ("clapnq", "squad2"):
        monkeypatch.setattr(f"evals.suites.{name}.SentenceTransformerEmbedder", lambda _: embedder)
    run = Run(Settings(tmp_path, benchmarks=tmp_path), tmp_path)
    for name, measure in (("clapnq", "AUROC"), ("squad2", "answer or none, accuracy")):
        result = suite_named(name)(run)
        ours = next(figure for figure in result.figures if figure.system == "cpom-tutor" and figure.measure == measure)
        assert ours.count == 8
        assert ours.value >= 0.75
        assert "weights that come with the package" in result.notes[0]
        assert {"word overlap", "weights learnt on both"} < {figure.system for figure in result.figures}


def test_articles_that_were_trained_on_are_known_by_their_title() -> None:
    assert seen_in_training([Item("q", "p", "Huguenot", True)], "altered")
    assert not seen_in_training([Item("q", "p", "Halden Bridge", True)], "altered")


def test_data_in_another_format_is_refused_by_name(tmp_path: Path) -> None:
    _write_public(tmp_path)
    (tmp_path / "squad2" / "first-half.json").write_text('{"data": [{"name": "x"}]}', encoding="utf-8")
    (tmp_path / "clapnq" / "clapnq_dev_answerable.jsonl").write_text('{"input": "x"}\n', encoding="utf-8")
    with pytest.raises(BadCase, match=r"first-half\.json is not in SQuAD's format"):
        squad2(tmp_path)
    with pytest.raises(BadCase, match=r"answerable\.jsonl is not in CLAPNQ's format"):
        clapnq(tmp_path)


class _NoEmbedder:
    """An embedder that must not be asked."""

    name, dimension, max_tokens = "none", 384, 256

    def count_tokens(self, text: str) -> int:
        raise AssertionError(text)

    def embed(self, texts: Sequence[str]) -> Vectors:
        raise AssertionError(texts)


def _write_public(folder: Path) -> None:
    """Four questions with an answering passage and four with another, in both formats."""
    (folder / "clapnq").mkdir()
    (folder / "squad2").mkdir()
    cases = [(question, text, text is BRIDGE) for question in ANSWERED for text in (BRIDGE, TOURISM)]
    for name, wanted_kind in (("answerable", True), ("unanswerable", False)):
        lines = [
            json.dumps({"input": question, "passages": [{"title": f"{HEADING} {at // 2 % 2}", "text": text}]})
            for at, (question, text, answers) in enumerate(cases)
            if answers is wanted_kind
        ]
        (folder / "clapnq" / f"clapnq_dev_{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    articles = [
        {
            "title": f"Halden_Bridge_{part}",
            "paragraphs": [
                {"context": text, "qas": [{"question": asked, "is_impossible": not answers}]}
                for at, (asked, text, answers) in enumerate(cases)
                if at // 2 % 2 == part
            ],
        }
        for part in range(2)
    ]
    (folder / "squad2" / "first-half.json").write_text(json.dumps({"data": articles}), encoding="utf-8")
