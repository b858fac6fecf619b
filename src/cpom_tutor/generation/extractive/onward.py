"""Where to go on: what to read next, and the questions worth asking next."""

from cpom_tutor.course import Kind, Passage
from cpom_tutor.generation.extractive.evidence import Evidence, prose

_WORTH_READING = 0.8  # of the best sentence's score


def read_on(cited: list[Passage], evidence: Evidence) -> Passage | None:
    """The best passage found that the answer does not cite already, under another heading; else the next heading."""
    headings = {passage.heading for passage in cited}
    best = evidence.sentences[0].score if evidence.sentences else 0.0
    for sentence in prose(evidence.sentences)[:8]:
        if sentence.passage.heading not in headings and sentence.score >= _WORTH_READING * best:
            return sentence.passage
    return None


def suggestions(cited: list[Passage], evidence: Evidence) -> tuple[str, ...]:
    """Next questions from the neighbourhood of what was cited."""
    library, found = evidence.library, dict[str, None]()
    for passage in cited[:4]:
        siblings = library.children(passage.parent) if passage.parent else ()
        others = [other for other in siblings if other.name and other not in cited]
        if others:
            found.setdefault(f"What does {others[0].name} mean?")
    for hit in evidence.hits:
        if hit.passage.kind is Kind.PAIR and hit.passage not in cited:
            found.setdefault(f"What is the analogy for {hit.passage.counterpart_name}?")
            break
    for hit in evidence.hits:
        if hit.passage.name and hit.passage not in cited and hit.passage.kind is not Kind.PAIR:
            found.setdefault(f"What does {hit.passage.name} mean?")
    asked = evidence.question.resolved.lower()
    return tuple(question for question in found if question.lower() != asked)[:3]
