"""The targets as JUnit XML, which every CI reads: a test case a figure that has a target."""

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from evals.against import Change
from evals.report import Result, row


def to_junit(results: Iterable[Result], changes: Sequence[Change] = ()) -> str:
    """A test suite for each suite, and one for the comparison with a baseline.

    A missed target and a real drop are failures; a suite that could not be run is an error.
    """
    root = Element("testsuites", name="evals")
    for result in results:
        suite = SubElement(root, "testsuite", name=result.suite)
        if result.error:
            SubElement(_case(suite, "runs"), "error", message=result.error)
        for figure in result.figures:
            if figure.target is not None:
                case = _case(suite, f"{figure.measure} ({figure.system}, {figure.split})")
                measure, system, split, value, interval, count, target, _ = row(figure)
                told = f"{measure} of {system}, {split}: {value} ({interval or 'no interval'}, n = {count}); {target}"
                if not figure.met:
                    SubElement(case, "failure", message=told)
        _count(suite)
    if changes:
        suite = SubElement(root, "testsuite", name="against")
        for change in changes:
            case = _case(suite, f"{change.suite}: {change.measure}")
            if change.real_drop:
                each = change.difference
                told = f"{each.value:+.3f} ({each.low:+.3f} to {each.high:+.3f}, n = {each.count})"
                SubElement(case, "failure", message=told)
        _count(suite)
    return tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: Element, name: str) -> Element:
    return SubElement(suite, "testcase", classname=f"evals.{suite.get('name')}", name=name)


def _count(suite: Element) -> None:
    for attribute, path in (("tests", "testcase"), ("failures", "testcase/failure"), ("errors", "testcase/error")):
        suite.set(attribute, str(len(suite.findall(path))))
