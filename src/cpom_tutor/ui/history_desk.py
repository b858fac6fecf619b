"""What happens to the list of conversations, without Gradio: search, rename."""

from collections.abc import Mapping

from cpom_tutor.errors import TutorError
from cpom_tutor.protocols import Records
from cpom_tutor.ui.own_data import PATH
from cpom_tutor.ui.render_account import DELETE_ACCOUNT
from cpom_tutor.ui.render_history import LONGEST_SEARCH, history
from cpom_tutor.ui.spoken import spoken
from cpom_tutor.ui.visitors import learner_of

_LISTED = 500  # conversations


class HistoryDesk:
    """The list of conversations of every learner; every method finds the learner by the request's cookies."""

    def __init__(self, records: Records) -> None:
        self.records = records

    def listed(self, learner: str, current: str, *, search: str = "", unfolded: bool = False, problem: str = "") -> str:
        """The list of a learner, who is known already."""
        search = search.strip()[:LONGEST_SEARCH]
        found = self.records.conversations(learner, _LISTED, search)
        leaving = DELETE_ACCOUNT if self.records.has_accounts() else ""
        return history(
            found, current, own_data=PATH, leaving=leaving, search=search, unfolded=unfolded, problem=problem
        )  # fmt: skip

    @spoken
    def find(self, cookies: Mapping[str, str], current: str, click: Mapping[str, str]) -> str:
        """The conversations with the words that are searched for."""
        learner = learner_of(cookies, self.records)
        return self.listed(learner, current, search=click.get("search", ""), unfolded=True)

    @spoken
    def rename(self, cookies: Mapping[str, str], current: str, click: Mapping[str, str]) -> str:
        """Gives a conversation another title; the list says why where it cannot."""
        learner, problem = learner_of(cookies, self.records), ""
        try:
            self.records.rename_conversation(learner, click.get("conversation", ""), click.get("title", ""))
        except TutorError as error:
            problem = str(error)
        return self.listed(learner, current, search=click.get("search", ""), unfolded=True, problem=problem)
