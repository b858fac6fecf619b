"""What is embedded holds every word of a passage and never more than the model reads."""

from cpom_tutor.course import Section
from cpom_tutor.library import Library
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder
from ingest.passages import read_passages
from ingest.windows import passage_windows, sentence_text


def library_of(text: str) -> Library:
    section = Section("1.2", "Title", 1, "Module", "1.2.md", text)
    return Library("CPOM", "T", (section,), read_passages(section, "CPOM"))


def test_every_passage_of_the_course_is_embedded_whole(library: Library, embedder: SentenceTransformerEmbedder) -> None:
    for passage in library.passages:
        if passage.kind.is_container:
            continue
        windows = passage_windows(library, passage, embedder)
        assert all(embedder.count_tokens(window) <= embedder.max_tokens for window in windows)
        assert all(word in " ".join(windows) for word in passage.text.split())


def test_a_long_passage_has_windows_that_end_where_sentences_do(tiny_embedder: str) -> None:
    embedder = SentenceTransformerEmbedder(tiny_embedder)
    sentences = [f"The pharmacy team and the chef of kitchen {number}." for number in range(12)]
    library = library_of("## 1.2.1 The Heading\n\n" + " ".join(sentences) + "\n")
    windows = passage_windows(library, library.passages[0], embedder)
    assert len(windows) > 1
    for window in windows:
        heading, words = window.split("\n", 1)
        assert heading == "1.2.1 The Heading"
        assert words.endswith(".")
        assert embedder.count_tokens(window) <= embedder.max_tokens
    assert " ".join(window.split("\n", 1)[1] for window in windows) == " ".join(sentences)


def test_a_sentence_too_long_for_the_model_is_cut_between_words(tiny_embedder: str) -> None:
    embedder = SentenceTransformerEmbedder(tiny_embedder)
    library = library_of("word " * 300 + "end.\n")
    windows = passage_windows(library, library.passages[0], embedder)
    assert all(embedder.count_tokens(window) <= embedder.max_tokens for window in windows)
    words = " ".join(window.removeprefix("Title\n") for window in windows).split()
    assert words == library.passages[0].text.split()


def test_an_items_context_is_its_heading_and_lead_in(tiny_embedder: str) -> None:
    embedder = SentenceTransformerEmbedder(tiny_embedder)
    library = library_of("## 1.2.1 The Team\n\nWho leads:\n\n- The Chef: a leader.\n")
    item = library.passages[-1]
    assert passage_windows(library, item, embedder) == ("1.2.1 The Team\nWho leads:\nThe Chef: a leader.",)
    assert sentence_text(item, 0) == "The Chef: a leader."
