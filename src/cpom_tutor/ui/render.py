"""Turns, conversations and messages as HTML. Pure: no Gradio, no database; all text goes through `text`."""

from collections.abc import Sequence

from cpom_tutor.answers import Abstention, Answer, Conversation, Intent, Reason, Retrieved, Turn
from cpom_tutor.items import letter
from cpom_tutor.library import Library
from cpom_tutor.practice.chat.telling import without_options
from cpom_tutor.ui.render_answer import answer_view, changed, plain
from cpom_tutor.ui.render_feedback import Opinions
from cpom_tutor.ui.text import button, escaped, first_words, markdown

FIRST_QUESTIONS = (
    "Why was the CPOM created, and why now?",
    "CPOM vs BCPS: what is the difference?",
    "Explain the Executive Chef analogy",
    "What are the five operational domains?",
    "What does my employer get out of it?",
    "Once I pass, am I certified for life?",
)
"""Six kinds of question that the course answers well; the first screen offers them."""

_INTENTS = {
    Intent.ASK: "a fact or a definition",
    Intent.LIST: "a list, answered whole",
    Intent.TABLE: "a look into a table",
    Intent.ANALOGY: "the course’s analogy",
    Intent.COMPARE: "a comparison",
    Intent.WHY: "a why or a how",
    Intent.APPLY: "your own situation",
    Intent.BENEFIT: "who benefits",
    Intent.SIMPLIFY: "the same, more simply",
    Intent.EXAMPLE: "an example",
    Intent.SUMMARIZE: "a summary",
    Intent.QUIZ: "practice",
    Intent.GRADE: "checking your own words",
    Intent.SMALLTALK: "small talk",
    Intent.HELP: "what the tutor can do",
}
_REASONS = {
    Reason.NOT_IN_COURSE: "Not in the course",
    Reason.UNVERIFIED: "Passages found, but no answer that could be verified",
    Reason.CLINICAL: "Not a source for patient care",
    Reason.OFF_TOPIC: "Outside the course",
    Reason.INSTRUCTION: "The tutor keeps to its job",
}


def welcome(title: str) -> str:
    """The first screen: what this is, what it cannot do, and questions worth clicking."""
    offers = "".join(
        f"<li>{button(question, 'ask', kind='offer', question=question)}</li>" for question in FIRST_QUESTIONS
    )
    return f"""<section class="welcome" aria-labelledby="welcome-title">
<h2 id="welcome-title">Ask the course anything</h2>
<p>This tutor answers from the <strong>{escaped(title)}</strong> course, and nothing else. Every sentence it
states carries a numbered mark that opens the very passage it stands on.</p>
<p class="limits"><strong>What it cannot do:</strong> give clinical advice, or answer what the course does not
cover; then it says so instead of guessing.</p>
<h3>Good places to start</h3>
<ul class="offers">{offers}</ul>
</section>"""


def forgotten() -> str:
    """Says that nothing of the learner is kept any more."""
    return '<p class="badge forgotten" role="status">Everything of yours is deleted. You start afresh.</p>'


def conversation(turns: Sequence[Turn], library: Library, *, latest: bool, opinions: Opinions | None = None) -> str:
    """Stored turns, oldest first.

    Args:
        turns: of one conversation; none of them gives the first screen.
        library: the text of today, to say where it has changed.
        latest: the last of them is the last word so far, so that its next questions are offered.
        opinions: what the learner said of them; None where nothing can be said.
    """
    if not turns:
        return welcome(library.title) if latest else ""
    end = len(turns) - 1
    return "".join(
        turn_view(
            turn, place, library, latest=latest and place == end,
            below=opinions.below(turn, place, among=len(turns)) if opinions else "",
        )
        for place, turn in enumerate(turns)
    )  # fmt: skip


def turn_view(turn: Turn, place: int, library: Library, *, latest: bool, below: str = "") -> str:
    """One finished turn.

    Args:
        turn: what was asked and said.
        place: its number in the conversation, from 0; citations send it back.
        library: the text of today.
        latest: offer its next questions.
        below: HTML to stand below it: what the learner may say of it.
    """
    reply = turn.reply
    kind = {Answer: "answer", Abstention: "abstention", Conversation: "talk"}[type(reply)]
    choices = _choices(turn) if latest else ""
    if choices:
        reply = without_options(reply)
    if isinstance(reply, Answer):
        seal = f'<p class="badge reviewed">{escaped(turn.reviewed)}</p>' if turn.reviewed else ""
        body = seal + answer_view(reply, place, library) + changed(reply, library)
    elif isinstance(reply, Abstention):
        body = _abstention(reply, turn.retrieved)
    else:
        body = markdown(reply.text)
    if turn.fallback:
        body += f'<p class="fallback">{escaped(turn.fallback)}</p>'
    return f"""<article class="turn {kind}{" practice" if turn.practice else ""}" aria-label="Question {place + 1}">
{_asked(turn.question)}{_read_as(turn)}<div class="reply">{body}{choices}</div>
{"" if kind == "talk" else _how(turn)}{_tools(turn)}{below}{_next(turn.suggestions) if latest else ""}</article>"""


def _choices(turn: Turn) -> str:
    """The options that wait for a choice, as buttons; each answers with its letter."""
    options = turn.practice.options if turn.practice else ()
    lines = "".join(
        f"<li>{button(f'{letter(place)}. {option}', 'ask', kind='offer', question=letter(place))}</li>"
        for place, option in enumerate(options)
    )
    return f'<ol class="offers choices" aria-label="Options">{lines}</ol>' if lines else ""


def _asked(question: str) -> str:
    return f'<h3 class="asked"><span class="hidden">You asked: </span>{escaped(question)}</h3>'


def _read_as(turn: Turn) -> str:
    asked, resolved = (" ".join(text.split()).rstrip("?.! ").casefold()
                       for text in (turn.question, turn.resolved_question))  # fmt: skip
    if not resolved or asked == resolved:
        return ""
    return f'<p class="read-as">I read this as: <q>{escaped(turn.resolved_question)}</q></p>'


def _abstention(reply: Abstention, retrieved: Sequence[Retrieved]) -> str:
    near = "".join(
        f'<li><span class="place">{escaped(str(found.passage.address))}</span> '
        f'<span class="gist">{escaped(found.passage.name or found.passage.heading)}</span>'
        f'<span class="pair">{_opener(found, "Open")}'
        f'{button("Ask about this", "about", passage=found.passage.id)}</span></li>'
        for found in retrieved[:3]
    )  # fmt: skip
    nearest = f'<h4>Nearest in the course</h4><ul class="nearest">{near}</ul>' if near else ""
    return f'<p class="badge">{_REASONS[reply.reason]}</p>{markdown(reply.message)}{nearest}'


def _opener(found: Retrieved, label: str) -> str:
    address = str(found.passage.address)
    return button(label, "read", title=f"Open {address}", passage=found.passage.id, address=address)


def _how(turn: Turn) -> str:
    """The folded account of how the reply came about."""
    rows = [("Kind of question", escaped(_INTENTS[turn.intent]))]
    if turn.resolved_question:
        rows.append(("Read as", escaped(turn.resolved_question)))
    if isinstance(turn.reply, Answer):
        rows.append(("Support", _support(turn.reply)))
        dropped = turn.reply.dropped
        left_out = f"{_counted(dropped, 'sentence')} that did not pass the check" if dropped else "nothing"
        rows.append(("Left out", left_out))
    if turn.retrieved:
        items = "".join(f"<li>{_opener(found, str(found.passage.address))}</li>" for found in turn.retrieved)
        rows.append(("Passages considered", f'<ul class="places">{items}</ul>'))
    rows.append(("Written by", f"{escaped(turn.generator)} in {turn.elapsed_ms:,.0f} ms"))
    entries = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in rows)
    return f'<details class="how"><summary>How this was answered</summary><dl>{entries}</dl></details>'


def _support(answer: Answer) -> str:
    facts = [claim for claim in answer.claims if claim.citations]
    if not facts:
        return "no factual sentence"
    scores = [claim.verdict.score for claim in facts]
    lines = "".join(
        f'<li><span class="score">{claim.verdict.score:.2f}</span> {escaped(first_words(claim.text))}</li>'
        for claim in facts
    )
    spread = f"{min(scores):.2f} to {max(scores):.2f}" if len(facts) > 1 else f"{scores[0]:.2f}"
    return f"{spread} over {_counted(len(facts), 'cited sentence')}<ol>{lines}</ol>"


def _counted(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _tools(turn: Turn) -> str:
    copy = f'<button type="button" class="quiet" data-copy="{escaped(plain(turn))}">Copy</button>'
    if turn.practice:
        practice = '<button type="button" class="quiet" data-tab="Practice">Open Practice</button>'
        return f'<div class="tools">{copy}{practice}</div>'
    return f'<div class="tools">{copy}{button("Ask again", "ask", question=turn.question)}</div>'


def _next(suggestions: Sequence[str]) -> str:
    if not suggestions:
        return ""
    offers = "".join(f"<li>{button(one, 'ask', kind='offer', question=one)}</li>" for one in suggestions)
    return f'<div class="next"><h4>You could ask next</h4><ul class="offers">{offers}</ul></div>'


def pending(question: str, notes: Sequence[str], partial: str) -> str:
    """A turn in the making: its steps, then the sentences that have passed so far."""
    steps = "".join(f"<li>{escaped(note)}</li>" for note in notes)
    return f"""<article class="turn pending" aria-label="Being answered">
{_asked(question)}<ul class="steps">{steps}</ul><div class="reply">{markdown(partial)}</div></article>"""


def stopped(question: str) -> str:
    """A turn that the learner stopped."""
    again = button("Ask again", "ask", question=question)
    return f"""<article class="turn stopped" aria-label="Stopped">{_asked(question)}
<div class="reply"><p>Stopped. Nothing was saved.</p></div><div class="tools">{again}</div></article>"""


def failed(question: str, sentence: str) -> str:
    """A turn that could not be answered: an error, which never looks like an abstention."""
    again = button("Try again", "ask", question=question) if question else ""
    asked = _asked(question) if question else ""
    return f"""<article class="turn failed" aria-label="Something went wrong">{asked}
<div class="reply">{alert(sentence)}</div><div class="tools">{again}</div></article>"""


def leaving(sentence: str) -> str:
    """What leaves the machine, below the question box."""
    return f'<p class="leaves">{escaped(sentence)}</p>'


def alert(sentence: str) -> str:
    """One sentence about what went wrong."""
    return f'<p class="alert" role="alert">{escaped(sentence)}</p>'
