"""An Anki package: one note an item, the citation on its back. Importing it again updates the notes in place."""

import hashlib
import io
import itertools
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import genanki

from cpom_tutor.course import Address
from cpom_tutor.items import AcceptedKey, ItemKind, QuizItem
from cpom_tutor.practice.export.markup import citation, options, prose, reasons, sources
from cpom_tutor.practice.keys import answers, key_letters, option_name

_GAP = "____"
# Anki reads these in a field's text as sounds, fields or gaps of its own.
_ANKI_MARKUP = str.maketrans({"[": "&#91;", "]": "&#93;", "{": "&#123;", "}": "&#125;"})

# Anki takes a note type with other fields for another note type: to change these names is to duplicate every note.
_QUESTION_FIELDS = ("Question", "Options", "Answer", "Why", "Source")
_CLOZE_FIELDS = ("Text", "Also accepted", "Why", "Source")
_BACK = '{{#Source}}<div class="source">{{Source}}</div>{{/Source}}<div class="why">{{Why}}</div>'

_STYLE = """
.card { font: 1.15rem/1.5 system-ui, sans-serif; max-width: 42rem; margin: 0 auto; padding: .75rem; text-align: left;
  color: #1b2330; background: #fff; }
ol.options li, ol.prompts li { margin: .3rem 0; }
.answer { font-weight: 600; color: #0b5c3b; }
.cloze { font-weight: 600; color: #0b4f9e; }
.why, .source, .also { font-size: 1rem; margin-top: .75rem; }
.why ul { list-style: none; padding: 0; }
.why li { margin: .6rem 0; }
cite { font-style: normal; font-weight: 600; white-space: nowrap; }
.source { border-left: .2rem solid #8a94a6; padding-left: .75rem; }
.nightMode.card, .night_mode .card { color: #e7eaf0; background: #20242c; }
.nightMode .answer, .night_mode .answer { color: #7fd6ac; }
.nightMode .cloze, .night_mode .cloze { color: #8fc1ff; }
"""


def anki_package(items: Sequence[QuizItem], *, code: str, title: str, made_at: float) -> bytes:
    """The bytes of an `.apkg` file.

    Note, deck and note-type ids come from the course's code and the item's id alone.

    Args:
        items: in the order in which new cards are met.
        code: the course's code.
        title: the course's title.
        made_at: seconds since the epoch; Anki keeps a note that was made later than this one.
    """
    deck = genanki.Deck(_stable(code, "deck"), f"{code} {title}".replace("::", ":"), "Made from the course's own text.")
    question_model, cloze_model = _question_model(code), _cloze_model(code)
    for place, item in enumerate(items):
        gap = item.kind is ItemKind.CLOZE and item.stem.count(_GAP) == 1
        deck.add_note(
            genanki.Note(
                model=cloze_model if gap else question_model,
                fields=_cloze_fields(item) if gap else _question_fields(item),
                guid=genanki.guid_for("cpom-tutor", code, item.id),
                tags=_tags(item),
                due=place,
            )
        )
    return _packed(deck, made_at)


def _stable(code: str, name: str) -> int:
    """A number that Anki takes as an id, the same for the same course at every export."""
    digest = hashlib.sha256(f"cpom-tutor {code} {name}".encode()).digest()
    return (1 << 30) + int.from_bytes(digest[:4], "big") % (1 << 30)


def _question_model(code: str) -> genanki.Model:
    front = "{{Question}}{{Options}}"
    template = {
        "name": "Question",
        "qfmt": front,
        "afmt": front + '<hr id="answer"><div class="answer">{{Answer}}</div>' + _BACK,
    }
    fields = [{"name": name} for name in _QUESTION_FIELDS]
    return genanki.Model(_stable(code, "question"), f"{code} question", fields, [template], _STYLE)


def _cloze_model(code: str) -> genanki.Model:
    also = '{{#Also accepted}}<div class="also">Also right: {{Also accepted}}</div>{{/Also accepted}}'
    template = {"name": "Gap", "qfmt": "{{cloze:Text}}", "afmt": "{{cloze:Text}}" + also + _BACK}
    fields = [{"name": name} for name in _CLOZE_FIELDS]
    return genanki.Model(
        _stable(code, "gap"), f"{code} gap", fields, [template], _STYLE, model_type=genanki.Model.CLOZE
    )


def _question_fields(item: QuizItem) -> list[str]:
    front = options(item.prompts, kind="prompts", numbered=True) + options(item.options)
    return [_for_anki(prose(item.stem)), _for_anki(front), _answer(item), _why(item), _for_anki(sources(item))]


def _cloze_fields(item: QuizItem) -> list[str]:
    words, *others = answers(item)
    # Two colons would end the words and start a hint.
    gap = f"{{{{c1::{_for_anki(prose(words)).replace('::', '&#58;&#58;')}}}}}"
    text = _for_anki(prose(item.stem)).replace(_GAP, gap)
    return [text, _for_anki(prose("; ".join(others))), _why(item), _for_anki(sources(item))]


def _answer(item: QuizItem) -> str:
    words = answers(item)
    if isinstance(item.key, AcceptedKey):
        return _for_anki("<br>".join(prose(text) for text in words))
    if len(words) == 1:
        return _for_anki(f"{key_letters(item)}. {prose(words[0])}")
    ordered = options(words, kind="right", numbered=True) if item.kind is ItemKind.ORDERING else ""
    lines = ordered or "<br>".join(prose(text) for text in words)
    return _for_anki(f"{key_letters(item)}<br>{lines}")


def _why(item: QuizItem) -> str:
    parts = []
    for place, line in enumerate(reasons(item)):
        name = option_name(item, place)
        label = f"<b>{name}.</b> " if name else ""
        parts.append(f"<li>{label}{line}</li>")
    parts += [f"<li>{prose(point.criterion)}<br>{citation(point.citation)}</li>" for point in item.rubric]
    return _for_anki(f"<ul>{''.join(parts)}</ul>") if parts else ""


def _tags(item: QuizItem) -> list[str]:
    place = Address.parse(item.topic)
    return [f"{place.course}::{place.section}", f"kind::{item.kind.value}", f"level::{item.level.value}"]


def _for_anki(markup: str) -> str:
    return markup.translate(_ANKI_MARKUP)


def _packed(deck: genanki.Deck, made_at: float) -> bytes:
    # `Package.write_to_file` leaves its database behind in the folder for temporary files.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "collection.anki2"
        connection = sqlite3.connect(path)
        genanki.Package(deck).write_to_db(connection.cursor(), made_at, itertools.count(int(made_at * 1000)))
        connection.commit()
        connection.close()
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(path, "collection.anki2")
            archive.writestr("media", json.dumps({}))
    return packed.getvalue()
