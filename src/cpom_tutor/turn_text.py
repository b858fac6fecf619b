"""A turn for the terminal."""

from cpom_tutor.answers import Answer, Turn, citation_marks, to_markdown


def turn_text(turn: Turn) -> str:
    """The reply, then the evidence: each mark with its address and the words cited."""
    parts = []
    if turn.resolved_question.lower().strip(" ?.!") != turn.question.lower().strip(" ?.!"):
        parts.append(f"({turn.resolved_question})")
    parts.append(to_markdown(turn.reply))
    if turn.fallback:
        parts.append(f"({turn.fallback})")
    if turn.reviewed:
        parts.append(f"{turn.reviewed}.")
    if isinstance(turn.reply, Answer):
        parts.append(evidence_text(turn.reply))
    return "\n\n".join(parts)


def evidence_text(reply: Answer) -> str:
    """The cited words, one line a mark."""
    quotes: dict[tuple[int, str], dict[str, None]] = {}
    marks = citation_marks(reply.claims)
    for claim in reply.claims:
        for citation in claim.citations:
            place = (marks[citation.passage_id], citation.address)
            quotes.setdefault(place, {}).setdefault(" ".join(citation.quote.split()))
    return "\n".join(
        f"[{number}] {address}: “{' … '.join(words)}”" for (number, address), words in sorted(quotes.items())
    )
