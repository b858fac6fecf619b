"""The tutor in LangChain, used as LangChain uses it."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped, unused-ignore]
from langchain_core.documents import Document
from langchain_core.runnables import Runnable, RunnableLambda, RunnablePassthrough

from cpom_tutor.config import Settings
from cpom_tutor.errors import BadInput, IndexMissing
from cpom_tutor.langchain_tools import CourseDocuments, as_runnable, open_retriever, open_runnable
from cpom_tutor.library import Library
from cpom_tutor.wiring import open_application

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
REPLY = json.loads((Path(__file__).parent / "ask.schema.json").read_text("utf-8"))
CSC = "What is a CSC?"


@pytest.fixture(scope="module")
def documents(index_home: Path) -> CourseDocuments:
    return open_retriever(Settings(index_home), limit=4)


@pytest.fixture(scope="module")
def runnable(index_home: Path) -> Runnable[str, dict[str, Any]]:
    return open_runnable(Settings(index_home))


def test_a_document_is_a_passage_with_its_address_and_headings(documents: CourseDocuments, library: Library) -> None:
    found = documents.invoke(CSC)
    assert len(found) == 4
    assert "Centralized hubs" in found[0].page_content
    for document in found:
        passage = library.passage(document.metadata["passage_id"])
        assert document.id == passage.id
        assert document.page_content == passage.text
        assert document.metadata["address"] == str(passage.address)
        assert document.metadata["heading_path"] == list(passage.heading_path)
        assert document.metadata["index"] == library.fingerprint
    scores = [document.metadata["score"] for document in found]
    assert scores == sorted(scores, reverse=True)


def test_a_question_is_read_as_the_tutor_reads_it(documents: CourseDocuments) -> None:
    mistyped = documents.invoke("waht is a consolidatd servce center?")
    assert mistyped[0].id == documents.invoke(CSC)[0].id


def test_documents_can_be_kept_as_json(documents: CourseDocuments) -> None:
    assert all(json.loads(json.dumps(document.metadata)) == document.metadata for document in documents.invoke(CSC))


def test_a_batch_and_asynchronous_calls_find_the_same(documents: CourseDocuments) -> None:
    questions = [CSC, "What does “certified” mean?"]
    one_by_one = [documents.invoke(question) for question in questions]
    assert one_by_one[0] != one_by_one[1]
    assert documents.batch(questions) == one_by_one
    assert asyncio.run(documents.ainvoke(CSC)) == one_by_one[0]


def test_the_retriever_stands_in_a_chain(documents: CourseDocuments) -> None:
    def sources(found: list[Document]) -> str:
        return "; ".join(document.metadata["address"] for document in found)

    chain = {"context": documents | RunnableLambda(sources), "question": RunnablePassthrough()} | RunnableLambda(
        lambda given: f"{given['question']} See {given['context']}"
    )
    assert chain.invoke(CSC).startswith(f"{CSC} See CPOM §1.1.2 ¶8.4; ")


def test_an_answer_is_the_json_of_ask(runnable: Runnable[str, dict[str, Any]]) -> None:
    reply = runnable.invoke(CSC)
    Draft202012Validator(REPLY).validate(reply)
    assert reply["kind"] == "answer"
    assert reply["claims"][0]["citations"]


def test_answers_and_refusals_come_in_the_order_of_a_batch(runnable: Runnable[str, dict[str, Any]]) -> None:
    chain = runnable | RunnableLambda(lambda reply: (reply["kind"], reply["reason"]))
    assert chain.batch([CSC, "What dose of amoxicillin should I give a child?", "Who won the football world cup?"]) == [
        ("answer", None),
        ("abstention", "clinical"),
        ("abstention", "off_topic"),
    ]


def test_what_cannot_be_asked_is_raised_as_it_is(index_home: Path) -> None:
    tutor = open_application(Settings(index_home)).tutor
    with pytest.raises(BadInput, match="keep it under 4,000"):
        as_runnable(tutor).invoke("why " * 2000)


def test_without_an_index_it_says_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="python -m ingest"):
        open_retriever(Settings(tmp_path))


def test_the_lines_in_the_readme_run(
    index_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CPOM_TUTOR_HOME", str(index_home))
    (block,) = re.findall(r"```python\n(from cpom_tutor\.langchain_tools.+?)```", README, re.DOTALL)
    exec(compile(block, "README.md", "exec"), {})
    shown = capsys.readouterr().out
    assert shown.count("CPOM §") >= 3
    assert "Centralized hubs" in shown
