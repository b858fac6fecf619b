"""Amounts of a claim that the evidence gives, in whatever notation, and those that it does not."""

import pytest

from cpom_tutor.grounding.quantities import missing_amount


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("Twenty percent of them left.", "A fifth of them left."),
        ("One employer out of four pays.", "A quarter of employers pay."),
        ("Half of the calls find something.", "Every second call finds something."),
        ("Two thirds have one.", "Two of three patients have one."),
        ("It lasts six months or longer.", "It lasts for at least half a year."),
        ("Plates are incubated twice a year.", "Plates are incubated every six months."),
        ("There are three times as many.", "The number has tripled."),
        ("It was rare ten years ago.", "It was rare a decade ago."),
        ("For many years it was so.", "For decades it was so."),
        ("The fine is fifteen thousand dollars.", "The fine is $15,000."),
        ("At most twelve are needed.", "No more than a dozen are needed."),
        ("It happens every day.", "It happens daily."),
        ("The day-to-day work goes on.", "The work goes on."),
        ("It serves five hundred guests.", "It serves 500 people."),
    ],
)
def test_the_same_amount_in_another_notation_is_there(claim: str, evidence: str) -> None:
    assert missing_amount(claim, evidence) == ""


@pytest.mark.parametrize(
    ("claim", "evidence", "missing"),
    [
        ("A third of employers pay.", "A quarter of employers pay.", "a third"),
        ("It catches ninety percent.", "It catches half of them.", "ninety percent"),
        ("It serves 150 guests.", "It serves 500 people.", "150"),
        ("It pays off within the first year.", "It often pays off.", "year"),
        ("A weekly report shows it.", "A report shows it.", "weekly"),
        ("Plates are incubated every three months.", "Plates are incubated every six months.", "3"),
        ("It is open overnight.", "It is open.", "overnight"),
        ("It lasts two years.", "It lasts half a year.", "2"),
    ],
)
def test_an_amount_that_the_evidence_does_not_give_is_named(claim: str, evidence: str, missing: str) -> None:
    assert missing_amount(claim, evidence) == missing


@pytest.mark.parametrize("odd", ["", "one in", "1,2,3 of", "every", "% percent", "half a", "½ ３", "0 of 0", "1 in 0"])
def test_odd_amounts_never_raise(odd: str) -> None:
    assert isinstance(missing_amount(odd, odd), str)
    assert missing_amount(odd, odd) == ""
