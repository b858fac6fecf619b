"""Texts that speak to the tutor instead of the learner."""

import pytest

from cpom_tutor.addressed import speaks_to_tutor
from cpom_tutor.library import Library
from evals.injections import load_injections


@pytest.mark.parametrize("order", [case.text for case in load_injections() if case.where == "passage"])
def test_an_order_hidden_in_a_passage_is_noticed(order: str) -> None:
    assert speaks_to_tutor(f"Pharmacies are complex businesses. {order}")


def test_no_passage_of_the_course_speaks_to_the_tutor(library: Library) -> None:
    assert [str(passage.address) for passage in library.passages if speaks_to_tutor(passage.text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "Pharmacy assistants must check the label, and the manager should tell the team why.",
        "If asked by an inspector, show the log. Never ignore a near miss.",
        "The model should be reviewed each year; from now on the budget is tighter.",
        "Write a policy that says who may order. Answer the phone within three rings.",
        "An automated system must repeat the count. Say “no” kindly to a vendor.",
    ],
)
def test_what_a_course_tells_its_readers_to_do_is_no_order_to_the_tutor(text: str) -> None:
    assert not speaks_to_tutor(text)
