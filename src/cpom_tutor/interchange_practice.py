"""The JSON of `quiz`, `exam` and `scenario` (documented in the README), and practice as it is stored.

The `..._to_json` functions give what scripts read; each `..._to_record` / `..._from_record` pair loses nothing, so
that a stored card or session is shown again exactly as it was, whatever has happened to the index since.
"""

from collections.abc import Mapping
from typing import Any

from cpom_tutor.course import Citation
from cpom_tutor.items import (
    AcceptedKey,
    ChoiceKey,
    Decision,
    Exam,
    ExamGroup,
    ItemKind,
    Key,
    Level,
    OrderKey,
    PairsKey,
    Practised,
    QuizItem,
    Rationale,
    RubricPoint,
    Scenario,
)

Json = Mapping[str, Any]


def citation_to_json(citation: Citation) -> dict[str, Any]:
    """A citation, for any of the JSON of this program."""
    return {
        "passage_id": citation.passage_id,
        "address": citation.address,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
    }


def item_to_json(item: QuizItem) -> dict[str, Any]:
    """One item of `quiz --json`."""
    return {
        "id": item.id,
        "kind": item.kind.value,
        "level": item.level.value,
        "stem": item.stem,
        "prompts": list(item.prompts),
        "options": list(item.options),
        "key": _key_to_json(item),
        "rationales": [rationale.line for rationale in item.rationales],
        "rationale_citations": [citation_to_json(rationale.citation) for rationale in item.rationales],
        "citations": [citation_to_json(citation) for citation in item.citations],
        "rubric": [_rubric_point_to_json(point) for point in item.rubric],
        "topic": item.topic,
        "fact": item.fact,
        "origin": item.origin,
    }


def _key_to_json(item: QuizItem) -> object:
    key = item.key
    if isinstance(key, ChoiceKey):
        return key.index
    if isinstance(key, AcceptedKey):
        return list(key.texts)
    if isinstance(key, OrderKey):
        return list(key.indices)
    return [[item.prompts[prompt], item.options[option]] for prompt, option in key.pairs]


def _rubric_point_to_json(point: RubricPoint) -> dict[str, Any]:
    return {"criterion": point.criterion, "points": point.points, "citation": citation_to_json(point.citation)}


def exam_to_json(exam: Exam) -> dict[str, Any]:
    """What `exam --json` prints."""
    return {
        "seed": exam.seed,
        "minutes": exam.minutes,
        "asked": exam.asked,
        "items": [item_to_json(item) for item in exam.items],
        "blueprint": [group_to_record(group) for group in exam.blueprint],
    }


def scenario_to_json(scenario: Scenario) -> dict[str, Any]:
    """What `scenario --json` prints."""
    feedback = [rationale for decision in scenario.decisions for rationale in decision.feedback]
    citations = [each.citation for each in (*feedback, *scenario.model_answer)]
    citations += [point.citation for point in scenario.rubric]
    return {
        "id": scenario.id,
        "title": scenario.title,
        "role": scenario.role,
        "situation": scenario.situation,
        "decisions": [_decision_to_json(decision) for decision in scenario.decisions],
        "question": scenario.question,
        "rubric": [_rubric_point_to_json(point) for point in scenario.rubric],
        "model_answer": " ".join(sentence.text for sentence in scenario.model_answer),
        "citations": [citation_to_json(citation) for citation in dict.fromkeys(citations)],
        "topic": scenario.topic,
    }


def _decision_to_json(decision: Decision) -> dict[str, Any]:
    return {
        "prompt": decision.prompt,
        "options": list(decision.options),
        "best": decision.best,
        "feedback": [rationale.line for rationale in decision.feedback],
        "citations": [citation_to_json(rationale.citation) for rationale in decision.feedback],
    }


def item_to_record(item: QuizItem) -> dict[str, Any]:
    """Everything of an item, as JSON-ready values."""
    return {
        "id": item.id,
        "kind": item.kind.value,
        "level": item.level.value,
        "stem": item.stem,
        "key": _key_to_record(item.key),
        "citations": [citation_to_json(citation) for citation in item.citations],
        "rationales": [_rationale_to_record(rationale) for rationale in item.rationales],
        "topic": item.topic,
        "fact": item.fact,
        "options": list(item.options),
        "prompts": list(item.prompts),
        "rubric": [_rubric_point_to_json(point) for point in item.rubric],
        "origin": item.origin,
    }


def item_from_record(record: Json) -> QuizItem:
    """The item that `item_to_record` stored."""
    return QuizItem(
        id=record["id"],
        kind=ItemKind(record["kind"]),
        level=Level(record["level"]),
        stem=record["stem"],
        key=_key_from_record(record["key"]),
        citations=tuple(Citation(**citation) for citation in record["citations"]),
        rationales=tuple(_rationale_from_record(rationale) for rationale in record["rationales"]),
        topic=record["topic"],
        fact=record["fact"],
        options=tuple(record["options"]),
        prompts=tuple(record["prompts"]),
        rubric=tuple(_rubric_point_from_record(point) for point in record["rubric"]),
        origin=record["origin"],
    )


def scenario_to_record(scenario: Scenario) -> dict[str, Any]:
    """Everything of a scenario, as JSON-ready values."""
    return {
        "id": scenario.id,
        "title": scenario.title,
        "role": scenario.role,
        "situation": scenario.situation,
        "decisions": [
            {
                "prompt": decision.prompt,
                "options": list(decision.options),
                "best": decision.best,
                "feedback": [_rationale_to_record(rationale) for rationale in decision.feedback],
            }
            for decision in scenario.decisions
        ],
        "question": scenario.question,
        "rubric": [_rubric_point_to_json(point) for point in scenario.rubric],
        "model_answer": [_rationale_to_record(sentence) for sentence in scenario.model_answer],
        "topic": scenario.topic,
    }


def scenario_from_record(record: Json) -> Scenario:
    """The scenario that `scenario_to_record` stored."""
    return Scenario(
        id=record["id"],
        title=record["title"],
        role=record["role"],
        situation=record["situation"],
        decisions=tuple(
            Decision(
                prompt=decision["prompt"],
                options=tuple(decision["options"]),
                best=decision["best"],
                feedback=tuple(_rationale_from_record(rationale) for rationale in decision["feedback"]),
            )
            for decision in record["decisions"]
        ),
        question=record["question"],
        rubric=tuple(_rubric_point_from_record(point) for point in record["rubric"]),
        model_answer=tuple(_rationale_from_record(sentence) for sentence in record["model_answer"]),
        topic=record["topic"],
    )


def practised_to_json(practised: Practised) -> dict[str, Any]:
    """What `ask --json` adds for a turn of practice."""
    scenario = practised.scenario
    return {
        "items": [item_to_json(practised.item)] if practised.item else [],
        "scenario": scenario_to_json(scenario) if scenario else None,
        "decision": practised.decision if scenario else None,
        "chosen": practised.chosen,
        "waiting": practised.waiting,
    }


def practised_to_record(practised: Practised) -> dict[str, Any]:
    """Everything of practice in a conversation, as JSON-ready values."""
    return {
        "item": item_to_record(practised.item) if practised.item else None,
        "scenario": scenario_to_record(practised.scenario) if practised.scenario else None,
        "decision": practised.decision,
        "chosen": practised.chosen,
        "waiting": practised.waiting,
        "about": list(practised.about),
        "level": practised.level.value if practised.level else None,
    }


def practised_from_record(record: Json) -> Practised:
    """The practice that `practised_to_record` stored."""
    item, scenario, level = record["item"], record["scenario"], record["level"]
    return Practised(
        item=item_from_record(item) if item else None,
        scenario=scenario_from_record(scenario) if scenario else None,
        decision=record["decision"],
        chosen=record["chosen"],
        waiting=record["waiting"],
        about=tuple(record["about"]),
        level=Level(level) if level else None,
    )


def group_to_record(group: ExamGroup) -> dict[str, Any]:
    """Everything of an area or case of an exam, as JSON-ready values; scripts read the same."""
    return {
        "title": group.title,
        "topic": group.topic,
        "share": group.share,
        "item_ids": list(group.item_ids),
        "situation": group.situation,
    }


def group_from_record(record: Json) -> ExamGroup:
    """The group that `group_to_record` stored."""
    return ExamGroup(**{**record, "item_ids": tuple(record["item_ids"])})


def _key_to_record(key: Key) -> dict[str, Any]:
    if isinstance(key, ChoiceKey):
        return {"index": key.index}
    if isinstance(key, AcceptedKey):
        return {"texts": list(key.texts)}
    if isinstance(key, OrderKey):
        return {"indices": list(key.indices)}
    return {"pairs": [list(pair) for pair in key.pairs]}


def _key_from_record(record: Json) -> Key:
    if "index" in record:
        return ChoiceKey(record["index"])
    if "texts" in record:
        return AcceptedKey(tuple(record["texts"]))
    if "indices" in record:
        return OrderKey(tuple(record["indices"]))
    return PairsKey(tuple((prompt, option) for prompt, option in record["pairs"]))


def _rationale_to_record(rationale: Rationale) -> dict[str, Any]:
    return {"text": rationale.text, "citation": citation_to_json(rationale.citation)}


def _rationale_from_record(record: Json) -> Rationale:
    return Rationale(record["text"], Citation(**record["citation"]))


def _rubric_point_from_record(record: Json) -> RubricPoint:
    return RubricPoint(record["criterion"], Citation(**record["citation"]), record["points"])
